"""Reading: the lines and blocks of a text, their values, and every fault.

Piranha's reader stops at the first fault; this one continues, and reads the rest as it was meant.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from lvscf.piranha.directives import BLOCKS, BY_SCOPE, Kind, Scope
from lvscf.piranha.values import AddressOnDevice, Complaint, Unreadable
from lvscf.shared.records import evolved, record
from lvscf.shared.suggestions import nearest
from lvscf.source import Source
from lvscf.syntax import misreading, recovery, words
from lvscf.syntax.faults import Fault, FaultKind, Refusal
from lvscf.syntax.judge import Judge, complaint_about
from lvscf.syntax.nodes import (
    Blank,
    Block,
    Close,
    Comment,
    Directive,
    Header,
    Item,
    Line,
    Unread,
    lines,
)
from lvscf.syntax.parser import Token, parse
from lvscf.syntax.recovery import Opened, Piece

_BYTE_ORDER_MARK = "\ufeff"


@record
class Reading:
    """The contents of a text, line by line, and what is wrong with it."""

    source: Source
    items: tuple[Item, ...]
    faults: tuple[Fault, ...]
    """In the order of the text."""
    misread_as: "Reading | None" = None
    """The reading of the text that Piranha reads instead, if it misreads this one."""

    @property
    def as_piranha_reads(self) -> "Reading":
        """The reading of the text that Piranha sees."""
        return self.misread_as or self

    @property
    def refusal(self) -> Refusal | None:
        """The first error that Piranha's reader logs, or None if it loads the file."""
        reading = self.as_piranha_reads
        for fault in reading.faults:
            if fault.complaint is Complaint.EMPTY:
                return Refusal(fault.complaint, 0, 1)
            if fault.complaint is not None:
                return Refusal(fault.complaint, *reading.source.location(fault.start))
        return None

    @property
    def refused_lines(self) -> tuple[str, ...]:
        """The lines because of which Piranha rejects the text.

        There are two if a line cannot be inside a block whose brace is missing: the line, and the
        header of the block.  Empty if Piranha loads the text, or rejects it for no line.
        """
        for fault in self.as_piranha_reads.faults:
            if fault.complaint is not None:
                found = [line for line in (*fault.headers[-1:], fault.line) if line is not None]
                text = self.source.text
                return tuple(text[line.start :][: len(line.text)] for line in found)
        return ()

    def text(self) -> str:
        """The text of all lines, joined: the text that was read."""
        return "".join(line.text for line in lines(self.items))


def read(source: Source) -> Reading:
    """Read a whole text; never raises because of its contents."""
    reading, misread = _read(source)
    if not misread and not any(fault.kind is FaultKind.QUOTES for fault in reading.faults):
        return reading
    seen, _ = _read(Source(misreading.as_read(source.text), source.filename))
    return evolved(reading, misread_as=seen) if misread or _differ(reading, seen) else reading


def _differ(reading: Reading, seen: Reading) -> bool:
    """Whether Piranha reads something else than what was written."""
    refusal, other = reading.refusal, seen.refusal
    if refusal is not None and other is not None:
        return (refusal.complaint, refusal.line) != (other.complaint, other.line)
    return refusal != other or _said(reading.items) != _said(seen.items)


def _said(items: tuple[Item, ...]) -> list[Any]:
    """The values of lines and blocks, in order, without their places."""
    said: list[Any] = []
    for item in items:
        if isinstance(item, Block):
            said.append((item.keyword, item.name, _said(item.items)))
        elif isinstance(item, Directive) and item.value is not None:
            said.append((item.name, item.value))
    return said


def _read(source: Source) -> tuple[Reading, bool]:
    text = source.text
    reader = _Reader(text)
    if not text:
        reader.fault(FaultKind.EMPTY, 0, 0, Complaint.EMPTY)
    if text.startswith(_BYTE_ORDER_MARK):
        first_line = re.split("[\0\r\n]", text, maxsplit=1)[0]
        complaint = complaint_about(first_line, Scope.GLOBAL)
        reader.fault(FaultKind.BYTE_ORDER_MARK, 0, 1, complaint)
    carriage_return = text.partition("\0")[0].find("\r")
    if carriage_return >= 0:
        reader.fault(FaultKind.CARRIAGE_RETURN, carriage_return, carriage_return + 1, None)
        reader.misread = True
    items = reader.items(parse(text).children, Scope.GLOBAL)
    faults = tuple(sorted(reader.faults, key=_place_in_order))
    return Reading(source, items, faults), reader.misread


