"""Texts of the kinds that Piranha's reader takes oddly, at random but always the same.

Most of what hypothesis draws is refused at its first line; these texts get far, and are odd late.

    python -m tests.rare_texts 100000 7     compare so many with the model, from this seed on
"""

import random
import sys
from collections.abc import Iterator

from lvscf.piranha.directives import BY_SCOPE, Scope

_BAD_QUOTES = (
    '"x',
    "'x y",
    '"" ',
    '"a" ',
    '"x" y',
    "'a\"",
    '"a b"c"',
    '"\'a" ',
    '"',
    "'",
    '"a\\" ',
)
_NAMES = (
    "a", "b", "x{y", "x}y", "{", "}", "=", "#", "a#", "it's", 'a"b', '"a b"', '"}  x"', "'{ {'", "virtual",
    "server", "\xa0", "a\vb", "\u2028", "é", '"a"', "'a'", "\ufeff", "#x", "\udce9",
)  # fmt: skip
_BRACES = ("{",) * 12 + (
    '"{"',
    "'{'",
    "{{",
    "{ x",
    "",
    "}",
    "{ #",
    "{ {",
    "=",
    "{ ",
    '"{" ',
    "[",
    "{}",
    "x {",
)
_NUMBERS = (
    "0", "1", "6", "81", "010", "08", "0x10", "0x", "+5", "-3", "+", "99999999999", "4294967295", '""', "''",
    '" 1"', "'\t1'", "'1 '", "\v1", "1\v", '"\f \v7"', "1.5", "0777777777777777777777", "http", "１", "0x１",
    "-0x8000000000000001", "--1", "1e3", "true", '"http"', "0x0a", "8", "255.255.255.255",
)  # fmt: skip
_ADDRESSES = (
    "10.10.1.20", "10.1", "010.1.1.1", "0x0a.0.0.1", "167772161", "0.0.0.0", "0", '""', "255.255.255.255",
    '"255.255.255.255"', '"255.255.255.255 "', '" 255.255.255.255"', "0xffffffff", "4294967295",
    "255.255.255.0377", "255.255.255.0", "037777777777", "255.16777215", "255.255.255.255\v",
    '"255.255.255.255 x"', "255.0.255.0", "10.0.0.256", "1.2.3.4.5", "10.0.0.1/24", "::1", "a_b", "-a",
    "host.example.com", "a.", ".", "1.2.3.4a", '"1.2.3.4 x"', "1.", "08.1", "4294967296", "0x.1",
)  # fmt: skip
_WORDS = (
    "x", "/bin/x", '"a b"', "'a b'", '"HTTP"', "a\"b", "{", "}", "=", "==", "#", "#x", "]", "[", '"a"b"',
    '"it\'s"', '"a\\"b"', "\x85", "é", '" "', '"\t"', "\ufeff", "\x0b", "OK", '"say \'x\'"', "NONE",
)  # fmt: skip
_LISTS = (
    "[ ]", "[ a b ]", "[ a ] x", "[ a", "", "[", "]", "[ ] ]", "[a b]", "] [", "[ \"]\"", '"[" a \']\'', "[ [ ] ]",
    "[ 'a b' c ]", "a [ ]",
)  # fmt: skip
_ODD_LINES = (
    "", " ", "\t", "#", "# note", " #x \"y", "}", "} # end", "} \"", '"}"', "'}'", "}}", "} {", '"}" x', "{",
    "};", "\v}", "}\v", "\xa0}", "foo = 1", "keepalive", "= 1", "keepalive=6", "keepalive = 6 # six",
    "port = 80", '"port" = 80', "active : 1", 'active "=" 1', "virtual = 1", "server = 1", "virtual x",
    "virtual", "virtual a b {", "server a b {", "virtual a b c", "server c d e", "virtaul a {", "sever c {",
    "server c { port = 1 }", "virtual a { }", '"server" x {', "'virtual' x {", "server\xa0c {",
    "virtual\vx {", "dirs =", 'dirs = "x', "dirs", "a b c", "virtual {", "virtual { {", "server } {",
    "virtual x \"{", 'virtual "x {', "virtual 'a b {", 'server "a b" {', "server s { \"x", "server s { 'x y",
    "server s { \"\" ", 'server "s" {', "server s \"{\"", 'server "s { x', 'send = "q', "a = \0",
)  # fmt: skip
_FRAGMENTS = (
    "\0", "\r", "\n", "\r\n", "\n\r", '"', "'", " ", "\t", " \0", "#", "}", "{", "=", "[", "]", "\v", "\f", "\x1c",
    "\x85", "\u2028", "\xa0", "\ufeff", '" ', "' ", '" \n', "\\", '"x', " 'x y", "\n\n", "\r\r", "\0\0", "\r\0",
    "\n\0", "\0\n", "\0\r", " x" * 99, " x" * 98, ' "a b"' * 50,
)  # fmt: skip
_SOUP = (
    "\n", "\n", "\r", "\0", " ", " ", "\t", '"', "'", "#", "=", "{", "}", "a", "1", "virtual v {\n", "server s {\n",
    "active = 1\n", 'send = "a b"\n', "[", "]", "dirs = ", "}\n", "keepalive = 3\n", "debug_level = ", "\v",
    "pmask = 255.255.255.255", "server s { ",
)  # fmt: skip
_STARTS = (
    "", "", "", "virtual v {\n", "virtual v {\nport = 81\n", "failover v {\nserver s {\n",
    "virtual v {\nport = 81\nserver s {\nweight = 2\n", "virtual v {\nserver s {\n}\n", "keepalive = 3\n",
    "# c\n\nvirtual v {\n# c\n\n", "virtual v {\nactive = 1\n}\n", "debug_level = ", "virtual v {\nsend = ",
)  # fmt: skip


