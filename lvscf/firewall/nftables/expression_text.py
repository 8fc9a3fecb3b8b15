"""The text of expressions: fields, values, sets and maps."""

import re
from collections.abc import Callable

from lvscf.firewall.nftables.expressions import (
    Chosen,
    Concatenation,
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
    Value,
    Verdict,
)
from lvscf.firewall.nftables.words import END, Token, Unreadable, Words

_PROTOCOLS = frozenset({
    "ether", "vlan", "arp", "ip", "ip6", "icmp", "icmpv6", "igmp", "tcp", "udp", "udplite", "sctp",
    "dccp", "th", "ah", "esp", "comp", "gre", "geneve", "gretap", "vxlan", "frag", "dst", "hbh",
    "mh",
})  # fmt: skip
META_KEYS = frozenset({
    "mark", "iif", "iifname", "iiftype", "iifkind", "iifgroup", "oif", "oifname", "oiftype",
    "oifkind", "oifgroup", "skuid", "skgid", "nftrace", "rtclassid", "ibrname", "obrname",
    "ibriport", "obriport", "ibrpvid", "ibrvproto", "pkttype", "cpu", "cgroup", "l4proto",
    "nfproto", "protocol", "length", "priority", "random", "secpath", "secmark", "time", "day",
    "hour", "sdif", "sdifname", "broute", "ibrhwaddr",
})  # fmt: skip
_NAKED_META_KEYS = META_KEYS - {"length", "protocol", "priority", "random", "time", "day", "hour"}
_HEADS = _PROTOCOLS | {
    "meta", "ct", "fib", "socket", "rt", "osf", "numgen", "jhash", "symhash", "ipsec", "exthdr",
}  # fmt: skip
_PREFIX = re.compile(r"([0-9a-fA-F.:]+)/(\d{1,3})\Z")
_INTERVAL = re.compile(
    r"([0-9][0-9a-fA-Fx.]*|[0-9a-fA-F:]*:[0-9a-fA-F:]*)-([0-9][0-9a-fA-Fx.]*|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)\Z"
)
_OPERATORS = {
    "|": ("|", 1), "or": ("|", 1), "^": ("^", 2), "xor": ("^", 2), "&": ("&", 3), "and": ("&", 3),
    "<<": ("<<", 4), "lshift": ("<<", 4), ">>": (">>", 4), "rshift": (">>", 4),
}  # fmt: skip
_VERDICTS = ("accept", "drop", "return", "continue", "jump", "goto", "queue")
_DEEPEST = 32


def starts_key(words: Words) -> bool:
    """Whether the next word begins the name of a field."""
    text = words.text
    return text in _HEADS or text in _NAKED_META_KEYS or _raw(text)


def _raw(text: str) -> bool:
    return text in ("@ll", "@nh", "@th", "@ih")


def key(words: Words) -> Expression:
    """A field, or a number that the kernel chooses."""
    text = words.take()
    if text in _NAKED_META_KEYS:
        return Field(f"meta {text}")
    read = _KEYS.get(text)
    if read is not None:
        return read(words)
    if _raw(text):
        parts = [text]
        while words.skip(","):
            parts.append(words.take())
        return Opaque(",".join(parts))
    if text in _PROTOCOLS:
        name = words.take()
        if name in ("option", "chunk"):
            name = f"option {words.take()}"
            if (
                words.text
                and words.text not in ("exists", "missing", "set")
                and (words.text.isalpha() or "-" in words.text)
            ):
                name += f" {words.take()}"
        return Field(f"{text} {name}")
    raise Unreadable(words.all[words.at - 1])


def _meta(words: Words) -> Expression:
    return Field(f"meta {words.take()}")


def _ct(words: Words) -> Expression:
    parts = ["ct"]
    if words.text in ("original", "reply"):
        parts.append(words.take())
    name = words.take()
    parts.append(name)
    if name in ("ip", "ip6"):
        parts.append(words.take())
    return Field(" ".join(parts))


def _fib(words: Words) -> Expression:
    flags = [words.take()]
    while words.skip("."):
        flags.append(words.take())
    result = words.take()
    return Field(f"fib {' . '.join(flags)} {result}")


def _socket(words: Words) -> Expression:
    name = words.take()
    if name == "cgroupv2":
        words.skip("level")
        name += f" {words.take()}"
    return Field(f"socket {name}")


def _rt(words: Words) -> Expression:
    name = words.take()
    return Field(f"rt {name} {words.take()}" if name in ("ip", "ip6") else f"rt {name}")


def _osf(words: Words) -> Expression:
    if words.skip("ttl"):
        words.take()
    return Field(f"osf {words.take()}")


def _exthdr(words: Words) -> Expression:
    return Field(f"exthdr {words.take()}")


def _ipsec(words: Words) -> Expression:
    parts = ["ipsec", words.take()]
    if words.skip("spnum"):
        words.take()
    if words.text in ("ip", "ip6"):
        parts.append(words.take())
    parts.append(words.take())
    return Field(" ".join(parts))


def _numgen(words: Words) -> Expression:
    return _chosen(words, f"numgen {words.take()}")


def _jhash(words: Words) -> Expression:
    subject = concatenated(words, key)
    return _chosen(words, f"jhash {subject}")


def _symhash(words: Words) -> Expression:
    return _chosen(words, "symhash")


def _chosen(words: Words, text: str) -> Expression:
    words.expect("mod")
    count, offset = words.take(), "0"
    shown = f"{text} mod {count}"
    while words.text in ("seed", "offset"):
        what, value = words.take(), words.take()
        shown += f" {what} {value}"
        if what == "offset":
            offset = value
    try:
        return Chosen(shown, int(count, 0), int(offset, 0))
    except ValueError:
        return Opaque(shown)


