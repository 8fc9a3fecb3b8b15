"""LVS8: lines that the GUI applies twice, because a blank or very short line follows them.

A line of four bytes or less has no words for the GUI.  It then applies the name and value of the line
before once more, in the block where it is by now.
"""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Change, Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.piranha import gui
from lvscf.source import encode, quoted
from lvscf.syntax.nodes import Blank, Block, Comment, Directive, Item, Line, lines

_LEAKING = ("address", "active", "port")
"""What the GUI knows in a server as well as in a virtual server."""


@rule("LVS805", "gui-stale-header", Severity.ERROR, optional=True)
def gui_stale_header(case: Case) -> Iterator[Problem]:
    """A blank line behind a header, which gives the block an empty twin.

    What:
        The line right behind the header of a `virtual` or `failover` block is blank, or a comment of
        four bytes or less.  (Behind `server NAME {` it does no harm.)

    Why:
        The GUI applies the header once more: when it saves, an empty block of the same name stands
        before the real one.

    Bad:
        virtual http {

            active = 1
        }

    Good:
        virtual http {
            active = 1
        }

    Fix:
        Safe: the blank lines are removed.
    """
    for block in case.reading.items:
        if (
            not isinstance(block, Block)
            or block.keyword == "server"
            or "{" not in block.header.text
        ):
            continue
        idle = _idle_lines(block.items, 0)
        if not idle:
            continue
        at = places.word(block.header, 1) if len(block.header.words) > 1 else None
        what = _what(idle[0])
        yield Problem(
            at=at or places.whole(block.header),
            message=f"{what.capitalize()} follows this header: the GUI applies the header again, and "
            f"saves an empty block {quoted(f'{block.keyword} {block.name}')} before this one.",
            help="Remove that line, or put a comment of five bytes or more in its place.",
            related=((places.whole(idle[0]), f"{what} that repeats the header"),),
            change=_removal(idle),
        )


@rule("LVS806", "gui-stale-server", Severity.ERROR, optional=True)
def gui_stale_server(case: Case) -> Iterator[Problem]:
    """A blank line behind a server, which changes its virtual server.

    What:
        A blank line, or a comment of four bytes or less, follows the `}` of a `server` block whose
        last line is `address`, `active` or `port`, with another value than the virtual server's.

    Why:
        The GUI applies that last line once more, now to the virtual server: its address (without
        the device, so that Piranha refuses the file), its `active` or its `port` is overwritten.

    Example:
          virtual http {
              active = 0
              server web1 {
        +         active = 1
                  address = 10.10.1.31
        -         active = 1
        +         weight = 1
              }

          }

    Fix:
        Safe: the blank lines are removed.
    """
    for virtual in case.as_written.virtual_servers:
        block = places.block_of(virtual)
        if block is None:
            continue
        repeated: set[str] = set()
        for index in range(len(block.items) - 1, -1, -1):
            server = block.items[index]
            if not isinstance(server, Block):
                continue
            idle = _idle_lines(block.items, index + 1)
            last = _last_line(server)
            if not idle or last is None or last.name in repeated:
                continue
            repeated.add(last.name)  # what a later server leaves behind replaces this
            if not _changes(virtual, last, idle[0]):
                continue
            there = places.written(virtual, last.name)
            what = _what(idle[0])
            notes = [(places.whole(idle[0]), f"{what} that repeats it for the virtual server")]
            if there is not None:
                notes.append((places.value(there), "the value that is lost"))
            effect = f"`{last.name}` of {quoted(virtual.name)} is overwritten"
            if last.name == "address":
                effect = (
                    f"the address of {quoted(virtual.name)} becomes that of the server, without "
                )
                effect += "a device, and Piranha refuses the file"
            yield Problem(
                at=places.whole(last),
                message=f"{what.capitalize()} follows this server: the GUI applies the server's last "
                f"line again, outside the block, and {effect}.",
                help="Remove that line, or end the block with `weight`.",
                related=tuple(notes),
                change=_removal(idle),
            )


@rule("LVS819", "gui-long-input", Severity.WARNING, optional=True)
def gui_long_input(case: Case) -> Iterator[Problem]:
    """A line that is too long for the GUI to read.

    What:
        A line has more than 4095 bytes, its end included.

    Why:
        The GUI reads no more at once.  It takes the rest for a line of its own.

    Bad (with escapes):
        # x...(4095 of them)

    Good:
        # a short comment
    """
    for line in lines(case.reading.items):
        if not isinstance(line, Blank) and gui.is_too_long(line.content):
            length = len(encode(line.content)) + 1
            yield Problem(
                at=places.whole(line),
                message=f"This line has {length} bytes. The GUI reads {gui.MOST_READ_BYTES} of "
                "them, and takes the rest for another line.",
                help="Write a shorter line.",
            )


def _idle_lines(items: tuple[Item, ...], index: int) -> list[Line]:
    """The lines from `index` on that repeat the line before them for the GUI."""
    idle: list[Line] = []
    for item in items[index:]:
        if not isinstance(item, Blank | Comment) or "{" in item.text or "}" in item.text:
            break
        if not gui.is_short(item.content):
            break
        idle.append(item)
    return idle


def _last_line(server: Block) -> Directive | None:
    """The line that the GUI remembers at the end of a server, if it can hurt the virtual server."""
    if server.close is None or not gui.is_short(server.close.content):
        return None
    for item in reversed(server.items):
        if isinstance(item, Block) or gui.is_short(item.content):
            continue
        if isinstance(item, Directive) and gui.read(item.content)[0] in _LEAKING:
            return item
        return None
    return None


def _changes(virtual: VirtualServer, last: Directive, idle: Line) -> bool:
    """Whether it matters that a server's line is applied to its virtual server, too."""
    there = places.written(virtual, last.name)
    if there is not None and there.start > idle.start:
        return False  # it is set again behind the server
    return bool(getattr(virtual.effective, last.name) != last.value)


def _what(idle: Line) -> str:
    return "a comment of four bytes or less" if isinstance(idle, Comment) else "a blank line"


def _removal(idle: list[Line]) -> Change | None:
    """Take the lines out, if they say nothing."""
    if any(isinstance(line, Comment) and line.content.strip(" \t#") for line in idle):
        return None
    end = idle[-1].start + len(idle[-1].text)
    return Change("Remove the empty lines", "safe", ((Place(idle[0].start, end), ""),))


RULES: tuple[CaseRule, ...] = (
    gui_stale_header,
    gui_stale_server,
    gui_long_input,
)
