"""Statements and expressions of nft's JSON (libnftables-json(5))."""

from typing import Any

from lvscf.firewall.nftables.expressions import (
    Act,
    Aside,
    Change,
    Chosen,
    Comparison,
    Concatenation,
    Doubt,
    Elements,
    Expression,
    Field,
    Interval,
    MapLookup,
    Named,
    Opaque,
    Operation,
    Prefix,
    Several,
    Statement,
    Translation,
    Value,
    Verdict,
    VerdictMap,
)
from lvscf.firewall.nftables.rule_text import read_rule
from lvscf.firewall.nftables.words import Unreadable, tokens

_VERDICTS = ("accept", "drop", "return", "continue")
_NAT = ("dnat", "snat", "redirect", "masquerade")
_DOUBTS = ("limit", "quota", "ct count", "meter")


class Unknown(Exception):
    """JSON that lvscf does not understand; never leaves this package."""


def statement(found: Any) -> Statement:
    """One element of a rule's `expr`.

    Raises:
        Unknown: it is not understood.
    """
    if isinstance(found, str):
        return _anonymous(found)
    if not isinstance(found, dict) or len(found) != 1:
        raise Unknown
    ((name, value),) = found.items()
    if name == "match" and isinstance(value, dict):
        operator = str(value.get("op", "=="))
        left, right = expression(value.get("left")), expression(value.get("right"))
        return Comparison("" if operator == "in" else operator, left, right)
    if name in _VERDICTS:
        return Verdict(name)
    if name in ("jump", "goto") and isinstance(value, dict):
        return Verdict(name, str(value.get("target", "")))
    if name == "mangle" and isinstance(value, dict):
        key = expression(value.get("key"))
        if not isinstance(key, Field):
            return Act("unknown", f"{key} set")
        return Change(key, expression(value.get("value")))
    if name == "vmap" and isinstance(value, dict):
        return VerdictMap(expression(value.get("key")), expression(value.get("data")))
    if name == "reject":
        return Verdict("reject", detail=_rejection(value))
    if name in _NAT:
        return _translation(name, value if isinstance(value, dict) else {})
    if name in _DOUBTS:
        return Doubt(f"{name} {_plain(value)}".strip(), name)
    if name == "xt" and isinstance(value, dict):
        kind, called = str(value.get("type")), str(value.get("name"))
        if kind == "target":
            return Act("xt", called)
        if kind != "match" or called == "comment":
            return Aside(f"xt {kind} {called}")
        return Doubt(f"xt match {called}", called)
    if name == "notrack":
        return Act("notrack", "notrack")
    if name in ("queue", "tproxy", "synproxy", "fwd"):
        return Act(name, f"{name} {_plain(value)}".strip())
    if name == "set" and isinstance(value, dict):
        inside = value.get("stmt")
        text = f"{value.get('op', 'add')} {value.get('set', '')} {{ {_plain(value.get('elem'))} }}"
        doubtful = isinstance(inside, list) and any(
            isinstance(one, dict) and set(one) & set(_DOUBTS) for one in inside
        )
        return Doubt(text, "meter") if doubtful else Aside(text)
    if name in ("counter", "log", "ct helper", "ct timeout", "ct expectation", "dup", "flow",
                "last", "secmark", "comment"):  # fmt: skip
        return Aside(f"{name} {_plain(value)}".strip() if name != "counter" else "counter")
    raise Unknown


def _anonymous(text: str) -> Statement:
    """A jump to an anonymous chain, which nft writes as one text; also `"accept"` alone."""
    try:
        statements, _ = read_rule(list(tokens(text)))
    except Unreadable as unreadable:
        raise Unknown from unreadable
    if len(statements) != 1:
        raise Unknown
    return statements[0]


