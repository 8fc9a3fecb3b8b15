"""`document.replace(config)`: the smallest edit that makes a text say another configuration."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import lvscf
from lvscf import AddressOnDevice, Config, FailoverService, RealServer, VirtualServer
from lvscf.piranha.directives import BY_SCOPE, Scope
from lvscf.source import with_line_feeds
from tests.configs import CONFIGS, NAMES, changed, sound_texts, values
from tests.strategies import ANYTHING
from tests.vectors import reader_verdicts

# --- examples: before, what changes, after ----------------------------------------------------

Change = Callable[[Config], Config]


def config(**said: Any) -> Change:
    return lambda config: evolve(config, **said)


def service(index: int = 0, **said: Any) -> Change:
    def change(config: Config) -> Config:
        services = list(config.virtual_servers)
        services[index] = evolve(services[index], **said)
        return evolve(config, virtual_servers=tuple(services))

    return change


def server(index: int = 0, **said: Any) -> Change:
    def change(config: Config) -> Config:
        servers = list(config.virtual_servers[0].servers)
        servers[index] = evolve(servers[index], **said)
        return service(servers=tuple(servers))(config)

    return change


def services(*order: int | VirtualServer) -> Change:
    def change(config: Config) -> Config:
        there = config.virtual_servers
        found = [one if isinstance(one, VirtualServer) else there[one] for one in order]
        return evolve(config, virtual_servers=tuple(found))

    return change


def servers(*order: int | RealServer) -> Change:
    def change(config: Config) -> Config:
        there = config.virtual_servers[0].servers
        found = [one if isinstance(one, RealServer) else there[one] for one in order]
        return service(servers=tuple(found))(config)

    return change


def both(*changes: Change) -> Change:
    def change(config: Config) -> Config:
        for one in changes:
            config = one(config)
        return config

    return change


EXAMPLES: dict[str, tuple[str, Change, str]] = {
    # values change in place
    "spacing stays": (
        "keepalive\t=   6  \n", config(keepalive=10), "keepalive\t=   10  \n",
    ),
    "quotes stay": (
        "rsh_command = 'ssh'\n", config(rsh_command="rsh"), "rsh_command = 'rsh'\n",
    ),
    "quotes come where they are needed": (
        "active_cmd = /bin/a\n", config(active_cmd="/bin/a b"), 'active_cmd = "/bin/a b"\n',
    ),
    "other quotes where the old ones would close": (
        'active_cmd = "a b"\n', config(active_cmd='a "b"'), "active_cmd = 'a \"b\"'\n",
    ),
    "quotes that hold no blank must end the line": (
        'active_cmd = "a b"  \n', config(active_cmd="ab"), 'active_cmd = "ab"\n',
    ),
    "only the device changes": (
        "virtual a {\n address = 10.1 \t eth0:1\n}\n",
        service(address=AddressOnDevice("10.0.0.1", "eth0:2")),
        "virtual a {\n address = 10.1 \t eth0:2\n}\n",
    ),
    "only the address changes": (
        "virtual a {\n address = 10.1 \t eth0:1\n}\n",
        service(address=AddressOnDevice("10.0.0.2", "eth0:1")),
        "virtual a {\n address = 10.0.0.2 \t eth0:1\n}\n",
    ),
    "send brings its quotes along": (
        "virtual a {\n send = PING\n}\n",
        service(send='"GET / HTTP/1.0"'),
        'virtual a {\n send = "GET / HTTP/1.0"\n}\n',
    ),
    "what stands behind a list stays": (
        "virtual a {\n dirs = [ a  b ] x\n}\n",
        service(dirs=("a", "c d")),
        'virtual a {\n dirs = [ a  "c d" ] x\n}\n',
    ),
    "the last of a directive given twice is in force": (
        "keepalive = 3\nkeepalive = 0x6\n", config(keepalive=7), "keepalive = 3\nkeepalive = 7\n",
    ),
    "a last line without its end": ("keepalive = 3", config(keepalive=4), "keepalive = 4"),
    # new directives
    "in canonical order": (
        "primary = 10.0.0.1\nkeepalive = 6\n",
        config(backup="10.0.0.2", deadtime=18, serial_no=1),
        "serial_no = 1\nprimary = 10.0.0.1\nbackup = 10.0.0.2\nkeepalive = 6\ndeadtime = 18\n",
    ),
    "in the indentation of the neighbours": (
        "virtual a {\n\tactive = 1\n\t\tport = 80\n}\n",
        service(protocol="tcp", vip_nmask="255.255.255.0"),
        "virtual a {\n\tactive = 1\n\tvip_nmask = 255.255.255.0\n\t\tport = 80\n"
        "\t\tprotocol = tcp\n}\n",
    ),
    "not between a directive and its comment": (
        "# how often\nkeepalive = 6\n",
        config(primary="10.0.0.1"),
        "primary = 10.0.0.1\n# how often\nkeepalive = 6\n",
    ),
    "below a comment about the file": (
        "# lvscf: ignore-file[LVS204]\nkeepalive = 6\n",
        config(primary="10.0.0.1"),
        "# lvscf: ignore-file[LVS204]\nprimary = 10.0.0.1\nkeepalive = 6\n",
    ),
    "a comment about the file stays, however it is spaced": (
        "#lvscf:ignore-file[LVS204]\n# how often\nkeepalive = 6\nserial_no = 1\n",
        config(keepalive=None),
        "#lvscf:ignore-file[LVS204]\nserial_no = 1\n",
    ),
    "a comment that only speaks of such comments goes with its directive": (
        "# why no lvscf: ignore-file here\nkeepalive = 6\nserial_no = 1\n",
        config(keepalive=None),
        "serial_no = 1\n",
    ),
    "into an empty block": (
        "virtual a {\n}\n", service(active=True), "virtual a {\n     active = 1\n}\n",
    ),
    "into an empty block, indented as others": (
        "virtual a {\n}\nvirtual b {\n\tactive = 1\n}\n",
        service(active=True),
        "virtual a {\n\tactive = 1\n}\nvirtual b {\n\tactive = 1\n}\n",
    ),
    "above new servers, too": (
        "virtual a {\n # note\n}\n",
        service(port=81, servers=(RealServer("x"),)),
        "virtual a {\n # note\n     port = 81\n     server x {\n     }\n}\n",
    ),
    "above the blocks if there is no other": (
        "# mine\n\n# web\nvirtual a {\n}\n",
        config(keepalive=3),
        "# mine\n\nkeepalive = 3\n# web\nvirtual a {\n}\n",
    ),
    "behind a last line without its end": (
        "keepalive = 3", config(deadtime=9), "keepalive = 3\ndeadtime = 9\n",
    ),
    "into a file of comments": (
        "# mine\n\n", config(keepalive=3), "# mine\n\nkeepalive = 3\n",
    ),
    "before a NUL, behind which nothing is read": (
        "keepalive = 3\n\0x", config(deadtime=9), "keepalive = 3\ndeadtime = 9\n\0x",
    ),
    "into an empty file": ("", config(keepalive=3), "keepalive = 3\n"),
    "into a failover block, in its own order": (
        "failover a {\n  address = 10.1 eth0\n  port = 80\n}\n",
        lambda config: evolve(
            config, failover_services=(evolve(config.failover_services[0], active=True),)
        ),
        "failover a {\n  address = 10.1 eth0\n  active = 1\n  port = 80\n}\n",
    ),
    # directives go
    "with their comments, and nothing else": (
        "# the file\n\n# how often\n#  (seconds)\nkeepalive = 6\n\n# next\ndeadtime = 18\n",
        config(keepalive=None),
        "# the file\n\n\n# next\ndeadtime = 18\n",
    ),
    "every line of them": (
        "keepalive = 3\ndeadtime = 9\nkeepalive = 6\n", config(keepalive=None), "deadtime = 9\n",
    ),
    "the last one": ("keepalive = 3\n", config(keepalive=None), "\n"),
    # blocks
    "a block is added behind its neighbour, in its style": (
        "virtual a {\n  active = 1\n  server x {\n      weight = 1\n  }\n}\nfailover f {\n}\n",
        services(0, VirtualServer("b", port=80, servers=(RealServer("y", active=True),))),
        "virtual a {\n  active = 1\n  server x {\n      weight = 1\n  }\n}\n"
        "virtual b {\n  port = 80\n  server y {\n      active = 1\n  }\n}\nfailover f {\n}\n",
    ),
    "with an empty line, if the neighbours have that": (
        "virtual a {\n}\n\nvirtual b {\n}\n",
        services(0, 1, VirtualServer("c")),
        "virtual a {\n}\n\nvirtual b {\n}\n\nvirtual c {\n}\n",
    ),
    "the first block is written as the GUI does": (
        "serial_no = 1\n",
        services(VirtualServer("a", servers=(RealServer("x", weight=1),), port=80)),
        "serial_no = 1\nvirtual a {\n     port = 80\n     server x {\n         weight = 1\n"
        "     }\n}\n",
    ),
    "failover services go before virtual servers": (
        "\nvirtual a {\n\tactive = 1\n}\n",
        config(failover_services=(FailoverService("f", active=True),)),
        "\nfailover f {\n\tactive = 1\n}\n\nvirtual a {\n\tactive = 1\n}\n",
    ),
    "the first server goes behind what is there": (
        "virtual a {\n\tport = 80\n\t# end\n}\n",
        servers(RealServer("x", weight=1)),
        "virtual a {\n\tport = 80\n\t# end\n\tserver x {\n\t\tweight = 1\n\t}\n}\n",
    ),
    "a block goes with its comment": (
        "# one\n\n# two\nvirtual a {\n}\n# three\nvirtual b {\n}\n",
        services(1),
        "# one\n\n# three\nvirtual b {\n}\n",
    ),
    "a block is renamed in place": (
        "virtual  'a b'  {\n # note\n active = 01\n}\n",
        service(name="c d"),
        "virtual  'c d'  {\n # note\n active = 01\n}\n",
    ),
    "a block is renamed, and changed": (
        "virtual a {\n address = 10.1 eth0\n # note\n active = 01\n}\n",
        service(name="b", active=False),
        "virtual b {\n address = 10.1 eth0\n # note\n active = 0\n}\n",
    ),
    "a block moves, its comment and its empty line with it": (
        "# one\nvirtual a {\n active = 01\n}\n\n# ----\n\nvirtual b {\n}\n\nvirtual c {\n}\n",
        services(1, 2, 0),
        "\n# ----\n\nvirtual b {\n}\n\nvirtual c {\n}\n\n# one\nvirtual a {\n active = 01\n}\n",
    ),
    "a block moves to the front": (
        "serial_no = 1\n\nvirtual a {\n}\n\nvirtual b {\n}\n\nvirtual c {\n}\n",
        services(2, 0, 1),
        "serial_no = 1\n\nvirtual c {\n}\n\nvirtual a {\n}\n\nvirtual b {\n}\n",
    ),
    "a block without an address is known by its place and what it says": (
        "virtual a {\n}\nvirtual b {\n fwmark = 01\n timeout = 5\n # note\n reentry = 9\n}\n",
        services(0, VirtualServer("c", fwmark=1, timeout=6, reentry=9)),
        "virtual a {\n}\nvirtual c {\n fwmark = 01\n timeout = 6\n # note\n reentry = 9\n}\n",
    ),
    "and is another one if it says something else": (
        "virtual a {\n}\n# mine\nvirtual b {\n fwmark = 1\n timeout = 5\n}\n",
        services(0, VirtualServer("c", fwmark=2, timeout=6)),
        "virtual a {\n}\nvirtual c {\n fwmark = 2\n timeout = 6\n}\n",
    ),
    "servers stand as the GUI has them where services do": (
        "virtual a {\n     active = 1\n}\n",
        servers(RealServer("x", weight=1)),
        "virtual a {\n     active = 1\n     server x {\n         weight = 1\n     }\n}\n",
    ),
    "a faulty header is written anew with another name": (
        "  virtual a{\n port = 81\n}\n",
        service(name="b"),
        "  virtual b {\n port = 81\n}\n",
    ),
    "blocks change places, what is between them stays": (
        "# one\nvirtual a {\n}\n\n# ----\n\nvirtual b {\n}\n\nvirtual c {\n}\n",
        services(2, 1, 0),
        "virtual c {\n}\n\n# ----\n\nvirtual b {\n}\n\n# one\nvirtual a {\n}\n",
    ),
    "one of them leaves while another moves": (
        "virtual a {\n}\nvirtual b {\n}\nvirtual c {\n}\n# d\nvirtual d {\n active = 01\n}\n",
        services(3, 0, 2),
        "# d\nvirtual d {\n active = 01\n}\nvirtual a {\n}\nvirtual c {\n}\n",
    ),
    "two blocks of one name are two blocks": (
        "virtual a {\n port = 1\n}\nvirtual a {\n port = 02\n}\n",
        services(1),
        "virtual a {\n port = 02\n}\n",
    ),
    # ports: a server without one takes the port that its virtual server has at that line
    "a new port goes above the servers": (
        "virtual a {\n server x {\n }\n protocol = tcp\n}\n",
        service(port=81),
        "virtual a {\n port = 81\n server x {\n }\n protocol = tcp\n}\n",
    ),
    "servers above the port keep theirs": (
        "virtual a {\n port = 81\n server x {\n }\n port = 82\n}\n",
        service(port=83),
        "virtual a {\n port = 81\n server x {\n }\n port = 83\n}\n",
    ),
    "and say it when it would be another": (
        "virtual a {\n port = 81\n server x {\n  weight = 1\n }\n port = 82\n}\n",
        service(port=None),
        "virtual a {\n server x {\n  port = 81\n  weight = 1\n }\n}\n",
    ),
    "a server that says no port wants the one of its virtual server": (
        "virtual a {\n active = 1\n server x {\n  port = 81\n }\n # late\n port = https\n}\n",
        server(port=None),
        "virtual a {\n active = 1\n port = https\n server x {\n }\n}\n",
    ),
    "the port above the servers is the one": (
        "virtual a {\n port =  81\n server x {\n }\n port = 82\n}\n",
        server(port=None),
        "virtual a {\n port =  82\n server x {\n }\n}\n",
    ),
    "a server that moves takes its port along": (
        "virtual a {\n server x {\n }\n port = 82\n server y {\n }\n}\n",
        servers(1, 0),
        "virtual a {\n port = 82\n server y {\n }\n server x {\n  port = 80\n }\n}\n",
    ),
    # what is missing or wrong nearby
    "a missing brace is written where something comes behind": (
        "virtual a {\n server x {\n",
        services(0, VirtualServer("b")),
        "virtual a {\n server x {\n }\n}\nvirtual b {\n}\n",
    ),
    "and not where nothing does": (
        "virtual a {\n port = 80", service(port=81), "virtual a {\n port = 81",
    ),
    "text behind a brace stays": (
        "virtual a {\n port = 80\n} # a\n", service(port=81), "virtual a {\n port = 81\n} # a\n",
    ),
    "refused lines stay": (
        "foo = 1\nkeepalive = six\ndeadtime = 9\n",
        config(keepalive=6, deadtime=18),
        "foo = 1\nkeepalive = six\nkeepalive = 6\ndeadtime = 18\n",
    ),
    "a byte-order mark stays": (
        "\ufeffkeepalive = 6\n", config(keepalive=7), "\ufeffkeepalive = 7\n",
    ),
    "a quote that Piranha forgets goes with the value before it": (
        'virtual a {\n active = 1\n port = 90 "x\n}\n',
        service(port=91),
        "virtual a {\n active = 1\n port = 91\n}\n",
    ),
    "a quote that Piranha takes for a brace stays one": (
        'virtual a {\n active = 1\n"x y\nkeepalive = 3\n',
        config(keepalive=4),
        'virtual a {\n active = 1\n"x y\nkeepalive = 4\n',
    ),
    "carriage returns stay where lines only change": (
        "keepalive = 6\r\ndeadtime = 9\r\n",
        config(keepalive=7),
        "keepalive = 7\r\ndeadtime = 9\r\n",
    ),
    "where they are the only line ends, new lines get them": (
        "keepalive = 6\rdeadtime = 9\r",
        config(keepalive=7, network="nat"),
        "keepalive = 7\rdeadtime = 9\rnetwork = nat\r",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "change", "after"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_example(before: str, change: Change, after: str) -> None:
    """The edit is the one that a careful person would make."""
    document = lvscf.parse(before)
    wanted = change(document.config)

    replaced = document.replace(wanted)
    assert str(replaced) == after
    assert replaced.config == wanted


def test_mended_line_ends_say_what_was_meant() -> None:
    """Where Piranha reads one line of a CRLF file, what was meant can be written with LF."""
    document = lvscf.parse("keepalive = 6\r\n# nine\r\ndeadtime = 9\r\n", "lvs.cf")

    mended = document.replace(evolve(document.intended, deadtime=18))
    assert str(mended) == "keepalive = 6\n# nine\ndeadtime = 18\n"
    assert mended.filename == "lvs.cf"


def test_new_lines_in_a_crlf_file_say_what_piranha_saw() -> None:
    """A new line needs a line end that Piranha takes for one, so all of them become that."""
    document = lvscf.parse("keepalive = 6\r\n# nine\r\ndeadtime = 9\r\n")

    replaced = document.replace(evolve(document.config, serial_no=1))
    assert str(replaced) == "serial_no = 1\nkeepalive = 6\n"


def test_lines_that_piranha_never_saw_do_not_come_to_light() -> None:
    """A file that Piranha loads stays one: what it would refuse with sound line ends goes quiet."""
    document = lvscf.parse("keepalive = 6\r\nfoo = 1\r\n")

    replaced = document.replace(evolve(document.config, serial_no=1))
    assert str(replaced) == "serial_no = 1\nkeepalive = 6\n# foo = 1\n"
    assert replaced.refusal is None

    document = lvscf.parse(
        "keepalive = 6\r\nerver a {\r\n weight = 1\r\n}\r\nvirtual b {\r\n}}\r\n"
    )
    replaced = document.replace(evolve(document.intended, serial_no=1))
    assert str(replaced) == (
        "serial_no = 1\nkeepalive = 6\n# erver a {\n#  weight = 1\n# }\n\nvirtual b {\n}\n"
    )


def test_what_nearby_faults_would_spoil_is_mended() -> None:
    """A bad quote that is not forgotten any more, on the first line of its block."""
    document = lvscf.parse('virtual a {\n active = 1\n port = 90 "x\n fwmark 3\n')

    (virtual,) = document.config.virtual_servers
    replaced = document.replace(
        evolve(document.config, virtual_servers=(evolve(virtual, active=None),))
    )
    assert str(replaced) == "virtual a {\n port = 90\n fwmark 3\n}\n"
    assert replaced.refusal is not None  # as before: the line is still there


def test_all_that_is_wrong_is_mended_or_a_comment() -> None:
    """Whatever is wrong in a file that Piranha loaded since it misread it; and nothing is lost."""
    document = lvscf.parse(
        "# mine\r\nvirtual a{\r\n  # note\r\n  server x{\r\n  }}\r\n  weight = 1\r\n\r\n} # end\r\n"
        "keepalive = 6 # six\r\n}\r\nvirtual\r\n{\r\n\0 }\r\n"
    )
    assert document.refusal is None

    meant = document.intended
    wanted = evolve(meant, serial_no=1, virtual_servers=meant.virtual_servers[:1])
    replaced = document.replace(wanted)
    assert replaced.refusal is None
    assert str(replaced) == (
        "serial_no = 1\n# mine\nvirtual a {\n  # note\n  server x {\n  }\n#   weight = 1\n\n} # end\n"
        "# keepalive = 6 # six\n# }\n\n\0 }\r\n"
    )


def test_a_text_that_says_something_else_is_never_returned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What comes out is read again, and has to say what was asked for."""
    from lvscf.writing import put

    monkeypatch.setattr(put, "texts", lambda reading, config: ["keepalive = 3\n", "x\n"])
    with pytest.raises(ValueError, match="fix what `findings` reports first"):
        lvscf.parse("serial_no = 1\n").replace(Config(keepalive=4))


