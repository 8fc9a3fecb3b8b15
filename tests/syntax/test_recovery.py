"""Reading goes on after an error: each bad line is found once, and none is invented."""

import pytest

import lvscf
from lvscf.piranha.values import Complaint


def codes(text: str) -> list[tuple[int, str]]:
    """Line and code of every finding about the file itself."""
    return [(finding.span.line, finding.code) for finding in lvscf.parse(text).findings]


BAD_LINES = """\
serial_no = 1
primary = 10.10.1.256
backup=10.10.1.22
keepalive = 3s
deadtime = 18 # six times three
network = DR
virtual web{
     active = yes
     address = 10.10.1.20
     sheduler = wlc
     expect = "HTTP
     port = 80
     server one {
         address = 10.10.1.31
         active = 1
         wieght = 1
     }
}
"""


def test_every_bad_line_is_one_finding() -> None:
    """Every bad line gives one finding; Piranha would tell of the first only."""
    assert codes(BAD_LINES) == [
        (2, "LVS009"),
        (3, "LVS002"),
        (4, "LVS007"),
        (5, "LVS005"),
        (6, "LVS011"),
        (7, "LVS003"),
        (8, "LVS008"),
        (9, "LVS003"),
        (10, "LVS001"),
        (11, "LVS006"),
        (16, "LVS001"),
    ]
    refusal = lvscf.parse(BAD_LINES).refusal
    assert refusal is not None
    assert (refusal.message, refusal.line) == ("invalid argument", 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "virtual a {\n active = 1\nvirtual b {\n active = 1\n}\nkeepalive = 3\n",
            [(3, "LVS001")],
            id="a service without its brace, and another service",
        ),
        pytest.param(
            "virtual a {\n active = 1\nkeepalive = 3\ndeadtime = 9\nvirtual b {\n}\n",
            [(3, "LVS001")],
            id="a service without its brace, and global directives",
        ),
        pytest.param(
            "virtual a {\n active = 1\n server x {\n  weight = 1\n server y {\n  weight = 1\n }\n}\n",
            [(5, "LVS001")],
            id="a server without its brace, and another server",
        ),
        pytest.param(
            "virtual a {\n server x {\n  weight = 1\n scheduler = rr\n reentry = 3\n server y {\n }\n}\n",
            [(4, "LVS001")],
            id="a server without its brace, and directives of the service",
        ),
        pytest.param(
            "virtual a {\n server x {\n  weight = 1\n scheduler = rr\n}\nvirtual b {\n}\n",
            [(4, "LVS001")],
            id="the brace of the service closes its last server",
        ),
        pytest.param(
            "virtual a {\n server x {\n  weight = 1\nvirtual b {\n}\n",
            [(4, "LVS001")],
            id="both braces are missing",
        ),
        pytest.param(
            "virtual a {\n server x {\n  weight = 1\n",
            [(2, "LVS015")],
            id="the file ends inside of two blocks",
        ),
        pytest.param(
            "virtual a {\n server x {\n }\n# the end\n\n",
            [(1, "LVS015")],
            id="the file ends inside of one block",
        ),
        pytest.param(
            "virtual a\n{\n active = 1\n server x\n {\n  weight = 1\n }\n}\n",
            [(1, "LVS003"), (4, "LVS003")],
            id="braces on lines of their own",
        ),
        pytest.param(
            "virtaul a {\n active = 1\n serevr x {\n  weight = 1\n }\n}\n",
            [(1, "LVS001"), (3, "LVS001")],
            id="misspelt headers still open their blocks",
        ),
        pytest.param(
            "server x {\n weight = 1\n}\nkeepalive = 3\n",
            [(1, "LVS001")],
            id="a server outside of a service",
        ),
        pytest.param(
            "virtual a {\n server x { weight = 1 }\n active = 1\n}\n",
            [(2, "LVS004")],
            id="a block on one line",
        ),
        pytest.param(
            "virtual a { # web\n active = 1\n} # end\n",
            [(1, "LVS005"), (3, "LVS017")],
            id="comments behind braces",
        ),
        pytest.param(
            "virtual a {\n active = 1\n}\n}\nkeepalive = 3\n",
            [(4, "LVS016")],
            id="a brace too many",
        ),
        pytest.param(
            "virtual a {\n active = 1\n};\nkeepalive = 3\n",
            [(3, "LVS001")],
            id="a brace with something glued to it",
        ),
        pytest.param(
            "virtual a {\n keepalive = 3\n active = 1\n}\n",
            [(2, "LVS001")],
            id="a global directive in the middle of a block",
        ),
        pytest.param(
            "\u00a0virtual\u00a0a {\n\u00a0active = 1\n\u00a0}\nkeepalive = 3\n",
            [(1, "LVS019"), (2, "LVS019"), (3, "LVS019")],
            id="no-break spaces from a web page",
        ),
        pytest.param(
            "global_defs {\n router_id a\n}\nvrrp_instance V {\n virtual_ipaddress {\n 1.1.1.1\n }\n}\n",
            [(1, "LVS021")],
            id="a configuration for keepalived",
        ),
        pytest.param(
            "\ufeffkeepalive = 3\r\nfoo = 1\r\n",
            [(1, "LVS018"), (1, "LVS014"), (2, "LVS001")],
            id="a byte-order mark, CRLF and an unknown directive",
        ),
    ],
)
def test_one_cause_one_finding(text: str, expected: list[tuple[int, str]]) -> None:
    """What is wrong is said once, at the line where it is, and the rest is read as it was meant."""
    assert codes(text) == expected