def _place_in_order(fault: Fault) -> tuple[int, bool]:
    """The sort key of a fault: on its line, a NUL that crashes Piranha comes first."""
    if fault.kind is FaultKind.NUL and fault.line is not None:
        return fault.line.start, False
    return fault.start, True


def _fast(kind: Kind) -> Callable[[str], Any]:
    """A function for the values of well-formed lines; it returns None if a line needs the judge."""
    read_word = kind.read

    def one_word(text: str) -> Any:
        text = text.rstrip()
        try:
            if text[0] in "\"'":
                return text if kind.keeps_quotes else read_word(text[1:-1])
            return None if " " in text or "\t" in text else read_word(text)
        except Unreadable:
            return None

    def with_device(text: str) -> AddressOnDevice | None:
        found = text.split()
        try:
            return AddressOnDevice(read_word(found[0]), found[1]) if len(found) == 2 else None
        except Unreadable:
            return None

    return with_device if kind.with_device else one_word


_FAST = {
    scope: {name: _fast(row.kind) for name, row in rows.items() if not row.kind.is_list}
    for scope, rows in BY_SCOPE.items()
}


class _Reader:
    """Turns children of the parse tree into items, and collects faults."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[Fault] = []
        self.misread = False
        self.is_plain = words.LINE_FEED not in text

    def fault(
        self,
        kind: FaultKind,
        start: int,
        end: int,
        complaint: Complaint | None,
        **about: Any,
    ) -> None:
        self.faults.append(Fault(kind, start, end, complaint, **about))

    def items(
        self, children: Sequence[Piece], scope: Scope, brace: Token | None = None
    ) -> tuple[Item, ...]:
        """The items of one block (or of the whole text), in order.

        `brace` is a line whose fault was already noted with the header above it.
        """
        fast = _FAST[scope] if self.is_plain else {}
        items: list[Item] = []
        append = items.append
        # The reader ignores a bad quote in a service, but not on the first line after the header.
        forgiving = False
        for child in children:
            if not isinstance(child, Token):
                pieces = [child] if isinstance(child, Opened) else recovery.blocks(child)
                for piece in pieces:
                    if isinstance(piece, Token):
                        append(self.line(piece, scope, forgiving))
                    else:
                        append(self.block(piece, scope, forgiving))
                forgiving = scope is Scope.SERVICE
                continue
            if child.kind == "DIRECTIVES":
                start = child.start
                for line in child.text.splitlines(True):
                    name, _, value = line.split(None, 2)
                    if name in fast and (value := fast[name](value)) is not None:
                        append(Directive(start, line, name, value))
                    else:
                        append(self.directive(start, line, scope, forgiving))
                    forgiving = scope is Scope.SERVICE
                    start += len(line)
            elif child is brace:
                append(Directive(child.start, child.text, "{"))
            else:
                append(self.line(child, scope, forgiving))
                if child.kind not in ("BLANK", "COMMENT"):
                    forgiving = scope is Scope.SERVICE
        return tuple(items)

    def line(self, token: Token, scope: Scope, forgiving: bool) -> Item:
        """A line that needs to be read word by word."""
        start, text = token.start, token.text
        match token.kind:
            case "BLANK":
                return Blank(start, text)
            case "COMMENT":
                return Comment(start, text)
            case "UNREAD":
                return self.unread(Unread(start, text))
            case "BOM":
                return Unread(start, text)
            case "CLOSE":  # only at top level; elsewhere it closes its block
                return self.stray_brace(Close(start, text))
        return self.directive(start, text, scope, forgiving)

    def unread(self, item: Unread) -> Unread:
        """A NUL: at the beginning of a line it ends the text, anywhere else it crashes Piranha."""
        above = self.text[: item.start]
        begin = max(above.rfind("\n"), above.rfind("\r")) + 1
        cut = Line(begin, above[begin:]) if begin < item.start else None
        complaint = Complaint.CRASH if cut is not None else None
        self.fault(FaultKind.NUL, item.start, item.start + 1, complaint, line=cut)
        return item

    def directive(self, start: int, text: str, scope: Scope, forgiving: bool) -> Directive:
        """Check a line that sets a directive, or is meant to."""
        judge = Judge(Line(start, text), scope, forgiving)
        value = judge.directive()
        self.take(judge)
        name = judge.found.words[0].text if judge.found.words else ""
        return Directive(start, text, name, value)

    def block(self, opened: Opened, outer: Scope, forgiving: bool) -> Block:
        """A block; also note the faults of its header, its lines and its end."""
        scope = opened.scope
        start, text = opened.header.start, opened.header.text
        header = Header(start, text)
        before = len(self.faults)
        parts = text.split()
        if not (
            len(parts) == 3
            and parts[2] == "{"
            and parts[0] in BLOCKS[outer]
            and parts[1][0] not in "\"'"
            and header.content.isprintable()  # else some characters may only look like blanks
        ):
            judge = Judge(header, outer, forgiving)
            judge.directive()
            self.take(judge)
            parts = [word.text for word in judge.found.words]
        # A bad quote that Piranha ignores does not change the block.
        sound = all(fault.complaint is None for fault in self.faults[before:])
        name = parts[1] if len(parts) > 1 else ""
        if not sound:
            name = name.rstrip("{")
        brace = None if sound else _brace_on_a_line_of_its_own(opened.children)
        items = self.items(opened.children, scope, brace)
        close = None
        if opened.close is not None:
            close = Close(opened.close.start, opened.close.text)
            self.closing_line(close, scope, scope is Scope.SERVICE and _any_statement(items))
        block = Block(scope, _meant_keyword(parts[0], scope), name, header, items, close)
        if close is None and sound:
            self.missing_brace(block, opened, outer)
        return block

    def missing_brace(self, block: Block, opened: Opened, outer: Scope) -> None:
        """Note that the brace of a block is missing, once for a service and its last server."""
        headers: tuple[Line, ...] = (block.header,)
        innermost = block
        inner = block.items[-1] if block.items else None
        if isinstance(inner, Block) and inner.close is None:
            headers = (block.header, inner.header)
            innermost = inner
        if opened.ended_by is not None:
            line = Line(opened.ended_by.start, opened.ended_by.text)
            start, end = line.extent()
            if line.words:
                end = line.start + line.words[0].end
            # Piranha reads the line as part of the innermost block.
            scope = innermost.scope
            forgiving = scope is Scope.SERVICE and _any_statement(block.items)
            complaint = complaint_about(line.content, scope, forgiving)
            self.fault(
                FaultKind.UNCLOSED_BEFORE,
                start,
                end,
                complaint,
                scope=block.scope,
                line=line,
                headers=headers,
            )
        elif outer is Scope.GLOBAL:
            start, end = headers[-1].extent()
            self.fault(
                FaultKind.UNCLOSED_AT_END,
                start,
                end,
                None,
                scope=block.scope,
                line=headers[-1],
                headers=headers,
            )

    def stray_brace(self, close: Close) -> Close:
        """A closing line where no block is open."""
        judge = Judge(close, Scope.GLOBAL)
        judge.stray_brace()
        self.take(judge)
        return close

    def closing_line(self, close: Close, scope: Scope, forgiving: bool) -> None:
        """The line that closes a block."""
        if close.text.strip(" \t\r\n") != "}":
            judge = Judge(close, scope, forgiving)
            judge.closing_line()
            self.take(judge)

    def take(self, judge: Judge) -> None:
        """Note what a judge has found."""
        if judge.fault is not None:
            self.faults.append(judge.fault)
        self.misread = self.misread or judge.ends_block


def _brace_on_a_line_of_its_own(children: Sequence[Piece]) -> Token | None:
    """The missing `{` of a header, if it is the next thing after it."""
    for child in children:
        if not isinstance(child, Token):
            return None
        if child.kind not in ("BLANK", "COMMENT"):
            return child if child.text.strip(" \t\r\n") == "{" else None
    return None


def _any_statement(items: tuple[Item, ...]) -> bool:
    return any(not isinstance(item, Blank | Comment) for item in items)


def _meant_keyword(keyword: str, scope: Scope) -> str:
    """The intended keyword of a block, or the written one if that is not known."""
    known = BLOCKS[Scope.GLOBAL if scope is Scope.SERVICE else Scope.SERVICE]
    plain = keyword.strip("\ufeff\xa0\u3000")
    return plain if plain in known else nearest(plain, known) or keyword
