"""lvs.cf in colours."""

import pytest
from hypothesis import given
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import Comment, Error, Keyword, Name, Number, String, _TokenType

import lvscf
from lvscf.piranha.directives import TABLE, Definition
from lvscf.syntax.pygments_lexer import LvsCfLexer
from lvscf.testing import sound_texts
from tests.conftest import EXAMPLE
from tests.startup import imported

LEXER = LvsCfLexer(ensurenl=False, stripnl=False)


def tokens(text: str) -> list[tuple[_TokenType, str]]:
    """The tokens of a text, without blanks."""
    return [(kind, word) for kind, word in LEXER.get_tokens(text) if word.strip()]


def test_pygments_finds_it() -> None:
    """The entry point gives the name that fenced blocks use, and the file's own name."""
    assert isinstance(get_lexer_by_name("lvs.cf"), LvsCfLexer)
    assert isinstance(get_lexer_for_filename("/etc/sysconfig/ha/lvs.cf"), LvsCfLexer)


def test_the_example_has_no_error() -> None:
    """Every word of a good file is something."""
    found = tokens(EXAMPLE.read_text(encoding="utf-8"))

    assert not [word for kind, word in found if kind is Error]
    assert {Comment.Single, Keyword, Keyword.Namespace, Name.Class, Name.Constant} < {
        kind for kind, _ in found
    }


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_every_directive_is_a_keyword(row: Definition) -> None:
    """All names of the table are known."""
    assert tokens(f"{row.name} = 1\n")[0] == (Keyword, row.name)


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [
        ("keepalve = 6\n", Name, "keepalve"),
        ("keepalive = 0x10\n", Number.Hex, "0x10"),
        ("primary = 10.10.1.21\n", Number, "10.10.1.21"),
        ('send = "a # b"\n', String.Double, '"a # b"'),
        ("  # a word\n", Comment.Single, "# a word"),
        ("keepalive = 6 # seconds\n", Error, "# seconds"),
        ("virtual web {\n", Name.Class, "web"),
        ("virtual = 3\n", Name, "virtual"),
    ],
)
def test_words(text: str, kind: _TokenType, word: str) -> None:
    """Each kind of word is recognised; what Piranha rejects after a value is an error."""
    assert (kind, word) in tokens(text)


@given(sound_texts())
def test_nothing_is_lost(text: str) -> None:
    """The tokens of a text, joined, are the text."""
    kept = "".join(word for _, word in LEXER.get_tokens(text))

    assert kept == text.replace("\r\n", "\n").replace("\r", "\n")


def test_lvscf_does_without() -> None:
    """Neither the library nor the commands import it."""
    assert not {name for name in imported("import lvscf; lvscf.lint") if "pygments" in name}
    assert lvscf.parse("").findings
