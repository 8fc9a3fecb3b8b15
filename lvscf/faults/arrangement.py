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
from lvscf.syntax import words
from lvscf.syntax.faults import Fault, FaultKind
from lvscf.syntax.judge import complaint_about
from lvscf.syntax.reading import Reading

GLUED = re.compile(r"[ \t]*([A-Za-z_]+)[ \t]*(==|:=|=|:|[ \t])[ \t]*(.*?)[ \t]*")
"""An assignment in any spelling that a person would understand."""

ODD_BLANKS = re.compile(
    "[\v\f\x1c-\x1f\x85\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\udca0]"
)
"""Characters that look like a blank, but not to Piranha; a lone 0xA0 byte is Latin-1's."""

_BRACE_ON_THE_NEXT_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)[ \t]*\{[ \t]*(?=[\r\n]|\Z)")

_NEEDLESSLY_QUOTED = re.compile(r"""(["'])([^"' \t]+)\1(?=[ \t])""")

_COMMENT_AFTER_QUOTE = re.compile(r"""("[^" \t]*"|'[^' \t]*')[ \t]+(#)""")

_TYPOGRAPHIC_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))

LOOK_ALIKES = {"\uff1d": "=", "\uff5b": "{", "\uff5d": "}"}
"""Full-width characters, each with the plain one that it looks like."""


