"""Reading: the lines and blocks of a text, their values, and every fault.

Lines are judged in the order in which Piranha's reader judges them: keyword, `=`, enough words, not
too many words, value.  The reader stops at the first fault; this one goes on.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from attrs import evolve, frozen

from lvscf.directives import BLOCKS, BY_SCOPE, Definition, Kind, Scope
from lvscf.source import Source
from lvscf.syntax import misreading, recovery, words
from lvscf.syntax.faults import Fault, FaultKind, Refusal
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
from lvscf.syntax.recovery import Opened, Part
from lvscf.syntax.words import Word, Words
from lvscf.values import AddressOnDevice, Complaint, Unreadable

_BYTE_ORDER_MARK = "\ufeff"


@frozen(eq=False)
class Reading:
    """What a text holds, line by line, and what is wrong with it."""

    source: Source
    items: tuple[Item, ...]
    faults: tuple[Fault, ...]
    """In the order of the text."""
    misread_as: "Reading | None" = None
    """The reading of the text that Piranha takes this one for, where that is another."""

    @property
    def as_piranha_reads(self) -> "Reading":
        """The reading of the text that Piranha sees."""
        return self.misread_as or self

    @property
    def refusal(self) -> Refusal | None:
        """What Piranha's reader says first, or None if it loads the file."""
        reading = self.as_piranha_reads
        for fault in reading.faults:
            if fault.complaint is Complaint.EMPTY:
                return Refusal(fault.complaint, 0, 1)
            if fault.complaint is not None:
                return Refusal(fault.complaint, *reading.source.location(fault.start))
        return None

    def text(self) -> str:
        """The text of all lines, joined: the text that was read."""
        return "".join(line.text for line in lines(self.items))


def read(source: Source) -> Reading:
    """Read a whole text; never raises because of what it holds."""
    reading, misread = _read(source)
    if not misread:
        return reading
    seen, _ = _read(Source(misreading.as_read(source.text), source.filename))
    return evolve(reading, misread_as=seen)


def _read(source: Source) -> tuple[Reading, bool]:
    text = source.text
    reader = _Reader()
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
    faults = tuple(sorted(reader.faults, key=lambda fault: fault.start))
    return Reading(source, items, faults), reader.misread


