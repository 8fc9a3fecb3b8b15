"""Which file of a collection is which evidence: a test for each row of the table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf.files.collected import members
from lvscf.files.collected.members import ROWS, evidence, match

FIRST = "r1.7"
SECOND = "r1.7-8 to 2.2"
THIRD = "3.0 and 3.2"
LATER = "3.3 to 3.9"
FOURTH = "4.x"
ALL = (FIRST, SECOND, THIRD, LATER, FOURTH)

KINDS: dict[str, dict[str, tuple[str, ...]]] = {
    members.LVS_CF: dict.fromkeys(ALL, ("etc/sysconfig/ha/lvs.cf",)),
    members.SAVED_IPTABLES: dict.fromkeys(ALL, ("etc/sysconfig/iptables",)),
    members.IPTABLES: {
        FIRST: (
            "sos_commands/networking.iptables_-t_filter_-nvL",
            "sos_commands/networking.iptables_-t_mangle_-nvL",
            "sos_commands/networking.iptables_-t_nat_-nvL",
        ),
        **dict.fromkeys(
            (SECOND, THIRD),
            (
                "sos_commands/networking/iptables_-t_filter_-nvL",
                "sos_commands/networking/iptables_-t_mangle_-nvL",
                "sos_commands/networking/iptables_-t_nat_-nvL",
            ),
        ),
        LATER: (
            "sos_commands/networking/iptables_-vnxL",
            "sos_commands/networking/iptables_-t_raw_-nvL",
        ),
        FOURTH: (
            "sos_commands/firewall_tables/iptables_-t_filter_-nvL",
            "sos_commands/firewall_tables/iptables_-t_security_-nvL",
        ),
    },
    members.NFTABLES: {
        LATER: ("sos_commands/networking/nft_list_ruleset",),
        FOURTH: ("sos_commands/firewall_tables/nft_-a_list_ruleset",),
    },
    members.ARPTABLES: dict.fromkeys(ALL, ("etc/sysconfig/arptables",)),
    members.SYSCTL: {
        FIRST: (
            "proc/sys/net/ipv4/conf/all/arp_ignore",
            "proc/sys/net/ipv4/ip_forward",
        ),
        **dict.fromkeys((SECOND, THIRD, LATER, FOURTH), ("sos_commands/kernel/sysctl_-a",)),
    },
    members.ADDRESSES: {
        FIRST: ("sos_commands/networking.ifconfig_-a",),
        SECOND: ("sos_commands/networking/ifconfig_-a",),
        THIRD: ("sos_commands/networking/ip_address",),
        LATER: ("sos_commands/networking/ip_-o_addr",),
        FOURTH: ("sos_commands/networking/ip_-d_address",),
    },
    members.BOOT_ADDRESSES: dict.fromkeys(
        ALL,
        (
            "etc/sysconfig/network-scripts/ifcfg-eth0",
            "etc/sysconfig/network-scripts/ifcfg-lo:0",
        ),
    ),
    members.ROUTES: {
        FIRST: ("sos_commands/networking.route_-n",),
        **dict.fromkeys(
            (SECOND, THIRD, LATER, FOURTH), ("sos_commands/networking/ip_route_show_table_all",)
        ),
    },
    members.IPVS: {
        SECOND: ("proc/net/ip_vs",),
        THIRD: ("sos_commands/cluster/ipvsadm_-L",),
        LATER: ("sos_commands/ipvs/ipvsadm_-Ln",),
        FOURTH: ("sos_commands/ipvs/ipvsadm_-Ln",),
    },
    members.BOOT: {
        FIRST: ("sos_commands/startup.chkconfig_--list",),
        SECOND: ("sos_commands/startup/chkconfig_--list",),
        **dict.fromkeys((THIRD, LATER, FOURTH), ("sos_commands/services/chkconfig_--list",)),
    },
    members.MODULES: dict.fromkeys(ALL, ("proc/modules",)),
    members.RELEASE: {
        **dict.fromkeys((FIRST, SECOND, THIRD, LATER), ("etc/redhat-release",)),
        FOURTH: ("etc/os-release",),
    },
    members.HOST_NAME: {
        FIRST: ("sos_commands/general.hostname",),
        **dict.fromkeys((SECOND, THIRD), ("sos_commands/general/hostname",)),
        **dict.fromkeys((LATER, FOURTH), ("sos_commands/host/hostname",)),
    },
}  # fmt: skip
"""Where each version of sosreport has each kind of evidence."""

OWN = {
    members.IPTABLES: ("sos_commands/lvscf/iptables-save",),
    members.NFTABLES: ("sos_commands/lvscf/nft",),
    members.ARPTABLES: ("sos_commands/lvscf/arptables-save",),
    members.IP_SETS: ("sos_commands/lvscf/ipset",),
    members.SYSCTL: ("sos_commands/lvscf/sysctl",),
    members.ADDRESSES: ("sos_commands/lvscf/ip_addr",),
    members.ROUTES: ("sos_commands/lvscf/ip_route",),
    members.RULES_OF_ROUTING: ("sos_commands/lvscf/ip_rule",),
    members.LISTENING: ("sos_commands/lvscf/netstat",),
    members.IPVS: ("sos_commands/lvscf/ipvsadm",),
    members.BOOT: ("sos_commands/lvscf/chkconfig",),
    members.HOST_NAME: ("sos_commands/lvscf/hostname",),
}
"""Where `lvscf collect` writes it, if that is not where the host has it."""


@pytest.mark.parametrize("version", ALL)
def test_every_version_of_sosreport(version: str) -> None:
    """Each kind of evidence is found where the version has it, whatever else is there."""
    there = {kind: places[version] for kind, places in KINDS.items() if version in places}
    others = (
        "sos_commands/networking/iptables", "etc/sysconfig/ha/lvs.cf.bak", "var/log/messages",
        "etc/sysconfig/network-scripts/ifcfg-eth0.bak", "etc/sysconfig/network-scripts/ifup",
    )  # fmt: skip

    found = evidence([*others, *(path for paths in there.values() for path in paths)])
    assert {kind: set(paths) for kind, paths in found.items()} == {
        kind: set(paths) for kind, paths in there.items()
    }


@pytest.mark.parametrize("kind", OWN)
def test_what_collect_writes_comes_first(kind: str) -> None:
    """A sosreport's files do not count beside those of `lvscf collect`."""
    others = [path for paths in KINDS.get(kind, {}).values() for path in paths]

    assert evidence([*others, *OWN[kind]])[kind] == OWN[kind]


