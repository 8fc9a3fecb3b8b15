"""From the grammar to parse tables, by Lark.

This runs when a wheel is built (`hatch_build.py` writes the result down as a module), or when the
grammar beside a source tree has changed since.  It needs Lark and nothing else of this package.
"""

from pprint import pformat
from typing import Any, TypeAlias

START = "document"

Tables: TypeAlias = tuple[
    str, str, tuple[tuple[str, int, str], ...], tuple[dict[str, int], ...], int, int
]
"""What an LALR(1) automaton needs to parse:

* the grammar that the tables were made from;
* one regular expression for all terminals, each a named group; the first that matches wins;
* for each rule: the symbol it makes, how many symbols it takes, and the name of its tree (a rule
  without a name makes no tree: what it takes becomes part of the tree around it);
* for each state and symbol: the state to go to, or, negative, `~rule` for the rule to apply;
* the state to begin in;
* the state in which a whole document has been recognised.
"""


def make(grammar: str) -> Tables:
    """Let Lark analyse a grammar.

    Raises:
        lark.exceptions.LarkError: it is none, or none of the kind LALR(1).
        ValueError: two terminals have the same priority, so that their order would be left to Lark.
    """
    from lark import Lark

    lark = Lark(grammar, parser="lalr", lexer="basic", start=START)
    terminals = sorted(lark.terminals, key=lambda terminal: -terminal.priority)
    if len({terminal.priority for terminal in terminals}) < len(terminals):
        raise ValueError("two terminals have the same priority")
    parser: Any = lark.parser.parser
    table = parser._parse_table  # what Lark itself saves and loads; it has no public name
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

    Lark's own numbers differ from run to run; a package should be the same whenever it is built.
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
    """The source of a module that holds `tables`."""
    lines = [
        '"""Parse tables that Lark made of grammar/lvs_cf.lark when this package was built."""',
        "",
        "TABLES = (",
        *(f"{pformat(part, width=100)}," for part in tables),
        ")",
    ]
    return "\n".join(lines) + "\n"


def _tree_name(rule: Any) -> str:
    name = str(rule.alias or rule.origin.name)
    return "" if name.startswith("_") else name
