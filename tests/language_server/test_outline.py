"""The outline and what can be folded."""

from hypothesis import given

from lvscf.document import parse
from lvscf.language_server.outline import Symbol, foldings, symbols
from lvscf.testing import any_texts
from tests.conftest import EXAMPLE


def shown(text: str) -> list[tuple[str, str]]:
    return [(one.name, one.detail) for one in symbols(parse(text))]


def test_blocks_and_directives() -> None:
    found = symbols(parse(EXAMPLE.read_bytes()))
    (web,) = [one for one in found if one.keyword]

    assert (web.name, web.detail) == ("virtual web", "mark 80")
    assert [(one.name, one.detail) for one in web.inside if one.keyword] == [
        ("server lvs-d03", "10.10.1.31"),
        ("server lvs-d04", "10.10.1.32"),
    ]
    assert ("deadtime", "18") in [(one.name, one.detail) for one in found]


def test_details() -> None:
    block = "address = 10.1.1.1 eth0:1\n"
    assert shown(f"virtual a {{\n{block}port = 443\n}}\n") == [("virtual a", "10.1.1.1:443")]
    assert shown(f"virtual a {{\n{block}fwmark = 0\n}}\n") == [("virtual a", "10.1.1.1")]
    assert shown("virtual {\n") == [("virtual", "")]
    assert shown('send = "\x07"\n= 1\n') == [("send", '"\\x07"'), ("=", "")]


def nested(symbol: Symbol, text: str) -> None:
    whole, named = symbol.whole, symbol.named
    assert 0 <= whole.start <= named.start <= named.end <= whole.end <= len(text)
    for one in symbol.inside:
        assert whole.start <= one.whole.start <= one.whole.end <= whole.end
        nested(one, text)


@given(any_texts())
def test_names_are_within_their_symbols(text: str) -> None:
    """As the protocol demands, whatever the text; and a name is never empty."""
    for one in symbols(parse(text)):
        nested(one, text)
        assert one.name


def test_foldings() -> None:
    """Blocks without their last line, and comments of several lines."""
    text = "# a\n# b\nx = 1\n# c\nvirtual a {\n active = 1\n server b {\n  weight = 1\n }\n}\n"
    assert [(one.first, one.last, one.is_comment) for one in foldings(parse(text))] == [
        (1, 2, True), (5, 9, False), (7, 8, False),
    ]  # fmt: skip


def test_foldings_of_unclosed_and_empty_blocks() -> None:
    assert [(one.first, one.last) for one in foldings(parse("virtual a {\n active = 1\n\n\n"))] == [
        (1, 2)
    ]
    assert foldings(parse("virtual a {\n}\n")) == ()


@given(any_texts())
def test_foldings_are_in_the_text(text: str) -> None:
    count = len(parse(text).source.line_starts)
    for one in foldings(parse(text)):
        assert 1 <= one.first < one.last <= count