def test_every_row_is_tested() -> None:
    """Each row of the table is the place of something above."""
    paths = [path for places in KINDS.values() for paths in places.values() for path in paths]
    paths += [path for paths in OWN.values() for path in paths]
    paths += ["etc/sysctl.conf", "sos_commands/networking/route_-n"]
    ranks = {found.rank for path in paths if (found := match(path))}

    assert ranks | {ROWS.index(row) for row in ROWS if row.kind == members.ROUTES} == set(
        range(len(ROWS))
    )


def test_the_first_place_counts() -> None:
    """The detailed addresses come before the short ones, running settings before those at boot."""
    assert evidence(
        [
            "sos_commands/networking/ip_-o_addr",
            "sos_commands/networking/ip_-d_address",
            "etc/sysctl.conf",
            "sos_commands/kernel/sysctl_-a",
            "sos_commands/networking/route_-n",
            "sos_commands/networking/ip_route_show_table_all",
        ]
    ) == {
        members.SYSCTL: ("sos_commands/kernel/sysctl_-a",),
        members.ADDRESSES: ("sos_commands/networking/ip_-d_address",),
        members.ROUTES: ("sos_commands/networking/ip_route_show_table_all",),
    }


def test_each_table_counts_once() -> None:
    """Of two listings of a table, one counts; other tables count, too."""
    found = evidence(
        [
            "sos_commands/networking/iptables_-vnxL",
            "sos_commands/networking/iptables_-t_filter_-nvL",
            "sos_commands/networking/iptables_-t_nat_-nvL",
        ]
    )

    assert found[members.IPTABLES] == (
        "sos_commands/networking/iptables_-t_filter_-nvL",
        "sos_commands/networking/iptables_-t_nat_-nvL",
    )


def test_both_worlds_of_iptables_count() -> None:
    """A host may have older tables beside those of nf_tables."""
    both = ("sos_commands/lvscf/iptables-legacy-save", "sos_commands/lvscf/iptables-save")

    assert evidence(both)[members.IPTABLES] == both


def test_tables_that_are_not_shown() -> None:
    """Before 3.5, sosreport did not list the table raw, loaded or not."""
    nat = "sos_commands/networking/iptables_-t_nat_-nvL"

    assert members.unseen_tables([nat]) == {"raw"}
    assert members.unseen_tables([nat.replace("nat", "raw"), nat]) == set()
    assert members.unseen_tables([nat, "sos_commands/networking/iptables_-vnxL"]) == set()
    assert members.unseen_tables(["sos_commands/lvscf/iptables-save"]) == set()
    assert members.unseen_tables([]) == set()


def test_a_table_that_is_not_loaded_is_empty() -> None:
    """Sosreport 1.7 to 2.2 says so in the file of the table; elsewhere the words mean nothing."""
    text = b"IPTables module nat not loaded"
    nat = "sos_commands/networking/iptables_-t_nat_-nvL"

    assert members.content_of(nat, text) == b""
    assert members.content_of(nat, text + b"\nChain") == text + b"\nChain"
    assert members.content_of("etc/sysconfig/ha/lvs.cf", text) == text


def test_settings_of_proc() -> None:
    """One value a file becomes what `sysctl -a` prints; a dot in a device's name is a slash."""
    files = {
        "proc/sys/net/ipv4/ip_forward": b"1\n",
        "proc/sys/net/ipv4/conf/eth0.100/arp_ignore": b"1\n",
        "proc/sys/net/ipv4/vs/sync_threshold": b"3\t50\n",
        "proc/sys/net/ipv4/conf/all/arp_announce": b"",
    }

    assert members.settings_text(files).splitlines() == [
        b"net.ipv4.conf.eth0/100.arp_ignore = 1",
        b"net.ipv4.ip_forward = 1",
        b"net.ipv4.vs.sync_threshold = 3 50",
    ]


PATHS = [path for places in KINDS.values() for paths in places.values() for path in paths]


@given(st.lists(st.sampled_from(PATHS) | st.text("etc/sysconfig_-.", max_size=30)))
def test_what_counts_was_there(paths: list[str]) -> None:
    """Nothing is made up, the order does not matter, and each kind has what its match says."""
    found = evidence(paths)

    assert found == evidence(reversed(paths))
    for kind, chosen in found.items():
        assert chosen
        assert {one.kind for path in chosen if (one := match(path))} == {kind}
        assert set(chosen) <= set(paths)