@fault_rule("LVS002", "missing-equals", Severity.ERROR)
def missing_equals(reading: Reading, fault: Fault) -> Problem:
    """The `=` is missing, or not a word of its own.

    What:
        The keyword of a directive is not followed by a single `=` with blanks on both sides: the
        `=` is missing, glued to the keyword or to the value, or written as `==` or `:`.

    Why:
        Piranha splits a line at blanks only.  `keepalive=6` is a single word to it, an unknown
        command, and it rejects the whole file.

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
        repaired = f"{name} = {value}"
        if complaint_about(repaired, fault.scope) is None:
            help = f"Write {quoted(repaired)}."
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
    """A line that ends too early: its value, device, name or brace is missing.

    What:
        A directive has no value after its `=`, the `address` of a virtual server or a `nat_router`
        has no device, or the first line of a block has no name or no `{`.  The `{` must be a word
        of its own, on the same line.

    Why:
        Piranha rejects the whole file.  A `{` on the next line does not count: in lvs.cf, a
        statement never continues on the next line.

    Example:
        - virtual http
        - {
        + virtual http {
              active = 0
          }

    Fix:
        Safe for a brace that is glued to the name or on the next line; unsafe for a brace that is
        missing altogether.
    """
    if fault.kind is FaultKind.BAD_HEADER:
        return _bad_header(reading, fault)
    definition = fault.definition
    assert definition is not None
    name = definition.name
    missing = "value"
    help = f"Write a value after the `=` ({definition.kind.name}), or remove the line."
    if definition.kind.with_device:
        both_missing = phrases.text(reading, fault).strip() == "="
        missing = "address and no device" if both_missing else "device"
        help = f"Write both: `{name} = 10.10.1.20 eth0:1`."
    return Problem(
        at=phrases.place(fault),
        message=f"`{name}` has no {missing}. {phrases.verdict(reading, fault)}",
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
    if name in ("", "="):
        message = f"This {keyword} block has no name: its first line must be `{keyword} NAME {{`."
        help = f"Write `{keyword} NAME {{`."
    elif found[-1].text == "{" and len(found) > 3:
        name = " ".join(word.text for word in found[1:-1])
        message = f"The name of this {keyword} block must be a single word, or be in quotes."
        help = f'Write `{keyword} "{name}" {{`.'
    else:
        message = f"The `{{` of this {keyword} block must be the third and last word of this line."
        help = f"Write `{keyword} {name} {{` on one line, with nothing after the brace."
        start, end = line.extent()
        repaired = f"{keyword} {found[1].quote}{name}{found[1].quote} {{"
        next_line = _BRACE_ON_THE_NEXT_LINE.match(text, start)
        if len(found) == 2 and (found[1].text.endswith("{") or next_line):
            edits = ((Place(start, next_line.end() if next_line else end), repaired),)
            change = Change("Put the brace after the name", "safe", edits)
        elif len(found) == 2:
            change = Change("Open the block", "unsafe", ((Place(start, end), repaired),))
    return Problem(
        at=phrases.place(fault),
        message=f"{message} {phrases.verdict(reading, fault)}",
        help=help,
        change=change,
    )


@fault_rule("LVS004", "extra-argument", Severity.ERROR)
def extra_argument(reading: Reading, fault: Fault) -> Problem:
    """Extra words after the value, or after the `{` of a block.

    What:
        A line holds more words than its directive takes: a value of several words without quotes, a
        second value, or a whole block on one line.

    Why:
        Piranha rejects the whole file; it never ignores extra words.

    Example:
        - keepalive = 6 seconds
        + keepalive = 6

    Fix:
        Unsafe: a text of several words is put in quotes.  Other extra words have no fix.
    """
    help, change = _what_to_do_with_it(reading, fault)
    where = "after the `{`"
    if fault.definition is not None:
        where = "after the device" if fault.definition.kind.with_device else "after the value"
    return Problem(
        at=phrases.place(fault),
        message=f"Unexpected {quoted(phrases.text(reading, fault))} {where}. "
        f"{phrases.verdict(reading, fault)}",
        help=help,
        change=change,
    )


def _what_to_do_with_it(reading: Reading, fault: Fault) -> tuple[str, Change | None]:
    """The help for extra words, and a fix if there is one."""
    line, definition = fault.line, fault.definition
    if definition is None or line is None:
        help = "Give each line of the block a line of its own, with `}` alone on the last."
        return help, None
    if definition.kind.with_device:
        return "Remove it; the netmask has its own directive (`vip_nmask`, `nat_nmask`).", None
    found = line.words
    value = Place(line.start + found[2].start, line.start + found[-1].end)
    text = reading.source.text[value.start : value.end].translate(_TYPOGRAPHIC_QUOTES)
    bare = text.strip('"')
    if definition.kind.read is not str or '"' in bare:
        return "Remove it.", None
    repaired = f'"{bare}"'
    change = Change("Quote the value", "unsafe", ((value, repaired),))
    return f"Put the value in quotes: {quoted(repaired)}.", change


@fault_rule("LVS005", "trailing-comment", Severity.ERROR)
def trailing_comment(reading: Reading, fault: Fault) -> Problem:
    """A comment after a value.

    What:
        There is a `#` with text after the value of a directive, or after the `{` of a block.

    Why:
        `#` starts a comment only as the first character of a line.  Anywhere else it is an ordinary
        word, which is one word too many, and Piranha rejects the whole file.  Articles on the web
        get this wrong.

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
    after_quote = _COMMENT_AFTER_QUOTE.match(phrases.text(reading, fault))
    if after_quote:
        comment = Place(fault.start + after_quote.start(2), fault.end)
    start, _ = line.extent()
    indent = line.text[: start - line.start]
    kept = line.text[: comment.start - line.start].rstrip(" \t")
    comment_text = reading.source.text[comment.start : comment.end]
    moved = f"{indent}{comment_text}\n"
    above = Place(line.start, line.start)
    removed = Place(line.start + len(kept), line.start + len(line.content))
    follows = "a `{`" if phrases.keyword(fault) in BLOCKS[fault.scope] else "a value"
    return Problem(
        at=comment,
        message=f"Comments need their own line: after {follows}, Piranha reads `#` as another word. "
        f"{phrases.verdict(reading, fault)}",
        help="Move the comment to a line of its own, above this one: there it silences the rules "
        "that it names."
        if "lvscf:" in comment_text
        else "Move the comment to a line of its own.",
        change=Change(
            "Move the comment to a line of its own", "safe", ((above, moved), (removed, ""))
        ),
    )


def is_comment(reading: Reading, fault: Fault) -> bool:
    """Whether extra words, or a quote that seems open, come from a comment after a value."""
    text = phrases.text(reading, fault)
    if fault.kind is not FaultKind.QUOTES:
        return text.startswith("#")
    return _COMMENT_AFTER_QUOTE.match(text) is not None


@fault_rule(
    "LVS006",
    "bad-quoting",
    Severity.ERROR,
    changes_memory="Piranha drops a value whose closing quote it misses; once fixed, it keeps it",
)
def bad_quoting(reading: Reading, fault: Fault) -> Problem:
    r"""A quote that Piranha does not see closed.

    What:
        A word begins with a quote and does not end with one, or something is glued to a closing
        quote, or a quote is a word by itself.  Or a blank follows a quoted word that contains no
        blank: Piranha looks for the closing quote only after the next blank, and so misses it.  A
        backslash does not protect a quote.

    Why:
        Piranha rejects the file ("quotation mismatch").  In a virtual or failover block it ignores
        the error instead, and uses only the words before the quote, or reads the line as the end of
        the block.  A lone quote at the end of a line makes it write outside its memory and crash.

    Example:
          virtual http {
              active = 0
        -     expect = "HTTP
        +     expect = "HTTP"
          }

    Fix:
        Safe for a blank after the closing quote, and for quotes that are not needed; unsafe for a
        closing quote that is missing.
    """
    broken = phrases.text(reading, fault)
    happens = phrases.verdict(reading, fault)
    if fault.kind is FaultKind.LONE_QUOTE:
        message = "This quote is a word by itself."
        help = "Remove it, or put the whole value between two quotes."
        return Problem(phrases.place(fault), f"{message} {happens}", help)
    if fault.kind is FaultKind.EXTRA_ARGUMENT:
        message = (
            f"Piranha ends the quoted value before {quoted(broken)}, at the first quote that "
            "follows a blank."
        )
        help = (
            "Write one quoted value with only the other kind of quote inside: a backslash does not "
            "protect a quote."
        )
        return Problem(phrases.place(fault), f"{message} {happens}", help)
    line = fault.line
    assert line is not None
    rest = Place(fault.end, line.start + len(line.content))
    is_closed = len(broken) > 1 and broken.endswith(broken[0]) and broken.count(broken[0]) == 2
    if is_closed and rest.end > rest.start:
        message = (
            "Piranha misses this closing quote: no blank may follow a quoted word that contains "
            "none."
        )
        help = "Remove the blanks at the end of the line."
        change = Change("Remove the blanks", "safe", ((rest, ""),))
        return Problem(phrases.place(fault), f"{message} {happens}", help, change=change)
    if needless := _NEEDLESSLY_QUOTED.match(broken):
        place = Place(fault.start, fault.start + needless.end())
        start = fault.start - line.start
        repaired = line.content[:start] + needless[2] + line.content[start + needless.end() :]
        if complaint_about(repaired, fault.scope) is None:
            message = (
                "Piranha misses this closing quote: nothing may follow a quoted word that contains "
                "no blank."
            )
            help = f"Write {quoted(needless[2])}, without quotes."
            change = Change("Remove the quotes", "safe", ((place, needless[2]),))
            return Problem(phrases.place(fault), f"{message} {happens}", help, change=change)
    message = f"The quote in {quoted(broken)} is not closed where Piranha expects it."
    help = (
        f"Write {broken[0]} on both sides of the value, no {broken[0]} inside, and nothing after "
        "it."
    )
    closed = line.content.rstrip(" \t") + broken[0]
    closes = broken.count(broken[0]) == 1 and complaint_about(closed, fault.scope) is None
    close = Change("Close the quote at the end of the line", "unsafe", ((rest, broken[0]),))
    return Problem(
        phrases.place(fault), f"{message} {happens}", help, change=close if closes else None
    )


@fault_rule("LVS019", "odd-blank", Severity.ERROR)
def odd_blank(reading: Reading, fault: Fault) -> Problem:
    r"""A character that only looks like a blank, an `=` or a brace.

    What:
        The line holds a no-break space, a vertical tab, a form feed or a full-width character where
        a blank, an `=` or a brace was meant.  Text copied from web pages and word processors has
        them.

    Why:
        To Piranha, only spaces and tabs are blanks, and any other character is part of a word.  It
        rejects the whole file because of an unknown command or a missing `=`.

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
        message=f"To Piranha, this character (U+{number:04X}) is not "
        f"{f'`{meant}`' if meant else 'a blank'} but part of a word. "
        f"{phrases.verdict(reading, fault)}",
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
    meant = plain(content).split()
    if meant[:1] == ["}"]:
        return True
    if meant and meant[0] in BLOCKS[fault.scope]:
        return len(meant) == 3 and meant[2] == "{"
    return complaint_about(plain(content), fault.scope) is None


def plain(content: str) -> str:
    """The line with look-alikes replaced by plain characters."""
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
        Piranha reads the first 99 words of a line and ignores the rest.  No directive takes that
        many, so it rejects the file.

    Bad:
        keepalive = 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 \
0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 \
0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9

    Good:
        keepalive = 6
    """
    return Problem(
        at=phrases.place(fault),
        message=f"Piranha reads at most {words.MOST_WORDS} words of a line. "
        f"{phrases.verdict(reading, fault)}",
        help="Write one value.",
    )
