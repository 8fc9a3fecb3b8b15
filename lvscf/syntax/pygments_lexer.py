"""A lexer of Pygments for lvs.cf, so that documents and terminals can colour it.

Pygments finds it by its entry point, as `lvs.cf`.  Nothing in lvscf imports it: Pygments comes with
rich, and is as slow to import.
"""

import re
from collections.abc import Callable, Iterable
from typing import ClassVar

from pygments.lexer import RegexLexer, bygroups, words
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Text,
    Whitespace,
)

from lvscf.piranha.directives import TABLE

_header: Callable[..., object] = bygroups
_BLOCKS = r"virtual|failover|server"


def _one_of(names: Iterable[str]) -> words:
    return words(sorted(set(names)), suffix=r"(?=[ \t]|$)")


class LvsCfLexer(RegexLexer):
    """lvs.cf as Piranha reads it: a `#` after a value is not a comment, but an error."""

    name = "lvs.cf"
    aliases: ClassVar[list[str]] = ["lvs.cf", "lvscf"]
    filenames: ClassVar[list[str]] = ["lvs.cf", "*.lvs.cf"]
    mimetypes: ClassVar[list[str]] = []
    flags = re.MULTILINE

    tokens: ClassVar[dict[str, list[object]]] = {
        "root": [
            (r"\s+", Whitespace),
            (r"#.*$", Comment.Single),
            (
                rf"({_BLOCKS})([ \t]+)([^\s{{]\S*)([ \t]+)(\{{)",
                _header(Keyword.Namespace, Whitespace, Name.Class, Whitespace, Punctuation),
            ),
            (r"[{}]", Punctuation),
            (_one_of(row.name for row in TABLE), Keyword, "value"),
            (r"\S+", Name, "value"),
        ],
        "value": [
            (r"\n", Whitespace, "#pop"),
            (r"[ \t\r\f\v]+", Whitespace),
            (r"=(?=[ \t]|$)", Operator),
            (r"#.*$", Error),
            (r'"[^"\n]*"', String.Double),
            (r"'[^'\n]*'", String.Single),
            (r"[\[\]{}]", Punctuation),
            (r"\d+(?:\.\d+){3}(?=\s|$)", Number),
            (r"0[xX][0-9a-fA-F]+(?=\s|$)", Number.Hex),
            (r"\d+(?=\s|$)", Number.Integer),
            (_one_of(word for row in TABLE for word in row.kind.choices), Name.Constant),
            (r"\S+", Text),
        ],
    }
