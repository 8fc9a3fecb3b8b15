"""The text of one rule: its statements, read from left to right."""

from collections.abc import Callable

from lvscf.firewall.nftables.expression_text import (
    concatenated,
    key,
    operand,
    right_side,
    starts_key,
)
from lvscf.firewall.nftables.expressions import (
    Act,
    Aside,
    Change,
    Comparison,
    Doubt,
    Expression,
    Field,
    Operation,
    Statement,
    Statements,
    Translation,
    Value,
    Verdict,
    VerdictMap,
)
from lvscf.firewall.nftables.words import END, Token, Unreadable, Words

_DEEPEST = 16
"""How deep anonymous chains may be nested; the kernel follows sixteen jumps."""
_UNITS = ("packets", "bytes", "kbytes", "mbytes", "gbytes", "second", "packet", "byte")
_NAT_FLAGS = ("random", "fully-random", "persistent")


def read_rule(tokens: list[Token], depth: int = 0) -> tuple[Statements, str | None]:
    """The statements of a rule, and its comment.

    Raises:
        Unreadable: the text is not understood.
    """
    words = Words(tokens)
    statements: list[Statement] = []
    comment: str | None = None
    while words.next is not None:
        if words.text == END:
            words.take()
        elif words.text == "comment":
            words.take()
            comment = words.take()
        else:
            statements.append(_statement(words, depth))
    return tuple(statements), comment


def _statement(words: Words, depth: int) -> Statement:
    start = words.at
    word = words.text
    if word in ("jump", "goto"):
        return _jump(words, depth)
    if word in ("accept", "drop", "return", "continue"):
        return Verdict(words.take())
    if word == "ct" and words.ahead() == "count":
        words.at += 2
        words.skip("over")
        words.take()
        return Doubt(_shown(words, start), "ct count")
    read = _READERS.get(word)
    if read is not None:
        words.take()
        return read(words, start)
    if not starts_key(words):
        raise Unreadable(words.next)
    left = concatenated(words, key)
    while words.text in ("&", "and"):
        words.take()
        left = _masked(words, left)
    if words.skip("vmap"):
        return VerdictMap(left, right_side(words))
    if words.skip("set"):
        if not isinstance(left, Field):
            raise Unreadable(words.next)
        return Change(left, operand(words))
    operator = words.take() if words.text in ("==", "!=", "<", ">", "<=", ">=", "!") else ""
    operator = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}.get(
        words.text, operator
    )
    if words.text in ("eq", "ne", "lt", "gt", "le", "ge"):
        words.take()
    right = right_side(words)
    if words.text == "/":  # flags / mask
        words.take()
        left = Operation("&", left, right_side(words))
        operator = operator or "=="
    return Comparison(operator, left, right)


def _masked(words: Words, left: Expression) -> Expression:
    return Operation("&", left, right_side(words, single=True))


def _jump(words: Words, depth: int) -> Verdict:
    name = words.take()
    if words.text != "{":
        return Verdict(name, words.take())
    if depth >= _DEEPEST:
        raise Unreadable(words.next)
    words.take()
    bodies: list[Statements] = []
    while True:
        words.skip_ends()
        if words.skip("}"):
            break
        if words.next is None:
            raise Unreadable(None)
        bodies.append(read_rule(words.line(), depth + 1)[0])
    shown = "{ " + "; ".join(" ".join(map(str, body)) for body in bodies) + " }"
    return Verdict(name, body=tuple(bodies), detail=shown)


def _shown(words: Words, start: int) -> str:
    return " ".join(
        f'"{token.text}"' if token.quoted else token.text for token in words.all[start : words.at]
    )


def _counter(words: Words, start: int) -> Statement:
    if words.skip("name"):
        words.take()
    while words.text in ("packets", "bytes"):
        words.at += 2
    return Aside("counter")


def _log(words: Words, start: int) -> Statement:
    while words.text in ("prefix", "group", "snaplen", "queue-threshold", "level"):
        words.at += 2
    while words.skip("flags"):
        if words.take() in ("tcp", "ip"):
            words.take()
        while words.skip(","):
            words.take()
    return Aside(_shown(words, start))


def _limit(words: Words, start: int) -> Statement:
    if words.skip("name"):
        words.take()
    else:
        words.skip("rate")
        words.skip("over", "until")
        words.take()
        if words.text.partition("/")[0] in _UNITS:
            words.take()
        if words.skip("burst"):
            words.take()
            words.skip(*_UNITS)
    return Doubt(_shown(words, start), "limit")


def _quota(words: Words, start: int) -> Statement:
    if words.skip("name"):
        words.take()
        return Doubt(_shown(words, start), "quota")
    words.skip("over", "until")
    words.at += 2
    if words.skip("used"):
        words.at += 2
    return Doubt(_shown(words, start), "quota")


def _reject(words: Words, start: int) -> Statement:
    at = words.at
    if words.skip("with"):
        words.take()
        words.skip("type")
        words.take()
    return Verdict("reject", detail=_shown(words, at))


