"""Source text of any file, and positions in it.

Everything that lvscf reads (lvs.cf, saved firewall rules, settings) becomes a `Source`.  Nodes have
only character offsets; a `Source` turns them into lines and columns when a finding needs them, so
that files without findings do not pay for positions.
"""

import re
from bisect import bisect_right
from functools import cached_property

from attrs import frozen

from lvscf.shared.records import compared, record

_LINE_END = re.compile(r"\r\n?|\n")


@compared
@frozen(eq=False, repr=False)
class Span:
    """A half-open range in a file: `start` and `end` are character offsets from 0.

    Lines and columns count from 1, columns in characters; `end_column` is the column after the
    last character.
    """

    filename: str
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.filename}:{self.line}:{self.column}"


@record(slots=False)
class Source:
    """The text of one file, with its name for messages."""

    text: str
    filename: str = "<string>"

    @classmethod
    def of(cls, content: bytes | str, filename: str = "<string>") -> "Source":
        """Return a source for `content`, which may be any bytes.

        Bytes are decoded as UTF-8; invalid bytes become lone surrogates (Python's
        `surrogateescape`), so that nothing is lost and equal bytes always become equal text.
        """
        if isinstance(content, bytes):
            content = content.decode("utf-8", "surrogateescape")
        elif not isinstance(content, str):
            raise TypeError(f"a text must be bytes or str, not {type(content).__name__}")
        if not isinstance(filename, str):
            raise TypeError(f"a filename must be a str, not {type(filename).__name__}")
        return cls(content, filename)

    def __bytes__(self) -> bytes:
        return encode(self.text)

    @cached_property
    def line_starts(self) -> list[int]:
        """Offsets at which lines begin; a line ends in LF, CRLF or CR."""
        return [0, *(end.end() for end in _LINE_END.finditer(self.text))]

    def location(self, offset: int) -> tuple[int, int]:
        """Line and column (from 1) of the character at `offset`."""
        starts = self.line_starts
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The span of `text[start:end]`."""
        return Span(self.filename, start, end, *self.location(start), *self.location(end))

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its end."""
        starts = self.line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")


def encode(text: str) -> bytes:
    """The bytes that `Source.of` decoded to `text`."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a str with lone surrogates that do not come from bytes
        return text.encode("utf-8", "surrogatepass")


def with_line_feeds(text: str) -> str:
    """Return `text` with every line end as a line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def displayable(text: str) -> str:
    r"""Return `text` safe for a terminal: control characters and invalid UTF-8 become `\xe9`."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def quoted(words: str) -> str:
    """Return words for a message: in backquotes, safe for a terminal, and not too long."""
    shown = displayable(words)
    if len(shown) > 60:
        shown = shown[:57] + "..."
    return f"`{shown}`"


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte kept by surrogateescape
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
