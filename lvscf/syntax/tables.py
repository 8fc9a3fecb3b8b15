"""Parse tables from the grammar, by Lark.

This runs when a wheel is built (`hatch_build.py` saves the result as a module), or when the grammar
in a source tree has changed since.  It needs Lark, and nothing else from this package.
"""

from pprint import pformat
from typing import Any, TypeAlias

START = "document"

Tables: TypeAlias = tuple[
    str, str, tuple[tuple[str, int, str], ...], tuple[dict[str, int], ...], int, int
]
"""What an LALR(1) automaton needs to parse:

* the grammar of the tables;
* one regular expression for all terminals, each a named group; the first that matches wins;
* for each rule: its symbol, the number of symbols that it consumes, and the name of its tree (a
  rule without a name has no tree: its parts become parts of the enclosing tree);
* for each state and symbol: the next state, or, negative, `~rule` for the rule to apply;
* the initial state;
* the state in which a whole document has been recognised.
"""


def make(grammar: str) -> Tables:
    """Make the tables of a grammar, with Lark.

    Raises:
        lark.exceptions.LarkError: it is not a valid grammar, or not LALR(1).
        ValueError: two terminals have the same priority, so that Lark would choose their order.
    """
    from lark import Lark

    lark = Lark(grammar, parser="lalr", lexer="basic", start=START)
    terminals = sorted(lark.terminals, key=lambda terminal: -terminal.priority)
    if len({terminal.priority for terminal in terminals}) < len(terminals):
        raise ValueError("two terminals have the same priority")
    parser: Any = lark.parser.parser
    table = parser._parse_table  # what Lark itself saves and loads; it is not public
    numbers = {rule: number for number, rule in enumerate(lark.rules)}
    states = _numbered(table.states, table.start_states[START])
    return (
        grammar,
        "|".join(f"(?P<{one.name}>{one.pattern.to_regexp()})" for one in terminals),
        tuple(
            (str(rule.origin.name), len(rule.expansion), _tree_name(rule)) for rule in lark.rules
        ),
        tuple(
            {
                symbol: states[found[1]] if found[1] in states else ~numbers[found[1]]
                for symbol, found in _in_order(table.states[state])
            }
            for state in states
        ),
        states[table.start_states[START]],
        states[table.end_states[START]],
    )


def _numbered(actions: dict[int, Any], start: int) -> dict[int, int]:
    """New numbers for the states, in the order in which they are reached from `start`.

    Lark's own numbers differ from run to run, but builds should be reproducible.
    """
    numbers = {start: 0}
    waiting = [start]
    while waiting:
        for _, (_, found) in _in_order(actions[waiting.pop(0)]):
            if isinstance(found, int) and found not in numbers:
                numbers[found] = len(numbers)
                waiting.append(found)
    return numbers


def _in_order(actions: dict[Any, Any]) -> list[tuple[str, Any]]:
    named = {str(symbol): found for symbol, found in actions.items()}
    return [(symbol, named[symbol]) for symbol in sorted(named)]


def as_module(tables: Tables) -> str:
    """The source of a module that contains `tables`."""
    lines = [
        '"""Parse tables that Lark made from grammar/lvs_cf.lark when this package was built."""',
        "",
        "TABLES = (",
        *(f"{pformat(part, width=100)}," for part in tables),
        ")",
    ]
    return "\n".join(lines) + "\n"


def _tree_name(rule: Any) -> str:
    name = str(rule.alias or rule.origin.name)
    return "" if name.startswith("_") else name
