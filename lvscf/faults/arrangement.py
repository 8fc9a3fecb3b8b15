"""Rules about the words of a line: the `=`, how many words there are, quotes and blanks."""

import re

from lvscf.faults import phrases
from lvscf.faults.fault_rule import fault_rule
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Change, Problem
from lvscf.piranha.directives import BLOCKS, BY_SCOPE
from lvscf.shared import suggestions
from lvscf.source import quoted
from lvscf.syntax.faults import Fault, FaultKind
from lvscf.syntax.judge import complaint_about
from lvscf.syntax.reading import Reading

GLUED = re.compile(r"[ \t]*([A-Za-z_]+)[ \t]*(==|:=|=|:|[ \t])[ \t]*(.*?)[ \t]*")
"""An assignment in any spelling that a person would understand."""

ODD_BLANKS = re.compile(
    "[\v\f\x1c-\x1f\x85\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\udca0]"
)
"""Characters that look like a blank and are none for Piranha; a bare 0xA0 is Latin-1's."""

_BRACE_ON_THE_NEXT_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)[ \t]*\{[ \t]*(?=[\r\n]|\Z)")

_NEEDLESSLY_QUOTED = re.compile(r"""(["'])([^"' \t]+)\1(?=[ \t])""")

_COMMENT_BEHIND_QUOTE = re.compile(r"""("[^" \t]*"|'[^' \t]*')[ \t]+(#)""")

_TYPOGRAPHIC_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))

LOOK_ALIKES = {"\uff1d": "=", "\uff5b": "{", "\uff5d": "}"}
"""Full-width characters that look like the one that is meant."""


@fault_rule("LVS002", "missing-equals", Severity.ERROR)
def missing_equals(reading: Reading, fault: Fault) -> Problem:
    """The `=` is not a word of its own.

    What:
        Behind a directive's keyword something else stands than a single `=` with blanks on both
        sides: nothing, `==`, `:`, or an `=` that is glued to the keyword or to the value.

    Why:
        Piranha parts a line at blanks only.  `keepalive=6` is one word to it, an unknown command,
        and the whole file is refused.

    Example:
        - keepalive=6
        + keepalive = 6

    Fix:
        Safe where `=` only lacks its blanks; unsafe for `==` and `:`.
    """
    content = phrases.line_content(fault)
    match = GLUED.fullmatch(content)
    change = None
    help = "Write `KEYWORD = VALUE`, with a blank on each side of the `=`."
    if match and match[3] and fault.line is not None:
        name, sign, value = match.groups()
        mended = f"{name} = {value}"
        if complaint_about(mended, fault.scope) is None:
            help = f"Write {quoted(mended)}."
            between = Place(fault.line.start + match.end(1), fault.line.start + match.start(3))
            change = Change(
                "Put blanks around the `=`" if sign == "=" else "Write `=`",
                "safe" if sign == "=" else "unsafe",
                ((between, " = "),),
            )
    return Problem(
        at=phrases.place(fault),
        message=f"`=` must be the second word of the line, with blanks around it. "
        f"{phrases.verdict(reading, fault)}",
        help=help,
        change=change,
    )


def is_glued(fault: Fault) -> bool:
    """Whether an unknown keyword is a known one with its `=` glued to it."""
    match = GLUED.match(phrases.keyword(fault))
    if match is None or not match[2].strip():
        return False
    known = BY_SCOPE[fault.scope]
    return match[1] in known or suggestions.nearest(match[1], known) is not None


@fault_rule("LVS003", "missing-argument", Severity.ERROR)
def missing_argument(reading: Reading, fault: Fault) -> Problem:
    """A line that ends too early: no value, no device, no name or no brace.

    What:
        A directive has no value behind its `=`, an `address` of a virtual server or a `nat_router`
        has no device, or the first line of a block lacks its name or its `{` (which must be a word
        of its own, on the same line).

    Why:
        Piranha refuses the whole file.  A `{` on the next line does not count: nothing continues a
        line.

    Example:
        - virtual http
        - {
        + virtual http {
              active = 0
          }

    Fix:
        Safe for a brace that is glued to the name or stands on the next line.
    """
    if fault.kind is FaultKind.BAD_HEADER:
        return _bad_header(reading, fault)
    definition = fault.definition
    assert definition is not None
    name = definition.name
    missing = "a value"
    help = f"Write a value behind the `=` ({definition.kind.name}), or remove the line."
    if definition.kind.with_device:
        both_missing = phrases.text(reading, fault).strip() == "="
        missing = "an address and a device" if both_missing else "the device"
        help = f"Write both: `{name} = 10.10.1.20 eth0:1`."
    return Problem(
        at=phrases.place(fault),
        message=f"`{name}` lacks {missing}. {phrases.verdict(reading, fault)}",
        help=help,
    )


