"""Rules: what they are, and how they say what they found.

A rule is one small function with a docstring that is its manual.  It looks at a `Case` and yields
`Problem`s, which name places and know neither lines nor formats; the engine makes findings of them.
"""

from typing import Literal

from attrs import field

from lvscf.findings.finding import Finding, Related, Severity
from lvscf.findings.place import Place
from lvscf.shared.records import record
from lvscf.source import Source, Span


@record
class Change:
    """A way out, as edits of the text: each replaces what stands at a place."""

    message: str
    applicability: Literal["safe", "unsafe"]
    edits: tuple[tuple[Place, str], ...]


@record
class Problem:
    """What a rule found, at one place."""

    at: Place
    message: str
    help: str | None = None
    related: tuple[tuple[Place, str], ...] = ()
    change: Change | None = None
    severity: Severity | None = None
    """Where it differs from the rule's own."""


@record
class LintRule:
    """What every rule has: its names, its severity and its manual."""

    code: str
    """Stable code, such as `LVS201`; its first four characters are the family."""
    name: str
    severity: Severity
    docstring: str | None = field(repr=False)
    optional: bool = field(default=False, kw_only=True)
    """Runs only where it is selected."""

    @property
    def manual(self) -> str:
        """What the rule checks, why, and what to write instead; see `lvscf.linter.manual`."""
        return unindented(self.docstring)

    @property
    def summary(self) -> str:
        """The first line of the manual."""
        return self.manual.partition("\n")[0]

    def finding(self, problem: Problem, source: Source) -> Finding:
        """The finding that a problem makes, with its places resolved."""

        def span(place: Place) -> Span:
            return (place.source or source).span(place.start, place.end)

        fix = None
        if problem.change is not None:
            from lvscf.findings.fix import Edit, Fix

            edits = tuple(Edit(span(place), text) for place, text in problem.change.edits)
            fix = Fix(problem.change.message, problem.change.applicability, edits)
        return Finding(
            code=self.code,
            name=self.name,
            severity=problem.severity or self.severity,
            message=problem.message,
            span=span(problem.at),
            help=problem.help,
            related=tuple(Related(span(place), message) for place, message in problem.related),
            fix=fix,
        )


def unindented(docstring: str | None) -> str:
    """Take the indentation of source code off a docstring."""
    first, *rest = (docstring or "").strip().splitlines() or [""]
    margin = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return "\n".join([first, *(line[margin:].rstrip() for line in rest)])
