"""LVS8: braces that the GUI mistakes for the beginning or end of a block."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Change, Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.piranha import gui
from lvscf.source import quoted
from lvscf.syntax.nodes import Blank, Block, Close, Comment, Directive, Header, Item, Line, lines

_UNUSABLE = (
    "the GUI recurses forever on this line. Every page fails, so the GUI cannot open the file at "
    "all (but does not damage it)"
)
_ALL_LOST = (
    "the GUI mistakes it for the beginning of a block, and loses everything after it when it saves"
)
_SHIFTED = (
    "the GUI mistakes it for the end of a block. When it saves, the rest of the block and later "
    "blocks are lost, and addresses and ports of real servers replace their virtual server's"
)
_GAP = (
    "to the GUI this is an empty slot in the pool, and it loses the real servers after it when it "
    "saves"
)


@rule("LVS801", "gui-open-brace", Severity.ERROR, optional=True)
def gui_open_brace(case: Case) -> Iterator[Problem]:
    """An opening brace in a value or name, which the GUI cannot load.

    What:
        A value, or the name of a block, contains `{`.  Quotes do not protect it.

    Why:
        To the GUI, every `{` opens a block.  The GUI then reads the line's name and value again,
        finds the brace again, and recurses forever: every page fails.  If it loses the brace on the
        way, it loses everything after the line instead.  Typical cases are JSON and the quantifiers
        of regular expressions (`[0-9]{3}`).

    Example:
          virtual http {
              active = 1
        -     expect = "^[0-9]{3} OK"
        +     expect = "^[0-9][0-9][0-9] OK"
              use_regex = 1
          }
    """
    for line in lines(case.reading.items):
        if not _can_be_judged(line) or (at := _brace(line, "{")) is None:
            continue
        effect = _UNUSABLE if gui.cannot_load(line.content) else _ALL_LOST
        where = "this name" if isinstance(line, Header) else f"the value of {_subject(line)}"
        help = "Choose a name without braces."
        if isinstance(line, Directive):
            help = (
                "Write the value without braces; in a regular expression, repeat the item instead."
            )
        yield Problem(at=at, message=f"There is a `{{` in {where}: {effect}.", help=help)


@rule("LVS802", "gui-brace-comment", Severity.ERROR, optional=True)
def gui_brace_comment(case: Case) -> Iterator[Problem]:
    """A brace in a comment, which the GUI counts like any other.

    What:
        A comment contains `{` or `}`, or `{` follows the `}` that closes a block.  A whole block
        that was commented out is harmless, unless servers of the same pool follow it.

    Why:
        The GUI does not know comments, and counts their braces.  After `{`, everything is lost when
        it next saves (or it cannot load the file).  After `}`, the rest of the block and later
        blocks are lost, and values of real servers replace their virtual server's.

    Example:
        - # the old pool was: virtual http {
        + # the old pool was: virtual http
    """
    for line in lines(case.reading.items):
        if isinstance(line, Close) and (at := _brace(line, "{")) is not None:
            yield _brace_in("the text after this brace", "{", at, _ALL_LOST)
    yield from _commented_braces(case.reading.items, None)


def _commented_braces(items: tuple[Item, ...], service: Block | None) -> Iterator[Problem]:
    """Braces in the comments among `items`.

    Pairs with only comments between them (a block that was commented out) cancel out, but between
    servers they leave a gap, at which the GUI stops writing.
    """
    servers_follow = sum(isinstance(item, Block) for item in items) if service else 0
    opened: list[Place | None] = []  # None: already reported
    paired: Place | None = None
    for item in (*items, None):
        if isinstance(item, Comment):
            at, end = _brace(item, "{"), _brace(item, "}")
            if at is not None and gui.is_short(item.content):
                yield _brace_in("this comment", "{", at, _ALL_LOST)
                opened.append(None)
            elif at is not None and gui.cannot_load(item.content):
                yield _brace_in("this comment", "{", at, _UNUSABLE)
                opened.append(None)
            elif at is not None:
                opened.append(at)
            elif end is not None and opened:
                paired = opened.pop() or paired
            elif end is not None:
                yield _brace_in("this comment", "}", end, _SHIFTED)
            continue
        if isinstance(item, Blank):
            continue
        for at in filter(None, opened):
            yield _brace_in("this comment", "{", at, _ALL_LOST)
        if paired is not None and not opened and servers_follow:
            yield _brace_in("this comment", "{", paired, _GAP)
        opened, paired = [], None
        if isinstance(item, Block):
            servers_follow -= 1
            inner = item if item.keyword != "server" else None
            yield from _commented_braces(item.items, inner)


def _brace_in(where: str, brace: str, at: Place, effect: str) -> Problem:
    return Problem(
        at=at,
        message=f"There is a `{brace}` in {where}: {effect}.",
        help="Write the text without braces.",
    )


@rule("LVS803", "gui-close-brace", Severity.ERROR, optional=True)
def gui_close_brace(case: Case) -> Iterator[Problem]:
    """A closing brace in a value or name, which the GUI takes as the end of the block.

    What:
        A value, or the name of a block, contains `}` (and no `{`; see LVS801).

    Why:
        To the GUI, every `}` ends a block, even in quotes.  The line is lost, and from there on the
        GUI is one level too far out: the rest of the block and later blocks are lost, and
        `address`, `active` and `port` of real servers replace those of the virtual server.

    Example:
          virtual http {
              active = 1
        -     expect = "done}"
        +     expect = "done"
          }
    """
    for line in lines(case.reading.items):
        if not _can_be_judged(line) or _brace(line, "{") is not None:
            continue
        if (at := _brace(line, "}")) is None:
            continue
        where = "this name" if isinstance(line, Header) else f"the value of {_subject(line)}"
        yield Problem(
            at=at,
            message=f"There is a `}}` in {where}: {_SHIFTED}.",
            help="Write it without braces.",
        )


@rule("LVS804", "gui-header-spacing", Severity.ERROR, optional=True)
def gui_header_spacing(case: Case) -> Iterator[Problem]:
    """A block header whose spacing the GUI cannot read.

    What:
        A header is not the keyword, one space, a name without blanks and `=`, one space, and `{`.
        Indentation and trailing blanks do not matter.

    Why:
        The GUI splits a line at single spaces.  With a tab, a second space, a `=` or blank in the
        name, or text after the brace, it reads the brace as part of the name and recurses forever:
        every page fails.  With more words it reads an empty name, and loses this block and all that
        follow.

    Example:
        - virtual  http {
        + virtual http {
              active = 1
          }

    Fix:
        Safe: single spaces, if the name itself is valid for the GUI.
    """
    for line in lines(case.reading.items):
        if not isinstance(line, Header) or "{" not in line.text:
            continue
        if _brace(line, "{") is not None:
            continue  # LVS801
        if _brace(line, "}") is not None and not gui.cannot_load(line.content):
            continue  # LVS803
        words = gui.stripped(line.content).split(" ")
        if len(words) == 3 and words[2] == "{" and not {"=", "\t"} & {*words[0], *words[1]}:
            continue
        if gui.cannot_load(line.content):
            effect = _UNUSABLE
        elif not gui.read(line.content)[1]:
            effect = "the GUI reads no name here, and loses this block and all that follow"
        else:
            effect = "the GUI reads a different name than the one written"
        parts = line.words
        change = None
        help = "Write the keyword, one space, the name, one space and `{`."
        if len(parts) > 1 and (" " in parts[1].text or "=" in parts[1].text):
            help = "Choose a name without blanks and `=`, for example with `_` instead."
        elif len(parts) == 3 and parts[2].as_written == "{" and not parts[1].quote:
            plain = f"{parts[0].text} {parts[1].text} {{"
            change = Change("Use single spaces", "safe", ((places.whole(line), plain),))
            help = f"Write {quoted(plain)}."
        yield Problem(
            at=places.whole(line),
            message=f"The GUI cannot read the spacing of this header: {effect}.",
            help=help,
            change=change,
        )


def _can_be_judged(line: Line) -> bool:
    """Whether Piranha can read the line; if not, it has a finding of its own."""
    if isinstance(line, Directive):
        return line.value is not None
    return isinstance(line, Header)


def _brace(line: Line, brace: str) -> Place | None:
    """The first brace of a line that does not delimit a block; in a header, one in the name."""
    start, end = 0, len(line.text)
    if brace not in line.text:
        return None
    if isinstance(line, Header):
        words = line.words
        if len(words) != 3:
            return None
        start, end = words[1].start, words[1].end
    found = line.text.find(brace, start, end)
    return None if found < 0 else Place(line.start + found, line.start + found + 1)


def _subject(line: Line) -> str:
    return quoted(line.name) if isinstance(line, Directive) else "this line"


RULES: tuple[CaseRule, ...] = (
    gui_open_brace,
    gui_brace_comment,
    gui_close_brace,
    gui_header_spacing,
)