def _bad_header(reading: Reading, fault: Fault) -> Problem:
    line = fault.line
    assert line is not None
    found = line.words
    keyword = found[0].text
    text = reading.source.text
    change = None
    name = found[1].text.rstrip("{") if len(found) > 1 else ""
    missing = "a `{` as its third and last word"
    if name in ("", "="):
        missing, help = "its name", f"Write `{keyword} NAME {{`."
    elif found[-1].text == "{" and len(found) > 3:
        name = " ".join(word.text for word in found[1:-1])
        help = f'Write `{keyword} "{name}" {{`: a name with blanks needs quotes.'
    else:
        help = f"Write `{keyword} {name} {{`, all on one line, and nothing behind it."
        start, end = line.extent()
        mended = f"{keyword} {found[1].quote}{name}{found[1].quote} {{"
        next_line = _BRACE_ON_THE_NEXT_LINE.match(text, start)
        if len(found) == 2 and (found[1].text.endswith("{") or next_line):
            edits = ((Place(start, next_line.end() if next_line else end), mended),)
            change = Change("Put the brace behind the name", "safe", edits)
        elif len(found) == 2:
            change = Change("Open the block", "unsafe", ((Place(start, end), mended),))
    return Problem(
        at=phrases.place(fault),
        message=f"The first line of this {keyword} block lacks {missing}. {phrases.verdict(reading, fault)}",
        help=help,
        change=change,
    )


@fault_rule("LVS004", "extra-argument", Severity.ERROR)
def extra_argument(reading: Reading, fault: Fault) -> Problem:
    """Words behind the value, or behind the `{` of a block.

    What:
        A line holds more words than its directive takes: a value of several words without quotes, a
        second value, or a block that was written on one line.

    Why:
        Piranha refuses the whole file; it never ignores what is too much.

    Example:
        - keepalive = 6 seconds
        + keepalive = 6
    """
    help, change = _what_to_do_with_it(reading, fault)
    return Problem(
        at=phrases.place(fault),
        message=f"{quoted(phrases.text(reading, fault))} is more than this line may hold. "
        f"{phrases.verdict(reading, fault)}",
        help=help,
        change=change,
    )


def _what_to_do_with_it(reading: Reading, fault: Fault) -> tuple[str, Change | None]:
    """Help, and perhaps a fix, for words that are too many."""
    line, definition = fault.line, fault.definition
    if definition is None or line is None:
        what = "Write what is inside the block on lines of its own, and `}` alone on the last."
        return what, None
    if definition.kind.with_device:
        return "Remove it; a netmask has a directive of its own (`vip_nmask`, `nat_nmask`).", None
    found = line.words
    value = Place(line.start + found[2].start, line.start + found[-1].end)
    words = reading.source.text[value.start : value.end].translate(_TYPOGRAPHIC_QUOTES)
    bare = words.strip('"')
    if definition.kind.read is not str or '"' in bare:
        return "Remove it.", None
    mended = f'"{bare}"'
    how = Change("Quote the value", "unsafe", ((value, mended),))
    return f"Put the value in quotes: {quoted(mended)}.", how


