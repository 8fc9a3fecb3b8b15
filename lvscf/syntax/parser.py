"""The parser: runs the tables that Lark makes of `grammar/lvs_cf.lark`.

Lark costs more to import than all else that a commit hook pays for, so it does its work when the
package is built (see `lvscf.syntax.tables`), and what runs here is the automaton alone.  Where the
tables are missing, or the grammar beside a source tree has changed since, Lark makes them anew.
"""

import re
from functools import cache
from os import path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from lvscf.syntax.tables import Tables


# Trees live for a moment only, and there are many of their parts: plain classes are made fastest.


class Token:
    """A stretch of the text: its kind (a terminal of the grammar), and where it begins."""

    __slots__ = ("kind", "start", "text")

    def __init__(self, kind: str, text: str, start: int) -> None:
        self.kind: str = kind
        self.text: str = text
        self.start: int = start


class Tree:
    """What a rule of the grammar recognised."""

    __slots__ = ("children", "name")

    def __init__(self, name: str, children: "list[Child]") -> None:
        self.name: str = name
        self.children: list[Child] = children


Child: TypeAlias = Token | Tree

_PACKAGE = path.dirname(path.dirname(__file__))  # noqa: PTH120 - pathlib is slow to import


def parse(text: str) -> Tree:
    """The parse tree of `text`; the grammar takes every text."""
    terminals, rules, actions, start, end = _automaton()
    states = [start]
    # A tree, a token, or the children of a rule that makes no tree of its own.
    recognised: list[Child | list[Child]] = []

    def apply(rule: int) -> None:
        origin, length, name = rules[rule]
        behind = len(recognised) - length
        children = _flat(recognised[behind:])
        del recognised[behind:], states[len(states) - length :]
        recognised.append(Tree(name, children) if name else children)
        states.append(actions[states[-1]][origin])

    for match in terminals.finditer(text):
        kind = match.lastgroup or ""
        while (action := actions[states[-1]][kind]) < 0:
            apply(~action)
        states.append(action)
        recognised.append(Token(kind, match[0], match.start()))
    while states[-1] != end:
        apply(~actions[states[-1]]["$END"])
    (document,) = _flat(recognised)
    assert isinstance(document, Tree)
    return document


def _flat(parts: "list[Child | list[Child]]") -> "list[Child]":
    """The parts of a rule in one list.

    A list that comes first grows: it is that of a repetition, which would otherwise be copied with
    every round.
    """
    children: list[Child] = []
    for position, part in enumerate(parts):
        if not isinstance(part, list):
            children.append(part)
        elif position:
            children.extend(part)
        else:
            children = part
    return children


def grammar_path() -> str:
    """Where the grammar is: beside the package in a source tree, inside it when installed."""
    beside = path.join(path.dirname(_PACKAGE), "grammar", "lvs_cf.lark")  # noqa: PTH118, PTH120
    if path.isfile(beside):  # noqa: PTH113
        return beside
    return path.join(_PACKAGE, "grammar", "lvs_cf.lark")  # noqa: PTH118


def tables() -> "Tables":
    """The parse tables: those of the build if they are those of the grammar, else new ones."""
    built = _built_tables()
    where = grammar_path()
    if built is not None and where.startswith(_PACKAGE):
        return built  # installed: the grammar is a copy made by the same build
    with open(where, encoding="utf-8") as file:  # noqa: PTH123
        grammar = file.read()
    if built is not None and built[0] == grammar:
        return built
    from lvscf.syntax.tables import make

    return make(grammar)


def _built_tables() -> "Tables | None":
    try:
        from lvscf.syntax._generated import TABLES
    except ImportError:
        return None
    built: Tables = TABLES
    return built


@cache
def _automaton() -> tuple[
    "re.Pattern[str]", tuple[tuple[str, int, str], ...], tuple[dict[str, int], ...], int, int
]:
    _, terminals, rules, actions, start, end = tables()
    return re.compile(terminals), rules, actions, start, end
