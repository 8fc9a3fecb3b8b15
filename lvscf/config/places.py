"""Places that rules point at, by what is there."""

from lvscf.config.model import Owner
from lvscf.findings.place import Place
from lvscf.syntax.nodes import Block, Line


def value(line: Line) -> Place:
    """All words after the `=` of a line."""
    found = line.words
    return Place(line.start + found[2].start, line.start + found[-1].end)


def word(line: Line, index: int) -> Place:
    """One word of a line."""
    found = line.words[index]
    return Place(line.start + found.start, line.start + found.end)


def inside(line: Line, index: int, start: int, end: int) -> Place:
    """A stretch of one word of a line; offsets count from after its opening quote."""
    found = line.words[index]
    text = line.start + found.start + len(found.quote)
    return Place(text + start, text + end)


def whole(line: Line) -> Place:
    """A line without its indentation and its end."""
    return Place(*line.extent())


def value_of(owner: Owner, name: str) -> Place | None:
    """The value in force of a directive, or None if it was not written."""
    line = written(owner, name)
    return value(line) if line else None


def name_of(owner: Owner) -> Place | None:
    """The name of a block, in its header; the header if it has none."""
    block = block_of(owner)
    return None if block is None else name_in(block)


def name_in(block: Block) -> Place:
    """The name in the header of a block; the header if it has none."""
    return word(block.header, 1) if len(block.header.words) > 1 else whole(block.header)


def written(owner: Owner, name: str) -> Line | None:
    """The line in force for a directive, or None if it was not written."""
    return owner.origin.lines.get(name) if owner.origin else None


def block_of(owner: Owner) -> Block | None:
    """The block that `owner` was read from."""
    return owner.origin.block if owner.origin else None
