"""The Piranha GUI: the model of it is right, and what family LVS8 says of a file is true."""

import gzip
import json
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import lvscf
from lvscf.findings.finding import Severity
from lvscf.piranha import gui as piranha_gui
from lvscf.piranha.directives import BY_SCOPE, Definition, Scope
from tests import gui_model as gui
from tests.examples import examples
from tests.memory import in_memory
from tests.vectors import DATA

LVS8 = lvscf.Settings(select=("LVS8",))
NO_NEED_TO_SAVE = {"serial_no"}
"""What may change without anybody noticing: no daemon reads it."""


@cache
def vectors() -> tuple[dict[str, Any], ...]:
    """Files, and what the GUI makes of them (`saved`; None where it cannot load them)."""
    with gzip.open(DATA / "gui_saves.jsonl.gz", "rt", encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)


def named(name: str) -> str:
    """The text of a vector."""
    (text,) = (vector["text"] for vector in vectors() if vector["name"] == name)
    return str(text)


def codes(text: str, least: Severity = Severity.INFO) -> set[str]:
    """The findings of family LVS8 at or above a severity."""
    found = lvscf.lint(lvscf.parse(text), settings=LVS8)
    return {finding.code for finding in found if finding.severity >= least}


def saved(text: str, known: frozenset[str] = gui.STOCK_0_8_6) -> str:
    """What the modelled GUI makes of a text."""
    content = gui.save(text.encode("utf-8", "surrogateescape").decode("latin-1"), known)
    return content.encode("latin-1").decode("utf-8", "surrogateescape")


# --- the model ------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: str(vector["name"]))
def test_model_agrees_with_the_vectors(vector: dict[str, Any]) -> None:
    """The model loads and saves as the GUI does."""
    known = gui.UNION if vector["profile"] == "0.8.6" else gui.TREE
    if vector["saved"] is None:
        with pytest.raises(gui.Crashed):
            saved(vector["text"], known)
        return
    text = saved(vector["text"], known)
    if vector["name"] == "serial_bump":  # a page with a form counts one up, a plain view does not
        text = text.replace("serial_no = 7", "serial_no = 8", 1)
    assert text == vector["saved"]


@pytest.mark.parametrize(("kind", "most"), [("virtual", 71), ("failover", 71), ("server", 67)])
def test_limits_are_the_documented_ones(kind: str, most: int) -> None:
    """The longest values and names that the GUI can write."""
    assert piranha_gui.most_value_bytes(kind, "address") == most - len("address")
    assert piranha_gui.most_value_bytes("global", "primary") == 76 - len("primary")
    assert piranha_gui.most_value_bytes("virtual", "send") == 291 - len("send")
    assert piranha_gui.most_value_bytes("failover", "send") == 67
    assert [piranha_gui.most_name_bytes(one) for one in ("virtual", "failover", "server")] == [
        69, 68, 65,
    ]  # fmt: skip


# --- the rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hz_comment_open_brace", {"LVS802"}),
        ("hz_comment_close_brace", {"LVS802"}),
        ("hz_close_brace_in_string", {"LVS803"}),
        ("hz_blank_after_header", {"LVS805"}),
        ("hz_short_comment_after_header", {"LVS805"}),
        ("hz_blank_after_server", {"LVS806"}),
        ("hz_blank_after_server_safe", set()),
        ("hz_tabs", {"LVS807"}),
        ("hz_double_space", {"LVS807", "LVS808"}),
        ("hz_zero_word", {"LVS809", "LVS810"}),
        ("hz_long_lines", {"LVS811"}),
        ("hz_failover_with_server", {"LVS812"}),
        ("hz_directives_after_servers", {"LVS813"}),
        ("hz_close_with_text", set()),
        ("hz_no_final_newline", set()),
        ("hz_duplicates", set()),
        ("hz_missing_close_last", set()),
        ("brace_glued_to_name", {"LVS804"}),
        ("comment_second_word_brace", {"LVS802"}),
        ("header_equals_in_name", {"LVS804"}),
        ("header_one_word_comment", {"LVS804"}),
        ("header_quoted_name_with_space", {"LVS804"}),
        ("header_tab", {"LVS804"}),
        ("header_two_spaces", {"LVS804"}),
        ("name_with_space", {"LVS804"}),
        ("open_brace_in_expect_json", {"LVS801"}),
        ("open_brace_in_expect_word", {"LVS801"}),
        ("open_brace_in_regex_quantifier", {"LVS801"}),
        ("dropped_directives", {"LVS814"}),
    ],
)
def test_hazards_are_named(name: str, expected: set[str]) -> None:
    """Each hazard fires the rule for it, and nothing else of the family that concerns its shape."""
    about_pages = {"LVS815", "LVS816", "LVS817"}
    unknown = {"LVS814"} if name == "hz_long_lines" else set()
    assert codes(named(name)) - about_pages - unknown == expected


