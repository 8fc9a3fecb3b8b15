"""Canonical text: what the Piranha GUI writes, and what reads back as the same configuration."""

from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, assume, given, settings

import lvscf
from lvscf import AddressOnDevice, Config, FailoverService, RealServer, VirtualServer
from tests.configs import CONFIGS
from tests.reader_model import read
from tests.strategies import FILES
from tests.vectors import gui_pairs, reader_verdicts

LOST = {"add_defaults", "dropped_directives", "sync_daemon"}
"""Pairs in which the GUI adds blocks, or drops directives that it does not know."""


@pytest.mark.parametrize("pair", gui_pairs(), ids=lambda pair: pair["name"])
def test_gui_output_is_canonical(pair: dict[str, str]) -> None:
    """What the GUI wrote and Piranha loads, `dumps` writes byte for byte."""
    document = lvscf.parse(pair["out"])

    if document.refusal is None:
        assert lvscf.dumps(document.config) == pair["out"]
    else:
        assert pair["class"] == "hazard"


@pytest.mark.parametrize(
    "pair",
    [pair for pair in gui_pairs() if pair["class"] == "clean" and pair["name"] not in LOST],
    ids=lambda pair: pair["name"],
)
def test_dumps_writes_what_the_gui_writes(pair: dict[str, str]) -> None:
    """From the same file as the GUI, but for the serial number that it counts."""
    serial_no = lvscf.loads(pair["out"]).serial_no

    config = evolve(lvscf.parse(pair["in"]).config, serial_no=serial_no)
    assert lvscf.dumps(config) == pair["out"]


def test_server_ports_survive_the_new_order() -> None:
    """A port behind a server does not reach it; in canonical order it would, so it is written."""
    (pair,) = (pair for pair in gui_pairs() if pair["name"] == "hz_directives_after_servers")

    config = lvscf.loads(pair["in"])
    text = lvscf.dumps(config)
    assert "port = 8080\n     server a" in text
    assert "port = 80\n     }" in text
    assert lvscf.loads(text).effective == config.effective
    assert lvscf.loads(pair["out"]).effective != config.effective  # the GUI changes the port


def assert_reads_back(config: Config) -> None:
    text = lvscf.dumps(config)

    assert lvscf.loads(text) == config
    assert lvscf.loads(text.encode("utf-8", "surrogateescape")) == config
    assert lvscf.dumps(lvscf.loads(text)) == text


@settings(max_examples=150, deadline=None)
@given(CONFIGS)
def test_what_is_written_reads_back(config: Config) -> None:
    """`loads(dumps(c)) == c`, as text and as bytes, and canonical text stays as it is."""
    assert_reads_back(config)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(FILES)
def test_what_was_read_reads_back(text: str) -> None:
    """The same for what odd files say, as long as Piranha loads them."""
    document = lvscf.parse(text)
    assume(document.refusal is None)

    assert_reads_back(document.config)


@settings(max_examples=200, deadline=None)
@given(CONFIGS)
def test_another_reader_agrees(config: Config) -> None:
    """The independent model of Piranha's reader takes every canonical text, and sees the values."""
    seen = read(lvscf.dumps(config))

    effective = config.effective
    for name in ("serial_no", "keepalive", "network", "active_cmd", "rsh_command", "ipvsadm"):
        assert seen[name] == getattr(effective, name)
    services = [*effective.failover_services, *effective.virtual_servers]
    assert [one["name"] for one in seen["virtuals"]] == [service.name for service in services]
    for one, service in zip(seen["virtuals"], services, strict=True):
        for name in ("port", "send", "expect", "client_monitor", "fwmark", "scheduler"):
            assert one[name] == getattr(service, name)
        assert [(server["name"], server["port"]) for server in one["servers"]] == [
            (server.name, server.port) for server in service.servers
        ]


def test_files_that_piranha_loads_survive() -> None:
    """Of every file of the conformance vectors that loads, the canonical text says the same."""
    loaded = [vector["text"] for vector in reader_verdicts() if vector["verdict"] == "accepted"]

    unsayable = 0
    assert len(loaded) > 100
    for text in loaded:
        config = lvscf.loads(text)
        try:
            canonical = lvscf.dumps(config)
        except ValueError:
            if "\r" not in text:
                raise
            unsayable += 1  # a line feed inside a line that ends in a CR
            continue
        assert lvscf.loads(canonical) == config
    assert unsayable < 10