# --- laws -------------------------------------------------------------------------------------


def check_laws(document: lvscf.Document, config: Config) -> lvscf.Document:
    """GetPut and PutGet; and a second put of the same changes nothing.

    A file that Piranha refuses may have to be corrected first.
    """
    assert document.replace(document.config) is document
    try:
        replaced = document.replace(config)
    except ValueError as reason:
        if document.refusal is None or "fix what `findings` reports first" not in str(reason):
            raise
        return document
    assert replaced.config == config
    assert bytes(replaced.replace(config)) == bytes(replaced)
    if document.refusal is None:
        assert replaced.refusal is None
    elif replaced.refusal is None:
        assert text_is_empty_or_a_refused_line_is_gone(document, replaced)
    return replaced


def text_is_empty_or_a_refused_line_is_gone(
    document: lvscf.Document, replaced: lvscf.Document
) -> bool:
    before, after = (with_line_feeds(str(one)) for one in (document, replaced))
    lines = map(with_line_feeds, document.reading.refused_lines)
    return not before or any(after.count(line) < before.count(line) for line in lines)


def cannot_be_written(config: Config) -> bool:
    try:
        lvscf.dumps(config)
    except ValueError:
        return True
    return False


many = settings(max_examples=150, deadline=None)


@many
@example('virtual a {\n active = 1\n"x y\n}\n', Config(keepalive=3))
@given(ANYTHING, CONFIGS)
def test_any_text_can_say_any_configuration(text: str, config: Config) -> None:
    """Whatever the text, it can be made to say whatever can be said."""
    check_laws(lvscf.parse(text), config)


