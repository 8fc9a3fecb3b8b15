"""What is inside a rule of nftables: the fields it uses, the chains it leads to."""

import re
from collections.abc import Iterator

from lvscf.firewall.nftables.expressions import (
    Act,
    Aside,
    Change,
    Comparison,
    Concatenation,
    Doubt,
    Elements,
    Expression,
    Field,
    MapLookup,
    Named,
    Operation,
    Several,
    Statement,
    Statements,
    Translation,
    Verdict,
    VerdictMap,
)

_UPDATED = re.compile(r"(?:add|update|delete) @?([^\s{]+)|meter (\S+)")


def expressions_of(statement: Statement) -> Iterator[Expression]:
    """The expressions at the top of a statement."""
    if isinstance(statement, Comparison):
        yield from (statement.left, statement.right)
    elif isinstance(statement, Change):
        yield from (statement.field, statement.value)
    elif isinstance(statement, VerdictMap):
        yield from (statement.key, statement.map)
    elif isinstance(statement, Translation):
        yield from (one for one in (statement.address, statement.port) if one is not None)


def fields_of(expression: Expression) -> Iterator[Field]:
    """The fields in an expression."""
    waiting = [expression]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Field):
            yield one
        elif isinstance(one, Concatenation):
            waiting.extend(one.parts)
        elif isinstance(one, Several):
            waiting.extend(one.values)
        elif isinstance(one, Operation):
            waiting.extend((one.left, one.right))
        elif isinstance(one, MapLookup):
            waiting.append(one.key)


def statements_within(statements: Statements) -> Iterator[Statement]:
    """All statements of a rule, with those of its anonymous chains."""
    for statement in statements:
        yield statement
        if isinstance(statement, Verdict) and statement.body is not None:
            for body in statement.body:
                yield from statements_within(body)


def fields_used(statements: Statements) -> Iterator[str]:
    """The names of all fields that a rule compares, looks up or changes."""
    for statement in statements_within(statements):
        for expression in expressions_of(statement):
            for one in fields_of(expression):
                yield one.name


def chains_of(statements: Statements) -> Iterator[str]:
    """The named chains that a rule's own verdicts and anonymous maps lead to; `@NAME` for a map."""
    for statement in statements_within(statements):
        if isinstance(statement, Verdict) and statement.chain:
            yield statement.chain
        elif isinstance(statement, VerdictMap):
            if isinstance(statement.map, Named):
                yield f"@{statement.map.name}"
            elif isinstance(statement.map, Elements):
                yield from chains_in(statement.map)


def chains_in(elements: Elements) -> Iterator[str]:
    """The chains that the verdicts of a map lead to."""
    for result in elements.results:
        if isinstance(result, Verdict) and result.chain:
            yield result.chain


def updated_sets(statements: Statements) -> Iterator[str]:
    """The sets to which a rule adds elements."""
    for statement in statements_within(statements):
        if isinstance(statement, Aside | Doubt):
            found = _UPDATED.match(statement.text)
            if found:
                yield found[1] or found[2]


def marks_connections(statements: Statements) -> bool:
    """Whether a rule may give a connection a mark."""
    for statement in statements_within(statements):
        if isinstance(statement, Change) and statement.field.name == "ct mark":
            return True
        if isinstance(statement, Act) and statement.name == "xt" and statement.text == "CONNMARK":
            return True
    return False


def needs_tracking(statements: Statements) -> bool:
    """Whether a rule makes the kernel track connections."""
    if any(name.startswith("ct ") for name in fields_used(statements)):
        return True
    return any(map(_tracks, statements_within(statements)))


def _tracks(statement: Statement) -> bool:
    from lvscf.firewall.language.options import IPTABLES

    if isinstance(statement, Translation):
        return True
    if isinstance(statement, Aside):
        return statement.text.startswith(("ct ", "flow "))
    if isinstance(statement, Doubt):
        if not statement.text.startswith("xt "):
            return statement.subject == "ct count"
        known = IPTABLES.matches.get(statement.subject)
        return known is None or known.tracks
    if isinstance(statement, Act):
        if statement.name == "synproxy":
            return True
        target = IPTABLES.targets.get(statement.text) if statement.name == "xt" else None
        return target is not None and target.tracks
    return False
