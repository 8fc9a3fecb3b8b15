r"""Health checks are read as nanny reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lvscf
from lvscf.config import health_check
from lvscf.config.health_check import HealthCheck
from tests.builders import server, service

TEXTS = st.text(alphabet="ab \\rnt'\"\r\n\td.0")


def check(*lines: str, keyword: str = "virtual") -> HealthCheck:
    """The check of the service that these lines make."""
    text = service(*lines).replace("virtual", keyword, 1)
    return HealthCheck(lvscf.loads(text).effective.services[0])


@pytest.mark.parametrize(
    ("lines", "kind", "sent", "expected"),
    [
        ((), "http", "GET / HTTP/1.0\r\n\r\n", "HTTP"),
        (("protocol = udp",), "http", "GET / HTTP/1.0\r\n\r\n", "HTTP"),
        (("fwmark = 5",), "http", "GET / HTTP/1.0\r\n\r\n", "HTTP"),
        (("port = 25",), "connect", None, None),
        (("port = 25", "protocol = udp"), "exchange", None, None),
        (("expect = HTTP",), "exchange", None, "HTTP"),
        (('send = ""',), "exchange", "", None),
        (("send = x", 'expect = "*"'), "exchange", "x", "*"),
        ((r'send = "a\r\n\t\\\'\"b"', "expect = y"), "exchange", "a\r\n\t\\'\"b", "y"),
        ((r'expect = "1\.1"',), "exchange", None, None),
        (("expect = '200'",), "exchange", None, "'200'"),
        (('expect = 200"',), "exchange", None, "200"),
        (("send = x", "send_program = /c", r'expect = "O\\K"'), "program", None, "O\\K"),
    ],
)
def test_what_nanny_does(
    lines: tuple[str, ...], kind: str, sent: str | None, expected: str | None
) -> None:
    """Its kind of check, what it sends and what it expects."""
    found = check(*lines)

    assert (found.kind, found.sent, found.expected) == (kind, sent, expected)


def test_regular_expressions_need_something_to_search() -> None:
    """A pattern is one only in an exchange, and only lvsd passes the option on."""
    assert check("expect = x", "use_regex = 1").is_regex
    assert not check("expect = x").is_regex
    assert not check("use_regex = 1").is_regex
    assert not check("expect = x", "use_regex = 1", "send_program = /c").is_regex
    assert not check("expect = x", "use_regex = 1", keyword="failover").is_regex


def test_ports() -> None:
    """A server is checked at its own port; -1 stands for that of the virtual server."""
    found = check("port = 81", server(), server("port = 8080"), server("port = -1"))

    assert [found.port_of(one) for one in found.service.servers] == [81, 8080, 81]


@pytest.mark.parametrize(
    ("monitor", "is_nanny"),
    [("/usr/sbin/nanny", True), ("nanny", True), ("/opt/my-nanny", False), ("", False)],
)
def test_other_monitors(monitor: str, is_nanny: bool) -> None:
    """What is said here is true of nanny only."""
    assert health_check.is_nanny(monitor) is is_nanny


def test_one_character_is_taken_as_it_is() -> None:
    """Even if it is a backslash."""
    assert health_check.unescaped("\\") == "\\"
    assert health_check.endless_escapes("\\") == []


@given(text=TEXTS)
def test_doubled_backslashes_are_backslashes(text: str) -> None:
    """Whatever is meant can be written."""
    written = text.replace("\\", "\\\\")

    assert health_check.unescaped(written) == text
    assert health_check.endless_escapes(written) == []


@given(text=TEXTS)
def test_nanny_hangs_where_escapes_are_endless(text: str) -> None:
    """The two views of a string agree, and doubling those backslashes mends it."""
    endless = health_check.endless_escapes(text)

    assert (health_check.unescaped(text) is None) == bool(endless)
    for start, _ in reversed(endless):
        text = f"{text[:start]}\\{text[start:]}"
    assert health_check.unescaped(text) is not None


def _each(text: str) -> str:
    return "".join(health_check.unescaped(part) or "" for part in _sequences(text))


def _sequences(text: str) -> list[str]:
    found, position = [], 0
    while position < len(text):
        length = 2 if text[position] == "\\" else 1
        found.append(text[position : position + length])
        position += length
    return found


@given(text=TEXTS, cut=st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted))
def test_places_are_found_again(text: str, cut: list[int]) -> None:
    """A stretch of what nanny makes of a string has its place in what was written."""
    plain = health_check.unescaped(text)
    if plain is None or len(text) < 2:
        return
    start, end = (min(number, len(plain)) for number in cut)

    written = health_check.written_span(text, start, end)
    assert _each(text[slice(*written)]) == plain[start:end]
