"""Findings for people: the source line, the underlined token, the consequence, the remedy."""

from lvscf.findings.finding import Finding
from lvscf.findings.suppressed import Suppressed
from lvscf.report.page import SEVERITIES, Page, Piece, cells, prose
from lvscf.report.result import FileResult, Result, because
from lvscf.source import Source, Span, displayable

_FRAME = "blue"
_BOLD_FRAME = "bold blue"


def render(result: Result, page: Page) -> None:
    """Write all findings with their source lines to `page`."""
    for file in result.files:
        for finding, silence in result.shown(file):
            if not page.is_empty:
                page.blank()
            _finding(page, finding, file, silence, result.home)


def _finding(
    page: Page, finding: Finding, file: FileResult, silence: Suppressed | None, home: str | None
) -> None:
    colour = SEVERITIES[finding.severity] if silence is None else "bright_black"
    page.prose(
        ("suppressed " if silence else "", f"bold {colour}"),
        (finding.severity.label, f"bold {colour}"),
        (f"[{finding.code} {finding.name}]", colour + _link(finding, home, page)),
        (": ", "bold"),
        *prose(finding.message, "bold"),
    )
    spans = (finding.span, *(related.span for related in finding.related))
    width = len(str(max(span.line for span in spans)))
    _arrow(page, "-->", finding.span, width)
    _frame(page, file.source_of(finding.span), finding.span, width, "^", f"bold {colour}", "")
    for related in finding.related:
        _arrow(page, ":::", related.span, width)
        there = file.source_of(related.span)
        _frame(page, there, related.span, width, "-", _FRAME, related.message)
    if silence is not None:
        _note(page, "suppressed", f"{because(silence)}.", width)
    if finding.help:
        _note(page, "help", finding.help, width)
    if finding.fix:
        _note(page, "fix", f"{finding.fix.message} ({finding.fix.applicability}).", width)


def _link(finding: Finding, home: str | None, page: Page) -> str:
    """What a style needs to link to the page of the rule; nothing where links cannot be shown."""
    if not page.links:
        return ""
    from lvscf.report import rule_pages

    address = rule_pages.url(finding.code, home)
    return f" link {address}" if address else ""


def _arrow(page: Page, arrow: str, span: Span, width: int) -> None:
    place = f"{displayable(span.filename)}:{span.line}:{span.column}"
    page.line((" " * (width - 1), ""), (f" {arrow} ", _BOLD_FRAME), (place, ""))


def _frame(
    page: Page, source: Source, span: Span, width: int, mark: str, style: str, label: str
) -> None:
    """Write the line of a span, with the span underlined.

    A label that does not fit next to the underline goes below it, further left if necessary.
    """
    line = source.line(span.line)
    end = span.end_column if span.end_line == span.line else len(line) + 1
    gutter = width + 3
    most = page.most or page.columns - gutter
    before, marked, after = (
        page.fitted(part) for part in _shown(line, span.column - 1, max(end, span.column) - 1, most)
    )
    bar: tuple[Piece, ...] = ((" " * (width + 1), ""), ("| ", _BOLD_FRAME))
    page.line(*bar)
    page.line((f"{span.line:>{width}} | ", _BOLD_FRAME), (before + marked + after, ""))
    indent = cells(before)
    underline = mark * max(1, cells(marked))
    label = page.fitted(label)
    if gutter + indent + len(underline) + 1 + cells(label) <= page.columns:
        page.line(*bar, (" " * indent, ""), (f"{underline} {label}".rstrip(), style))
        return
    page.line(*bar, (" " * indent, ""), (underline, style))
    if not label:
        return
    left = max(0, min(indent, page.columns - gutter - cells(label)))
    margin = (*bar, (" " * left, ""))
    page.prose((label, style), first=margin, rest=margin)


def _shown(line: str, start: int, end: int, most: int) -> tuple[str, str, str]:
    """A line before, within and after a stretch, cut to at most `most` characters."""
    before, marked, after = line[:start], line[start:end], line[end:]
    if len(line) > most and len(marked) > most // 2 and len(before) < most // 2:
        # A long stretch near the start, such as a whole rule: the line is only cut at its end.
        line = line[: most - 1] + "…"
        end = most if end >= most else end
        before, marked, after = line[:start], line[start:end], line[end:]
    elif len(line) > most:
        if len(marked) > most // 2:
            marked, after = marked[: most // 2] + "…", ""
        room = most - len(marked) - 2
        left = max(room // 2, room - len(after))
        if len(before) > left:
            before = "…" + before[len(before) - left :]
        right = room - min(len(before), left)
        if len(after) > right:
            after = after[:right] + "…"
    return _one_line(before), _one_line(marked), _one_line(after)


def _one_line(text: str) -> str:
    return displayable(text.replace("\t", " "))


def _note(page: Page, kind: str, text: str, width: int) -> None:
    margin = (" " * (width + 1), "")
    page.prose(
        *prose(text),
        first=(margin, ("= ", _BOLD_FRAME), (f"{kind}: ", "bold")),
        rest=(margin,),
    )