@fault_rule("LVS005", "trailing-comment", Severity.ERROR)
def trailing_comment(reading: Reading, fault: Fault) -> Problem:
    """A comment behind a value.

    What:
        A `#` with text stands behind the value of a directive, or behind the `{` of a block.

    Why:
        `#` begins a comment only as the first character of a line.  Anywhere else it is an ordinary
        word, one too many, and Piranha refuses the whole file.  Articles on the web get this wrong.

    Example:
        - keepalive = 6 # seconds
        + # seconds
        + keepalive = 6

    Fix:
        Safe: the comment moves to a line of its own, above.
    """
    line = fault.line
    assert line is not None
    comment = Place(reading.source.text.index("#", fault.start), fault.end)
    behind_quote = _COMMENT_BEHIND_QUOTE.match(phrases.text(reading, fault))
    if behind_quote:
        comment = Place(fault.start + behind_quote.start(2), fault.end)
    start, _ = line.extent()
    indent = line.text[: start - line.start]
    kept = line.text[: comment.start - line.start].rstrip(" \t")
    comment_text = reading.source.text[comment.start : comment.end]
    moved = f"{indent}{comment_text}\n"
    above = Place(line.start, line.start)
    behind = Place(line.start + len(kept), line.start + len(line.content))
    return Problem(
        at=comment,
        message=f"A comment cannot follow a value: behind it, `#` is an ordinary word. "
        f"{phrases.verdict(reading, fault)}",
        help="Move the comment to a line of its own: above this one, it silences what it names."
        if "lvscf:" in comment_text
        else "Move the comment to a line of its own.",
        change=Change(
            "Move the comment to a line of its own", "safe", ((above, moved), (behind, ""))
        ),
    )


def is_comment(reading: Reading, fault: Fault) -> bool:
    """Whether words too many, or a quote that seems open, come from a comment behind a value."""
    text = phrases.text(reading, fault)
    if fault.kind is not FaultKind.QUOTES:
        return text.startswith("#")
    return _COMMENT_BEHIND_QUOTE.match(text) is not None


@fault_rule(
    "LVS006",
    "bad-quoting",
    Severity.ERROR,
    changes_memory="Piranha forgets a value whose closing quote it does not see; fixed, it has it",
)
def bad_quoting(reading: Reading, fault: Fault) -> Problem:
    r"""A quote that Piranha does not see closed.

    What:
        A word begins with a quote and does not end with it, or something is glued to a closing
        quote, or a blank follows a quoted word that holds no blank itself (Piranha looks for the
        closing quote only behind the next blank), or a quote stands alone.  `\"` does not protect a
        quote.

    Why:
        Piranha refuses the file («quotation mismatch»).  In a virtual or failover block it forgets
        the error and goes on with the words before the quote, or takes the line for the end of the
        block.  A quote alone at the end of a line makes it write outside its memory and crash.

    Example:
          virtual http {
              active = 0
        -     expect = "HTTP
        +     expect = "HTTP"
          }

    Fix:
        Safe for a blank behind the closing quote; unsafe for a closing quote that is missing.
    """
    broken = phrases.text(reading, fault)
    happens = phrases.verdict(reading, fault)
    if fault.kind is FaultKind.LONE_QUOTE:
        message = "A quote stands alone here."
        help = "Remove it, or write the value in front of it and a quote on each side."
        return Problem(phrases.place(fault), f"{message} {happens}", help)
    if fault.kind is FaultKind.EXTRA_ARGUMENT:
        message = f"The quoted value ends in front of {quoted(broken)}, at the first quote behind a blank."
        help = (
            "Write one quoted value, and inside of it only quotes of the other kind: a backslash does "
            "not protect a quote."
        )
        return Problem(phrases.place(fault), f"{message} {happens}", help)
    line = fault.line
    assert line is not None
    behind = Place(fault.end, line.start + len(line.content))
    is_closed = len(broken) > 1 and broken.endswith(broken[0]) and broken.count(broken[0]) == 2
    if is_closed and behind.end > behind.start:
        message = (
            "Behind a quoted word without a blank in it, no blank may follow: Piranha then misses "
            "the closing quote."
        )
        help = "Remove the blanks at the end of the line."
        change = Change("Remove the blanks", "safe", ((behind, ""),))
        return Problem(phrases.place(fault), f"{message} {happens}", help, change=change)
    if needless := _NEEDLESSLY_QUOTED.match(broken):
        place = Place(fault.start, fault.start + needless.end())
        start = fault.start - line.start
        mended = line.content[:start] + needless[2] + line.content[start + needless.end() :]
        if complaint_about(mended, fault.scope) is None:
            message = (
                "Behind a quoted word without a blank in it, Piranha misses the closing quote."
            )
            help = f"Write {quoted(needless[2])}, without quotes."
            change = Change("Remove the quotes", "safe", ((place, needless[2]),))
            return Problem(phrases.place(fault), f"{message} {happens}", help, change=change)
    message = f"Piranha sees no closing quote for {quoted(broken)}."
    help = (
        f"Write {broken[0]} on both sides of the value, nothing behind the second, and no "
        f"{broken[0]} inside."
    )
    closed = line.content.rstrip(" \t") + broken[0]
    mends = broken.count(broken[0]) == 1 and complaint_about(closed, fault.scope) is None
    close = Change("Close the quote at the end of the line", "unsafe", ((behind, broken[0]),))
    return Problem(
        phrases.place(fault), f"{message} {happens}", help, change=close if mends else None
    )


