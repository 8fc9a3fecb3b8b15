"""Kernel settings in all the forms in which people bring them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf import hosts
from lvscf.hosts.kernel_setting_lines import read
from lvscf.source import Source

FORWARD = ("net.ipv4.ip_forward", "1")
FORMS = {
    "sysctl -a": ("net.ipv4.ip_forward = 1\n", [FORWARD], "running"),
    "with messages": (
        "sysctl: permission denied on key 'kernel.x'\nnet.ipv4.ip_forward = 1\n",
        [FORWARD],
        "running",
    ),
    "after its command": ("# sysctl -a\nnet.ipv4.ip_forward = 1\n", [FORWARD], "running"),
    "of a terminal": (
        "[root@lvs1 ~]# sysctl net.ipv4.ip_forward\nnet.ipv4.ip_forward = 1\n",
        [FORWARD],
        "running",
    ),
    "with a colon": ("net.ipv4.ip_forward: 1\n", [FORWARD], "running"),
    "grep": (
        "/proc/sys/net/ipv4/conf/all/rp_filter:0\n/proc/sys/net/ipv4/conf/eth0.7/rp_filter:2\n",
        [("net.ipv4.conf.all.rp_filter", "0"), ("net.ipv4.conf.eth0.7.rp_filter", "2")],
        "running",
    ),
    "head": (
        "==> /proc/sys/net/ipv4/ip_forward <==\n1\n\n==> /proc/sys/net/ipv4/tcp_rmem <==\n1\t2\t3\n",
        [FORWARD, ("net.ipv4.tcp_rmem", "1\t2\t3")],
        "running",
    ),
    "cat": ("root@lvs1:~# cat /proc/sys/net/ipv4/ip_forward\n1\n", [FORWARD], "running"),
    "sysctl.conf": ("# a router\nnet.ipv4.ip_forward=1\n", [FORWARD], "boot"),
    "another comment": ("; a router\nnet.ipv4.ip_forward = 1\n", [FORWARD], "boot"),
    "without blanks": ("net.ipv4.ip_forward=1\n", [FORWARD], "boot"),
    "with slashes": ("net/ipv4/ip_forward = 1\n", [FORWARD], "boot"),
    "ignoring errors": ("-net.ipv4.ip_forward = 1\n", [FORWARD], "boot"),
    "of Windows": ("net.ipv4.ip_forward = 1\r\n# x\r\n", [FORWARD], "boot"),
    "a comment after a value": ("net.ipv4.ip_forward = 1 # on\n", [FORWARD], "boot"),
    "refused by the kernel": (
        "net.ipv4.ip_forward = 0;\nnet.ipv4.conf.all.rp_filter=1\n",
        [("net.ipv4.conf.all.rp_filter", "1")],
        "boot",
    ),
    "IPv6": ("net.ipv6.conf.all.forwarding = 1\nnet.ipv4.ip_forward = 1\n", [FORWARD], "running"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form(form: str) -> None:
    """Names have dots, values are as the kernel takes them, and the form tells the origin."""
    text, values, origin = FORMS[form]
    lines = hosts.read(text, "settings").settings.lines

    assert [(line.name, line.value) for line in lines] == values
    assert {line.origin for line in lines} == {origin}


def test_a_terminal_with_rules_is_read_for_its_rules() -> None:
    """Whatever its first command is."""
    text = (
        "[root@lvs1 ~]# sysctl -p\nnet.ipv4.ip_forward = 1\n"
        "[root@lvs1 ~]# iptables -A INPUT -p udp -j ACCEPT\n"
    )
    (firewall,) = hosts.read(text).firewalls

    assert len(list(firewall.tables["filter"].rules)) == 1


def test_the_name_of_a_file_tells_its_origin() -> None:
    """A single line does not."""
    text = "net.ipv4.ip_forward = 1\n"

    assert [line.origin for line in read(Source(text, "/etc/sysctl.conf")).settings.lines] == [
        "boot"
    ]


def test_many_settings_are_all_settings() -> None:
    """`sysctl -a` prints hundreds, and a comment above it does not make them settings for booting."""
    text = "### lvs1\n" + "".join(f"net.core.x{at} = {at}\n" for at in range(300))
    host = hosts.read(text)

    assert "settings" in host.complete
    assert {line.origin for line in host.settings.lines} == {"running"}


@pytest.mark.parametrize(
    ("text", "device", "value"),
    [
        ("net.ipv4.conf.*.rp_filter = 2\n", "eth0", 2),
        ("net.ipv4.conf.*.rp_filter = 2\nnet.ipv4.conf.all.rp_filter = 0\n", "eth0", 2),
        ("net.ipv4.conf.eth0.rp_filter = 0\nnet.ipv4.conf.*.rp_filter = 1\n", "eth0", 1),
        ("net.ipv4.conf.eth0.arp_filter = 0\nnet.ipv4.conf.*.rp_filter = 1\n", "eth1", 1),
        ("net.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.eth0.rp_filter\n", "eth0", None),
        ("net.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.eth0.rp_filter\n", "eth1", 2),
    ],
)
def test_patterns(text: str, device: str, value: int | None) -> None:
    """A pattern counts for all settings without a line of their own, wherever that line is."""
    assert hosts.read(text).settings.of_device(device, "rp_filter") == value


def test_an_own_line_counts_before_a_pattern_below_it() -> None:
    """Measured with sysctl of procps-ng 4.0."""
    text = "net.ipv4.conf.lo.log_martians = 0\nnet.ipv4.conf.*.log_martians = 1\n"
    found = hosts.read(text).settings

    assert found.number("net.ipv4.conf.lo.log_martians") == 0
    assert found.number("net.ipv4.conf.eth0.log_martians") == 1


LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.from_regex(r"-?[a-z./*]{1,20} ?[=:] ?[0-9a-z#; ]{0,9}", fullmatch=True),
        st.sampled_from(["==> /proc/sys/net/ipv4/ip_forward <==", "1", "/proc/sys/a/b:1", "\r"]),
    )
).map("\n".join)


@given(LINES)
def test_no_text_raises_and_places_hold_the_names(text: str) -> None:
    """Every setting is where its place says."""
    for line in read(Source(text)).settings.lines:
        assert line.place is not None
        shown = text[line.place.start : line.place.end].replace("/", ".")

        assert line.name in shown