def _nat(words: Words, start: int) -> Statement:
    name = words.all[words.at - 1].text
    family = words.take() if words.text in ("ip", "ip6") else ""
    words.skip("prefix", "interval")
    if words.skip("addr"):
        while words.skip(".", "port"):
            pass
    address: Expression | None = None
    port: Expression | None = None
    if words.skip("to"):
        address, port = _destination(words)
    flags = []
    while words.text in _NAT_FLAGS:
        flags.append(words.take())
        words.skip(",")
    return Translation(name, address, port, tuple(flags), family)


def _destination(words: Words) -> tuple[Expression | None, Expression | None]:
    """What follows `to`: an address, a port after a colon, or a map that gives them."""
    if starts_key(words):
        found = operand(words)
        return found, _port_after(words)
    token = words.next
    text = words.take()
    if text.startswith(":"):
        if text != ":":
            assert token is not None
            words.all[words.at - 1] = Token(text[1:], token.start + 1, token.end)
            words.at -= 1
        return None, operand(words)
    if text.startswith("["):
        return Value(text), None  # an IPv6 address with a port
    if text.count(":") > 1:
        return Value(text), None
    address, _, port = text.partition(":")
    words.all[words.at - 1] = Token(address, words.all[words.at - 1].start, 0)
    words.at -= 1
    found = operand(words)
    return found, operand(Words([Token(port, 0, 0)])) if port else _port_after(words)


def _port_after(words: Words) -> Expression | None:
    text = words.text
    if not text.startswith(":"):
        return None
    words.take()
    return operand(Words([Token(text[1:], 0, 0)])) if text != ":" else operand(words)


def _queue(words: Words, start: int) -> Statement:
    while words.text in ("num", "to", "flags", "bypass", "fanout", ","):
        if words.take() in ("num", "to"):
            words.take()
    return Act("queue", _shown(words, start))


def _tproxy(words: Words, start: int) -> Statement:
    words.skip("ip", "ip6")
    words.expect("to")
    words.take()
    return Act("tproxy", _shown(words, start))


def _notrack(words: Words, start: int) -> Statement:
    return Act("notrack", "notrack")


def _synproxy(words: Words, start: int) -> Statement:
    while words.text in ("mss", "wscale", "name"):
        words.at += 2
    while words.skip("timestamp", "sack-perm"):
        pass
    return Act("synproxy", _shown(words, start))


def _flow(words: Words, start: int) -> Statement:
    words.skip("add", "offload")
    words.take()
    return Aside(_shown(words, start))


def _duplicate(words: Words, start: int) -> Statement:
    words.expect("to")
    words.take()
    if words.skip("device"):
        words.take()
    name = words.all[start].text
    return Aside(_shown(words, start)) if name == "dup" else Act("fwd", _shown(words, start))


def _set_statement(words: Words, start: int) -> Statement:
    """`add @set { ip saddr limit rate over 10/second }`: passes, unless it has a limit."""
    if words.text == "@" or words.text.startswith("@"):
        words.take()
    elif words.text != "{":
        # the old form: set add ip saddr @name
        words.skip("add", "update")
        concatenated(words, key)
        words.take()
        return Aside(_shown(words, start))
    if words.skip("size"):
        words.take()
    inside = _block(words)
    doubtful = any(
        token.text in ("limit", "quota", "count") and not token.quoted for token in inside
    )
    text = _shown(words, start)
    return Doubt(text, "meter") if doubtful else Aside(text)


def _meter(words: Words, start: int) -> Statement:
    words.take()
    if words.skip("size"):
        words.take()
    _block(words)
    return Doubt(_shown(words, start), "meter")


def _block(words: Words) -> list[Token]:
    """All tokens in braces."""
    start, depth = words.at, 0
    words.expect("{")
    depth = 1
    while depth:
        token = words.next
        text = words.take()
        if token is not None and not token.quoted:
            depth += (text == "{") - (text == "}")
    return words.all[start : words.at]


def _xt(words: Words, start: int) -> Statement:
    kind = words.take()
    name = words.take()
    if kind in ("target", "watcher"):
        return Aside(f"xt watcher {name}") if kind == "watcher" else Act("xt", name)
    return Aside("xt match comment") if name == "comment" else Doubt(f"xt match {name}", name)


def _last(words: Words, start: int) -> Statement:
    if words.skip("used"):
        words.take()
        if words.text not in ("accept", "drop") and words.next is not None:
            words.skip("ago")
    return Aside("last")


_READERS: dict[str, Callable[[Words, int], Statement]] = {
    "counter": _counter,
    "log": _log,
    "limit": _limit,
    "quota": _quota,
    "reject": _reject,
    "dnat": _nat,
    "snat": _nat,
    "redirect": _nat,
    "masquerade": _nat,
    "queue": _queue,
    "tproxy": _tproxy,
    "notrack": _notrack,
    "synproxy": _synproxy,
    "flow": _flow,
    "dup": _duplicate,
    "fwd": _duplicate,
    "add": _set_statement,
    "update": _set_statement,
    "delete": _set_statement,
    "set": _set_statement,
    "meter": _meter,
    "xt": _xt,
    "last": _last,
}
