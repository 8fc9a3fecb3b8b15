"""The grammar is of the kind LALR(1), and the automaton does what Lark would do."""

import logging
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from time import process_time
from typing import Any

import lark
import pytest
from hypothesis import given, settings

import lvscf
from lvscf.syntax import parser, tables
from tests.examples import examples
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


@settings(max_examples=examples(500), deadline=None)
@given(ANYTHING)
def test_trees_are_larks(text: str) -> None:
    """Every text has a parse tree, the one that Lark itself makes."""
    assert shape(parser.parse(text)) == lark_shape(lark_parser().parse(text))


@settings(max_examples=examples(500), deadline=None)
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


POSSESSIVE_GROUP = re.compile(r"(?<!\\)[)][*+?]\+|(?<!\\)[)]\{[0-9]*,?[0-9]*\}\+")


def test_no_group_is_repeated_possessively() -> None:
    """Python 3.11.0 to 3.11.4 match `(?:...)++` wrongly; other interpreters would not show it."""
    package = Path(lvscf.__file__).parent
    sources = [GRAMMAR, *(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))]

    assert len(sources) > 100
    assert POSSESSIVE_GROUP.search(r"(?:a|b)++") is not None
    assert [found[0] for source in sources for found in POSSESSIVE_GROUP.finditer(source)] == []


HOSTILE: dict[str, Callable[[int], str]] = {
    "blanks": lambda n: " " * n,
    "blank lines": lambda n: " \n" * n,
    "blanks before a word": lambda n: "\t" * n + "x",
    "blanks after a value": lambda n: "keepalive = a" + " " * n + "\v",
    "words": lambda n: "keepalive = " + "a " * n + "\v",
    "a long word": lambda n: "keepalive = " + "a" * n + "\v",
    "a long keyword": lambda n: "a" * n,
    "an open quote": lambda n: 'send = "' + "a" * n,
    "open quotes": lambda n: "send = " + '"a ' * n,
    "lines with an open quote": lambda n: "virtual v {\nactive = 1\n" + 'port = 1 "a\n' * n,
    "many lines, then an odd one": lambda n: "keepalive = 6\n" * n + "keepalive = 6\v",
    "a header of braces": lambda n: "virtual " + "} " * n + "x",
    "a header of opening braces": lambda n: "server " + "{ " * n + "x",
    "a header with blanks": lambda n: "server" + " " * n + "= ",
    "a misspelt header": lambda n: "s" * n + " a" + " " * n + "{ x",
    "headers": lambda n: "virtual a {\nserver b {\n" * n,
    "closing lines": lambda n: "}\n" * n,
    "odd blanks": lambda n: "\xa0" * n,
    "CRs": lambda n: "\r" * n,
    "CRLF": lambda n: "a = b\r\n" * n,
    "a CR at the end": lambda n: "keepalive = 6\n" * n + "\r",
    "open quotes before a CR": lambda n: "debug_level = " + '"a \n' * n + "\r",
    "NULs": lambda n: "keepalive = 6\n" * n + "\0" * n,
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_reading_is_linear(kind: str) -> None:
    """Eight times the text is about eight times the work; 64 times would be quadratic."""

    def seconds(size: int) -> float:
        text = HOSTILE[kind](size)
        rounds = []
        for _ in range(3):
            started = process_time()
            assert str(lvscf.parse(text)) == text
            rounds.append(process_time() - started)
        return min(rounds)

    assert seconds(8 * 600) < 24 * seconds(600) + 0.05
