"""`lvscf lint`: find what is wrong with lvs.cf files."""

from argparse import Namespace

from lvscf.cli import inputs, terminal
from lvscf.cli.errors import CommandError, complain
from lvscf.document import parse
from lvscf.findings import Severity
from lvscf.linter.engine import lint
from lvscf.linter.registry import UnknownRuleError
from lvscf.linter.settings import Settings
from lvscf.report.result import FileResult, Result


def run(options: Namespace) -> int:
    """Lint the files and print a report; returns the exit status."""
    settings = Settings(
        select=_listed("--select", options.select), ignore=_listed("--ignore", options.ignore)
    )
    if options.files.count("-") > 1:
        raise CommandError("standard input (`-`) can be read only once")
    files = []
    unreadable = False
    for path in options.files:
        try:
            content = inputs.read(path)
        except CommandError as error:
            complain(error)
            unreadable = True
            continue
        document = parse(content, options.stdin_filename if path == "-" else path)
        try:
            files.append(FileResult(document.source, lint(document, settings)))
        except UnknownRuleError as error:
            raise CommandError(str(error)) from None
    result = Result(tuple(files))
    if files or options.format == "json":
        terminal.write(_report(result, options))
    if unreadable:
        return 2
    return int(any(finding.severity >= _least(options) for finding in result.findings))


def _report(result: Result, options: Namespace) -> str:
    if options.format == "concise":
        from lvscf.report import concise

        return concise.render(result)
    if options.format == "json":
        from lvscf.report import json

        return json.render(result)
    from lvscf.report import full

    console = terminal.console(options.color)
    full.render(result, console)
    return terminal.collected(console)


def _least(options: Namespace) -> Severity:
    return Severity[options.fail_on.upper()]


def _listed(option: str, selectors: list[str] | None) -> tuple[str, ...]:
    """Selectors of all occurrences of an option, which may each hold several."""
    if selectors is None:
        return ()
    parts = ",".join(selectors).split(",")
    listed = tuple(part.strip() for part in parts if part.strip())
    if not listed:
        raise CommandError(f"{option} names no rule; write `{option} LVS2`, for instance")
    return listed
