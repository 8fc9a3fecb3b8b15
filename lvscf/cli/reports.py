"""What `lvscf lint` reports: in which format, to standard output and to the files of `--report`."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import TextIO

from lvscf.cli import documentation, terminal
from lvscf.cli.errors import CommandError
from lvscf.files.errors import FileError
from lvscf.report.result import Result
from lvscf.shared import suggestions
from lvscf.source import displayable, encode, quoted

FORMATS = ("full", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson")
_VARIABLE = "LVSCF_FORMAT"

_WITH_PLACES = frozenset({"sarif", "gitlab", "junit"})
"""Formats that recognize findings by their places in the configuration."""

_WITHOUT_STATISTICS = frozenset({"sarif", "gitlab", "junit", "rdjson"})
"""Formats of other programs, which have no form for statistics."""

_OF_LVSCF = frozenset({"full", "concise", "json"})
"""Formats that name files as they were given."""

_COLUMNS = 100
_LONGEST_LINE = 160
"""Of a report in the format `full` in a file; as in pipes."""


def arguments(command: ArgumentParser) -> None:
    """Add the options about reports."""
    command.add_argument(
        "--format", choices=FORMATS, metavar="FORMAT",
        help=f"output format: {', '.join(FORMATS)} (default: that of the environment variable "
        f"{_VARIABLE}, else github in GitHub Actions, else full)",
    )  # fmt: skip
    command.add_argument(
        "--report", action="append", metavar="FORMAT=FILE",
        help="also write a report in this format to FILE; may be repeated",
    )  # fmt: skip


class Reports:
    """The reports that a run makes."""

    def __init__(
        self, format: str, files: tuple[tuple[str, str], ...], home: str | None = None
    ) -> None:
        self.format: str = format
        """What goes to standard output."""
        self.files: tuple[tuple[str, str], ...] = files
        """Formats, and the files that they go to."""
        self.home: str | None = home
        """The address of a copy of the documentation, ending in `/`, if the environment has one."""
        self.formats: frozenset[str] = frozenset((format, *(one for one, _ in files)))
        """All formats."""

    @property
    def need_places(self) -> bool:
        """Whether a report asks for the places of findings."""
        return not _WITH_PLACES.isdisjoint(self.formats)

    @property
    def need_folder(self) -> bool:
        """Whether a report is for programs that expect paths relative to the directory."""
        return not self.formats <= _OF_LVSCF

    def write_files(self, result: Result) -> bool:
        """Write the files, each atomically; returns whether all could be written."""
        complete = True
        for format, path in self.files:
            from lvscf.files import writing

            try:
                writing.replace(path, encode(_in_file(result, format)))
            except FileError as error:
                terminal.complain(error)
                complete = False
        return complete


def wanted(options: Namespace, evidence: list[str]) -> Reports:
    """The reports that the options and the environment ask for.

    Args:
        options: those of the command.
        evidence: the hosts' files that options name.

    Raises:
        CommandError: there is no such format, a file cannot hold a report, or the address of the
            documentation is not one.
    """
    files = _files(options, evidence) if options.report else ()
    reports = Reports(_format(options), files, documentation.home())
    if options.statistics and reports.format in _WITHOUT_STATISTICS:
        raise CommandError(
            f"--statistics has no form in the format {reports.format}; use full or json"
        )
    return reports


def _format(options: Namespace) -> str:
    if options.format is not None:
        return str(options.format)
    format = os.environ.get(_VARIABLE)
    if format:
        return _known(format, _VARIABLE)
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "full"


def _known(format: str, where: str) -> str:
    if format in FORMATS:
        return format
    near = suggestions.nearest(format, FORMATS, 0.6)
    hint = f"did you mean {near}?" if near else f"choose from {', '.join(FORMATS)}"
    raise CommandError(f"{where}: there is no format {quoted(format)}; {hint}")


def _files(options: Namespace, evidence: list[str]) -> tuple[tuple[str, str], ...]:
    """The files of `--report`, none of which is needed otherwise."""
    taken = {
        os.path.realpath(path): use
        for use, paths in (
            ("is linted", options.files),
            ("is the pair's file", (options.pair,)),
            ("is evidence", evidence),
            ("is the baseline", (options.baseline, options.write_baseline)),
            ("is the settings file", (options.cluster,)),
        )
        for path in paths
        if path not in (None, "", "-")
    }
    found = []
    for report in options.report:
        format, equals, path = report.partition("=")
        if not equals or path in ("", "-"):
            raise CommandError(
                f"--report {displayable(report)} names no file; "
                "write `--report sarif=lvscf.sarif`, for instance"
            )
        target = os.path.realpath(path)
        if target in taken:
            raise CommandError(f"--report cannot write {displayable(path)}, which {taken[target]}")
        taken[target] = "another --report writes"
        found.append((_known(format, "--report"), path))
    return tuple(found)


def for_output(result: Result, format: str, options: Namespace, stream: TextIO) -> Iterator[str]:
    """The report for standard output, or another stream.

    Findings come before the summary is made: counting what can be fixed takes another linting.
    """
    if options.statistics and format not in ("json", *_WITHOUT_STATISTICS):
        from lvscf.report import statistics

        page = terminal.page(options.color, stream)
        statistics.render(result, page)
        if format == "full" and not options.quiet:
            page.prose((result.summary(), "bold"))
        yield page.text
    elif format != "full":
        yield _rendered(result, format, quiet=options.quiet, statistics=options.statistics)
    elif any(map(result.shown, result.files)):
        from lvscf.report import full

        page = terminal.page(options.color, stream)
        full.render(result, page)
        yield page.text
        if not options.quiet:
            page = terminal.page(options.color, stream)
            page.blank()
            page.prose((result.summary(), "bold"))
            yield page.text
    elif not options.quiet:
        yield terminal.emphasised(f"{result.summary()}\n", options.color, stream)


def _in_file(result: Result, format: str) -> str:
    if format != "full":
        return _rendered(result, format)
    from lvscf.report import full
    from lvscf.report.page import Page

    page = Page(_COLUMNS, most=_LONGEST_LINE)
    full.render(result, page)
    if not page.is_empty:
        page.blank()
    page.prose((result.summary(), ""))
    return page.text


def _rendered(result: Result, format: str, *, quiet: bool = False, statistics: bool = False) -> str:
    """A report that is the same wherever it goes; each format is imported when it is needed."""
    if format == "concise":
        from lvscf.report import concise

        return concise.render(result)
    if format == "json":
        from lvscf.report import json

        return json.render(result, only_counts=statistics)
    if format == "github":
        from lvscf.report import github

        return github.render(result, summary=not quiet)
    from importlib import import_module

    return str(import_module(f"lvscf.report.{format}").render(result))