@pytest.mark.slow
def test_blocks_that_cut_one_another_short_are_all_read() -> None:
    """Ten thousand headers without braces nest no deeper than one."""
    document = lvscf.parse("virtual a {\nserver b {\n" * 10_000)

    assert len(document.config.virtual_servers) == 10_000
    assert all(len(virtual.servers) == 1 for virtual in document.config.virtual_servers)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        " " * 1_000_000,
        '"' * 1_000_000,
        '" ' * 500_000,
        "virtual " + "} " * 500_000 + "x",
        "keepalive = " + "6 " * 500_000,
        "dirs = [ " + "a " * 500_000 + "]",
        "}" * 1_000_000,
        "}\n" * 300_000,
        "# }\n" * 300_000,
        "x {\n" * 100_000,
        "\r" * 200_000,
        "\0" * 1_000_000,
        "keepalive = " + "9" * 1_000_000,
        "primary = " + "0" * 1_000_000,
        "primary = " + "a." * 500_000,
    ],
    ids=lambda text: f"{text[:8]!r} {len(text)}",
)
def test_hostile_texts_end_in_findings(text: str) -> None:
    """Long lines, deep nesting and many errors take linear time and end in findings."""
    document = lvscf.parse(text)

    assert bytes(document) == text.encode()
    assert lvscf.lint(document)


@pytest.mark.parametrize("blank", ["\xa0", "\f", "\v", "\u3000", "\xa0\n\0"])
def test_what_only_python_takes_for_a_blank_is_a_word(blank: str) -> None:
    """A line of it inside a block that lacks its brace is an unknown command, and no crash."""
    document = lvscf.parse(f"virtual x {{\n{blank}\nserver a {{\n serial_no = 1\n")

    assert document.refusal is not None
    assert (document.refusal.message, document.refusal.line) == ("unknown command", 2)


def messages(text: str) -> list[tuple[int, str]]:
    """Line and message of every finding about the file itself."""
    return [(finding.span.line, finding.message) for finding in lvscf.parse(text).findings]


def test_a_block_that_a_bad_quote_ends() -> None:
    """The line that the log names has a finding, which points at the quote that Piranha misses."""
    document = lvscf.parse('virtual a {\n active = 1\n "x\n port = 80\n}\n')
    quote, refused = document.findings

    assert document.refusal is not None
    assert document.refusal.line == refused.span.line == 4
    assert quote.message.endswith("Piranha reads this line as the end of the block.")
    assert refused.message == (
        "Unknown directive `port` at top level. "
        'Piranha rejects the file at this line ("unknown command") and will not start.'
    )
    assert [one.span.line for one in refused.related] == [3]
    assert refused.fix is None


def test_a_nul_inside_a_line() -> None:
    """It crashes the reader, whatever else is wrong with the line; an earlier refusal comes first."""
    crash = "Piranha's reader crashes on this line: it writes outside its memory."

    assert messages("keepalive = 3\0") == [(1, f"This line contains a NUL byte. {crash}")]
    assert lvscf.parse("x\0").refusal == lvscf.Refusal(Complaint.CRASH, 1, 2)
    assert lvscf.parse("x\ny\0").refusal == lvscf.Refusal(Complaint.UNKNOWN_COMMAND, 1, 1)
    assert messages("keepalive = 3\n\0x") == [
        (2, "This NUL byte ends the file: Piranha silently ignores everything after it.")
    ]


def test_a_server_whose_header_has_a_bad_quote() -> None:
    """Where Piranha ignores the quote, the block is open all the same."""
    text = 'virtual a {\n active = 1\n server s { "x\n  weight = 9\n }\n port = 8\n}\n'
    (virtual,) = lvscf.loads(text).virtual_servers

    assert (virtual.port, virtual.servers[0].weight) == (8, 9)
    assert messages(text)[0][1].endswith(
        "Piranha ignores the error and uses only the words before the quote."
    )
