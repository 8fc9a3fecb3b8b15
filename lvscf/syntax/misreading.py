"""Misreading: texts that Piranha's reader takes for something else, without complaint.

Two things make it read another text than the one that was written:

* a carriage return.  The reader looks for the next CR anywhere ahead before it looks for a line
  feed, so a CR ends a "line" that may hold many line feeds, and what begins with a line feed (all
  lines but the first, in a file with CRLF line ends) counts as empty;
* a quote that is not closed, on a line of a `virtual` or `failover` block (but not on its first
  line).  The reader forgets the error and takes the words before the quote; where there are none,
  it takes the line for the end of the block.

`as_read` writes down the text that Piranha reads, character for character in the same places, so
that whatever reads lvs.cf can read that, too, and every offset still fits.
"""

from lvscf.piranha.directives import BLOCKS, Scope
from lvscf.syntax import words


def as_read(text: str) -> str:
    """The text that Piranha takes `text` for; the same length, LF line ends only."""
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
                break  # Piranha refuses the file here
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
