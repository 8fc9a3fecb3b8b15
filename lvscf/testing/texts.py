"""Texts that look like lvs.cf, and many that nearly do."""

from hypothesis import strategies as st

from lvscf.piranha.directives import BY_SCOPE, Definition, Scope

BLANKS = st.sampled_from([" ", " ", " ", "  ", "\t", ""])
ENDS = st.sampled_from(["\n"] * 30 + ["\n\n", " \n", "\t\n", " # note\n", ""])

VALUES = st.sampled_from(
    """0 1 2 6 18 80 443 539 -1 +5 010 08 0x10 0x 1.5 3s 1e3 99999999999 4294967295 2147483648
    18446744073709551616 -9223372036854775809 yes on true no http https nosuch lvs fos ha direct nat
    tunnel DR tcp udp sctp wlc rr sed nothing preempt panic 10.10.1.20 10.1 010.1.1.1 0x0a.0.0.1
    167772161 0.0.0.0 255.255.255.0 255.255.255.255 255.0.255.0 /24 10.0.0.256 1.2.3.4.5 10.0.0.1/24
    ::1 host.example.com a_b -a a- a. xyz eth0:1 eth0 [ ] [a] { } = == # #x "a" 'a' "a 'a " ' ""
    '' "a b" 'a b' "a"b "a b"c "a" # "it's" 'a"b' a"b "x y "" "a \\"b" é \x0b \x0c \xa0 \udce9 %s
    """.replace("\n", " ").split(" ")
)  # fmt: skip


def _directive(definition: Definition) -> st.SearchStrategy[str]:
    kind = definition.kind
    good: list[str] = list(kind.choices) or ["1", "10.10.1.20"]
    if kind.with_device:
        good = ["10.10.1.20 eth0:1", "10.1\teth1"]
    elif kind.is_list:
        good = ["[ ]", "[ a b ]", "[ a ] x", "[ a", ""]
    elif kind.keeps_quotes:
        good = ['"HTTP"', '"GET / HTTP/1.0\\r\\n\\r\\n"', "'220'", "OK", '"a b" ', '"a" ']
    values = st.one_of(st.sampled_from(good), VALUES, st.tuples(VALUES, VALUES).map(" ".join))
    equals = st.sampled_from([" = "] * 12 + ["\t=\t", " =  ", "= ", " =", "=", " == ", " : ", " "])
    return st.tuples(BLANKS, st.just(definition.name), equals, values, ENDS).map("".join)


def _line(scope: Scope) -> st.SearchStrategy[str]:
    directives = [_directive(definition) for definition in BY_SCOPE[scope].values()]
    odd = st.sampled_from(
        ["\n", "# note\n", "#\n", "}\n", "} # end\n", "} x\n", "};\n", '"}"\n', "{\n", '"\n', "'\n",
         '"x\n', '"x y\n', "foo = 1\n", "virtual x {\n", "failover x {\n", "server x {\n",
         "virtual = {\n", "virtual\va {\n", "server\fx {\n", "\xa0server x {\n", "server = y\n", "virtual x\n", "virtual\n", "server x{\n", "= 1\n",
         "a b c\n", "port = 80\n", '"port" = 80\n', "keepalive = 6 # six\n", "server a { port = 1 }\n"]
    )  # fmt: skip
    return st.one_of(*directives, *directives[:3], odd) if directives else odd


def _name() -> st.SearchStrategy[str]:
    return st.sampled_from(["a", "web-1", "x{y", "x}y", '"a b"', '"a"', "é", "=", "{", "a {", ""])


def _block(keywords: list[str], body: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    header = st.tuples(
        BLANKS, st.sampled_from(keywords), st.just(" "), _name(),
        st.sampled_from([" {\n"] * 12 + ["{\n", "\n", " { # x\n", "\n{\n", " { \n"]),
    ).map("".join)  # fmt: skip
    closing = st.sampled_from(["}\n"] * 12 + ["  }\n", "} # end\n", "", "}\n}\n", "}}\n", "}"])
    return st.tuples(header, body, closing).map("".join)


def _lines(line: st.SearchStrategy[str], most: int) -> st.SearchStrategy[str]:
    return st.lists(line, max_size=most).map("".join)


SERVERS = _block(["server"], _lines(_line(Scope.SERVER), 4))
SERVICES = _block(
    ["virtual", "virtual", "failover"],
    _lines(st.one_of(_line(Scope.SERVICE), _line(Scope.SERVICE), SERVERS), 6),
)
FILES = _lines(st.one_of(_line(Scope.GLOBAL), SERVICES), 8)

ANYTHING = st.one_of(
    FILES,
    st.text(),
    st.text(alphabet="a =}{\"'#\n\r\t\0virtualse\ufeff\xa0"),
    FILES.map(lambda text: text.replace("\n", "\r\n")),
    FILES.map(lambda text: text.replace("\n", "\r", 1)),
    FILES.map(lambda text: text[: len(text) // 2] + "\0" + text[len(text) // 2 :]),
)
