"""`lvscf lint --as keepalived`: what differs from linting an lvs.cf."""

import os
from argparse import Namespace
from typing import TYPE_CHECKING

from lvscf.cli import terminal
from lvscf.cli.errors import CommandError
from lvscf.files import keepalived_files
from lvscf.keepalived.linting.examination import examine
from lvscf.linter.selection import UnknownRuleError
from lvscf.linter.settings import Settings
from lvscf.report.result import FileResult
from lvscf.source import displayable

if TYPE_CHECKING:
    from lvscf.cluster import Cluster

_ONLY_PIRANHA = (
    ("fix", "--fix"),
    ("unsafe_fixes", "--unsafe-fixes"),
    ("diff", "--diff"),
    ("pair", "--pair"),
    ("target", "--target"),
    ("baseline", "--baseline"),
    ("write_baseline", "--write-baseline"),
)


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


def examined(
    path: str,
    name: str,
    cluster: "Cluster | None",
    settings: Settings,
    config_id: str | None,
) -> FileResult:
    """Lint a keepalived.conf, which findings call `name`; what could not be read of it is printed as notes.

    Raises:
        CommandError: the settings name a rule that does not exist.
        FileError: the file cannot be read.
    """
    configuration = keepalived_files.load(path, config_id, name)
    for gap in configuration.gaps:
        terminal.note(displayable(str(gap)))
    if not configuration.virtual_servers:
        terminal.note(f"{displayable(name)} has no virtual server, so there is nothing to check")
    try:
        found = examine(configuration, cluster, settings)
    except UnknownRuleError as error:
        raise CommandError(str(error)) from None
    further = {one.filename: one for one in configuration.sources[1:]}
    if cluster is not None:
        further |= cluster.sources
    return FileResult(
        configuration.source,
        found.findings,
        further,
        found.suppressed,
        followed=found.followed,
        fail_on=settings.fail_on,
    )
