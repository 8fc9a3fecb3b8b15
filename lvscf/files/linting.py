"""Linting a file as `lvscf lint` does: with its settings, evidence, pair and baseline."""

import os
from typing import TYPE_CHECKING

from attrs import frozen

from lvscf.document import Document, parse
from lvscf.files import inputs, settings_search
from lvscf.files.errors import FileError
from lvscf.findings.finding import Finding
from lvscf.findings.suppressed import Suppressed
from lvscf.linter.engine import examine
from lvscf.linter.settings import Settings
from lvscf.shared import gc_pause

if TYPE_CHECKING:
    from lvscf.cluster import Cluster
    from lvscf.files.settings_file import SettingsFile


@frozen(eq=False)
class LintedFile:
    """The result of `lint_file`: the findings, and everything that was read for them."""

    document: Document
    """The lvs.cf."""
    findings: tuple[Finding, ...]
    """All findings, in the order of the text, without the suppressed ones."""
    suppressed: tuple[Suppressed, ...]
    """Findings hidden by comments or the baseline."""
    settings: Settings
    """The settings in force."""
    settings_file: str | None
    """The settings file that they were read from; None for the defaults."""
    cluster: "Cluster | None"
    """The hosts' files that the settings name; None where they name none."""
    pair: Document | None
    """The other router's lvs.cf, if the settings name one."""

    @property
    def failed(self) -> bool:
        """Whether there are findings at or above `settings.fail_on`: exit status 1."""
        return any(finding.severity >= self.settings.fail_on for finding in self.findings)


def lint_file(
    path: "str | os.PathLike[str]", *, settings_file: "str | os.PathLike[str] | None" = None
) -> LintedFile:
    """Lint a file as `lvscf lint FILE` does.

    The settings are those of the nearest `lvscf.toml`, or `pyproject.toml` with `[tool.lvscf]`, in
    the directory of the file or above it.  The hosts' files, the routers' copies and the baseline
    that they name are read, too.  Nothing is printed or written.

    >>> report = lvscf.lint_file("lvs.cf")
    >>> if report.failed:
    ...     fixed = lvscf.fix(report.document, report.cluster, report.settings, pair=report.pair)

    Args:
        path: the lvs.cf.
        settings_file: the settings file to use instead of the nearest one (`--cluster`).

    Raises:
        FileError: the file, its settings, or a file that they name cannot be read, or is not what
            it should be.  The command line goes on without such a file of a host; this does not.
    """
    name = _named(path)
    with gc_pause.paused():
        found = (
            settings_search.nearest(os.path.dirname(name))
            if settings_file is None
            else settings_search.read(_named(settings_file))
        )
        document = parse(inputs.read(name), name)
        return lint_document(document, found, _cluster(found), _pair(document, found))


def lint_document(
    document: Document,
    found: "SettingsFile",
    cluster: "Cluster | None" = None,
    pair: Document | None = None,
) -> LintedFile:
    """Lint a document with settings and files that were read before; only the baseline is read.

    Raises:
        FileError: the baseline that the settings name cannot be read.
    """
    examination = examine(document, cluster, found.settings, pair=pair)
    findings, suppressed = examination.findings, examination.suppressed
    if found.baseline is not None:
        from lvscf.files.baseline import BaselineFile

        try:
            baseline = BaselineFile(found.baseline.path)
        except FileError as error:
            raise found.baseline.located(error) from None
        sources = cluster.sources if cluster is not None else {}
        findings, known = baseline.sift(document, examination, findings, sources)
        suppressed += known
    return LintedFile(document, findings, suppressed, found.settings, found.path, cluster, pair)


def _named(path: "str | os.PathLike[str]") -> str:
    """The path of a file; a `-` is not standard input here."""
    name = os.fspath(path)
    return os.path.join(os.curdir, name) if name == "-" else name


def _cluster(found: "SettingsFile") -> "Cluster | None":
    if not found.files:
        return None
    from lvscf.files.archive import Archive  # brings the firewall parser with it

    return Archive(_raise).cluster(found.files)


def _raise(error: FileError) -> None:
    raise error


def _pair(document: Document, found: "SettingsFile") -> Document | None:
    if not found.copies:
        return None
    from lvscf.files.copies import Copies

    return Copies().other(document, found.copies)