@many
@given(ANYTHING, st.booleans(), st.data())
def test_lens_laws(text: str, seen: bool, data: st.DataObject) -> None:
    """Any change of what a text says can be put into the text."""
    document = lvscf.parse(text)
    config = data.draw(changed(document.config if seen else document.intended))
    if cannot_be_written(config):
        assert document.findings  # a faulty header has a name that no sound one could have
        return

    check_laws(document, config)


@pytest.mark.parametrize("vector", reader_verdicts()[::7], ids=lambda vector: str(vector["id"]))
def test_laws_on_the_conformance_vectors(vector: dict[str, str]) -> None:
    """On texts of every kind: one value changed, one gone, a block more, a block less."""
    document = lvscf.parse(vector["text"])
    config = document.config
    added = evolve(config, virtual_servers=(VirtualServer("new"), *config.virtual_servers))
    less = evolve(config, virtual_servers=config.virtual_servers[1:])
    for wanted in (evolve(config, keepalive=77), evolve(config, serial_no=None), added, less):
        check_laws(document, wanted)


# --- the edit is local ------------------------------------------------------------------------

sound = settings(max_examples=60, deadline=None)


@sound
@given(sound_texts(), st.data())
def test_put_twice(text: str, data: st.DataObject) -> None:
    """Numbers put over numbers leave the text as if the first had never been put."""
    document = lvscf.parse(text)
    said = [
        row.name
        for row in BY_SCOPE[Scope.GLOBAL].values()
        if type(getattr(document.config, row.name)) is int
    ]
    assume(said)
    name = data.draw(st.sampled_from(said))
    changes: list[dict[str, Any]] = [{name: -77}, {name: -78}]
    one, other = (evolve(document.config, **change) for change in changes)

    assert document.replace(one).replace(other) == document.replace(other)


