"""Findings for people at a terminal: the line, the token underlined, what happens, the way out."""

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from lvscf.findings import Finding, Severity
from lvscf.report.prose import prose
from lvscf.report.result import FileResult, Result, because
from lvscf.source import Source, Span, displayable
from lvscf.suppressed import Suppressed

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_FRAME = "blue"

_MOST_CELLS = 160
"""Of a longer line only the surroundings of the token are shown."""


def render(result: Result, console: Console) -> None:
    """Print a report with source lines to `console`."""
    for file in result.files:
        for finding, silence in result.shown(file):
            console.print(_finding(finding, file, silence))
            console.print()
    console.print(Text(result.summary(), style="bold"))


def _finding(finding: Finding, file: FileResult, silence: Suppressed | None) -> RenderableType:
    colour = _COLOURS[finding.severity] if silence is None else "bright_black"
    title = Text.assemble(
        "" if silence is None else ("suppressed ", f"bold {colour}"),
        (finding.severity.label, f"bold {colour}"),
        (f"[{finding.code} {finding.name}]", colour),
        (": ", "bold"),
        prose(finding.message, "bold"),
    )
    spans = (finding.span, *(related.span for related in finding.related))
    width = len(str(max(span.line for span in spans)))
    parts: list[RenderableType] = [title, _arrow("-->", finding.span, width)]
    parts.extend(
        _frame(file.source_of(finding.span), finding.span, width, "^", f"bold {colour}", "")
    )
    for related in finding.related:
        parts.append(_arrow(":::", related.span, width))
        there = file.source_of(related.span)
        parts.extend(_frame(there, related.span, width, "-", _FRAME, related.message))
    if silence is not None:
        parts.append(_note("suppressed", f"{because(silence)}.", width))
    if finding.help:
        parts.append(_note("help", finding.help, width))
    if finding.fix:
        how = f"{finding.fix.message} ({finding.fix.applicability})."
        parts.append(_note("fix", how, width))
    return Group(*parts)


def _arrow(arrow: str, span: Span, width: int) -> Text:
    place = f"{displayable(span.filename)}:{span.line}:{span.column}"
    return Text.assemble(" " * (width - 1), (f" {arrow} ", f"bold {_FRAME}"), place, no_wrap=True)


def _frame(
    source: Source, span: Span, width: int, mark: str, style: str, note: str
) -> list[RenderableType]:
    """The line that a span is on, with the span underlined."""
    line = source.line(span.line)
    end = span.end_column if span.end_line == span.line else len(line) + 1
    before, marked, after = _shown(line, span.column - 1, max(end, span.column) - 1)
    bar = ("| ", f"bold {_FRAME}")
    number = Text.assemble(
        (f"{span.line:>{width}} ", f"bold {_FRAME}"), bar, before, marked, after,
        no_wrap=True, overflow="ignore",
    )  # fmt: skip
    underline = mark * max(1, cell_len(marked))
    under = Text.assemble(
        " " * (width + 1), bar, " " * cell_len(before), (f"{underline} {note}".rstrip(), style),
        no_wrap=True, overflow="ignore",
    )  # fmt: skip
    return [Text.assemble(" " * (width + 1), bar), number, under]


def _shown(line: str, start: int, end: int) -> tuple[str, str, str]:
    """A line in three parts, before, within and behind a stretch, cut to what can be shown."""
    before, marked, after = line[:start], line[start:end], line[end:]
    if len(marked) > _MOST_CELLS // 2:
        marked, after = marked[: _MOST_CELLS // 2] + "…", ""
    room = (_MOST_CELLS - len(marked)) // 2
    if len(before) > room:
        before = "…" + before[-room:]
    if len(after) > room:
        after = after[:room] + "…"
    return _one_line(before), _one_line(marked), _one_line(after)


def _one_line(text: str) -> str:
    return displayable(text.replace("\t", " "))


def _note(kind: str, text: str, width: int) -> RenderableType:
    note = Text.assemble(("= ", f"bold {_FRAME}"), (f"{kind}: ", "bold"), prose(text))
    return Padding(note, (0, 0, 0, width + 1))