def test_canonical_order() -> None:
    """Globals, failover services, virtual servers; failover services begin in another order."""
    said: dict[str, Any] = {
        "active": True,
        "address": AddressOnDevice("10.0.0.1", "eth0:1"),
        "port": 80,
    }
    config = Config(
        service="fos",
        serial_no=7,
        virtual_servers=(VirtualServer("web", servers=(RealServer("one", weight=2),), **said),),
        failover_services=(FailoverService("db", timeout=6, stop_cmd='"/bin/false"', **said),),
    )

    assert lvscf.dumps(config) == (
        "serial_no = 7\n"
        "service = fos\n"
        "failover db {\n"
        "     address = 10.0.0.1 eth0:1\n"
        "     active = 1\n"
        "     port = 80\n"
        "     timeout = 6\n"
        '     stop_cmd = "/bin/false"\n'
        "}\n"
        "virtual web {\n"
        "     active = 1\n"
        "     address = 10.0.0.1 eth0:1\n"
        "     port = 80\n"
        "     server one {\n"
        "         weight = 2\n"
        "     }\n"
        "}\n"
    )


def test_values_keep_their_words() -> None:
    """What was read and not changed is written as it was; what was changed, in its quotes."""
    config = lvscf.loads(
        'keepalive = 0x6\nheartbeat_port =  https\nprimary = 10.1\nrsh_command = "ssh"\n'
        "virtual 'a b' {\naddress = 10.2\teth0\nport = http\n}\n"
    )
    (virtual,) = config.virtual_servers
    virtual = evolve(virtual, address=AddressOnDevice("10.0.0.2", "eth1"), name="c d")

    text = lvscf.dumps(evolve(config, rsh_command="rsh", virtual_servers=(virtual,)))
    assert text == (
        'primary = 10.1\nrsh_command = "rsh"\nheartbeat_port = https\nkeepalive = 0x6\n'
        "virtual 'c d' {\n     address = 10.2 eth1\n     port = http\n}\n"
    )


def test_an_empty_configuration_is_no_empty_file() -> None:
    """Piranha refuses an empty file."""
    assert lvscf.dumps(Config()) == "\n"
    assert lvscf.loads("\n") == Config()


def virtual(**said: Any) -> Config:
    return Config(virtual_servers=(VirtualServer("web", **said),))