def test_version_decides_what_is_known() -> None:
    """The GUI of 0.8.6 knows the sync daemon's settings, the one before knows the hooks."""

    def lost(name: str, target: str) -> list[str]:
        document = lvscf.parse(named(name))
        chosen = lvscf.Settings(select=("LVS814",), target=target)
        return [
            document.source.text[finding.span.start : finding.span.end]
            for finding in lvscf.lint(document, settings=chosen)
        ]

    assert lost("sync_daemon", "0.8.6-7") == []
    assert lost("sync_daemon", "0.8.5-1") == [
        "syncd_id", "syncd_iface", "udp_timeout", "tcpfin_timeout", "tcp_timeout",
    ]  # fmt: skip
    assert lost("hooks_commands", "0.8.5-1") == []
    assert set(lost("hooks_commands", "0.8.6-7")) == {"active_cmd", "inactive_cmd"}


@pytest.mark.parametrize(
    "vector",
    [vector for vector in vectors() if vector["saved"] is not None],
    ids=lambda vector: str(vector["name"]),
)
def test_vectors_without_findings_are_safe(vector: dict[str, Any]) -> None:
    """Where nothing is said of a vector, the GUI's output means what its input meant."""
    document = lvscf.parse(vector["text"])
    if document.refusal or document.findings or codes(vector["text"], Severity.WARNING):
        return
    known = gui.UNION if vector["profile"] == "0.8.6" else gui.STOCK_0_8_6
    assert held(saved(vector["text"], known)) == held(vector["text"])


def test_off_unless_selected() -> None:
    """Nobody who does not ask hears of the GUI."""
    text = named("hz_tabs")
    document = lvscf.parse(text)

    assert not any(one.code.startswith("LVS8") for one in lvscf.lint(document))
    asked = lvscf.Settings(extend_select=("gui-separator",))
    extended = {one.code for one in lvscf.lint(document, settings=asked)}
    assert extended == {one.code for one in lvscf.lint(document)} | {"LVS807"}


# --- "safe for the GUI" ---------------------------------------------------------------------------


def held(text: str) -> dict[str, Any]:
    """What Piranha holds in memory, the serial number aside."""
    config = in_memory(lvscf.loads(text))
    return {name: value for name, value in config.items() if name not in NO_NEED_TO_SAVE}


_GUI_SCOPES = {"virtual": Scope.SERVICE, "failover": Scope.SERVICE}
_ODD = st.sampled_from(
    ["keepalive = 6\n", "\n", "\n\n", " \t\n", "#\n", "# a\n", "# ab\n", "# a comment\n", "# {\n", "# a }\n",
     "# x {y\n", "# a = {\n", "# port = 8080\n", "#virtual x {\n# }\n", "#server y {\n#   port = 9\n# }\n", "#a x {\n\n# }\n"]
)  # fmt: skip
_QUOTED = st.sampled_from(
    ['"HTTP"', "'220'", "OK", '"GET / HTTP/1.0\\r\\n\\r\\n"', "'GET / x'", '"a  b"', '"a   b"', '"a 0"',
     '"a 0 b"', '"a b 0 c"', '"a b 0"', "'a \"b\" c'", "'a 0 c'", '"a{2}"', '"}"', '""', "''", "' a'",
     '"' + "x" * 60 + '"', '"' + "x" * 61 + '"', '"' + "x " * 142 + '"', '"' + "x " * 143 + '"', "0",
     '"a = b"', '"a\tb c d"', "'a  b'", "'a   b'", '"it\'s a b c"', '"a b c" ', "=", '"= ="']
)  # fmt: skip
_TEXTS = st.sampled_from(
    [
        "NONE",
        '"NONE"',
        "'a b'",
        "'a b c'",
        '"a b c"',
        "x" * 60,
        "x" * 70,
        "é" * 33,
        "0",
        "a\v",
        "a\xa0",
    ]
)


