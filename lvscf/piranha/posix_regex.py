r"""POSIX extended regular expressions: whether the C library compiles one, and Perl syntax in one.

nanny passes `expect` to glibc's `regcomp(REG_EXTENDED)`, in the C locale.  This module rejects what
regcomp rejects: anchors and the beginning of a branch cannot be repeated, a lone `)` is a
character, `\w` and `\b` are GNU extensions, `\d` is the letter d.  Facts: POSIX.1, and
measurements on glibc, with which the tests compare it.
"""

from collections.abc import Iterator

from lvscf.source import encode

MOST_REPETITIONS = 32767
"""RE_DUP_MAX: regcomp rejects larger counts in braces."""
CLASSES = frozenset(
    ("alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
     "upper", "xdigit")
)  # fmt: skip
_LONGEST_CLASS_NAME = 31
_GNU_ANCHORS = frozenset("<>bB`'")
_GNU_SETS = frozenset("wWsS")
_OPERATORS = frozenset("*+?{")
_PERL_SETS = {"d": "[0-9]", "D": "[^0-9]", "h": "[[:blank:]]", "v": "[[:cntrl:]]"}


class InvalidPatternError(ValueError):
    """The C library rejects a pattern; the message says why."""


def check(pattern: str) -> None:
    """Check a pattern as regcomp does, without compiling it.

    Memory limits are not checked: `((a{9999}){9999}){9999}` passes here.

    Raises:
        InvalidPatternError: regcomp rejects it.
    """
    if not pattern.isascii():
        pattern = encode(pattern).decode("latin-1")  # in the C locale, every byte is a character
    groups = 0
    # Bits of the groups that `\1` to `\9` may repeat: those closed before it, except those in other
    # branches.  `before` has those from before the branches, `others` those inside the branches.
    closed = before = others = 0
    around: list[tuple[int, int, int]] = []  # per open group: its number, and the outer two
    repeatable = False
    position = 0
    end = len(pattern)
    while position < end:
        character = pattern[position]
        position += 1
        if character in _OPERATORS:
            if not repeatable:
                raise InvalidPatternError(f"`{character}` has nothing before it to repeat")
            if character == "{":
                position = _interval(pattern, position)
        elif character == "(":
            groups += 1
            around.append((groups, before, others))
            before, others = closed, 0
            repeatable = False
        elif character == ")" and around:
            closed |= others
            number, before, others = around.pop()
            closed |= 1 << number if number <= 9 else 0
            repeatable = True
        elif character == "|":
            others |= closed
            closed = before
            repeatable = False
        elif character in "^$":
            repeatable = False
        elif character == "[":
            position = _bracket(pattern, position)
            repeatable = True
        elif character == "\\":
            if position == end:
                raise InvalidPatternError("a backslash at the end escapes nothing")
            escaped = pattern[position]
            position += 1
            if escaped in "123456789" and not closed >> int(escaped) & 1:
                raise InvalidPatternError(f"`\\{escaped}` repeats a group that does not exist")
            repeatable = escaped not in _GNU_ANCHORS
        else:
            repeatable = True
    if around:
        raise InvalidPatternError("a `(` is not closed")


def _interval(pattern: str, position: int) -> int:
    """Read an interval from after its `{`; returns the position after its `}`."""
    closing = pattern.find("}", position)
    if closing < 0:
        raise InvalidPatternError("a `{` is not closed")
    # A backslash before the comma changes nothing: regcomp reads both as a comma.
    low, comma, high = pattern[position:closing].replace("\\,", ",").partition(",")
    if not low and not comma:
        raise InvalidPatternError("`{}` contains no number")
    if not all(_is_count(part) for part in (low, high)):
        raise InvalidPatternError(
            f"`{{{pattern[position:closing]}}}` is not `{{N}}`, `{{N,}}` or `{{N,M}}`"
        )
    if high and int(low.lstrip("0") or "0") > int(high.lstrip("0") or "0"):
        raise InvalidPatternError(f"`{{{low},{high}}}` counts down")
    return closing + 1


