"""Misreading: texts that Piranha's reader silently reads differently than written.

Two things make it misread a text:

* A carriage return.  Before the reader looks for a line feed, it looks for a CR anywhere in the
  rest of the file.  So a CR ends a "line" that may contain many line feeds, and a line that begins
  with a line feed (every line but the first, in a file with CRLF line ends) counts as empty.
* A quote that is not closed, on a line of a `virtual` or `failover` block (but not on its first
  line).  The reader ignores the error and uses the words before the quote; if there are none, it
  reads the line as the end of the block.

`as_read` returns the text that Piranha reads, with every character at the same offset, so that the
reader of lvs.cf can read that too.
"""

from lvscf.piranha.directives import BLOCKS, Scope
from lvscf.syntax import words


def as_read(text: str) -> str:
    """The text that Piranha reads in place of `text`: the same length, with LF line ends only."""
    read, nul, unread = text.partition("\0")
    return _without_forgotten_quotes(_without_carriage_returns(read)) + nul + unread


def _without_carriage_returns(text: str) -> str:
    lines = []
    *ended, rest = text.split("\r")
    for line in ended:
        if line.lstrip(words.BLANKS).startswith("\n"):
            line = " " * len(line)
        lines.append(line.replace("\n", words.LINE_FEED) + "\n")
    return "".join(lines) + rest


def _without_forgotten_quotes(text: str) -> str:
    if '"' not in text and "'" not in text:
        return text
    scope, first = Scope.GLOBAL, False
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.lstrip(words.BLANKS)[:1] in ("", "#"):
            continue
        found = words.split(line)
        if found.broken_at is not None and not found.crashes:
            if scope is not Scope.SERVICE or first:
                break  # Piranha rejects the file here
            kept = line[: found.broken_at] if found.words else "}"
            lines[number] = kept.ljust(len(line))
            if not found.words:
                scope = Scope.GLOBAL
                continue
        first = False
        texts = [word.text for word in found.words]
        if texts[:1] == ["}"] and scope is not Scope.GLOBAL:
            scope = Scope.SERVICE if scope is Scope.SERVER else Scope.GLOBAL
        elif len(texts) == 3 and texts[0] in BLOCKS[scope] and texts[2] == "{":
            first = scope is Scope.GLOBAL
            scope = Scope.SERVICE if scope is Scope.GLOBAL else Scope.SERVER
    return "\n".join(lines)