def _rejection(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    return f"with {value.get('type', '')} {_plain(value.get('expr', ''))}".rstrip()


def _translation(name: str, value: dict[str, Any]) -> Translation:
    flags = value.get("flags", [])
    address, port = value.get("addr"), value.get("port")
    return Translation(
        name,
        expression(address) if address is not None else None,
        expression(port) if port is not None else None,
        tuple(map(str, flags)) if isinstance(flags, list) else (str(flags),),
        str(value.get("family", "")),
    )


def expression(found: Any) -> Expression:
    """A value or a field.

    Raises:
        Unknown: it is not understood.
    """
    if isinstance(found, bool):
        return Value("exists" if found else "missing")
    if isinstance(found, int):
        return Value(str(found))
    if isinstance(found, str):
        return Named(found[1:]) if found.startswith("@") else Value(found)
    if isinstance(found, list):
        return Several(tuple(map(expression, found)))
    if not isinstance(found, dict) or len(found) != 1:
        raise Unknown
    ((name, value),) = found.items()
    read = (
        getattr(_Reading, name.replace(" ", "_"), None)
        if name.isidentifier() or " " in name
        else None
    )
    if name in ("&", "|", "^", "<<", ">>") and isinstance(value, list) and len(value) >= 2:
        left = expression(value[0])
        for right in value[1:]:
            left = Operation(name, left, expression(right))
        return left
    if read is None:
        raise Unknown
    try:
        result: Expression = read(value)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as broken:
        raise Unknown from broken
    return result


class _Reading:
    """How each kind of expression is read, by its name; a space is an underscore."""

    @staticmethod
    def payload(value: Any) -> Expression:
        if "protocol" not in value:
            return Opaque(f"@{value['base']},{value['offset']},{value['len']}")
        return Field(f"{value['protocol']} {value['field']}")

    @staticmethod
    def meta(value: Any) -> Expression:
        return Field(f"meta {value['key']}")

    @staticmethod
    def ct(value: Any) -> Expression:
        words = ("ct", value.get("dir"), value.get("family"), value["key"])
        return Field(" ".join(str(word) for word in words if word))

    @staticmethod
    def fib(value: Any) -> Expression:
        flags = value.get("flags", [])
        order = ("saddr", "daddr", "mark", "iif", "oif")
        listed = [flags] if isinstance(flags, str) else sorted(map(str, flags), key=order.index)
        return Field(f"fib {' . '.join(listed)} {value['result']}")

    @staticmethod
    def socket(value: Any) -> Expression:
        return Field(f"socket {value['key']}")

    @staticmethod
    def rt(value: Any) -> Expression:
        return Field(f"rt {value['key']}")

    @staticmethod
    def osf(value: Any) -> Expression:
        return Field(f"osf {value['key']}")

    @staticmethod
    def ipsec(value: Any) -> Expression:
        return Field(f"ipsec {value['dir']} {value['key']}")

    @staticmethod
    def exthdr(value: Any) -> Expression:
        return Field(f"exthdr {value['name']} {value.get('field', '')}".rstrip())

    @staticmethod
    def tcp_option(value: Any) -> Expression:
        return Field(f"tcp option {value.get('name', '')} {value.get('field', '')}".rstrip())

    @staticmethod
    def ip_option(value: Any) -> Expression:
        return Field(f"ip option {value.get('name', '')} {value.get('field', '')}".rstrip())

    @staticmethod
    def sctp_chunk(value: Any) -> Expression:
        return Field(f"sctp option {value.get('name', '')} {value.get('field', '')}".rstrip())

    @staticmethod
    def concat(value: Any) -> Expression:
        return Concatenation(tuple(map(expression, value)))

    @staticmethod
    def prefix(value: Any) -> Expression:
        if not isinstance(value["addr"], str):
            raise Unknown
        return Prefix(value["addr"], int(value["len"]))

    @staticmethod
    def range(value: Any) -> Expression:
        low, high = (expression(one) for one in value)
        return Interval(str(low), str(high))

    @staticmethod
    def elem(value: Any) -> Expression:
        return expression(value["val"])

    @staticmethod
    def set(value: Any) -> Expression:
        return collection_elements(value)

    @staticmethod
    def map(value: Any) -> Expression:
        return MapLookup(expression(value["key"]), expression(value["data"]))

    @staticmethod
    def numgen(value: Any) -> Expression:
        text = f"numgen {value['mode']} mod {value['mod']}"
        return _chosen(text, value)

    @staticmethod
    def jhash(value: Any) -> Expression:
        return _chosen(f"jhash {expression(value['expr'])} mod {value['mod']}", value)

    @staticmethod
    def symhash(value: Any) -> Expression:
        return _chosen(f"symhash mod {value['mod']}", value)


def _chosen(text: str, value: Any) -> Expression:
    offset = int(value.get("offset", 0))
    return Chosen(text + (f" offset {offset}" if offset else ""), int(value["mod"]), offset)


def collection_elements(found: Any) -> Elements:
    """The elements of a set, or the pairs of a map.

    Raises:
        Unknown: they are not understood.
    """
    if found is None:
        return Elements(())
    listed = found if isinstance(found, list) else [found]
    keys: list[Expression] = []
    results: list[Expression | Verdict] = []
    for one in listed:
        if isinstance(one, list) and len(one) == 2 and not _is_flags(one):
            keys.append(expression(one[0]))
            results.append(_result(one[1]))
        else:
            keys.append(expression(one))
    if results and len(results) != len(keys):
        raise Unknown
    return Elements(tuple(keys), tuple(results))


def _is_flags(found: list[Any]) -> bool:
    """Whether a pair is one element of two flags (`syn|ack`), not a key and its result."""
    names = ("fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr")
    return all(isinstance(one, str) and one in names for one in found)


def _result(found: Any) -> "Expression | Verdict":
    if isinstance(found, dict) and len(found) == 1:
        ((name, value),) = found.items()
        if name in (*_VERDICTS, "jump", "goto", "queue"):
            return Verdict(name, str(value.get("target", "")) if isinstance(value, dict) else "")
        if name == "elem" and isinstance(value, dict):
            return _result(value.get("val"))
    return expression(found)


def _plain(value: Any) -> str:
    """JSON in a few words, for reports."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return " ".join(f"{key} {_plain(one)}".strip() for key, one in value.items())
    if isinstance(value, list):
        return ",".join(map(_plain, value))
    return str(value)
