"""`lvscf lint --as keepalived`: what differs from linting an lvs.cf."""

import os
from argparse import Namespace
from typing import TYPE_CHECKING, Protocol

from lvscf.cli import gaps, terminal
from lvscf.cli.errors import CommandError
from lvscf.files import keepalived_files
from lvscf.files.errors import FileError
from lvscf.keepalived.linting.examination import examine
from lvscf.linter.selection import UnknownRuleError
from lvscf.linter.settings import Settings
from lvscf.report.result import FileResult
from lvscf.source import displayable

if TYPE_CHECKING:
    from lvscf.cluster import Cluster
    from lvscf.keepalived.reading.model import KeepalivedConf

_ONLY_PIRANHA = (
    ("fix", "--fix"),
    ("unsafe_fixes", "--unsafe-fixes"),
    ("diff", "--diff"),
    ("pair", "--pair"),
    ("target", "--target"),
    ("baseline", "--baseline"),
    ("write_baseline", "--write-baseline"),
)


class Run(Protocol):
    """A run of `lvscf lint`, as far as it is the same for every program."""

    options: Namespace

    def circumstances(self, name: str) -> "tuple[Settings, Cluster | None]":
        """The settings and the hosts for the file with this name."""

    def complain(self, error: FileError) -> None:
        """Print why a file could not be used, and keep it for the reports."""

    def keep(self, result: FileResult) -> None:
        """Keep what was found in a file."""


def check(options: Namespace) -> None:
    """Check that the options hold for a keepalived.conf.

    Raises:
        CommandError: one does not, or a directory is to be linted.
    """
    for name, option in _ONLY_PIRANHA:
        if getattr(options, name):
            raise CommandError(f"{option} is for an lvs.cf; leave it out with `--as keepalived`")
    for path in options.files:
        if os.path.isdir(path):
            raise CommandError(
                f"{displayable(path)} is a directory; name the keepalived.conf in it, which "
                "includes the others"
            )


def add_all(linting: Run) -> None:
    """Lint all files; what could not be read of them is printed as notes.

    Raises:
        CommandError: the settings or the evidence cannot be used.
    """
    options = linting.options
    for path in options.files:
        name = options.stdin_filename if path == "-" else path
        settings, cluster = linting.circumstances(name)
        try:
            configuration = keepalived_files.load(path, options.config_id, name)
        except FileError as error:
            linting.complain(error)
            continue
        linting.keep(_examined(configuration, cluster, settings))


def _examined(
    configuration: "KeepalivedConf", cluster: "Cluster | None", settings: Settings
) -> FileResult:
    source = configuration.source
    gaps.tell(configuration.gaps)
    if not configuration.virtual_servers:
        name = displayable(source.filename)
        terminal.note(f"{name} has no virtual server, so there is nothing to check")
    try:
        found = examine(configuration, cluster, settings)
    except UnknownRuleError as error:
        raise CommandError(str(error)) from None
    further = {one.filename: one for one in configuration.sources[1:]}
    if cluster is not None:
        further |= cluster.sources
    return FileResult(
        source,
        found.findings,
        further,
        found.suppressed,
        followed=found.followed if cluster is not None else None,
        fail_on=settings.fail_on,
    )
