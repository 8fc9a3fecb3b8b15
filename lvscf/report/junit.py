"""Findings as JUnit XML, as Jenkins and GitLab read it: a suite per file, a case per failure."""

from collections.abc import Iterator

from lvscf.findings.finding import Finding
from lvscf.report import concise
from lvscf.report.fingerprints import Identities, Identity
from lvscf.report.result import FileResult, Result, because
from lvscf.source import displayable

_NAME = "lvscf"

_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def render(result: Result) -> str:
    """Return an XML document, ASCII only.

    Findings at or above `fail_on` are failures.  Others are in `system-out` of their suite, and a
    file without failures is a case that passes.
    """
    identities = Identities(result.folder)
    suites = [_Suite.of(file, result, identities) for file in result.files]
    if result.errors:
        suites.append(_Suite.of_errors(result.errors))
    tests, failures, errors = (
        sum(getattr(suite, count) for suite in suites) for count in ("tests", "failures", "errors")
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="{_NAME}" tests="{tests}" failures="{failures}" errors="{errors}">',
        *(line for suite in suites for line in suite.lines()),
        "</testsuites>",
    ]
    return "".join(f"{line}\n" for line in lines)


class _Suite:
    """The cases of one file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cases: list[str] = []
        self.output = ""
        self.failures = self.errors = self.skipped = 0

    @classmethod
    def of(cls, file: FileResult, result: Result, identities: Identities) -> "_Suite":
        suite = cls(file.source.filename)
        others = []
        for finding, silence in result.shown(file):
            if silence is not None:
                suite.skipped += 1
                reason = f'<skipped message="{_xml(f"suppressed {because(silence)}")}"/>'
                suite._add(finding, identities.of(finding, file), reason)
            elif finding.severity >= file.fail_on:
                suite.failures += 1
                suite._add(finding, identities.of(finding, file), _failure(finding))
            else:
                others.append(finding)
        if not suite.failures:
            suite.cases.append(f'<testcase name="lint" classname="{_xml(suite.name)}"/>')
        suite.output = concise.lines(others)
        return suite

    @classmethod
    def of_errors(cls, errors: tuple[str, ...]) -> "_Suite":
        suite = cls(_NAME)
        suite.errors = len(errors)
        suite.cases = [
            f'<testcase name="error {number}" classname="{_NAME}">'
            f'<error type="error" message="{_xml(error)}"/></testcase>'
            for number, error in enumerate(errors, 1)
        ]
        return suite

    @property
    def tests(self) -> int:
        return len(self.cases)

    def _add(self, finding: Finding, identity: Identity, outcome: str) -> None:
        """Add a case, whose name stays the same when lines move."""
        name = f"{finding.code} {finding.name}"
        if identity.known.place:
            name += f": {identity.known.place}"
        if identity.ordinal > 1:
            name += f" (number {identity.ordinal})"
        where = _xml(finding.span.filename)
        self.cases.append(f'<testcase name="{_xml(name)}" classname="{where}">{outcome}</testcase>')

    def lines(self) -> Iterator[str]:
        yield (
            f'  <testsuite name="{_xml(self.name)}" tests="{self.tests}" '
            f'failures="{self.failures}" errors="{self.errors}" skipped="{self.skipped}">'
        )
        yield from (f"    {case}" for case in self.cases)
        if self.output:
            lines = "\n".join(map(_xml, self.output.splitlines()))
            yield f"    <system-out>{lines}</system-out>"
        yield "  </testsuite>"


def _failure(finding: Finding) -> str:
    span = finding.span
    parts = [f"{span}: {finding.message}"]
    if finding.help:
        parts.append(f"help: {finding.help}")
    parts += [f"{one.span}: {one.message}" for one in finding.related]
    text = "\n".join(map(_xml, parts))
    kind = finding.severity.label
    return f'<failure type="{kind}" message="{_xml(finding.message)}">{text}</failure>'


def _xml(text: str) -> str:
    """Text for XML in ASCII: controls, which XML cannot hold, are written as escapes."""
    safe = displayable(text)
    for character, reference in _MARKUP.items():
        safe = safe.replace(character, reference)
    return safe.encode("ascii", "xmlcharrefreplace").decode("ascii")