@sound
@given(sound_texts(), st.data())
def test_a_changed_value_changes_one_line(text: str, data: st.DataObject) -> None:
    """All other lines stay as they are, byte for byte."""
    document = lvscf.parse(text)
    config = document.config
    rows = BY_SCOPE[Scope.GLOBAL].values()
    said = [row for row in rows if getattr(config, row.name) is not None]
    assume(said)
    row = data.draw(st.sampled_from(said))
    wanted = evolve(config, **{row.name: data.draw(values(row))})

    before = text.split("\n")
    after = str(check_laws(document, wanted)).split("\n")
    assert len(before) == len(after)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == (wanted != config)


def is_subsequence(few: list[str], many: list[str]) -> bool:
    rest = iter(many)
    return all(line in rest for line in few)


@sound
@given(sound_texts(), st.data())
def test_a_new_directive_is_a_new_line(text: str, data: st.DataObject) -> None:
    """All lines stay, and one more is there."""
    document = lvscf.parse(text)
    config = document.config
    rows = BY_SCOPE[Scope.GLOBAL].values()
    row = data.draw(st.sampled_from([row for row in rows if getattr(config, row.name) is None]))
    wanted = evolve(config, **{row.name: data.draw(values(row))})

    before = text.split("\n")
    after = str(check_laws(document, wanted)).split("\n")
    assert is_subsequence(before, after)
    assert len(after) == len(before) + 1 or text.endswith("# the end")
    if any(getattr(config, row.name) is not None for row in rows):
        assert str(document.replace(wanted).replace(config)) == text