def _values(row: Definition) -> st.SearchStrategy[str]:
    kind = row.kind
    if kind.choices:
        return st.sampled_from([*kind.choices, f"'{kind.choices[0]}'"])
    if kind.with_device:
        return st.sampled_from(
            ["10.1.1.1 eth0:1"] * 6
            + ["10.1.1.2  eth0:2", "10.1.1.3   eth0:3", "10.1\teth0", "10.1.1.1 0", "10.1 \teth0"]
        )
    if kind.is_list:
        return st.just("[ a ]")
    if kind.keeps_quotes:
        return _QUOTED
    if kind.read is str:
        return _TEXTS
    if "mask" in row.name:
        return st.sampled_from(["255.255.255.0", "0.0.0.0", "0xffffff00", "255.255.255.255"])
    if "address" in kind.name:
        return st.sampled_from(["10.1.1.1", "10.1", "0xa010101", "'10.1.1.2'"])
    if "boolean" in kind.name:
        return st.sampled_from(["0", "1", "0x1", "01"])
    return st.sampled_from(["0", "1", "80", "8080", "010", "0x50", "-1"])


_SEPARATORS = st.sampled_from(
    [" = "] * 60 + ["  = ", " =  ", "\t= ", " =\t", " =   ", "  =  ", " = \t", " \t= "]
)
_ENDS = st.sampled_from(["\n"] * 12 + [" \n", "\t\n", "  \n"])


def _directives(scope: Scope) -> st.SearchStrategy[str]:
    one = [
        st.tuples(
            st.sampled_from(["", " ", "\t"]), st.just(row.name), _SEPARATORS, _values(row), _ENDS
        ).map("".join)
        for row in BY_SCOPE[scope].values()
    ]
    return st.one_of(st.one_of(*one), st.one_of(*one), st.one_of(*one), _ODD)


def _blocks(keyword: str, inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    blanks = st.sampled_from([" "] * 25 + ["  ", "\t"])
    names = st.sampled_from(
        ["a", "web-1", "b", "0", "x" * 65, "x" * 69]
        + ["a"] * 12
        + ["x{y", "x}y", '"a b"', "a=b", "é", "=", "x" * 70, "y" * 66]
    )
    close = st.sampled_from(["}\n"] * 12 + ["  }\n", "} # end\n", "} # {\n", "} x\n"])
    body = st.lists(inside, max_size=5).map("".join)
    return st.tuples(st.just(keyword), blanks, names, blanks, st.just("{"), _ENDS, body, close).map(
        "".join
    )


def _files() -> st.SearchStrategy[str]:
    servers = _blocks("server", _directives(Scope.SERVER))
    virtuals = _blocks("virtual", st.one_of(_directives(Scope.SERVICE), servers))
    failovers = _blocks("failover", _directives(Scope.SERVICE))
    odd = _blocks("failover", st.one_of(_directives(Scope.SERVICE), servers))
    top = _directives(Scope.GLOBAL)
    part = st.one_of(top, top, virtuals, virtuals, failovers, odd)
    return st.lists(part, min_size=1, max_size=6).map("".join)


@settings(max_examples=examples(1000), deadline=None)
@given(_files())
def test_what_is_safe_for_the_gui_survives_it(text: str) -> None:
    """Where LVS8 says nothing worse than a note, loading and saving keeps what Piranha holds."""
    document = lvscf.parse(text)
    assume(document.refusal is None and document.reading.misread_as is None)
    found = codes(text, Severity.WARNING) - {"LVS815", "LVS816"}  # about forms, not about saving
    event("safe" if not found else "not safe")
    if not found:
        assert held(saved(text)) == held(text)


@settings(max_examples=examples(400), deadline=None)
@given(_files())
def test_what_the_gui_cannot_load_is_told(text: str) -> None:
    """The GUI dies of no file that has not one of three findings, all errors."""
    assume(lvscf.parse(text).refusal is None)
    try:
        saved(text)
    except gui.Crashed:
        event("crashed")
        assert codes(text, Severity.ERROR) & {"LVS801", "LVS802", "LVS804"}
