"""The parser: runs the tables that Lark generates from `grammar/lvs_cf.lark`.

Importing Lark costs more than the rest of a run as a commit hook.  So Lark works when the package
is built (see `lvscf.syntax.tables`), and only the automaton runs here.  If the tables are missing,
or the grammar in a source tree has changed since, Lark generates them again.
"""

import re
from functools import cache
from os import path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from lvscf.syntax.tables import Tables


# Trees are short-lived and have many parts: instances of plain classes are the cheapest to create.


class Token:
    """A stretch of the text: its kind (a terminal of the grammar) and its start."""

    __slots__ = ("kind", "start", "text")

    def __init__(self, kind: str, text: str, start: int) -> None:
        self.kind: str = kind
        self.text: str = text
        self.start: int = start


class Tree:
    """What a rule of the grammar matched."""

    __slots__ = ("children", "name")

    def __init__(self, name: str, children: "list[Child]") -> None:
        self.name: str = name
        self.children: list[Child] = children


Child: TypeAlias = Token | Tree

_PACKAGE = path.dirname(path.dirname(__file__))  # noqa: PTH120 - pathlib is slow to import


def parse(text: str) -> Tree:
    """The parse tree of `text`; the grammar accepts every text."""
    terminals, rules, actions, start, end = _automaton()
    states = [start]
    # Trees, tokens, and lists of the children of rules that have no tree of their own.
    recognised: list[Child | list[Child]] = []

    def apply(rule: int) -> None:
        origin, length, name = rules[rule]
        first = len(recognised) - length
        children = _flat(recognised[first:])
        del recognised[first:], states[len(states) - length :]
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

    If the first part is a list, it is extended: it belongs to a repetition, and would otherwise be
    copied in every round.
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
    """The path of the grammar: beside the package in a source tree, inside it if installed."""
    beside = path.join(path.dirname(_PACKAGE), "grammar", "lvs_cf.lark")  # noqa: PTH118, PTH120
    if path.isfile(beside):  # noqa: PTH113
        return beside
    return path.join(_PACKAGE, "grammar", "lvs_cf.lark")  # noqa: PTH118


def tables() -> "Tables":
    """The parse tables: those of the build if they match the grammar, else new ones."""
    built = _built_tables()
    where = grammar_path()
    if built is not None and where.startswith(_PACKAGE):
        return built  # installed: the same build copied the grammar
    grammar = _grammar(where)
    if built is not None and built[0] == grammar:
        return built
    from lvscf.syntax.tables import make

    return make(grammar)


def _grammar(where: str) -> str:
    if where.startswith(_PACKAGE):  # the package may be in a zip file, which open() cannot read
        from importlib.resources import files

        return files("lvscf").joinpath("grammar", "lvs_cf.lark").read_text(encoding="utf-8")
    with open(where, encoding="utf-8") as file:  # noqa: PTH123
        return file.read()


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
