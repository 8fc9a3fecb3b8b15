"""Documents are lossless and total, and know where everything stands."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lvscf
from lvscf.linter.engine import lint
from lvscf.syntax.nodes import Block, Directive
from tests.examples import examples
from tests.strategies import ANYTHING, FILES
from tests.vectors import reader_verdicts

PAIR = """\
primary = 10.10.1.21
keepalive = 0x6
virtual web {
     address = 10.10.1.20   eth0:1
     send = "GET / HTTP/1.0\\r\\n\\r\\n"
     server one {
         address = 10.1
     }
}
failover db {
}
"""


@settings(max_examples=examples(300), deadline=None)
@given(st.one_of(st.binary(), ANYTHING.map(lambda text: text.encode("utf-8", "surrogateescape"))))
def test_every_byte_comes_back(source: bytes) -> None:
    """Whatever the bytes, the document gives them back, and so do its lines, joined."""
    document = lvscf.parse(source)

    assert bytes(document) == source
    assert document.reading.text().encode("utf-8", "surrogateescape") == source


@settings(max_examples=examples(300), deadline=None)
@given(ANYTHING)
def test_nothing_raises(text: str) -> None:
    """Parsing, all views and all rules take whatever comes, and point into the text."""
    document = lvscf.parse(text)

    assert str(document) == text
    lvscf.to_dict(document.config)
    lvscf.to_dict(document.intended.effective)
    for finding in lint(document):
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
        for edit in finding.fix.edits if finding.fix else ():
            assert 0 <= edit.span.start <= edit.span.end <= len(text)


@settings(max_examples=examples(300), deadline=None)
@given(FILES)
def test_a_str_is_read_as_its_bytes(text: str) -> None:
    """It does not matter whether text is given as str or as bytes."""
    one, other = lvscf.parse(text), lvscf.parse(text.encode("utf-8", "surrogateescape"))

    assert one == other
    assert hash(one) == hash(other)
    assert one.config == other.config


@pytest.mark.parametrize(
    "source", [b"\xff\xfe\x00", b"active_cmd = /bin/\xe9\n", "é".encode("gbk"), b"\r\n\0\r", b""]
)
def test_bytes_that_are_no_text(source: bytes) -> None:
    """Bytes of any encoding, and of none, come back."""
    assert bytes(lvscf.parse(source)) == source


def test_lone_surrogates_of_a_str_are_kept() -> None:
    """A str that never was bytes has bytes all the same."""
    assert bytes(lvscf.parse("a\ud800")) == b"a\xed\xa0\x80"


def test_latin_1_values_can_be_told_apart() -> None:
    """Bytes that are no UTF-8 survive in values."""
    config = lvscf.loads(b"active_cmd = /bin/caf\xe9\n")

    assert config.active_cmd == "/bin/caf\udce9"


def test_what_is_written_and_what_is_in_force() -> None:
    """Absent is None; `effective` has Piranha's defaults and what is inherited."""
    config = lvscf.loads(PAIR)
    effective = config.effective

    assert config.deadtime is None
    assert config.primary_private is None
    assert effective.deadtime == 5
    assert effective.primary_private == "10.10.1.21"
    assert effective.backup_private == "0.0.0.0"
    assert config.keepalive == 6
    (web,) = config.virtual_servers
    assert web.address == lvscf.AddressOnDevice("10.10.1.20", "eth0:1")
    assert web.send == '"GET / HTTP/1.0\\r\\n\\r\\n"'
    assert web.servers[0] == lvscf.RealServer("one", address="10.0.0.1")
    assert web.effective.servers[0].port == 80
    assert [service.name for service in config.failover_services] == ["db"]


def test_a_server_keeps_the_port_of_its_line() -> None:
    """A port behind a server does not reach it, in either view."""
    text = "virtual a {\nport = 81\nserver b {\n}\nport = 82\nserver c {\n}\n}\n"
    (virtual,) = lvscf.loads(text).virtual_servers

    assert [server.port for server in virtual.servers] == [81, None]
    assert [server.port for server in virtual.effective.servers] == [81, 82]