_KEYS: dict[str, Callable[[Words], Expression]] = {
    "meta": _meta,
    "ct": _ct,
    "fib": _fib,
    "socket": _socket,
    "rt": _rt,
    "osf": _osf,
    "exthdr": _exthdr,
    "ipsec": _ipsec,
    "numgen": _numgen,
    "jhash": _jhash,
    "symhash": _symhash,
}


def concatenated(words: Words, part: Callable[[Words], Expression]) -> Expression:
    """One part, or several with dots between them."""
    parts = [part(words)]
    while words.text == ".":
        words.take()
        words.skip_ends()
        parts.append(part(words))
    return parts[0] if len(parts) == 1 else Concatenation(tuple(parts))


def value(words: Words) -> Expression:
    """A constant: a word, a range or a network."""
    token = words.next
    if token is None:
        raise Unreadable(None)
    text = words.take()
    if token.quoted:
        return Value(text)
    if text in ("{", "}", "(", ")", END, ",", "=", "&", "|", "^"):
        raise Unreadable(token)
    if words.text == "[invalid" and words.ahead() == "type]":
        words.at += 2  # so nft 1.0.6 writes a port of a connection
    return value_of(text, words)


def value_of(text: str, words: Words | None = None) -> Expression:
    """A word as a constant, a range or a network."""
    found = _PREFIX.match(text)
    if found:
        return Prefix(found[1], int(found[2]))
    found = _INTERVAL.match(text)
    if found:
        return Interval(found[1], found[2])
    if words is not None and words.text == "-" and text:
        words.take()
        return Interval(text, words.take())
    return Value(text)


def right_side(words: Words, *, single: bool = False) -> Expression:
    """What a field is compared with: a constant, several, a set, or a set's name."""
    if words.text == "{":
        return elements(words)
    if words.text == "(":
        words.take()
        inside = right_side(words)
        words.expect(")")
        return inside
    if words.text.startswith("@"):
        return Named(words.take()[1:])
    if starts_key(words) and words.text in ("ct", "meta", "mark"):
        return operand(words)
    found = [concatenated(words, value)]
    while words.text in ((",",) if not single else ()) or words.text in ("|", "or"):
        words.take()
        found.append(value(words))
    return found[0] if len(found) == 1 else Several(tuple(found))


def operand(words: Words, level: int = 1, depth: int = 0) -> Expression:
    """A value that is given to a field: constants and fields, joined bit by bit, and maps."""
    if depth > _DEEPEST:
        raise Unreadable(words.next)
    left: Expression
    if words.text == "(":
        words.take()
        left = operand(words, 1, depth + 1)
        words.expect(")")
    elif starts_key(words):
        left = concatenated(words, key)
    elif words.text == "{":
        left = elements(words)
    else:
        left = _listed(words)
    while words.text in _OPERATORS and _OPERATORS[words.text][1] >= level:
        sign, rank = _OPERATORS[words.take()]
        left = Operation(sign, left, operand(words, rank + 1, depth + 1))
    if words.text == "map":
        words.take()
        left = MapLookup(left, Named(words.take()[1:]) if words.text != "{" else elements(words))
    return left


def _listed(words: Words) -> Expression:
    found = [concatenated(words, value)]
    while words.text == ",":
        words.take()
        found.append(value(words))
    return found[0] if len(found) == 1 else Several(tuple(found))


def elements(words: Words, depth: int = 0) -> Elements:
    """A set or a map in braces."""
    words.expect("{")
    keys: list[Expression] = []
    results: list[Expression | Verdict] = []
    while True:
        words.skip_ends()
        if words.skip("}"):
            break
        if words.skip(","):
            continue
        if words.text == "{" and depth < _DEEPEST:  # a variable that stands for a set
            inner = elements(words, depth + 1)
            keys.extend(inner.keys)
            results.extend(inner.results)
            continue
        _divide(words)
        keys.append(concatenated(words, _element))
        _pass_remarks(words)
        if words.text == ":":
            words.take()
            words.skip_ends()
            results.append(verdict_word(words) or concatenated(words, value))
            _pass_remarks(words)
        words.skip_ends()
        if words.text not in (",", "}"):
            raise Unreadable(words.next)
    if results and len(results) != len(keys):
        raise Unreadable(words.next)
    return Elements(tuple(keys), tuple(results))


def _element(words: Words) -> Expression:
    _divide(words)
    found = [value(words)]
    while words.text == "|":
        words.take()
        found.append(value(words))
    return found[0] if len(found) == 1 else Operation("|", found[0], Several(tuple(found[1:])))


def _divide(words: Words) -> None:
    """Take `80:accept` and `80:` apart."""
    token = words.next
    if token is None or token.quoted or token.text.count(":") != 1 or token.text == ":":
        return
    before, _, after = token.text.partition(":")
    parts = [Token(before, token.start, token.start + len(before))] if before else []
    parts.append(Token(":", token.start, token.end))
    if after:
        parts.append(Token(after, token.end - len(after), token.end))
    words.all[words.at : words.at + 1] = parts


def _pass_remarks(words: Words) -> None:
    """Pass what is only kept with an element: its age, its counter, a comment."""
    while words.text in ("timeout", "expires", "comment", "counter", "limit", "quota", "last"):
        what = words.take()
        if what == "counter":
            while words.text in ("packets", "bytes"):
                words.at += 2
        elif what == "limit":
            while words.next is not None and words.text not in (",", "}", ":", "comment"):
                words.take()
        else:
            words.take()


def verdict_word(words: Words) -> Verdict | None:
    """A verdict as the result of a map; None if there is none."""
    if words.text not in _VERDICTS:
        return None
    name = words.take()
    return Verdict(name, words.take()) if name in ("jump", "goto") else Verdict(name)
