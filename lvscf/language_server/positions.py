"""Offsets in a text as positions of the protocol, in the encoding that the client chose."""

from functools import cached_property
from itertools import pairwise

from lsprotocol import types
from pygls.workspace import PositionCodec, ServerTextPosition

from lvscf.shared.records import record
from lvscf.source import Source, Span


def lines_of(source: Source) -> list[str]:
    """The lines of a text with their ends, as the protocol counts them: LF, CRLF and CR end a line.

    The last one is empty if the text ends in a line end.
    """
    text = source.text
    return [text[start:end] for start, end in pairwise([*source.line_starts, len(text)])]


@record(slots=False)
class Positions:
    """Converts the places in one text."""

    source: Source
    codec: PositionCodec

    @cached_property
    def _lines(self) -> list[str]:
        return lines_of(self.source)

    def position(self, offset: int) -> types.Position:
        """The position of the character at an offset."""
        line, column = self.source.location(offset)
        return self._position(line, column)

    def _position(self, line: int, column: int) -> types.Position:
        place = ServerTextPosition(line - 1, column - 1)
        return self.codec.position_to_client_units(self._lines, place)

    def range(self, start: int, end: int) -> types.Range:
        """The range between two offsets."""
        return types.Range(self.position(start), self.position(end))

    def of(self, span: Span) -> types.Range:
        """The range of a span of this text."""
        return types.Range(
            self._position(span.line, span.column), self._position(span.end_line, span.end_column)
        )

    def offset(self, position: types.Position) -> int:
        """The offset of a position; one after the end of its line means that end."""
        number = position.line
        if number >= len(self._lines):
            return len(self.source.text)
        start = self.source.line_starts[number]
        line = self.source.line(number + 1)
        if position.character >= self.codec.client_num_units(line):
            return start + len(line)
        found = self.codec.position_from_client_units(
            self._lines, types.Position(number, position.character)
        )
        return start + found.character