def test_a_given_backup_private_is_overwritten() -> None:
    """Without primary_private, Piranha copies both private addresses."""
    text = "primary = 1.1.1.1\nbackup = 2.2.2.2\nbackup_private = 3.3.3.3\n"
    config = lvscf.loads(text)

    assert config.backup_private == "3.3.3.3"
    assert config.effective.backup_private == "2.2.2.2"


def test_a_pmask_for_single_clients_is_none() -> None:
    """255.255.255.255 is what the daemon calls unset; an unreadable mask is ignored."""
    text = "virtual a {\npmask = 255.255.255.255\n}\nvirtual b {\npmask = /24\n}\n"
    one, other = lvscf.loads(text).virtual_servers

    assert (one.pmask, one.effective.pmask) == ("255.255.255.255", "0.0.0.0")
    assert (other.pmask, other.effective.pmask) == (None, "0.0.0.0")


@pytest.mark.parametrize("word", ["0xffffffff", "4294967295", "255.255.255.0377", "255.16777215"])
def test_a_pmask_for_single_clients_in_another_spelling_is_kept(word: str) -> None:
    """Only the one word means "not set"; what is written for the mask sets it."""
    config = lvscf.loads(f"virtual a {{\npmask = {word}\n}}\n")
    (virtual,) = config.virtual_servers

    assert (virtual.pmask, virtual.effective.pmask) == ("0xffffffff", "255.255.255.255")
    assert f"pmask = {word}\n" in lvscf.dumps(config)
    assert lvscf.loads(lvscf.dumps(lvscf.from_dict(lvscf.to_dict(config)))) == config


def test_every_value_knows_its_span() -> None:
    """`span_of` gives the value's words, or the name of a block."""
    document = lvscf.parse(PAIR, "lvs.cf")
    (web,) = document.config.virtual_servers

    address = document.span_of(web, "address")
    assert address is not None
    assert (address.line, address.column, address.end_column) == (4, 16, 35)
    assert PAIR[address.start : address.end] == "10.10.1.20   eth0:1"
    name = document.span_of(web.servers[0])
    assert name is not None
    assert str(name) == "lvs.cf:6:13"
    assert document.span_of(document.config, "keepalive") is not None
    assert document.span_of(document.config, "deadtime") is None
    assert document.span_of(document.config) is None
    assert document.span_of(lvscf.Config(keepalive=3), "keepalive") is None


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_spans_where_piranha_reads_something_else(end: str) -> None:
    """What Piranha sees of a text with carriage returns, and what was meant, have their places."""
    document = lvscf.parse(f"primary = 10.10.1.21{end}virtual web {{{end}}}\n")

    for config in (document.config, document.intended):
        span = document.span_of(config, "primary")
        assert span is not None
        assert (span.start, span.line, span.column) == (10, 1, 11)
    (web,) = document.intended.virtual_servers
    name = document.span_of(web)
    assert name is not None
    assert (name.line, name.column) == (2, 9)


def test_spans_of_what_is_not_there() -> None:
    """A misspelt directive, and a value of another document, are errors."""
    (web,) = lvscf.parse(PAIR).config.virtual_servers

    with pytest.raises(ValueError, match="no directive 'adress' in a VirtualServer"):
        lvscf.parse(PAIR).span_of(web, "adress")
    with pytest.raises(ValueError, match="does not come from this document"):
        lvscf.parse("# another\n" + PAIR).span_of(web, "address")
    with pytest.raises(ValueError, match="does not come from this document"):
        lvscf.parse("# another\n" + PAIR).span_of(web)


def test_values_of_a_misread_file_know_their_span() -> None:
    """Where Piranha reads another text, values of both views are found in the one written."""
    text = "keepalive = 6\r\n# {\r\n# }\r\n"
    document = lvscf.parse(text)

    for config in (document.config, document.intended):
        span = document.span_of(config, "keepalive")
        assert span is not None
        assert (span.line, text[span.start : span.end]) == (1, "6")


def test_errors_can_be_pickled() -> None:
    """A refusal survives the way between processes."""
    import pickle

    with pytest.raises(lvscf.RefusedError) as caught:
        lvscf.loads("x", "lvs.cf")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.line, again.message) == (
        "lvs.cf:1:1: unknown command",
        1,
        "unknown command",
    )


