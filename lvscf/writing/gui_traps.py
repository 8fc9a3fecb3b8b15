"""What the Piranha GUI misreads in a file, whatever its layout.

`formatting` can fix layout, comments and some quotes, but not names, values and lengths.
"""

from collections.abc import Iterator

from attrs import frozen

from lvscf.piranha import gui
from lvscf.piranha.directives import Definition
from lvscf.piranha.releases import LATEST
from lvscf.source import encode, quoted
from lvscf.syntax.nodes import Block, Comment, Directive, Item, Unread
from lvscf.syntax.reading import Reading
from lvscf.syntax.words import BLANKS
from lvscf.writing import wording
from lvscf.writing.formatting import safe_comment, value
from lvscf.writing.grouping import definition

_GLOBAL = "global"


@frozen
class Trap:
    """Something that the GUI misreads: the offset of the line, and a sentence."""

    start: int
    message: str


def traps(reading: Reading) -> Iterator[Trap]:
    """Everything in the text that the GUI would lose or mangle, in the order of the text.

    Only for a text that Piranha loads as it is written.  The GUI is that of the latest release.
    """
    for item in reading.items:
        if isinstance(item, Unread) and gui.stripped(item.text):
            yield Trap(
                item.start,
                "the GUI reads on after this NUL byte, but Piranha does not; remove the rest",
            )
    yield from _inside("", reading.items)


def _inside(keyword: str, items: tuple[Item, ...]) -> Iterator[Trap]:
    last = {item.name: item for item in items if isinstance(item, Directive)}
    in_force = {
        item.name: item for item in items if isinstance(item, Directive) and item.value is not None
    }
    for item in items:
        if isinstance(item, Block):
            yield from _block(item, keyword)
            continue
        message = None
        if isinstance(item, Comment):
            message = _too_long_to_read(safe_comment(item.content.strip(BLANKS)))
        elif isinstance(item, Directive):
            row = definition(keyword, item.name)
            message = _line(keyword or _GLOBAL, item, row, item is in_force.get(item.name))
            if message is None and item is last[item.name] and item.name in in_force:
                message = _overrides(item, in_force[item.name])
        if message is not None:
            yield Trap(item.extent()[0], message)


def _block(block: Block, around: str) -> Iterator[Trap]:
    keyword = block.keyword
    name = block.header.words[1].as_written
    message = None
    if around == "failover":
        message = (
            "the GUI puts a server of a failover service into the pool of the virtual server "
            "above, in place of one of its servers; Piranha never uses it, so remove the block"
        )
    elif "{" in name or "}" in name:
        message = _braces(f"the name {quoted(name)}")
    elif gui.read(f"{keyword} {name} {{") != (keyword, name):
        message = (
            f"the GUI cannot read the name {quoted(name)}: it fails, or loses the blocks from here "
            "on; choose a name without blanks and `=`"
        )
    elif len(encode(name)) > (most := gui.most_name_bytes(keyword)):
        message = _too_long_to_write("the name", len(encode(name)), most)
    if message is not None:
        yield Trap(block.header.extent()[0], message)
    yield from _inside(keyword, block.items)


def _line(kind: str, line: Directive, row: Definition, is_in_force: bool) -> str | None:
    """The problem of a directive, if there is one."""
    said = value(wording.written(line, row), row, gui_safe=True)
    content = f"{row.name} = {said}"
    if "{" in said or "}" in said:
        return _braces(f"the value of `{row.name}`")
    if (message := _too_long_to_read(content)) is not None:
        return message
    if not gui.knows(kind, row.name, LATEST):
        if row.unused or not is_in_force or line.value == row.default:
            return None  # the GUI deletes it, and that changes nothing
        where = "" if kind == _GLOBAL else f" in a {kind} block"
        return (
            f"the GUI of release {LATEST} does not know `{row.name}`{where}: when it saves, it "
            "deletes the line, and Piranha does without it"
        )
    if gui.read(content) != (row.name, said):
        return _misread(row, said)
    if len(encode(said)) > (most := gui.most_value_bytes(kind, row.name)):
        return _too_long_to_write("the value", len(encode(said)), most)
    return None


def _misread(row: Definition, said: str) -> str:
    """Why the GUI reads a different value from a line."""
    _, taken = gui.read(f"{row.name} = {said}")
    if gui.stripped(said) != said:
        return f"the value of `{row.name}` ends in a vertical tab, which the GUI removes; remove it"
    effect = f"saves {quoted(taken)}" if taken else "deletes the line"
    if not said.startswith('"') and (not taken or taken.startswith('"')):
        return (
            f"the GUI only understands double quotes: for this value of `{row.name}`, it {effect}; "
            'put the value in double quotes, with no `"` inside (for Piranha the quotes are part '
            "of the value, so lvscf does not change them)"
        )
    return (
        f"to the GUI, an empty word or a `0` ends this value of `{row.name}`: it {effect}; write "
        "single blanks, and no `0` among its first three words"
    )


def _overrides(line: Directive, in_force: Directive) -> str | None:
    """The problem of a last `pmask` that Piranha ignores, after one that it has read."""
    if line is in_force:
        return None
    return (
        f"Piranha cannot read this `{line.name}` and uses the one above, but the GUI keeps only "
        "this one; remove it"
    )


def _too_long_to_read(content: str) -> str | None:
    if not gui.is_too_long(content):
        return None
    return (
        f"the GUI reads at most {gui.MOST_READ_BYTES} bytes of a line, and treats the rest as "
        "another line; write a shorter line"
    )


def _too_long_to_write(what: str, length: int, most: int) -> str:
    return (
        f"{what} has {length} bytes, but the GUI has room for {most}: it cuts off the rest and the "
        "line end, and joins the next line to this one; shorten it"
    )


def _braces(where: str) -> str:
    return (
        f"there is a brace in {where}: the GUI mistakes it for the beginning or end of a block, "
        "even in quotes, and fails or loses what follows; write it without braces"
    )
