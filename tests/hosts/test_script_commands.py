"""Scripts: the addresses, routes, kernel settings and modules that they leave behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf import hosts
from lvscf.hosts.script_commands import read
from lvscf.source import Source

IGNORE = "net.ipv4.conf.all.arp_ignore"
PATH = "/proc/sys/net/ipv4/conf/all/arp_ignore"
START_STOP = """#!/bin/bash
VIP=10.10.1.20
case "$1" in
start)
    ifconfig lo:0 $VIP netmask 255.255.255.255 broadcast $VIP up
    route add -host $VIP dev lo:0
    echo "1" >/proc/sys/net/ipv4/conf/all/arp_ignore
    ;;
stop)
    ifconfig lo:0 down
    route del $VIP >/dev/null 2>&1
    echo "0" >/proc/sys/net/ipv4/conf/all/arp_ignore
    ;;
*)
    echo "Usage: $0 {start|stop}"
    exit 1
esac
"""


@pytest.mark.parametrize(
    "line",
    [
        f"echo 1 > {PATH}",
        f'echo "1" >{PATH}',
        f"echo -n '1' >> '{PATH}'",
        f"printf 1 > {PATH}",
        f"printf '%d\\n' 1 > {PATH}",
        f"echo 1 | sudo tee {PATH} > /dev/null",
        f"tee {PATH} <<< 1; echo 1 > {PATH}",
        f"cat > {PATH} <<EOF\n1\nEOF",
        f'sudo sh -c "echo 1 > {PATH}"',
        f"N=1\nF={PATH}\necho $N > $F",
        "D=all; echo 1 > /proc/sys/net/ipv4/conf/$D/arp_ignore",
        f"for f in lo all; do echo 1 > {PATH.replace('all', '$f')}; done",
        f"sysctl -w {IGNORE}=1",
        f"/sbin/sysctl -q {IGNORE}=1 net.ipv4.ip_forward=0 >/dev/null",
        f'sysctl -w "{IGNORE} = 1"',
        "sysctl -w net/ipv4/conf/all/arp_ignore=1",
        f"[root@web1 ~]# sysctl -w {IGNORE}=1\n{IGNORE} = 1",
        f"hide() {{ sysctl -w {IGNORE}=1; }}\nhide",
        f"echo 0 > {PATH}\necho 1 > {PATH}",
        f"if [ -d /proc/sys ]; then sysctl {IGNORE}=1; else sysctl {IGNORE}=1; fi",
        f"echo 1 > {PATH.replace('all', '*')}",
    ],
)
def test_a_setting(line: str) -> None:
    """However it is written, the last value counts."""
    assert hosts.read(f"#!/bin/sh\n{line}\n").settings.value(IGNORE) == "1"


@pytest.mark.parametrize(
    "line",
    [
        f"[ -f /etc/vip ] && echo 1 > {PATH}",
        f"if ifconfig lo:0 | grep -q VIP; then echo 1 > {PATH}; fi",
        f"echo $1 > {PATH}",
        f"echo 1 > {PATH}\necho 0 > /proc/sys/net/ipv4/conf/$DEV/arp_ignore",
        f"hide() {{ sysctl -w {IGNORE}=1; }}",
        f"ssh web2 'echo 1 > {PATH}'",
        f"# echo 1 > {PATH}",
        f"echo 1 | sed s/1/0/ | tee {PATH}",
        f"sysctl {IGNORE}",
        "echo 1 > /tmp/proc",
    ],
)
def test_a_setting_that_is_not_certain(line: str) -> None:
    """What only some cases do, and what the text does not show, is not known."""
    text = f"#!/bin/sh\niptables -F\n{line}\n"

    assert hosts.read(text).settings.value(IGNORE) is None


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("ip addr add 10.10.1.20/32 dev lo", ("10.10.1.20", 32, "lo", "lo")),
        ("ip a a 10.10.1.20 dev lo label lo:0", ("10.10.1.20", 32, "lo", "lo:0")),
        ("/sbin/ip -4 address replace 10.10.1.20/24 brd + dev eth0", ("10.10.1.20", 24, "eth0", "eth0")),
        ("ip addr add dev eth0 local 10.10.1.20/24", ("10.10.1.20", 24, "eth0", "eth0")),
        ("ifconfig lo:0 10.10.1.20 netmask 255.255.255.255 up", ("10.10.1.20", 32, "lo", "lo:0")),
        ("ifconfig lo:0 10.10.1.20 netmask 0xffffffff", ("10.10.1.20", 32, "lo", "lo:0")),
        ("ifconfig eth0:1 192.168.1.5", ("192.168.1.5", 24, "eth0", "eth0:1")),
        ("ifconfig eth0:1 10.10.1.20/24", ("10.10.1.20", 24, "eth0", "eth0:1")),
        ("V=10.10.1.20\nip addr add $V/32 dev lo:1", ("10.10.1.20", 32, "lo", "lo")),
    ],
)  # fmt: skip
def test_an_address(line: str, address: tuple[str, int, str, str]) -> None:
    """A host has it for certain; there may be others."""
    host = hosts.read(f"{line}\n")

    assert [(a.address, a.prefix, a.device, a.label) for a in host.addresses] == [address]
    assert host.has_address(address[0]) is True
    assert host.has_address("10.9.9.9") is None


@pytest.mark.parametrize(
    "text",
    [
        "ip addr add 10.10.1.20/32 dev lo\nip addr del 10.10.1.20/32 dev lo\n",
        "ip addr add 10.10.1.20/32 dev lo\nip addr del 10.10.1.20 dev lo\n",
        "ip addr add 10.10.1.20/32 dev lo\nip addr flush dev lo\n",
        "ifconfig lo:0 10.10.1.20 netmask 255.255.255.255\nifconfig lo:0 down\n",
        "ifconfig lo:0 10.10.1.20 netmask 255.255.255.255\nifconfig lo:0 10.10.1.21 up\n",
        "ip addr add $VIP/32 dev lo\n",
        "ip addr add 10.10.1.20/32 dev $DEV\n",
        "ip addr add fd00::1/64 dev eth0\n",
        "ip addr show dev lo\n",
        "ip addr add 10.10.1.20/99 dev lo\n",
        "ifconfig lo:0 10.10.1.20 netmask 255.0.255.0\n",
    ],
)
def test_an_address_that_is_not_there(text: str) -> None:
    """It was removed, or is not known."""
    assert read(Source(text)).has_address("10.10.1.20") is None


def test_what_the_host_prints_counts() -> None:
    """A script may not have run."""
    running = hosts.read(
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\n"
        "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n"
        "    inet 127.0.0.1/8 scope host lo\n"
        "2: eth0: <BROADCAST,UP,LOWER_UP> mtu 1500 state UP\n"
        "    inet 10.10.1.31/24 scope global eth0\n"
    )
    script = hosts.read("ip addr add 10.10.1.20/32 dev lo\n")

    assert "addresses" in running.complete
    assert hosts.joined((script, running)).has_address("10.10.1.20") is False


@pytest.mark.parametrize(
    ("line", "route"),
    [
        ("ip route add default via 10.10.1.1 dev eth0", ("0.0.0.0", 0, "10.10.1.1", "eth0")),
        ("ip r a 10.0.0.0/8 via 10.10.1.9", ("10.0.0.0", 8, "10.10.1.9", None)),
        ("route add default gw 10.10.1.1", ("0.0.0.0", 0, "10.10.1.1", None)),
        ("route add -net 10.0.0.0 netmask 255.0.0.0 gw 10.10.1.9", ("10.0.0.0", 8, "10.10.1.9", None)),
        ("route add -net 192.168.7.0 dev eth1", ("192.168.7.0", 24, None, "eth1")),
        ("route add -host 10.10.1.20 dev lo:0", ("10.10.1.20", 32, None, "lo")),
        ("route add -net 10.0.0.0/8 reject", ("10.0.0.0", 8, None, None)),
    ],
)  # fmt: skip
def test_a_route(line: str, route: tuple[str, int, str | None, str | None]) -> None:
    """Networks without a mask have that of their class, as with route."""
    from lvscf.shared import ipv4

    (found,) = hosts.read(f"{line}\n").routes
    address, mask = found.destination

    shown = (ipv4.dotted(address), bin(mask).count("1"), found.gateway, found.device)
    assert (shown, found.certain) == (route, True)


def test_devices_and_modules() -> None:
    """A device without ARP does not answer."""
    host = hosts.read("ip link set dev dummy0 arp off up\nmodprobe ip_vs\nmodprobe -a ip-vs-rr x\n")

    assert [(one.name, one.up, one.arp) for one in host.devices] == [("dummy0", True, False)]
    assert host.modules == ("ip_vs", "ip_vs_rr", "x")


def test_start_and_stop() -> None:
    """What `start` sets up is possible, and comes last; nothing is certain, and no rules are known."""
    host = hosts.read(START_STOP)

    assert [(one.address, one.label, one.certain) for one in host.addresses] == [
        ("10.10.1.20", "lo:0", False)
    ]
    assert [(one.value, one.certain) for one in host.settings.lines] == [("0", False), ("1", False)]
    assert host.settings.value(IGNORE) is None
    assert host.has_address("10.10.1.20") is None
    assert host.firewalls == ()


def test_nothing_is_certain_beyond_what_is_followed() -> None:
    """One of the other courses may set it back."""
    text = f"sysctl -w {IGNORE}=1\n" + "".join(
        f"if [ $X = {at} ]; then sysctl -w {IGNORE}={at}; fi\n" for at in range(60)
    )

    assert hosts.read(text).settings.value(IGNORE) is None


def test_rules_and_settings_in_one_script() -> None:
    """Both are read, and branches about settings leave the rules certain."""
    text = (
        "iptables -A INPUT -p tcp --dport 80 -j ACCEPT\n"
        f"if [ -n $X ]; then echo 1 > {PATH}; fi\nsysctl -w net.ipv4.ip_forward=1\n"
    )
    host = hosts.read(text)
    (firewall,) = host.firewalls

    assert not firewall.is_open
    assert firewall.findings == ()
    assert host.settings.value("net.ipv4.ip_forward") == "1"


def test_settings_for_the_next_boot() -> None:
    """Lines that a script adds to sysctl.conf are those of sysctl.conf."""
    text = (
        "echo 'net.ipv4.ip_forward = 1' >> /etc/sysctl.conf\n"
        f"cat >> /etc/sysctl.d/lvs.conf <<EOF\n# ARP\n{IGNORE}=1\nEOF\nsysctl -p\n"
    )
    host = hosts.read(text)

    assert [(one.name, one.value, one.origin) for one in host.settings.lines] == [
        ("net.ipv4.ip_forward", "1", "boot"),
        (IGNORE, "1", "boot"),
    ]
    assert host.findings == ()


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("sysctl -p", "/etc/sysctl.conf"),
        ("sysctl -p /etc/lvs.conf", "/etc/lvs.conf"),
        ("sysctl --load=/etc/lvs.conf", "/etc/lvs.conf"),
        ("sysctl --system", "/etc/sysctl.d"),
    ],
)
def test_settings_from_another_file(line: str, file: str) -> None:
    """The file is named, at the command."""
    text = f"#!/bin/sh\n{line}\n"
    finding = hosts.read(text, "rs.sh").findings[-1]

    assert (finding.code, finding.span.line) == ("LVS703", 2)
    assert file in finding.message


WORDS = st.sampled_from(
    ["ip", "addr", "add", "route", "ifconfig", "sysctl", "-w", "lo:0", "dev", "10.10.1.20/32",
     "echo", "1", ">", "/proc/sys/net/ipv4/ip_forward", "net.ipv4.ip_forward=1", "if", "then",
     "fi", "for", "in", "do", "done", "case", "esac", "$X", '"', "|", "tee", "&&", ";;", "\n",
     "modprobe", "-p", "netmask", "via", "link", "set", "label", "x() {", "}", "label", "*"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_no_script_raises_and_places_are_in_it(text: str) -> None:
    """Whatever the words are."""
    host = read(Source(text))
    facts = (host.addresses, host.routes, host.settings.lines, host.devices)
    for place in (fact.place for several in facts for fact in several):
        assert place is not None
        assert 0 <= place.start < place.end <= len(text)