def test_columns_count_characters() -> None:
    """A character of several bytes is one column."""
    document = lvscf.parse("# é\nactive_cmd = /é é\n".encode())

    assert document.refusal is not None
    assert (document.findings[0].span.line, document.findings[0].span.column) == (2, 17)


@pytest.mark.parametrize(("end", "lines"), [("\n", 3), ("\r\n", 3), ("\r", 3)])
def test_lines_end_as_the_writer_meant(end: str, lines: int) -> None:
    """Whatever ends the lines, they are counted as any editor does."""
    document = lvscf.parse(end.join(["serial_no = 1", "foo = 1", "bar = 1"]))

    unknown = [finding.span.line for finding in document.findings if finding.code == "LVS001"]
    assert unknown == [2, 3]
    assert len(document.source.line_starts) == lines


def test_config_is_what_piranha_sees() -> None:
    """Of a file with CRLF line ends Piranha sees the first line; the writer meant all of them."""
    document = lvscf.parse("keepalive = 6\r\ndeadtime = 18\r\n")

    assert document.refusal is None
    assert (document.config.keepalive, document.config.deadtime) == (6, None)
    assert (document.intended.keepalive, document.intended.deadtime) == (6, 18)


def test_a_forgotten_quote_ends_the_block() -> None:
    """A line that begins with a bad quote is the end of a virtual block, but not on its first."""
    document = lvscf.parse('virtual a {\nactive = 1\n"x y\nkeepalive = 3\n')

    assert document.refusal is None
    assert document.config.keepalive == 3
    first = lvscf.parse('virtual a {\n"x y\n}\n').refusal
    assert first is not None
    assert (first.message, first.line) == ("quotation mismatch", 2)


def test_words_before_a_forgotten_quote_count() -> None:
    """Behind a complete directive, a bad quote changes nothing for Piranha."""
    document = lvscf.parse('virtual a {\nactive = 1\nport = 90 "x\n}\n')

    assert document.refusal is None
    assert document.config.virtual_servers[0].port == 90
    assert [finding.code for finding in document.findings] == ["LVS006"]


def test_load_tells_why_it_refuses() -> None:
    """`loads` raises with Piranha's message, its line, and the column."""
    with pytest.raises(lvscf.RefusedError) as caught:
        lvscf.loads("keepalive = 6\ndeadtime = six\n", "lvs.cf")

    assert caught.value.message == "integer expected"
    assert (caught.value.line, caught.value.column) == (2, 12)
    assert str(caught.value) == "lvs.cf:2:12: integer expected"


def test_an_empty_file_has_no_line_to_name() -> None:
    """The daemon logs line 0, which is no place in a file."""
    with pytest.raises(lvscf.RefusedError) as caught:
        lvscf.loads("", "lvs.cf")

    assert caught.value.line == 0
    assert str(caught.value) == "lvs.cf: Empty configuration"


def test_what_is_no_text_is_told() -> None:
    """A path, say, is no content."""
    with pytest.raises(TypeError, match="a text must be bytes or str, not PosixPath"):
        lvscf.parse(Path("/lvs.cf"))  # type: ignore[arg-type]


def test_a_crash_is_a_refusal() -> None:
    """A file that crashes the reader is not loaded."""
    with pytest.raises(lvscf.RefusedError, match="crash"):
        lvscf.loads('"\n')


def test_items_are_lines_and_blocks() -> None:
    """The tree of a document has the shape of the file."""
    document = lvscf.parse(PAIR)

    kinds = [type(item).__name__ for item in document.items]
    assert kinds == ["Directive", "Directive", "Block", "Block"]
    web = document.items[2]
    assert isinstance(web, Block)
    assert (web.keyword, web.name, web.header.text) == ("virtual", "web", "virtual web {\n")
    (send,) = web.directives("send")
    assert isinstance(send, Directive)
    assert [word.text for word in send.words] == ["send", "=", "GET / HTTP/1.0\\r\\n\\r\\n"]


@pytest.mark.parametrize("vector", reader_verdicts()[::10], ids=lambda vector: str(vector["id"]))
def test_findings_are_in_order_and_once(vector: dict[str, str]) -> None:
    """No place has the same finding twice, and findings follow the text."""
    findings = lint(lvscf.parse(vector["text"]))

    places = [(finding.span.start, finding.code) for finding in findings]
    assert places == sorted(set(places))