@fault_rule("LVS019", "odd-blank", Severity.ERROR)
def odd_blank(reading: Reading, fault: Fault) -> Problem:
    r"""A character that looks like a blank, an `=` or a brace, and is none.

    What:
        The line holds a no-break space, a vertical tab, a form feed or a full-width character where
        a blank, an `=` or a brace is meant.  Text from web pages and word processors has them.

    Why:
        To Piranha, only spaces and tabs are blanks; it takes any other character for part of a word
        and refuses the whole file for an unknown command, or for a missing `=`.

    Bad (with escapes):
        keepalive\xa0=\xa06

    Good:
        keepalive = 6

    Fix:
        Safe: the characters become what they look like.
    """
    line = fault.line
    assert line is not None
    content = line.content
    odd = _odd_character(content)
    assert odd is not None
    at = Place(line.start + odd.start(), line.start + odd.end())
    meant = LOOK_ALIKES.get(odd[0])
    number = ord(odd[0]) - (0xDC00 if "\udc80" <= odd[0] <= "\udcff" else 0)
    return Problem(
        at=at,
        message=f"This is no {f'`{meant}`' if meant else 'blank'} for Piranha but an ordinary "
        f"character (U+{number:04X}), part of a word. {phrases.verdict(reading, fault)}",
        help=f"Write a plain `{meant}`." if meant else "Write plain spaces.",
        change=Change(
            "Write plain characters",
            "safe",
            tuple(
                (Place(position, position + 1), now)
                for position, (odd_one, now) in enumerate(
                    zip(content, plain(content), strict=True), line.start
                )
                if now != odd_one
            ),
        ),
    )


def is_odd_blank(fault: Fault) -> bool:
    """Whether a fault is gone once the line is written in plain characters."""
    content = phrases.line_content(fault)
    if _odd_character(content) is None:
        return False
    mended = plain(content).split()
    if mended[:1] == ["}"]:
        return True
    if mended and mended[0] in BLOCKS[fault.scope]:
        return len(mended) == 3 and mended[2] == "{"
    return complaint_about(plain(content), fault.scope) is None


def plain(content: str) -> str:
    """The line with plain characters in place of those that look like them."""
    for odd, meant in LOOK_ALIKES.items():
        content = content.replace(odd, meant)
    return ODD_BLANKS.sub(" ", content)


def _odd_character(content: str) -> "re.Match[str] | None":
    return re.search(f"{ODD_BLANKS.pattern}|[{''.join(LOOK_ALIKES)}]", content)


@fault_rule("LVS022", "too-many-tokens", Severity.ERROR)
def too_many_tokens(reading: Reading, fault: Fault) -> Problem:
    """More words on a line than Piranha reads.

    What:
        The line has more than 99 words.

    Why:
        Piranha reads 99 words of a line and leaves the rest out; no directive takes that many, so
        the file is refused.

    Bad:
        keepalive = 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 \
0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 \
0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9

    Good:
        keepalive = 6
    """
    return Problem(
        at=phrases.place(fault),
        message=f"Piranha reads no more than 99 words of a line. {phrases.verdict(reading, fault)}",
        help="Write one value.",
    )