def texts(seed: int, count: int) -> Iterator[str]:
    """`count` texts; the same for the same `seed`."""
    for number in range(count):
        yield _text(random.Random(seed * 1_000_003 + number))


def _text(rng: random.Random) -> str:
    how = rng.random()
    if how < 0.15:
        text = rng.choice(_STARTS) + "".join(rng.choices(_SOUP, k=rng.randint(1, 14)))
    else:
        oddness = rng.choice((0.0, 0.02, 0.05, 0.15, 0.4))
        lines = list(_inside(rng, Scope.GLOBAL, oddness))
        text = "\n".join(lines) + rng.choice(("\n", "\n", "\n", "", "\n\n", "\r", "\n ", "\0"))
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 3))):
        text = _changed(rng, text)
    ends = rng.random()
    if ends < 0.04:
        text = text.replace("\n", "\r")
    elif ends < 0.07:
        text = text.replace("\n", "\r\n")
    elif ends < 0.1:
        text = "".join(rng.choice("\n\r") if c == "\n" else c for c in text)
    return text


def _inside(rng: random.Random, scope: Scope, oddness: float) -> Iterator[str]:
    """The lines inside of a block, or of a whole text."""
    for _ in range(rng.choice((0, 1, 2, 3, 4, 6))):
        indentation = rng.choice(("", " ", "\t", " \t"))
        if rng.random() < oddness:
            yield indentation + rng.choice(_ODD_LINES)
        elif scope is not Scope.SERVER and rng.random() < 0.35:
            inner = Scope.SERVICE if scope is Scope.GLOBAL else Scope.SERVER
            keyword = "server" if scope is Scope.SERVICE else rng.choice(("virtual", "failover"))
            brace = rng.choice(_BRACES) if rng.random() < oddness else "{"
            header = f"{keyword}{_gap(rng)}{rng.choice(_NAMES)}{_gap(rng)}{brace}"
            yield indentation + _spoilt(rng, header, oddness)
            yield from _inside(rng, inner, oddness)
            if rng.random() >= oddness:
                yield indentation + rng.choice(("}",) * 6 + ("} # end", '} "', '"}"', "'}'", "}\t"))
        else:
            yield indentation + _directive(rng, scope, oddness)


def _directive(rng: random.Random, scope: Scope, oddness: float) -> str:
    row = rng.choice(list(BY_SCOPE[scope].values()))
    if rng.random() < 0.08 and scope is Scope.SERVICE:
        row = BY_SCOPE[scope]["pmask"]
    kind = row.kind
    if kind.is_list:
        value = rng.choice(_LISTS if rng.random() < oddness else _LISTS[:3])
    elif kind.choices:
        value = rng.choice(kind.choices)
    elif kind.is_boolean:
        value = rng.choice(("0", "1", "01", "0x0", '""', "4294967296", "' 1'"))
    elif kind.numbers:
        value = rng.choice(_NUMBERS if rng.random() < oddness else _NUMBERS[:3])
    elif kind.name == "netmask" or "address" in kind.name:
        value = rng.choice(_ADDRESSES if rng.random() < oddness + 0.1 else _ADDRESSES[:5])
        if row.name == "pmask":
            value = rng.choice(_ADDRESSES)
        if kind.with_device:
            value += _gap(rng) + rng.choice(("eth0:1", "eth1", '"eth0"', "x"))
    else:
        value = rng.choice(_WORDS)
    if rng.random() < oddness / 2:
        value = rng.choice(_NUMBERS + _ADDRESSES + _WORDS + _LISTS)
    return _spoilt(rng, f"{row.name}{_gap(rng)}={_gap(rng)}{value}", oddness)


def _gap(rng: random.Random) -> str:
    return rng.choice((" ", " ", " ", "\t", "  ", " \t "))


def _spoilt(rng: random.Random, line: str, oddness: float) -> str:
    """A line, perhaps with a bad quote: at its end, or in place of what was there."""
    if rng.random() >= oddness:
        return line
    how = rng.random()
    if how < 0.5:
        return f"{line} {rng.choice(_BAD_QUOTES)}"
    if how < 0.7:
        return rng.choice(_BAD_QUOTES)
    words = line.split(" ")
    words[rng.randrange(len(words))] = rng.choice(_BAD_QUOTES)
    return " ".join(words)


def _changed(rng: random.Random, text: str) -> str:
    """A text with one accident."""
    at = rng.randint(0, len(text))
    how = rng.random()
    if how < 0.6:
        return text[:at] + rng.choice(_FRAGMENTS) + text[at:]
    if how < 0.75:
        return text[:at] + text[at + rng.randint(1, 4) :]
    if how < 0.8:
        return text[:at]
    lines = text.split("\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    if how < 0.9:
        lines[one], lines[other] = lines[other], lines[one]
    else:
        lines.insert(one, lines[other])
    return "\n".join(lines)


def main() -> None:
    """Compare texts with the model, and write down those that are judged otherwise."""
    from tests.verdicts import model_says, we_say

    count, seed = (int(word) for word in sys.argv[1:3])
    different = 0
    for text in texts(seed, count):
        both = we_say(text), model_says(text)
        if both[0] != both[1]:
            different += 1
            shown = ("accepted" if isinstance(one, dict) else str(one) for one in both)
            sys.stdout.write(f"{text!r} {' / '.join(shown)}\n")
    sys.stdout.write(f"{different} of {count} differ\n")


if __name__ == "__main__":
    main()
