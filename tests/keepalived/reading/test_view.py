"""keepalived.conf as values: defaults and oddities as a kernel showed them under keepalived 2.2."""

from typing import Any

import pytest
from hypothesis import given

from lvscf.keepalived.reading.model import Balanced, KeepalivedConf
from lvscf.keepalived.reading.view import read
from lvscf.source import Source
from tests.keepalived.reading.texts import LINES

SERVER = " real_server 10.0.0.1 80 {\n }\n"


def conf(text: str, **options: Any) -> KeepalivedConf:
    return read(Source(text, "keepalived.conf"), **options)


def virtual(body: str, head: str = "10.0.0.9 80", protocol: str = "TCP") -> Balanced:
    found = conf(f"virtual_server {head} {{\n protocol {protocol}\n{body}{SERVER}}}\n")
    assert not found.gaps
    (one,) = found.virtual_servers
    return one


def gaps(text: str) -> list[str]:
    return [gap.message for gap in conf(text).gaps]


def test_everything_of_a_virtual_server() -> None:
    """Newer and older words."""
    one = virtual(
        " delay_loop 6\n lb_algo sh\n sh-port\n lb_kind TUN\n ops\n persistence_timeout 60\n"
        " persistence_granularity 255.255.255.0\n sorry_server 10.0.0.3 8080\n inhibit_on_failure\n"
        " real_server 10.0.0.2 80 {\n  weight 7\n  lvs_method DR\n"
        "  TCP_CHECK {\n   connect_port 8080\n  }\n }\n",
        protocol="udp",
    )

    assert (one.protocol, one.scheduler, one.method) == ("udp", "sh sh-port", "tunnel")
    assert (one.persistent, one.netmask, one.one_packet) == (60, "255.255.255.0", True)
    assert one.delay == 6
    assert one.sorry_server is not None
    assert (one.sorry_server.address, one.sorry_server.port) == ("10.0.0.3", 8080)
    first, second = one.servers
    assert (first.address, first.weight, first.method) == ("10.0.0.2", 7, "direct")
    assert (first.inhibited, second.inhibited) == (True, True)
    assert [checked.port for checked in first.checked] == [8080]
    assert (first.is_connected_to, second.is_connected_to) == (True, False)
    assert (second.weight, second.method) == (1, None)


def test_defaults() -> None:
    """Those that keepalived 2.2 names in its log."""
    one = virtual("")

    assert (one.scheduler, one.method, one.persistent) == ("wlc", "nat", 0)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (" persistence_timeout\n", (360, "255.255.255.255")),
        (" persistence_granularity 255.255.255.0\n", (360, "255.255.255.0")),
        (" persistence_timeout 60\n persistence_granularity 24\n", (60, "0.0.0.24")),
        (" persistence_timeout 60\n persistence_timeout 90\n", (90, "255.255.255.255")),
    ],
)
def test_persistence(body: str, expected: tuple[int, str]) -> None:
    """A mask without a time has the default time; a number is no prefix length."""
    one = virtual(body)

    assert (one.persistent, one.netmask) == expected


def test_group() -> None:
    """Each address, port and mark is a service."""
    found = conf(
        "virtual_server group web {\n protocol TCP\n" + SERVER + "}\n"
        "virtual_server_group web {\n 10.0.0.7-9 80\n fwmark 7\n 10.0.1.1 81 ! other\n fe80::1 80\n}\n"
    )

    (one,) = found.virtual_servers
    assert not found.gaps
    assert [(target.address, target.port, target.fwmark) for target in one.targets] == [
        ("10.0.0.7", 80, 0), ("10.0.0.8", 80, 0), ("10.0.0.9", 80, 0), ("", 0, 7),
        ("10.0.1.1", 81, 0), ("fe80::1", 80, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "virtual_server 10.0.0.9 http {\n protocol TCP\n" + SERVER + "}\n",
            ["`10.0.0.9 http` is no address with a port"],
        ),
        ("virtual_server fwmark 0x50 {\n" + SERVER + "}\n", ["`0x50` is no firewall mark"]),
        (
            "virtual_server group web {\n" + SERVER + "}\n",
            ["there is no virtual_server_group `web`"],
        ),
        ("virtual_server {\n}\n", ["this virtual server has neither address, mark nor group"]),
        ("virtual_server 10.0.0.9 80\n", ["this virtual server has no block"]),
        (
            "virtual_server 10.0.0.9 80 {\n" + SERVER + "}\n",
            ["the protocol of this virtual server is not written; keepalived 2.2 takes UDP"],
        ),
        (
            "virtual_server fwmark 1 {\n lvs_method dr\n" + SERVER + "}\n",
            ["`dr` is none of NAT, DR and TUN"],
        ),
        (
            "virtual_server fwmark 1 {\n real_server web1 80 {\n }\n}\n",
            [
                "this virtual server has no real server that can be read, and is left out",
                "`web1 80` is no address with a port",
            ],
        ),
        (
            "virtual_server fwmark 1 {\n real_server 10.0.0.1 80 {\n  weight x\n }\n}\n",
            ["`x` is no number that can stand here"],
        ),
        (
            "virtual_server fwmark 1 {\n persistence_granularity any\n" + SERVER + "}\n",
            ["`any` is no netmask"],
        ),
        (
            "virtual_server_group g {\n 10.0.0.20-10 80\n}\nvirtual_server group g {\n" + SERVER
            + "}\n",
            ["`10.0.0.20-10 80` is no address with a port"],
        ),
        (
            "virtual_server fwmark 1 {\n bogus {\n  weight 1\n }\n" + SERVER + "}\n",
            [
                "keepalived does not know `bogus` in a virtual server, and takes its closing brace "
                "for that of the block around it"
            ],
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(text: str, expected: list[str]) -> None:
    """Nothing of it is guessed."""
    assert gaps(text) == expected
    assert not any(gap.is_ignored for gap in conf(text).gaps)


@pytest.mark.parametrize(
    "text",
    [
        "vrrp_script_x {\n}\nvirtual_serve\n",
        "virtual_server fwmark 1 {\n lvs_shed rr\n" + SERVER + "}\n",
        "virtual_server fwmark 1 {\n real_server 10.0.0.1 {\n  wieght 3\n }\n}\n",
    ],
)
def test_unknown_words_are_told_and_ignored(text: str) -> None:
    """As keepalived does itself."""
    found = conf(text)

    assert found.gaps[-1].message.startswith("keepalived does not know `")
    assert found.gaps[-1].is_ignored


def test_places() -> None:
    """Every value knows where it is written."""
    text = "virtual_server fwmark 1 {\n lvs_sched rr\n real_server 10.0.0.1 {\n }\n}\n"
    (one,) = conf(text).virtual_servers

    place = one.servers[0].statement.place
    assert text[place.start : place.end] == "real_server 10.0.0.1"
    place = one.lines["lvs_sched"].place
    assert text[place.start : place.end] == "lvs_sched rr"
    assert (one.targets[0].place.start, one.statement.end) == (0, len(text) - 1)


@given(LINES)
def test_any_lines_are_read(lines: list[str]) -> None:
    """Words in the wrong places raise nothing."""
    text = "\n".join(lines)

    found = conf(text)

    for gap in found.gaps:
        assert 0 <= gap.place.start < gap.place.end <= len(text)
    assert found.source.text == text
