"""`lvscf lint`: find what is wrong with lvs.cf files."""

import sys
from argparse import Namespace

from lvscf.cli import inputs, terminal
from lvscf.cli.errors import CommandError
from lvscf.document import parse
from lvscf.findings import Severity
from lvscf.linter.engine import lint
from lvscf.linter.registry import UnknownRuleError
from lvscf.linter.settings import Settings
from lvscf.report.result import FileResult, Result


def run(options: Namespace) -> int:
    """Lint the files and print a report; returns the exit status."""
    settings = Settings(select=_listed(options.select), ignore=_listed(options.ignore))
    files = []
    unreadable = False
    for path in options.files:
        try:
            content = inputs.read(path)
        except CommandError as error:
            print(f"lvscf: {error}", file=sys.stderr)
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


def _listed(selectors: list[str] | None) -> tuple[str, ...]:
    """Selectors of all occurrences of an option, which may each hold several."""
    parts = ",".join(selectors or ()).split(",")
    return tuple(part.strip() for part in parts if part.strip())