@sound
@given(sound_texts(), st.data())
def test_a_removed_block_takes_no_other_line_along(text: str, data: st.DataObject) -> None:
    """What remains was there, in this order; other blocks keep every byte."""
    document = lvscf.parse(text)
    config = document.config
    assume(config.virtual_servers)
    blocks = list(config.virtual_servers)
    gone = data.draw(st.integers(0, len(blocks) - 1))
    del blocks[gone]

    after = str(check_laws(document, evolve(config, virtual_servers=tuple(blocks))))
    assert after == "\n" or is_subsequence(after.split("\n")[:-1], text.split("\n"))
    for block in blocks:
        assert block.origin is not None
        assert block.origin.block is not None
        written = block.origin.block
        assert text[written.header.start : written.end].rstrip("\n") in after


@sound
@given(sound_texts(), NAMES)
def test_a_new_name_changes_the_header(text: str, name: str) -> None:
    """Renaming a block changes one line."""
    document = lvscf.parse(text)
    config = document.config
    assume(config.virtual_servers)
    first, *others = config.virtual_servers
    assume(all(name != other.name and other.name != first.name for other in others))
    renamed = evolve(config, virtual_servers=(evolve(first, name=name), *others))

    before = text.split("\n")
    after = str(check_laws(document, renamed)).split("\n")
    assert len(before) == len(after)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == (name != first.name)


def test_blocks_that_are_not_changed_are_not_even_read_again() -> None:
    """Of many virtual servers, one line changes."""
    text = "".join(
        f"virtual v{n} {{\n  address = 10.{n >> 8}.{n & 255}.1 eth0\n  active =  01\n"
        f"  server a {{\n    weight =  0x1\n  }}\n}}\n"
        for n in range(500)
    )
    document = lvscf.parse(text)

    after = str(document.replace(service(250, active=False)(document.config)))
    assert after == text.replace(
        "10.0.250.1 eth0\n  active =  01", "10.0.250.1 eth0\n  active =  0"
    )