def _fast(kind: Kind) -> Callable[[str], Any]:
    """How to take the value of a well-formed line; None wants a closer look."""
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
    """Turns children of the parse tree into items and collects faults on the way."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.misread = False

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
        self, children: Sequence[Part], scope: Scope, brace: Token | None = None
    ) -> tuple[Item, ...]:
        """The items of one block (or of the whole text), in order.

        `brace` is a line that has its fault already, with the header above it.
        """
        fast = _FAST[scope]
        items: list[Item] = []
        append = items.append
        # The reader forgets a bad quote in a service, but not on the first line behind the header.
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
        """A line that is not plainly good: look at it word by word."""
        start, text = token.start, token.text
        match token.kind:
            case "BLANK":
                return Blank(start, text)
            case "COMMENT":
                return Comment(start, text)
            case "UNREAD":
                self.fault(FaultKind.NUL, start, start + 1, None)
                return Unread(start, text)
            case "BOM":
                return Unread(start, text)
            case "CLOSE":  # only at top level; elsewhere it closes its block
                return self.stray_brace(Close(start, text))
        return self.directive(start, text, scope, forgiving)

    def directive(self, start: int, text: str, scope: Scope, forgiving: bool) -> Directive:
        """Judge a line that sets something, or was meant to."""
        line = Line(start, text)
        found = words.split(line.content)
        name = found.words[0].text if found.words else ""
        judge = _Judge(self, line, scope, forgiving, found)
        if judge.words_are_sound():
            value = judge.value_of_directive()
        elif forgiving and not found.crashes and found.words:
            # The reader has forgotten the bad quote and takes the words before it.
            value = _Judge(_Reader(), line, scope, False, Words(found.words)).value_of_directive()
        else:
            value = None
        return Directive(start, text, name, value)

    def block(self, opened: Opened, outer: Scope, forgiving: bool) -> Block:
        """A block, with the faults of its header, its lines and its end."""
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
            and header.content.isprintable()  # else it may hold blanks that are none for Piranha
        ):
            found = words.split(header.content)
            judge = _Judge(self, header, outer, forgiving, found)
            if judge.words_are_sound():
                judge.value_of_directive()
            parts = [word.text for word in found.words]
        sound = len(self.faults) == before
        name = parts[1] if len(parts) > 1 else ""
        if not sound:
            name = name.rstrip("{")
        brace = None if sound else _brace_on_a_line_of_its_own(opened.children)
        items = self.items(opened.children, scope, brace)
        close = None
        if opened.close is not None:
            close = Close(opened.close.start, opened.close.text)
            self.closing_line(close, scope, first=not _any_statement(items))
        block = Block(scope, _meant_keyword(parts[0], scope), name, header, items, close)
        if close is None and sound:
            self.missing_brace(block, opened, outer)
        return block

    def missing_brace(self, block: Block, opened: Opened, outer: Scope) -> None:
        """Note where the brace of a block is missed, once for a service and its last server."""
        headers: tuple[Line, ...] = (block.header,)
        inner = block.items[-1] if block.items else None
        if isinstance(inner, Block) and inner.close is None:
            headers = (block.header, inner.header)
        if opened.ended_by is not None:
            line = Line(opened.ended_by.start, opened.ended_by.text)
            start, end = line.extent()
            found = words.split(line.content)
            if found.words:
                start = line.start + found.words[0].start
                end = line.start + found.words[0].end
            # What Piranha says of the line, it says from inside the block.
            forgiving = block.scope is Scope.SERVICE and _any_statement(block.items)
            complaint = complaint_about(line.content, block.scope, forgiving)
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
        """A closing line where nothing is open."""
        found = words.split(close.content)
        judge = _Judge(self, close, Scope.GLOBAL, False, found)
        if judge.words_are_sound():
            judge.at_word(FaultKind.STRAY_BRACE, 0, Complaint.UNKNOWN_COMMAND)
        return close

    def closing_line(self, close: Close, scope: Scope, first: bool) -> None:
        """Judge the line that closes a block; `first` if nothing stands between it and the header."""
        if close.text.strip(" \t\r\n") == "}":
            return
        found = words.split(close.content)
        judge = _Judge(self, close, scope, scope is Scope.SERVICE and not first, found)
        if not judge.words_are_sound():
            return
        if found.words[0].text != "}":
            judge.at_word(FaultKind.GLUED_BRACE, 0, Complaint.UNKNOWN_COMMAND)
        elif len(found.words) > 1:
            judge.from_word(FaultKind.TEXT_AFTER_BRACE, 1, None)


class _Judge:
    """Judges one line as Piranha's reader does, and notes the first fault that it has."""

    def __init__(
        self, reader: _Reader, line: Line, scope: Scope, forgiving: bool, found: Words
    ) -> None:
        self.reader = reader
        self.line = line
        self.scope = scope
        self.forgiving = forgiving
        self.found = found
        self.noted = False

    def note(
        self, kind: FaultKind, start: int, end: int, complaint: Complaint | None, **about: Any
    ) -> None:
        if not self.noted:
            offset = self.line.start
            about.update(scope=self.scope, line=self.line)
            self.reader.fault(kind, offset + start, offset + end, complaint, **about)
            self.noted = True

    def at_word(
        self, kind: FaultKind, index: int, complaint: Complaint | None, **about: Any
    ) -> None:
        word = self.found.words[index]
        self.note(kind, word.start, word.end, complaint, **about)

    def from_word(
        self, kind: FaultKind, index: int, complaint: Complaint | None, **about: Any
    ) -> None:
        start = self.found.words[index].start
        self.note(kind, start, self._end(), complaint, **about)

    def behind(self, kind: FaultKind, complaint: Complaint, **about: Any) -> None:
        """Note what is missing at the end of the line; the last word is shown."""
        self.note(kind, self.found.words[-1].start, self._end(), complaint, **about)

    def _end(self) -> int:
        return len(self.line.content.rstrip(words.BLANKS))

    def words_are_sound(self) -> bool:
        """Whether all words can be read; if not, the fault is noted."""
        broken = self.found.broken_at
        if broken is None:
            return True
        if self.found.crashes:
            self.note(FaultKind.LONE_QUOTE, broken, self._end(), Complaint.CRASH)
            return False
        complaint: Complaint | None = Complaint.QUOTATION_MISMATCH
        if self.forgiving:
            complaint = self._complaint_without_the_broken_word()
        self.note(FaultKind.QUOTES, broken, self._end(), complaint)
        return False

    def _complaint_without_the_broken_word(self) -> Complaint | None:
        """What the reader says of the words before a bad quote that it has forgotten."""
        if not self.found.words:
            self.reader.misread = True  # it takes the line for the end of the block
            return None
        if self.found.words[0].text == "}":
            return None
        return complaint_about(self.line.content[: self.found.broken_at], self.scope)

    def header(self) -> None:
        """Judge the first line of a block."""
        found = self.found.words
        keyword = found[0].text
        if keyword not in BLOCKS[self.scope]:
            self.at_word(FaultKind.UNKNOWN_KEYWORD, 0, Complaint.UNKNOWN_COMMAND)
        elif len(found) < 3 or found[2].text != "{":
            end = found[min(1, len(found) - 1)].end
            self.note(FaultKind.BAD_HEADER, found[0].start, end, Complaint.MISSING_ARGUMENTS)
        elif len(found) > 3:
            self.from_word(FaultKind.EXTRA_ARGUMENT, 3, Complaint.UNEXPECTED_ARGUMENTS)

    def value_of_directive(self) -> Any:
        """The value that the line sets, or None with a fault noted."""
        found = self.found.words
        keyword = found[0].text
        if keyword in BLOCKS[self.scope]:
            self.header()
            return None
        definition = BY_SCOPE[self.scope].get(keyword)
        if definition is None:
            self.at_word(FaultKind.UNKNOWN_KEYWORD, 0, Complaint.UNKNOWN_COMMAND)
            return None
        about = {"definition": definition}
        if len(found) < 2 or found[1].text != "=":
            index = 1 if len(found) > 1 else 0
            self.at_word(FaultKind.NO_EQUALS, index, Complaint.EQUALS_EXPECTED, **about)
            return None
        if definition.kind.is_list:
            return self._list(definition)
        needed = 2 + definition.kind.words
        if len(found) < needed:
            self.behind(FaultKind.MISSING_ARGUMENT, Complaint.MISSING_ARGUMENTS, **about)
            return None
        if len(found) > needed:
            kind = FaultKind.EXTRA_ARGUMENT
            if self.found.cut_at is not None:
                kind = FaultKind.TOO_MANY_WORDS
            self.from_word(kind, needed, Complaint.UNEXPECTED_ARGUMENTS, **about)
            return None
        return self._single(definition, found[2], found[3] if needed == 4 else None)

    def _single(self, definition: Definition, word: Word, device: Word | None) -> Any:
        try:
            value = definition.kind.read(word.text)
        except Unreadable as refused:
            kind = FaultKind.UNREADABLE_VALUE
            self.note(kind, word.start, word.end, refused.complaint, definition=definition)
            return None
        if device is not None:
            return AddressOnDevice(value, device.text)
        return word.as_written if definition.kind.keeps_quotes else value

    def _list(self, definition: Definition) -> tuple[str, ...] | None:
        """Words between brackets; what stands behind the closing one is not looked at."""
        found = self.found.words
        about = {"definition": definition}
        if len(found) < 3:
            self.behind(FaultKind.LIST_WITHOUT_VALUE, Complaint.CRASH, **about)
            return None
        texts = [word.text for word in found]
        if texts[2] == "[" and "]" in texts[3:]:
            return tuple(texts[3 : texts.index("]", 3)])
        kind = FaultKind.LIST_WITHOUT_BRACKETS
        if self.found.cut_at is not None:
            kind = FaultKind.TOO_MANY_WORDS
        self.from_word(kind, 2, Complaint.LIST_EXPECTED, **about)
        return None


def complaint_about(content: str, scope: Scope, forgiving: bool = False) -> Complaint | None:
    """What Piranha's reader says of a line in `scope`, if it says anything."""
    found = words.split(content)
    reader = _Reader()
    judge = _Judge(reader, Line(0, content), scope, forgiving, found)
    if judge.words_are_sound() and found.words:
        judge.value_of_directive()
    return reader.faults[0].complaint if reader.faults else None


def _brace_on_a_line_of_its_own(children: Sequence[Part]) -> Token | None:
    """The `{` that a header lacks, if it is the next thing behind it."""
    for child in children:
        if not isinstance(child, Token):
            return None
        if child.kind not in ("BLANK", "COMMENT"):
            return child if child.text.strip(" \t\r\n") == "{" else None
    return None


def _any_statement(items: tuple[Item, ...]) -> bool:
    return any(not isinstance(item, Blank | Comment) for item in items)


def _meant_keyword(keyword: str, scope: Scope) -> str:
    if scope is Scope.SERVER:
        return "server"
    return "failover" if keyword[:1] in ("f", "F") else "virtual"
