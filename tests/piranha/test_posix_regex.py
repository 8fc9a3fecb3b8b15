"""Regular expressions are valid exactly where the C library compiles them."""

import ctypes
import locale
import platform
import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lvscf.piranha import posix_regex
from tests.examples import examples

Compiles = Callable[[bytes], bool]

_EXTENDED = 1
_ROOM = 1024
"""More than any `regex_t`."""

PIECES = st.sampled_from(
    r"""a b 0 1 2 ( ) [ ] [^ { } * + ? | ^ $ \ - , : = . / {1} {1,2} {2,1} {,3} {1,} {9} {32768}
    [:alpha:] [:x:] [=a=] [.-.] [.ab.] [:digit:]] a-z z-a [a] [a-z] [^]] []a] [--] a- (a) () (a|b)
    \1 \2 \, \. \b \< \w \d \{ \( \\ (? *? +? ?? ** é ü""".replace("\n", " ").split(" ")
)  # fmt: skip


def is_affordable(pattern: str) -> bool:
    """Whether the C library can compile it without copying it, and linking the copies, for ever."""
    if sum(map(pattern.count, "*+?{")) > 4:
        return False  # each can double the work
    copies = 1
    for digits in re.findall("[0-9]+", pattern):
        if int(digits) <= posix_regex.MOST_REPETITIONS:
            copies *= max(1, int(digits))
    return copies <= 10


PATTERNS = st.lists(PIECES, max_size=10).map("".join).filter(is_affordable)
TEXTS = st.text(alphabet="ab19(){}[]^$.*+?|\\-,:=", max_size=12).filter(is_affordable)


def is_valid(pattern: str) -> bool:
    try:
        posix_regex.check(pattern)
    except posix_regex.InvalidPatternError:
        return False
    return True


@pytest.fixture(scope="module")
def compiles() -> Iterator[Compiles]:
    """Ask regcomp, in the C locale."""
    if platform.libc_ver()[0] != "glibc":
        pytest.skip("the C library is not glibc, whose regcomp is the judge")
    library = ctypes.CDLL("libc.so.6")

    def ask(pattern: bytes) -> bool:
        regex = ctypes.create_string_buffer(_ROOM)
        if library.regcomp(regex, pattern, _EXTENDED) != 0:
            return False
        library.regfree(regex)
        return True

    before = locale.setlocale(locale.LC_ALL)
    locale.setlocale(locale.LC_ALL, "C")
    yield ask
    locale.setlocale(locale.LC_ALL, before)


@settings(max_examples=examples(3000), deadline=None)
@given(pattern=PATTERNS)
def test_agrees_with_the_c_library(compiles: Compiles, pattern: str) -> None:
    """What regcomp compiles is valid, and nothing else."""
    assert is_valid(pattern) == compiles(pattern.encode())


@settings(max_examples=examples(1000), deadline=None)
@given(pattern=TEXTS)
def test_agrees_about_any_text(compiles: Compiles, pattern: str) -> None:
    """So it is for texts that nobody would take for a pattern."""
    assert is_valid(pattern) == compiles(pattern.encode())


VALID = [
    "", "HTTP", "HTTP/1\\.[01] 200", "(a|b)+", "a**", "()", "a||b", "|", ")", "a)", "[]a]", "[^]]",
    "[a-]", "[--a]", "[[:alpha:]_-]", "[[.a.]-[.c.]]", "a{2}", "a{2,}", "a{,2}", "a{0}", "}", "a}",
    "(a)\\1", "\\w\\s\\b\\<", "\\{", "\\d", "a+?", "é", "[à-é]", "a{0000000000000000000001}",
]  # fmt: skip
INVALID = [
    ("*", "nothing before it"),
    ("^*", "nothing before it"),
    ("a|*b", "nothing before it"),
    ("(+a)", "nothing before it"),
    ("(?:a)", "nothing before it"),
    ("\\b+", "nothing before it"),
    ("{2}", "nothing before it"),
    ("(HTTP", "`(` is not closed"),
    ("[a", "`[` is not closed"),
    ("[]", "`[` is not closed"),
    ("[a-", "`[` is not closed"),
    ("[[:alpha:", "`[` is not closed"),
    ("[\\", "`[` is not closed"),
    ("[z-a]", "runs backwards"),
    ("[a-[:digit:]]", "cannot end a range"),
    ("[[:digit:]-z]", "no range can begin"),
    ("[[:letter:]]", "no class `[:letter:]`"),
    ("[[.space.]]", "a single character"),
    ("a{2", "`{` is not closed"),
    ("a{}", "contains no number"),
    ("a{x}", "`{N,M}`"),
    ("a{3,2}", "counts down"),
    ("a{32768}", "`{N,M}`"),
    ("a\\", "escapes nothing"),
    ("\\1", "not exist"),
    ("(a\\1)", "not exist"),
]


@pytest.mark.parametrize("pattern", VALID)
def test_valid(compiles: Compiles, pattern: str) -> None:
    """These compile, odd as they are."""
    assert is_valid(pattern)
    assert compiles(pattern.encode())


@pytest.mark.parametrize(("pattern", "reason"), INVALID)
def test_invalid(compiles: Compiles, pattern: str, reason: str) -> None:
    """These do not, and the reason is told."""
    with pytest.raises(posix_regex.InvalidPatternError) as error:
        posix_regex.check(pattern)
    assert reason in str(error.value)
    assert not compiles(pattern.encode())


@given(pattern=PATTERNS)
def test_perlisms_lie_in_the_pattern(pattern: str) -> None:
    """What is Perl's stands in order, and does not overlap."""
    if not is_valid(pattern):
        return
    position = 0
    for start, end, means in posix_regex.perlisms(pattern):
        assert position <= start < end <= len(pattern)
        assert means.startswith(("is ", "between "))
        position = end


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"\d+ \w\s\b\.\\d", [r"\d"]),
        (r"[\d\]+", [r"\d"]),
        (r"[\.]a*?b+?c??d?", ["*?", "+?", "??"]),
        ("a{2,3}?}?", ["{2,3}?"]),
        (r"\*?", []),
        ("[a*?]", []),
    ],
)
def test_perlisms(pattern: str, found: list[str]) -> None:
    """Perl's sets and lazy repetitions, and nothing that GNU's regcomp knows."""
    assert [pattern[start:end] for start, end, _ in posix_regex.perlisms(pattern)] == found


@pytest.mark.slow
def test_long_patterns_take_linear_time() -> None:
    """Neither depth nor length is a trouble."""
    posix_regex.check("(" * 100_000 + ")" * 100_000)
    posix_regex.check("a}?[b]" * 50_000)
    assert len(list(posix_regex.perlisms("a}?b+?" * 50_000))) == 50_000
