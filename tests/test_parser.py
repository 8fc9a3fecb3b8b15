"""The grammar is of the kind LALR(1), and the automaton does what Lark would do."""

import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import lark
import pytest
from hypothesis import given, settings

from lvscf.syntax import parser, tables
from tests.strategies import ANYTHING

GRAMMAR = Path(parser.grammar_path()).read_text(encoding="utf-8")


@cache
def lark_parser() -> lark.Lark:
    return lark.Lark(GRAMMAR, parser="lalr", lexer="basic", start=tables.START)


def shape(node: parser.Child) -> Any:
    """A tree of ours as nested tuples."""
    if isinstance(node, parser.Token):
        return node.kind, node.text, node.start
    return node.name, [shape(child) for child in node.children]


def lark_shape(node: Any) -> Any:
    """A tree of Lark's as nested tuples."""
    if isinstance(node, lark.Token):
        return node.type, str(node), node.start_pos
    return node.data, [lark_shape(child) for child in node.children]


@settings(max_examples=500, deadline=None)
@given(ANYTHING)
def test_trees_are_larks(text: str) -> None:
    """Every text has a parse tree, the one that Lark itself makes."""
    assert shape(parser.parse(text)) == lark_shape(lark_parser().parse(text))


@settings(max_examples=500, deadline=None)
@given(ANYTHING)
def test_tokens_are_the_text(text: str) -> None:
    """The tokens, joined, are the text."""

    def tokens(node: parser.Child) -> Iterator[str]:
        if isinstance(node, parser.Token):
            yield node.text
        else:
            for child in node.children:
                yield from tokens(child)

    assert "".join(tokens(parser.parse(text))) == text


def test_grammar_has_no_conflicts(caplog: pytest.LogCaptureFixture) -> None:
    """Lark would settle a shift/reduce conflict in silence; there is none."""
    with caplog.at_level(logging.DEBUG, logger=lark.logger.name):
        lark.logger.propagate = True
        lark.Lark(GRAMMAR, parser="lalr", lexer="basic", start=tables.START, debug=True)

    assert "conflict" not in caplog.text.lower()


def test_tables_are_those_of_the_grammar() -> None:
    """What the build wrote down, if it did, is what Lark makes of the grammar now."""
    assert parser.tables() == tables.make(GRAMMAR)


def test_module_holds_the_tables() -> None:
    """The generated module gives back what was put into it."""
    made = tables.make(GRAMMAR)
    namespace: dict[str, Any] = {}
    exec(tables.as_module(made), namespace)

    assert namespace["TABLES"] == made


def test_stale_tables_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the grammar has changed since the build, Lark makes new tables."""
    made = tables.make(GRAMMAR)
    monkeypatch.setattr(parser, "_built_tables", lambda: ("another grammar", *made[1:-1], 999))

    assert parser.tables() == made


def test_missing_tables_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing was built, Lark reads the grammar."""
    monkeypatch.setattr(parser, "_built_tables", lambda: None)

    assert parser.tables() == tables.make(GRAMMAR)


def test_equal_priorities_are_refused() -> None:
    """The order of terminals is never left to chance."""
    with pytest.raises(ValueError, match="same priority"):
        tables.make('document: (A | B)*\nA: "a"\nB: "b"\n')
