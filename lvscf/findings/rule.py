"""Rules, and the problems that they report.

A rule is one small function; its docstring is its manual.  It checks a `Case` and yields
`Problem`s, which have places but neither lines nor formats; the engine turns them into findings.
"""

from typing import TYPE_CHECKING, Literal, TypedDict

from attrs import field

from lvscf.findings.finding import Finding, Related, Severity
from lvscf.findings.place import Place
from lvscf.shared.records import record
from lvscf.source import Source, Span

if TYPE_CHECKING:
    from lvscf.findings.command import Command


@record
class Change:
    """A remedy as edits of the text, each of which replaces what is at a place."""

    message: str
    applicability: Literal["safe", "unsafe"]
    edits: tuple[tuple[Place, str], ...]


@record
class Problem:
    """A problem that a rule found, and its place."""

    at: Place
    message: str
    help: str | None = None
    related: tuple[tuple[Place | None, str], ...] = ()
    """Other places, each with a note; those without a place (None) are dropped."""
    change: Change | None = None
    severity: Severity | None = None
    """The severity, if it is not the rule's own."""
    commands: "tuple[Command, ...]" = ()
    """What to run on the hosts to fix it."""


class Flags(TypedDict, total=False):
    """Optional properties of a rule; see the fields of `LintRule`."""

    optional: bool
    also: tuple[Severity, ...]
    means_other_program: bool
    about_given_files: bool
    never_known: bool
    changes_memory: str


@record
class LintRule:
    """The common part of all rules: names, severity and manual."""

    code: str
    """Stable code, such as `LVS201`; its first four characters are the family."""
    name: str
    severity: Severity
    docstring: str | None = field(repr=False)
    optional: bool = field(default=False, kw_only=True)
    """Whether it runs only if selected."""
    also: tuple[Severity, ...] = field(default=(), kw_only=True)
    """Severities that some of its findings have instead; the manual says which have which."""
    means_other_program: bool = field(default=False, kw_only=True)
    """Whether a finding means that the file is another program's: no rule about values applies."""
    about_given_files: bool = field(default=False, kw_only=True)
    """Whether its findings are about which files were given, so that no fix is judged by them."""
    never_known: bool = field(default=False, kw_only=True)
    """Whether no baseline hides its findings."""
    changes_memory: str | None = field(default=None, kw_only=True)
    """Why its safe fixes may change what Piranha holds in memory; None if they must not."""

    @property
    def severities(self) -> tuple[Severity, ...]:
        """The severities that its findings may have, the usual one first."""
        return self.severity, *self.also

    @property
    def manual(self) -> str:
        """What the rule checks, why, and examples; see `lvscf.linter.manual`."""
        return unindented(self.docstring)

    @property
    def summary(self) -> str:
        """The first line of the manual."""
        return self.manual.partition("\n")[0]

    def finding(self, problem: Problem, source: Source) -> Finding:
        """The finding for a problem, with its places resolved."""

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
            related=tuple(
                Related(span(place), message)
                for place, message in problem.related
                if place is not None
            ),
            fix=fix,
            commands=problem.commands,
        )


def unindented(docstring: str | None) -> str:
    """Return a docstring without the indentation of the source code."""
    first, *rest = (docstring or "").strip().splitlines() or [""]
    margin = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return "\n".join([first, *(line[margin:].rstrip() for line in rest)])