def _is_count(part: str) -> bool:
    if not part:
        return True
    if not (part.isascii() and part.isdigit()):
        return False
    digits = part.lstrip("0")
    return len(digits) <= 5 and int(digits or "0") <= MOST_REPETITIONS


def _bracket(pattern: str, position: int) -> int:
    """Read a bracket expression from after its `[`; returns the position after its `]`."""
    if pattern.startswith("^", position):
        position += 1
    first = True
    while True:
        start, position = _element(pattern, position, hyphen=first)
        first = False
        is_range = (
            start is not None
            and pattern.startswith("-", position)
            and not pattern.startswith("-]", position)
        )
        if is_range:
            if position + 1 == len(pattern):
                raise _unclosed_bracket()
            stop, position = _element(pattern, position + 1, hyphen=True)
            if stop is None:
                raise InvalidPatternError("a class of characters cannot end a range")
            if start is not None and start > stop:
                raise InvalidPatternError(f"the range `{start}-{stop}` runs backwards")
        if position >= len(pattern):
            raise _unclosed_bracket()
        if pattern[position] == "]":
            return position + 1


def _element(pattern: str, position: int, *, hyphen: bool) -> tuple[str | None, int]:
    """One element of a bracket: its character, or None for a class; and the position after it."""
    if position >= len(pattern):
        raise _unclosed_bracket()
    character = pattern[position]
    kind = pattern[position + 1 : position + 2]
    if character == "[" and kind and kind in ".=:":
        closing = pattern.find(kind + "]", position + 2)
        if closing < 0 or closing - position - 2 > _LONGEST_CLASS_NAME:
            raise _unclosed_bracket()
        return _named(kind, pattern[position + 2 : closing]), closing + 2
    if character == "-" and not hyphen and not pattern.startswith("]", position + 1):
        raise InvalidPatternError("a `-` in brackets is where no range can begin or end")
    return character, position + 1


def _named(kind: str, name: str) -> str | None:
    """What `[:name:]`, `[=name=]` or `[.name.]` means; None if it is a class."""
    if kind == ":":
        if name not in CLASSES:
            raise InvalidPatternError(f"there is no class `[:{name}:]`")
        return None
    if len(name) != 1:
        raise InvalidPatternError(f"`[{kind}{name}{kind}]` does not name a single character")
    return name if kind == "." else None


def _unclosed_bracket() -> InvalidPatternError:
    return InvalidPatternError("a `[` is not closed")


def perlisms(pattern: str) -> Iterator[tuple[int, int, str]]:
    """The Perl syntax in a valid pattern.

    Yields start and end in the pattern, and what POSIX reads there.
    """
    position = 0
    end = len(pattern)
    while position < end:
        character = pattern[position]
        if character == "[":
            closing = _bracket(pattern, position + 1)
            yield from _escapes_in_bracket(pattern, position + 1, closing - 1)
            position = closing
            continue
        if character == "\\":
            escaped = pattern[position + 1]
            if escaped.isalpha() and escaped not in _GNU_ANCHORS | _GNU_SETS:
                instead = _PERL_SETS.get(escaped)
                yield (
                    position,
                    position + 2,
                    f"is the letter `{escaped}` in a POSIX regular expression"
                    + (f"; the set is `{instead}`" if instead else ""),
                )
            position += 2
            continue
        start = position
        position = pattern.index("}", position) + 1 if character == "{" else position + 1
        if character in "*+?{" and pattern.startswith("?", position):
            position += 1
            if character in "*?":
                yield start, position, f"is not lazy, but the same as `{character}`"
            else:
                yield start, position, "is not lazy: it makes what comes before it optional"


def _escapes_in_bracket(pattern: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    at = pattern.find("\\", start, end)
    while 0 <= at < end - 1:
        escaped = pattern[at + 1]
        if escaped in "dDwWsS":
            yield at, at + 2, f"in brackets is a backslash or the letter `{escaped}`"
        at = pattern.find("\\", at + 2, end)
