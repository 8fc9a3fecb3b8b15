"""What an editor offers to do about findings: fixes, and comments that silence a rule.

Everything is tried before it is offered.  A fix that `lvscf lint --fix` would leave out because it
exposes other findings says so; one that would change what Piranha reads is not offered at all, nor
is a comment that silences nothing.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Literal

from lvscf.document import Document, parse
from lvscf.files.linting import LintedFile
from lvscf.findings.finding import Finding
from lvscf.findings.fix import Edit
from lvscf.language_server.cursor import cursor_at
from lvscf.language_server.edits import edits_between
from lvscf.linter import fixing
from lvscf.linter.engine import lint
from lvscf.linter.fixing import Heard
from lvscf.shared.records import record
from lvscf.syntax.nodes import Line


@record
class Action:
    """A change that an editor can offer."""

    title: str
    kind: Literal["fix", "silence", "fix all"]
    edits: tuple[Edit, ...]
    finding: Finding | None = None
    is_preferred: bool = False
    """Whether it is the obvious remedy, which an editor may apply without asking further."""


def all_found(linted: LintedFile) -> tuple[Finding, ...]:
    """All findings that comments do not silence, those in the baseline included."""
    known = (one.finding for one in linted.suppressed if one.kind == "baseline")
    return (*linted.findings, *known)


def fix_of(linted: LintedFile, finding: Finding) -> Action | None:
    """The fix of a finding; None if it has none, or if its fix would change what it must not."""
    fix = finding.fix
    if fix is None:
        return None
    document = linted.document

    def heard(now: Document, _findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return (finding,) if now is document else ()

    fixed = fixing.fix(
        document,
        linted.cluster,
        linted.settings,
        unsafe=True,
        pair=linted.pair,
        heard=heard,
        found=all_found(linted),
    )
    exposed = {one.code for skipped in fixed.skipped for one in skipped.exposed}
    if not fixed.applied and not exposed:
        return None
    is_safe = fix.applicability == "safe"
    remarks = [] if is_safe else ["unsafe: needs review"]
    if exposed:
        remarks.append(f"exposes {', '.join(sorted(exposed))}")
    title = f"{fix.message} ({'; '.join(remarks)})" if remarks else fix.message
    return Action(title, "fix", fix.edits, finding, is_preferred=not remarks)


def fix_all(linted: LintedFile, heard: Heard | None = None) -> Action | None:
    """All safe fixes, as `lvscf lint --fix` applies them; None if there is nothing to fix.

    Args:
        linted: the lvs.cf.
        heard: which findings to fix, if there is a baseline.
    """
    document = linted.document
    fixed = fixing.fix(
        document,
        linted.cluster,
        linted.settings,
        pair=linted.pair,
        heard=heard,
        found=all_found(linted),
        explained=False,
    )
    if fixed.document == document:
        return None
    edits = edits_between(document.source, fixed.document.source.text)
    return Action("Apply all safe fixes", "fix all", edits)


def silence_of(linted: LintedFile, finding: Finding) -> Action | None:
    """A comment that silences a finding; None if no comment would."""
    document = linted.document
    if finding.span.filename != document.filename:
        return None
    before = Counter(one.code for one in all_found(linted))
    for place, word, where in _silencing_places(document, finding.span.start):
        line_end = "\r\n" if place is not None and place.text.endswith("\r\n") else "\n"
        start = place.start if place is not None else 0
        margin = _margin(place)
        text = f"{margin}# lvscf: {word}[{finding.code}]{line_end}"
        whole = document.source.text
        after = parse(whole[:start] + text + whole[start:], document.filename)
        if after.refusal != document.refusal and None in (after.refusal, document.refusal):
            continue
        found = lint(after, linted.cluster, linted.settings, pair=linted.pair)
        now = Counter(one.code for one in found)
        if now[finding.code] < before[finding.code] and now <= before:
            edit = Edit(document.source.span(start, start), text)
            return Action(
                f"Silence {finding.code} {where} with a comment", "silence", (edit,), finding
            )
    return None


def _silencing_places(document: Document, offset: int) -> Iterator[tuple[Line | None, str, str]]:
    """Lines above which a comment may silence what is at an offset: the nearest first."""
    cursor = cursor_at(document.items, offset)
    headers = [block.header for block in cursor.around]
    if cursor.line is not None and cursor.line not in headers:
        yield cursor.line, "ignore", "here"
    for header in reversed(headers):
        where = "in this block" if cursor.line is not header else "here"
        yield header, "ignore", where
    yield None, "ignore-file", "in this file"


def _margin(line: Line | None) -> str:
    if line is None:
        return ""
    return line.content[: len(line.content) - len(line.content.lstrip(" \t"))]
