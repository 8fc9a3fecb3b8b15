"""The words of keepalived.conf, judged by what keepalived 2.2 made of such lines."""

import pytest
from hypothesis import given

from lvscf.keepalived.reading.words import lines
from lvscf.source import Source
from tests.keepalived.reading.texts import TEXTS


def words(text: str) -> list[list[str]]:
    return [[word.text for word in line.words] for line in lines(Source(text)) if line.words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lvs_sched rr # the default\n", [["lvs_sched", "rr"]]),
        ("weight 3!three\n", [["weight", "3"]]),
        ('weight "5"\n', [["weight", "5"]]),
        ('misc_path "/bin/check # 1 {"\n', [["misc_path", "/bin/check # 1 {"]]),
        ('quorum_up "say \\"\n', [["quorum_up", "say \\"]]),
        ("a\\#b\n", [["a#b"]]),
        ("real_server 10.0.0.1 80 { weight 7 }\n",
         [["real_server", "10.0.0.1", "80", "{", "weight", "7", "}"]]),
        ("virtual_server ${VIP}1 80{\n", [["virtual_server", "${VIP}1", "80", "{"]]),
        ("  # nothing\n\n!\n", []),
        ("one\r\ntwo\r\n", [["one"], ["two"]]),
        ("no end", [["no", "end"]]),
    ],
)  # fmt: skip
def test_words(text: str, expected: list[list[str]]) -> None:
    """Comments, quotes, backslashes and braces."""
    assert words(text) == expected


def test_only_definitions_are_continued() -> None:
    """Elsewhere, keepalived 2.2 takes the backslash for a word: the line says where it is."""
    text = "$BODY=\\\n  weight 4\\\n}\nlvs_\\\nsched rr\n"

    found = list(lines(Source(text)))

    assert [line.words[-1].text for line in found] == ["}", "lvs_", "rr"]
    assert [line.backslash for line in found] == [None, text.index("\\\nsched"), None]


def test_open_quote_is_told() -> None:
    """The rest of its line is one word."""
    (line,) = lines(Source('notify "a b\n'))

    assert line.open_quote == 7
    assert line.words[1].text == "a b"


@given(TEXTS)
def test_places_are_inside_and_in_order(text: str) -> None:
    """Every word is at a stretch of the text, one after the other."""
    end = 0
    for line in lines(Source(text)):
        assert line.start <= line.end <= len(text)
        for word in line.words:
            assert end <= word.start < word.end <= len(text)
            assert not word.is_brace or text[word.start : word.end] == word.text
            end = word.end
