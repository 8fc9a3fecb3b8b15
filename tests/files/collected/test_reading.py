"""From the files of a collection to the host that they show."""

from lvscf.files.collected.collection import Collection
from lvscf.files.collected.reading import CollectedHost
from lvscf.files.errors import FileError
from tests.collected import ifconfig, ip_addr

LISTING = b"""\
Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination
    0     0 REDIRECT   tcp  --  *      *       0.0.0.0/0            10.10.1.20          tcp dpt:80
"""
NOT_LOADED = b"IPTables module filter not loaded\n"
SAVED = b"*filter\n:INPUT DROP [0:0]\nCOMMIT\n"
NATIVE = b"table inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0;\n\t}\n}\n"
OF_IPTABLES = (
    b"table ip filter {\n\tchain INPUT {\n\t\ttype filter hook input priority 0;\n\t}\n}\n"
)


class Complaints(list[str]):
    """What was complained about."""

    def take(self, error: FileError) -> None:
        self.append(str(error))


def host(
    files: dict[str, bytes], complaints: Complaints | None = None, path: str = "a.tar"
) -> CollectedHost:
    """A host with these files, of which none is unusable unless complaints are expected."""

    def never(error: FileError) -> None:
        raise AssertionError(str(error))

    return CollectedHost(
        Collection(path, files, 0), complaints.take if complaints is not None else never
    )


def test_tables_of_a_sosreport() -> None:
    """Each listing shows one table; a table that is not loaded is empty."""
    folder = "sos_commands/networking/iptables_-t_"
    files = {f"{folder}nat_-nvL": LISTING, f"{folder}filter_-nvL": NOT_LOADED}
    firewalls = [one for shown in host(files).files for one in shown.firewalls]

    assert sorted(name for one in firewalls for name in one.tables) == ["nat"]
    assert all(not one.findings for one in firewalls)
    assert firewalls[0].source.filename == f"a.tar!{folder}filter_-nvL"


def test_tables_that_look_alike() -> None:
    """The name of the file says which table a listing shows: raw and nat have the same chains."""
    listing = b"""\
Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination

Chain OUTPUT (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination
"""
    for table in ("raw", "nat", "mangle"):
        path = f"sos_commands/networking/iptables_-t_{table}_-nvL"
        [shown] = host({path: listing}).files
        assert [*shown.firewalls[0].tables] == [table]
        assert shown.firewalls[0].findings == ()


def test_a_host_without_any_table() -> None:
    """No table is loaded: that is a host without rules, not one whose rules are unknown."""
    files = {
        f"sos_commands/networking.iptables_-t_{table}_-nvL": b"IPTables module %s not loaded"
        % table.encode()
        for table in ("filter", "nat", "mangle")
    }
    shown = host(files).files

    assert [one.tables for part in shown for one in part.firewalls] == [{}, {}, {}]


def test_running_rules_replace_saved_ones() -> None:
    """The saved ones count only where no others are there, and people see it."""
    saved = {"etc/sysconfig/iptables": SAVED}
    running = {"sos_commands/lvscf/iptables-save": b"*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n"}

    assert [*host({**saved, **running}).files[0].firewalls[0].tables] == ["nat"]
    assert [*host(saved).files[0].firewalls[0].tables] == ["filter"]
    assert host(saved).found == ("iptables (as saved)",)


def test_an_unusable_file_of_rules() -> None:
    """It is reported, and the other rules of the host are incomplete without it."""
    complaints = Complaints()
    folder = "sos_commands/networking/iptables_-t_"
    files = {f"{folder}nat_-nvL": LISTING, f"{folder}filter_-nvL": b"You must be root\n"}

    shown = host(files, complaints).files
    assert not [one for part in shown for one in part.firewalls]
    assert len(complaints) == 1
    assert f"a.tar!{folder}filter_-nvL contains nothing that lvscf" in complaints[0]


def test_empty_arptables_are_not_empty_iptables() -> None:
    """arptables-save prints nothing on a host of which the iptables rules are unknown."""
    shown = host({"sos_commands/lvscf/arptables-save": b""}).files

    assert not [one for part in shown for one in (*part.firewalls, *part.arp_filters)]


def test_other_texts_are_not_rules() -> None:
    """An empty list of services does not mean that a host has no rules."""
    files = {
        "sos_commands/lvscf/chkconfig": b"", "sos_commands/lvscf/ip_rule": b"# nothing\n",
        "etc/redhat-release": b"\n", "sos_commands/lvscf/ipvsadm": b"",
    }  # fmt: skip

    assert not [one for part in host(files).files for one in part.firewalls]


def test_rules_made_with_nft_itself() -> None:
    """What iptables shows is then not all; tables of iptables-nft are what iptables shows."""
    iptables = {"sos_commands/lvscf/iptables-save": SAVED}
    native = host({**iptables, "sos_commands/lvscf/nft": OF_IPTABLES + NATIVE})
    common = host({**iptables, "sos_commands/lvscf/nft": OF_IPTABLES})

    for one in (native, common):
        known = any(part.firewalls for part in one.files)
        assert known != one.has_unread_rules
        assert ("nftables (not read, so rules are unknown)" in one.found) == one.has_unread_rules
    assert not common.has_unread_rules


def test_settings_of_every_kind() -> None:
    """Of `sysctl -a`, of copies of /proc/sys, and, if there is nothing else, of sysctl.conf."""
    boot = {"etc/sysctl.conf": b"net.ipv4.ip_forward = 0\n"}
    proc = {"proc/sys/net/ipv4/ip_forward": b"1\n"}
    running = {"sos_commands/kernel/sysctl_-a": b"net.ipv4.ip_forward = 2\n"}

    for files, value in ((boot, "0"), (boot | proc, "1"), (boot | proc | running, "2")):
        [shown] = host(files).files
        assert {line.origin for line in shown.settings.lines} == {
            "boot" if files == boot else "running"
        }
        assert shown.settings.value("net.ipv4.ip_forward") == value
    assert host(boot).found == ("kernel settings (at boot)",)
    assert host(proc).found == ("kernel settings",)


def test_addresses() -> None:
    """Those at boot count only where not all running ones are shown: ifconfig may hide some."""
    boot = {"etc/sysconfig/network-scripts/ifcfg-eth0": b"IPADDR=10.10.1.29\n"}
    old = {"sos_commands/networking.ifconfig_-a": ifconfig("10.10.1.21")}
    new = {"sos_commands/networking/ip_address": ip_addr("10.10.1.22")}

    assert host(boot).addresses == frozenset({"10.10.1.29"})
    assert host(boot | old).addresses == frozenset({"10.10.1.21", "10.10.1.29"})
    assert host(boot | new).addresses == frozenset({"10.10.1.22"})
    assert host(new).addresses == frozenset({"10.10.1.22"})
    assert host({}).addresses is None


def test_names() -> None:
    """The first word counts; no file means no name."""
    assert (
        host({"sos_commands/general.hostname": b"lvs1.example.com\n"}).host_name
        == "lvs1.example.com"
    )
    assert host({"sos_commands/general/hostname": b"\n"}).host_name == ""
    assert host({}).host_name == ""


def test_cleaned_archives() -> None:
    """By their addresses, or by the name that `sos clean` gives."""
    masked = {"sos_commands/networking/ip_address": ip_addr("100.0.0.1")}

    assert host(masked).is_cleaned
    assert host({}, path="sosreport-host0-obfuscated.tar.xz").is_cleaned
    assert not host({}).is_cleaned