UNWRITABLE: list[tuple[Config, str]] = [
    (Config(network="bridge"), r"^network = `bridge` cannot be written: Piranha would reject it "
     r"\(invalid argument\)$"),
    (Config(keepalive=2**31), r"Piranha would read `-2147483648`"),
    (Config(keepalive="6"), r"keepalive = `6` cannot be written: it takes an int"),  # type: ignore[arg-type]
    (Config(keepalive=6.0), r"it takes an int"),  # type: ignore[arg-type]
    (Config(heartbeat=2), r"boolean expected"),  # type: ignore[arg-type]
    (Config(heartbeat="yes"), r"it takes True or False"),  # type: ignore[arg-type]
    (Config(primary="10.1"), r"primary = `10.1` cannot .* Piranha would read `10.0.0.1`"),
    (Config(primary="0.0.0.0"), r"invalid host name or ip address"),
    (Config(primary="::1"), r"invalid argument"),
    (Config(nat_nmask="/24"), r"Bad subnet mask specified"),
    (Config(nat_router="10.0.0.1 eth1"), r"it takes an AddressOnDevice"),  # type: ignore[arg-type]
    (Config(active_cmd="a\nb"), r"it contains a line end, and lvs.cf has no continuation"),
    (Config(active_cmd="a\rb"), r"it contains a line end, and lvs.cf has no continuation"),
    (Config(active_cmd="a\0b"), r"Piranha reads nothing after a NUL"),
    (Config(active_cmd=b"/bin/a"), r"it takes a str"),  # type: ignore[arg-type]
    (Config(active_cmd="say \"it's\" now"), r"neither kind of quotes can hold it,"),
    (virtual(pmask="/24"), r"virtual server `web`: pmask = `/24` .* Piranha would ignore it"),
    (virtual(fwmark=-1), r"Piranha would read `4294967295`"),
    (virtual(scheduler="sed"), r"virtual server `web`: scheduler = `sed` cannot be written"),
    (virtual(send="GET /"), r"this value needs quotes, which are part of it"),
    (virtual(send=""), r'empty text is `""`, with its quotes'),
    (virtual(send='"GET /'), r"its quotes do not close where Piranha expects it"),
    (virtual(send='"a "b"'), r"its quotes do not close where Piranha expects it"),
    (virtual(send='"'), r"its quotes do not close where Piranha expects it"),
    (virtual(send=5), r"it takes a str"),
    (virtual(dirs=["a"]), r"a list must be a tuple of str"),
    (virtual(dirs=("a", "]")), r"a `\]` would end the list"),
    (virtual(dirs=("a", "")), r"neither kind of quotes can hold `` inside a list"),
    (virtual(dirs=("a",) * 96), r"no more than 99 words"),
    (virtual(address=AddressOnDevice("10.0.0.1", "a 'b \"c")), r"neither kind of quotes can hold its two"),
    (virtual(address=AddressOnDevice("10.0.0.1", 1)), r"it takes a str"),  # type: ignore[arg-type]
    (virtual(servers=(RealServer("one", weight=2**40),)),
     r"^real server `one` of virtual server `web`: weight = `1099511627776` cannot be written"),
    (virtual(servers=(RealServer(""),)), r"virtual server `web`: the name `` of a server block"),
    (virtual(servers=[RealServer("a")]), r"it must be a tuple of RealServer"),
    (Config(virtual_servers=(VirtualServer("a\nb"),)), r"the name `a\\x0ab` of a virtual block"),
    (Config(virtual_servers=(VirtualServer("a b' \"c"),)), r"neither kind of quotes can hold it,"),
    (Config(virtual_servers=(VirtualServer('"a"'),)), r"the name `\"a\"` of a virtual block"),
    (Config(virtual_servers=(VirtualServer(5),)), r"a name is a str"),  # type: ignore[arg-type]
    (Config(failover_services=(VirtualServer("a"),)), r"a tuple of FailoverService"),  # type: ignore[arg-type]
]  # fmt: skip


@pytest.mark.parametrize(("config", "message"), UNWRITABLE)
def test_what_cannot_be_written_is_said(config: Config, message: str) -> None:
    """A value that Piranha would not read back is an error, in `dumps` and in `replace`."""
    with pytest.raises(ValueError, match=message):
        lvscf.dumps(config)
    with pytest.raises(ValueError, match=message):
        lvscf.parse("serial_no = 1\n").replace(config)
    document = lvscf.parse("keepalive = 3\nvirtual web {\nsend = x\nserver one {\n}\n}\n")
    with pytest.raises(ValueError, match=message):
        document.replace(config)


@pytest.mark.parametrize(
    "config",
    [
        virtual(send='"a\\"b"'),
        virtual(dirs=("a",) * 95),
        virtual(dirs=()),
        virtual(pmask="255.255.255.255"),
        virtual(fwmark=2**32 - 1),
        Config(active_cmd=""),
        Config(active_cmd='a"b c'),
        Config(active_cmd="\udce9"),
        Config(keepalive=True),
        Config(virtual_servers=(VirtualServer("x{y"), VirtualServer("}"), VirtualServer("{"))),
        Config(virtual_servers=(VirtualServer("a' b"), VirtualServer("= x"), VirtualServer("="))),
    ],
)
def test_what_looks_unwritable_and_is_not(config: Config) -> None:
    """Piranha's reader takes more than one would think."""
    assert lvscf.loads(lvscf.dumps(config)) == config


@pytest.mark.parametrize(
    "text", ["keepalive = 6 # s\nprimary = 10.0.0.1\n", "serial_no = 1\0\n", "virtual a {\n}\n}\n"]
)
def test_a_refused_file_is_not_written_as_one_that_loads(text: str) -> None:
    """What Piranha refuses would be lost, so that it is to be corrected first."""
    document = lvscf.parse(text)

    with pytest.raises(ValueError, match="Piranha rejects at line"):
        lvscf.dumps(document.config)
    with pytest.raises(ValueError, match="fix the file first"):
        lvscf.dumps(evolve(document.config, keepalive=3))
    lvscf.dumps(lvscf.from_dict(lvscf.to_dict(document.config)))
