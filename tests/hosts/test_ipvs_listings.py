"""The IPVS table as hosts show it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lvscf
from lvscf import hosts
from lvscf.config.ipvs_table import table
from lvscf.hosts.facts import IpvsListing
from lvscf.report import ipvsadm
from tests.strategies import FILES

TITLE = (
    "IP Virtual Server version 1.2.1 (size=4096)\n"
    "Prot LocalAddress:Port Scheduler Flags\n"
    "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n"
)
ROW = "  -> 10.10.1.31:80                Route   3      1          2         \n"
SAVED = "-A -t 10.10.1.20:80 -s rr\n-a -t 10.10.1.20:80 -r 10.10.1.31:80 -g -w 3\n"


def listed(text: str) -> IpvsListing:
    """The one table in a text."""
    (found,) = hosts.read(text, "ipvs.txt").ipvs
    return found


def shown(text: str) -> list[str]:
    """The table in a text, in few words."""
    words = []
    for one in listed(text).services:
        name = (
            f"mark {one.fwmark}" if not one.protocol else f"{one.protocol} {one.address}:{one.port}"
        )
        words.append(f"{name} {one.scheduler} {one.persistent} {one.netmask}")
        words += [
            f"> {two.address}:{two.port} {two.method} {two.weight} {two.active}"
            for two in one.destinations
        ]
    return words


def test_a_listing() -> None:
    """Services and destinations with all their columns, and where they are."""
    text = (
        TITLE
        + "TCP  10.10.1.20:80 wlc persistent 300 mask 255.255.255.0\n"
        + ROW
        + "FWM  80 rr ops\nUDP  10.10.1.20:53 sh (sh-fallback)\n"
    )
    assert shown(text) == [
        "tcp 10.10.1.20:80 wlc 300 255.255.255.0",
        "> 10.10.1.31:80 Route 3 1",
        "mark 80 rr 0 255.255.255.255",
        "udp 10.10.1.20:53 sh 0 255.255.255.255",
    ]
    table = listed(text)
    assert table.complete
    assert [one.one_packet for one in table.services] == [False, True, False]
    place = table.services[0].destinations[0].place
    assert place is not None
    assert text[place.start : place.end] == ROW.strip()


def test_the_kernels_own_file() -> None:
    """In /proc/net/ip_vs numbers are hexadecimal, and how long persistence lasts is not known."""
    text = (
        TITLE.replace("           Forward", " Forward")
        + "TCP  0A0A0114:01BB wlc persistent 300000 FFFFFF00 \n"
        + "  -> 0A0A011F:1F90      Masq    1      0          0         \nFWM  00000050 wlc \n"
    )
    assert shown(text) == [
        "tcp 10.10.1.20:443 wlc None 255.255.255.0",
        "> 10.10.1.31:8080 Masq 1 0",
        "mark 80 wlc 0 255.255.255.255",
    ]


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        (SAVED, ["tcp 10.10.1.20:80 rr 0 255.255.255.255", "> 10.10.1.31:80 Route 3 None"]),
        ("-A -u 10.10.1.20:53\n", ["udp 10.10.1.20:53 wlc 0 255.255.255.255"]),
        ("-A -f 80 -s rr -p\n", ["mark 80 rr 360 255.255.255.255"]),
        (
            "-A -f 80 -s rr -p 60 -M 255.255.0.0\n-a -f 80 -r 10.10.1.31:8080 -i\n",
            ["mark 80 rr 60 255.255.0.0", "> 10.10.1.31:8080 Tunnel 1 None"],
        ),
        (
            "ipvsadm -A -t 10.10.1.20:http\n"
            "/sbin/ipvsadm --add-server --tcp-service=10.10.1.20:80 -r 10.10.1.31 -m\n"
            "ipvsadm -e -t 10.10.1.20:80 -r 10.10.1.31:80 -m -w 5\nipvsadm -C\n",
            ["tcp 10.10.1.20:80 wlc 0 255.255.255.255", "> 10.10.1.31:80 Masq 5 None"],
        ),
        (
            "#!/bin/sh\nVIP=10.10.1.20\nIPVSADM=/sbin/ipvsadm\n$IPVSADM -C\n"
            "$IPVSADM -A -t ${VIP}:80 \\\n  -s rr; $IPVSADM -a -t $VIP:80 -r $UNKNOWN:80\n",
            ["tcp 10.10.1.20:80 rr 0 255.255.255.255"],
        ),
    ],
)
def test_commands(commands: str, words: list[str]) -> None:
    """`ipvsadm -Sn`, and commands as people write them."""
    assert shown(commands) == words
    assert listed(commands).complete == ("ipvsadm" not in commands.lower())


def test_an_empty_table_is_a_table() -> None:
    """An inactive router has no services."""
    assert listed(TITLE) == IpvsListing(())


def test_counters_show_neither_schedulers_nor_weights() -> None:
    """`ipvsadm -Ln --stats` and `--rate`."""
    text = (
        TITLE.splitlines(keepends=True)[0]
        + "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n"
        + "  -> RemoteAddress:Port\n"
        + "TCP  10.10.1.20:80                      4        0        0        0        0\n"
        + "  -> 10.10.1.31:80                     1K        0        0        0        0\n"
    )
    assert shown(text) == [
        "tcp 10.10.1.20:80 None None 255.255.255.255",
        "> 10.10.1.31:80 None None None",
    ]


def test_persistent_connections_show_weights() -> None:
    """`ipvsadm -Ln --persistent-conn`."""
    text = (
        "Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn\n"
        "  -> RemoteAddress:Port\nTCP  10.10.1.20:80 wlc\n"
        "  -> 10.10.1.31:80                2         5           1          0\n"
    )
    assert shown(text)[1] == "> 10.10.1.31:80 None 2 1"


def test_connections_are_not_services() -> None:
    """`ipvsadm -Lnc` after a listing adds nothing."""
    text = (
        "IPVS connection entries\npro expire state       source             virtual            "
        "destination\nTCP 01:54  ESTABLISHED 10.10.1.101:40000 10.10.1.20:80 10.10.1.31:80\n"
    )
    assert shown(TITLE + text) == []
    assert shown(text + TITLE + "TCP  10.10.1.20:80 wlc\n") == [
        "tcp 10.10.1.20:80 wlc 0 255.255.255.255"
    ]


def test_names_may_stand_for_anything() -> None:
    """Without `-n`, ports have the names of services, and addresses those of hosts."""
    text = TITLE + "TCP  lvs.example.com:http wlc\n  -> web1:what-is-it Route 1 0 0\n"

    assert shown(text) == [
        "tcp lvs.example.com:80 wlc 0 255.255.255.255",
        "> web1:None Route 1 0",
    ]
    assert not listed(text).complete


@pytest.mark.parametrize("text", [TITLE + ROW, SAVED, "[root@lvs ~]# ipvsadm -Ln\n" + TITLE])
def test_a_file_with_rules_too_gives_both(text: str) -> None:
    """One file may hold what several commands printed."""
    rules = "*filter\n:INPUT DROP [0:0]\nCOMMIT\n"

    for whole in (text + rules, rules + text):
        host = hosts.read(whole, "host.txt")
        assert len(host.ipvs) == 1
        assert [list(one.tables) for one in host.firewalls] == [["filter"]]
        assert not host.firewalls[0].findings
    assert not hosts.read(text, "ipvs.txt").firewalls


@given(FILES)
def test_what_show_prints_is_read(text: str) -> None:
    """`lvscf show --as ipvsadm` and the reader agree."""
    expected = table(lvscf.parse(text).intended)
    found = listed(ipvsadm.render(expected))

    wanted = {
        (one.fwmark or (one.protocol, one.address, one.port), one.scheduler, one.persistent)
        for one in expected.services
    }
    assert wanted == {
        (one.fwmark or (one.protocol, one.address, one.port), one.scheduler, one.persistent)
        for one in found.services
    }
    destinations = sum(len(one.destinations) for one in expected.services)
    assert destinations == sum(len(one.destinations) for one in found.services)


WORDS = st.sampled_from(
    [
        *TITLE.splitlines(), "TCP", "UDP", "FWM", "->", "10.10.1.20:80", "0A0A0114:0050", ":", "80",
        "99999999999999999999", "wlc", "persistent", "mask", "Route", "-A", "-a", "-e", "-t", "-f",
        "-r", "-p", "-w", "--weight=", "ipvsadm", "$VIP", "VIP=1", "\\", ";", "\n", "\n", "\n",
    ]
)  # fmt: skip


@given(st.lists(WORDS, max_size=40))
def test_anything_is_read(words: list[str]) -> None:
    """However broken a text is, it has at most as many destinations as lines."""
    text = "-A -f 1\n" + " ".join(words)
    tables = hosts.read(text).ipvs

    assert tables
    assert (
        sum(len(service.destinations) for table in tables for service in table.services)
        <= text.count("\n") + text.count(";") + 1
    )


def test_a_value_that_doubles_itself_stays_short() -> None:
    """A script cannot make its reader run out of memory."""
    assert shown("A=x\n" + "A=$A$A\n" * 100 + "ipvsadm -A -f 80 -s rr $A\n") == [
        "mark 80 rr 0 255.255.255.255"
    ]
