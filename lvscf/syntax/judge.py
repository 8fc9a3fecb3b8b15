"""Checks of one line, in the order of Piranha's reader.

Keyword, `=`, enough words, not too many words, value: the first that is wrong is the line's fault.
"""

from typing import Any

from lvscf.piranha.directives import BLOCKS, BY_SCOPE, Definition, Scope
from lvscf.piranha.values import AddressOnDevice, Complaint, Unreadable
from lvscf.syntax import words
from lvscf.syntax.faults import Fault, FaultKind
from lvscf.syntax.nodes import Line
from lvscf.syntax.words import Word, Words


class Judge:
    """Checks one line; afterwards `fault` is what is wrong with it, if anything is."""

    def __init__(self, line: Line, scope: Scope, forgiving: bool = False) -> None:
        self.line = line
        self.scope = scope
        self.forgiving = forgiving
        """Whether the reader would ignore a bad quote here: in a service, but not on the first line
        after its header."""
        self.found: Words = words.split(line.content)
        self.fault: Fault | None = None
        self.ends_block: bool = False
        """Whether the reader misreads the line as the end of its block."""

    def directive(self) -> Any:
        """Check a line that is meant to set a directive; return the value that it sets."""
        if self._words_can_be_read():
            return self._value()
        if self.forgiving and not self.found.crashes and self.found.words:
            # The reader ignores the bad quote and uses the words before it.
            return _before(self).directive()
        return None

    def closing_line(self) -> None:
        """Check the line that closes a block."""
        if not self._words_can_be_read():
            return
        if self.found.words[0].text != "}":
            self._note_word(FaultKind.GLUED_BRACE, 0, Complaint.UNKNOWN_COMMAND)
        elif len(self.found.words) > 1:
            self._note_from(FaultKind.TEXT_AFTER_BRACE, 1, None)

    def stray_brace(self) -> None:
        """Check a closing line where no block is open."""
        if self._words_can_be_read():
            self._note_word(FaultKind.STRAY_BRACE, 0, Complaint.UNKNOWN_COMMAND)

    @property
    def complaint(self) -> Complaint | None:
        """The error that Piranha's reader logs for the line, if any."""
        return self.fault.complaint if self.fault else None

    def _words_can_be_read(self) -> bool:
        """Whether all words can be read; if not, note the fault."""
        broken = self.found.broken_at
        if broken is None:
            return True
        if self.found.crashes:
            self._note(FaultKind.LONE_QUOTE, broken, self._end(), Complaint.CRASH)
            return False
        complaint: Complaint | None = Complaint.QUOTATION_MISMATCH
        if self.forgiving:
            complaint = self._complaint_without_the_bad_quote()
        self._note(FaultKind.QUOTES, broken, self._end(), complaint)
        return False

    def _complaint_without_the_bad_quote(self) -> Complaint | None:
        """The reader's error for the words before a bad quote that it ignores."""
        if not self.found.words:
            self.ends_block = True
            return None
        if self.found.words[0].text == "}":
            return None
        before = _before(self)
        before.directive()
        return before.complaint

    def _value(self) -> Any:
        """The value that the line sets; None if it has a fault or opens a block."""
        found = self.found.words
        keyword = found[0].text
        definition = BY_SCOPE[self.scope].get(keyword)
        if keyword in BLOCKS[self.scope]:
            self._header()
        elif definition is None:
            self._note_word(FaultKind.UNKNOWN_KEYWORD, 0, Complaint.UNKNOWN_COMMAND)
        elif len(found) < 2 or found[1].text != "=":
            index = min(1, len(found) - 1)
            self._note_word(FaultKind.NO_EQUALS, index, Complaint.EQUALS_EXPECTED, definition)
        elif definition.kind.is_list:
            return self._list(definition)
        else:
            return self._words_after_equals(definition)
        return None

    def _header(self) -> None:
        found = self.found.words
        if len(found) > 3 and found[2].text == "{":
            self._note_from(FaultKind.EXTRA_ARGUMENT, 3, Complaint.UNEXPECTED_ARGUMENTS)
        elif len(found) != 3 or found[2].text != "{":
            # The reader reports too many words before it reports a missing brace.
            complaint = Complaint.MISSING_ARGUMENTS
            if len(found) > 3:
                complaint = Complaint.UNEXPECTED_ARGUMENTS
            end = found[min(1, len(found) - 1)].end
            self._note(FaultKind.BAD_HEADER, found[0].start, end, complaint)

    def _words_after_equals(self, definition: Definition) -> Any:
        found = self.found.words
        needed = 2 + definition.kind.words
        if len(found) < needed:
            kind, complaint = FaultKind.MISSING_ARGUMENT, Complaint.MISSING_ARGUMENTS
            self._note_from(kind, len(found) - 1, complaint, definition)
            return None
        if len(found) > needed:
            kind = self._unless_cut(FaultKind.EXTRA_ARGUMENT)
            self._note_from(kind, needed, Complaint.UNEXPECTED_ARGUMENTS, definition)
            return None
        return self._single(definition, found[2], found[3] if needed == 4 else None)

    def _single(self, definition: Definition, word: Word, device: Word | None) -> Any:
        try:
            value = definition.kind.read(word.text)
        except Unreadable as refused:
            self._note_word(FaultKind.UNREADABLE_VALUE, 2, refused.complaint, definition)
            return None
        if device is not None:
            return AddressOnDevice(value, device.text)
        return word.as_written if definition.kind.keeps_quotes else value

    def _list(self, definition: Definition) -> tuple[str, ...] | None:
        """The words between brackets; what follows the closing one is ignored."""
        found = self.found.words
        if len(found) < 3:
            kind, complaint = FaultKind.LIST_WITHOUT_VALUE, Complaint.CRASH
            self._note_from(kind, len(found) - 1, complaint, definition)
            return None
        texts = [word.text for word in found]
        if texts[2] == "[" and "]" in texts[3:]:
            return tuple(texts[3 : texts.index("]", 3)])
        kind = self._unless_cut(FaultKind.LIST_WITHOUT_BRACKETS)
        self._note_from(kind, 2, Complaint.LIST_EXPECTED, definition)
        return None

    def _unless_cut(self, kind: FaultKind) -> FaultKind:
        """The kind of a fault, or TOO_MANY_WORDS if words after the 99th are not read."""
        return kind if self.found.cut_at is None else FaultKind.TOO_MANY_WORDS

    def _note_word(
        self,
        kind: FaultKind,
        index: int,
        complaint: Complaint | None,
        definition: Definition | None = None,
    ) -> None:
        word = self.found.words[index]
        self._note(kind, word.start, word.end, complaint, definition)

    def _note_from(
        self,
        kind: FaultKind,
        index: int,
        complaint: Complaint | None,
        definition: Definition | None = None,
    ) -> None:
        start = self.found.words[index].start
        self._note(kind, start, self._end(), complaint, definition)

    def _note(
        self,
        kind: FaultKind,
        start: int,
        end: int,
        complaint: Complaint | None,
        definition: Definition | None = None,
    ) -> None:
        line = self.line
        self.fault = Fault(
            kind, line.start + start, line.start + end, complaint, self.scope, line, definition
        )

    def _end(self) -> int:
        return len(self.line.content.rstrip(words.BLANKS))


def complaint_about(content: str, scope: Scope, forgiving: bool = False) -> Complaint | None:
    """The error that Piranha's reader logs for a line in `scope`, if any."""
    judge = Judge(Line(0, content), scope, forgiving)
    if judge.found.words or judge.found.broken_at is not None:
        judge.directive()
    return judge.complaint


def _before(judge: Judge) -> Judge:
    """A judge for the words before a bad quote."""
    line = judge.line
    return Judge(Line(line.start, line.content[: judge.found.broken_at]), judge.scope)
