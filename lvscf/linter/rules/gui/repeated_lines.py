"""LVS8: lines that the GUI applies twice, because a blank or very short line follows them.

To the GUI, a line of four bytes or less has no words.  It then applies the name and value of the
previous line once more, in the block where it is now.
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
"""The directives that the GUI knows both in a server and in a virtual server."""


@rule("LVS805", "gui-stale-header", Severity.ERROR, optional=True)
def gui_stale_header(case: Case) -> Iterator[Problem]:
    """A blank line after a header, which gives the block an empty duplicate.

    What:
        The line directly after the header of a `virtual` or `failover` block is blank, or a comment
        of four bytes or less.  (After `server NAME {` it is harmless.)

    Why:
        The GUI applies the header once more: when it saves, it writes an empty block of the same
        name before the real one.

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
        what = _what(idle[0])
        yield Problem(
            at=places.name_in(block),
            message=f"{what.capitalize()} follows this header, so the GUI applies the header "
            f"again: it saves an empty block {quoted(f'{block.keyword} {block.name}')} before this "
            "one.",
            help="Remove that line, or replace it with a comment of five bytes or more.",
            related=((places.whole(idle[0]), f"{what} that repeats the header"),),
            change=_removal(idle),
        )


@rule("LVS806", "gui-stale-server", Severity.ERROR, optional=True)
def gui_stale_server(case: Case) -> Iterator[Problem]:
    """A blank line after a server, which changes its virtual server.

    What:
        A blank line, or a comment of four bytes or less, follows the `}` of a `server` block whose
        last line is `address`, `active` or `port`, with a different value than the virtual
        server's.

    Why:
        The GUI applies that last line once more, now to the virtual server, and overwrites its
        `active`, its `port` or its address (without a device, so that Piranha rejects the file).

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
            repeated.add(last.name)  # a later server's value replaces this one
            if not _changes(virtual, last, idle[0]):
                continue
            what = _what(idle[0])
            effect = f"`{last.name}` of {quoted(virtual.name)} is overwritten"
            if last.name == "address":
                effect = (
                    f"{quoted(virtual.name)} gets the server's address, without a device, and "
                    "Piranha rejects the file"
                )
            yield Problem(
                at=places.whole(last),
                message=f"{what.capitalize()} follows this server, so the GUI applies the server's "
                f"last line again, outside the block: {effect}.",
                help="Remove that line, or end the block with `weight`.",
                related=(
                    (places.whole(idle[0]), f"{what} that repeats it for the virtual server"),
                    (places.value_of(virtual, last.name), "the value that is lost"),
                ),
                change=_removal(idle),
            )


@rule("LVS819", "gui-long-input", Severity.WARNING, optional=True)
def gui_long_input(case: Case) -> Iterator[Problem]:
    """A line that is too long for the GUI to read.

    What:
        A line has more than 4095 bytes, including its line end.

    Why:
        The GUI reads no more at once.  It treats the rest as another line.

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
                message=f"This line has {length} bytes, but the GUI reads at most "
                f"{gui.MOST_READ_BYTES} at once and treats the rest as another line.",
                help="Write a shorter line.",
            )


def _idle_lines(items: tuple[Item, ...], index: int) -> list[Line]:
    """The lines from `index` on that make the GUI repeat the line before them."""
    idle: list[Line] = []
    for item in items[index:]:
        if not isinstance(item, Blank | Comment) or "{" in item.text or "}" in item.text:
            break
        if not gui.is_short(item.content):
            break
        idle.append(item)
    return idle


def _last_line(server: Block) -> Directive | None:
    """The line that the GUI remembers at the end of a server, if the virtual server has it too."""
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
    """Whether applying a server's line to its virtual server changes anything."""
    there = places.written(virtual, last.name)
    if there is not None and there.start > idle.start:
        return False  # it is set again after the server
    return bool(getattr(virtual.effective, last.name) != last.value)


def _what(idle: Line) -> str:
    return "a comment of four bytes or less" if isinstance(idle, Comment) else "a blank line"


def _removal(idle: list[Line]) -> Change | None:
    """Remove the lines, if they are empty."""
    if any(isinstance(line, Comment) and line.content.strip(" \t#") for line in idle):
        return None
    end = idle[-1].start + len(idle[-1].text)
    return Change("Remove the empty lines", "safe", ((Place(idle[0].start, end), ""),))


RULES: tuple[CaseRule, ...] = (
    gui_stale_header,
    gui_stale_server,
    gui_long_input,
)
