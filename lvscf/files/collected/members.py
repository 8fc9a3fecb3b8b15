"""Which file of a collection is which evidence of its host.

A collection has one top folder.  Below it, copied files are at the path that they have on the host,
and what commands printed is in `sos_commands`.  Where exactly differs between the versions of
sosreport: `ROWS` is the table, made from the plugins of the public sos repository (releases 1.7 to
4.12), and from what `lvscf collect` writes.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from attrs import frozen

from lvscf.shared.records import compared, record

LVS_CF = "lvs.cf"
IPTABLES = "iptables"
SAVED_IPTABLES = "saved iptables"
ARPTABLES = "arptables"
NFTABLES = "nftables"
IP_SETS = "ip sets"
SYSCTL = "kernel settings"
ADDRESSES = "addresses"
BOOT_ADDRESSES = "interfaces at boot"
ROUTES = "routes"
RULES_OF_ROUTING = "routing rules"
LISTENING = "listening ports"
IPVS = "IPVS table"
BOOT = "boot services"
MODULES = "modules"
RELEASE = "release"
HOST_NAME = "host name"

COMMANDS = "sos_commands"
"""The folder by which a collection is recognised."""

_NETWORKING = r"sos_commands/networking[./]"
"""Where the first 1.7 wrote `networking.CMD`, later versions write `networking/CMD`."""
_NO_BACKUP = r"(?![^/]*(?:~|\.bak|\.orig|\.rpmnew|\.rpmorig|\.rpmsave)\Z)"
"""The network scripts skip such files."""
_TABLE = r"(?P<table>filter|nat|mangle|raw|security)"


@compared
@frozen(eq=False, repr=False)
class Row:
    """A place of a kind of evidence."""

    kind: str
    pattern: str
    """A regular expression for the whole path below the top folder."""
    versions: str
    """What writes it, for readers of the table."""


def _copied(path: str) -> str:
    return re.escape(path)


ROWS: tuple[Row, ...] = (
    Row(LVS_CF, _copied("etc/sysconfig/ha/lvs.cf"), "all"),
    Row(IPTABLES, r"sos_commands/lvscf/iptables(?:-legacy)?-save", "lvscf collect"),
    Row(IPTABLES, rf"sos_commands/firewall_tables/iptables_-t_{_TABLE}_-nvL", "4.1 and later"),
    Row(IPTABLES, rf"{_NETWORKING}iptables_-t_{_TABLE}_-nvL", "1.7 to 4.0"),
    Row(IPTABLES, r"sos_commands/(?:networking|firewall_tables)/iptables_-vnxL", "3.5 and later"),
    Row(SAVED_IPTABLES, _copied("etc/sysconfig/iptables"), "all"),
    Row(NFTABLES, r"sos_commands/lvscf/nft", "lvscf collect"),
    Row(NFTABLES, r"sos_commands/firewall_tables/nft_-a_list_ruleset", "4.1 and later"),
    Row(NFTABLES, r"sos_commands/networking/nft_list_ruleset", "3.4 to 4.0"),
    Row(ARPTABLES, r"sos_commands/lvscf/arptables(?:-legacy)?(?:-save)?", "lvscf collect"),
    Row(ARPTABLES, _copied("etc/sysconfig/arptables"), "all"),
    Row(IP_SETS, r"sos_commands/lvscf/ipset", "lvscf collect"),
    Row(SYSCTL, r"sos_commands/lvscf/sysctl", "lvscf collect"),
    Row(SYSCTL, r"sos_commands/kernel/sysctl_-a", "1.7-8 and later"),
    Row(SYSCTL, r"proc/sys/net/(?:ipv4|netfilter)/.+", "1.7 and later"),
    Row(SYSCTL, r"etc/sysctl(?:\.conf|\.d/[^/]+\.conf)", "all"),
    Row(ADDRESSES, r"sos_commands/lvscf/(?:ip_addr|ifconfig)", "lvscf collect"),
    Row(ADDRESSES, r"sos_commands/networking/ip_-d_address", "3.5 and later"),
    Row(ADDRESSES, r"sos_commands/networking/ip_address", "1.7-8 to 3.4"),
    Row(ADDRESSES, r"sos_commands/networking/ip_-o_addr", "3.3 and later"),
    Row(ADDRESSES, rf"{_NETWORKING}ifconfig_-a", "1.7 to 2.2"),
    Row(BOOT_ADDRESSES, rf"etc/sysconfig/network-scripts/ifcfg-{_NO_BACKUP}[^/]+", "all"),
    Row(ROUTES, r"sos_commands/lvscf/(?:ip_route|route)", "lvscf collect"),
    Row(ROUTES, r"sos_commands/networking/ip_route_show_table_all", "1.7-8 and later"),
    Row(ROUTES, rf"{_NETWORKING}route_-n", "1.7 to 3.x"),
    Row(RULES_OF_ROUTING, r"sos_commands/lvscf/ip_rule", "lvscf collect"),
    Row(LISTENING, r"sos_commands/lvscf/netstat", "lvscf collect"),
    Row(IPVS, r"sos_commands/lvscf/ipvsadm", "lvscf collect"),
    Row(IPVS, r"sos_commands/ipvs/ipvsadm_-Ln", "3.2 and later"),
    Row(IPVS, r"sos_commands/cluster/ipvsadm_-L", "1.9 to 3.0, with a cluster package"),
    Row(IPVS, r"proc/net/ip_vs", "1.7-8 and later"),
    Row(BOOT, r"sos_commands/lvscf/chkconfig", "lvscf collect"),
    Row(BOOT, r"sos_commands/services/chkconfig_--list", "3.0 and later"),
    Row(BOOT, r"sos_commands/startup[./]chkconfig_--list", "1.7 to 2.2"),
    Row(MODULES, r"proc/modules", "all"),
    Row(RELEASE, r"etc/redhat-release", "all"),
    Row(RELEASE, r"etc/os-release", "4.x"),
    Row(HOST_NAME, r"sos_commands/lvscf/hostname", "lvscf collect"),
    Row(HOST_NAME, r"sos_commands/host/hostname", "3.6 and later"),
    Row(HOST_NAME, r"sos_commands/general[./]hostname", "1.7 to 3.5"),
)
"""Where evidence may be.  Of several places of one kind, the first that is there counts."""


@compared
@frozen(eq=False, repr=False)
class Match:
    """What a path is."""

    kind: str
    rank: int
    """The number of the row: of one kind, the lowest counts."""
    table: str = ""
    """For a listing of iptables, the one table that it shows."""


@record(slots=False)
class _Table:
    rows: tuple[Row, ...]

    @cached_property
    def whole(self) -> re.Pattern[str]:
        """All rows as alternatives, each a group: most members of an archive match none."""
        alternatives = (f"({row.pattern.replace('?P<table>', '')})" for row in self.rows)
        return re.compile("|".join(alternatives))

    @cached_property
    def each(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(row.pattern) for row in self.rows)


_ALL = _Table(ROWS)


def match(path: str) -> Match | None:
    """What a path below the top folder is; None if lvscf does not read it."""
    if _ALL.whole.fullmatch(path) is None:
        return None
    for rank, (row, pattern) in enumerate(zip(_ALL.rows, _ALL.each, strict=True)):
        found = pattern.fullmatch(path)
        if found is not None:
            table = found.groupdict().get("table") or ""
            if not table and path.endswith("iptables_-vnxL"):
                table = "filter"
            return Match(row.kind, rank, table)
    return None


def evidence(paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Which of a collection's files are which evidence, in the order of the table.

    Args:
        paths: paths below the top folder, in any order.

    Returns:
        By kind, the paths that count, sorted: those of the first row that fits any.  Of listings of
        iptables, one for each table, unless the output of `iptables-save` is there.
    """
    found: dict[str, dict[tuple[int, str], list[str]]] = {}
    for path in paths:
        what = match(path)
        if what is not None:
            found.setdefault(what.kind, {}).setdefault((what.rank, what.table), []).append(path)
    chosen: dict[str, tuple[str, ...]] = {}
    for kind in dict.fromkeys(row.kind for row in ROWS):
        if kind in found:
            chosen[kind] = tuple(_chosen(found[kind]))
    return chosen


def _chosen(places: Mapping[tuple[int, str], list[str]]) -> Iterable[str]:
    """The paths of the first row; of listings of single tables, the first row for each table."""
    first: dict[str, int] = {}
    for rank, table in sorted(places):
        first.setdefault(table, rank)
    tables = [""] if "" in first else sorted(first)
    for table in tables:
        yield from sorted(places[first[table], table])


_SINCE_3_5 = ("/iptables_-vnxL", "/ip_-d_address", "/firewall_tables/")
"""In the paths of sosreports that list every table that is loaded."""


def unseen_tables(paths: Iterable[str]) -> frozenset[str]:
    """The tables of iptables of which a sosreport shows nothing, whether they are loaded or not.

    Before 3.5, sosreport listed filter, nat and mangle only.  `iptables-save` shows all tables.

    Args:
        paths: the paths of all evidence in it.
    """
    paths = list(paths)
    listed = {found.table for path in evidence(paths).get(IPTABLES, ()) if (found := match(path))}
    if not listed or listed & {"", "raw"}:
        return frozenset()
    is_later = any(part in path for path in paths for part in _SINCE_3_5)
    return frozenset() if is_later else frozenset({"raw"})


NOT_LOADED = re.compile(rb"\s*IPTables module \w+ not loaded\s*")
"""What sosreport 1.7 to 2.2 writes in place of a table: the kernel has no such rules."""


def content_of(path: str, content: bytes) -> bytes:
    """A file's content, without what sosreport itself wrote into it."""
    what = match(path)
    if what is not None and what.kind == IPTABLES and NOT_LOADED.fullmatch(content):
        return b""
    return content


def settings_text(files: Mapping[str, bytes]) -> bytes:
    """Kernel settings from copies of `/proc/sys`, one value a file, as `sysctl -a` prints them.

    Args:
        files: contents by path below the top folder.
    """
    lines = []
    for path in sorted(files):
        value = b" ".join(files[path].split())
        # `sysctl` prints a dot in the name of a device as a slash.
        key = path.removeprefix("proc/sys/").translate(str.maketrans("./", "/.")).encode()
        if value:
            lines.append(key + b" = " + value + b"\n")
    return b"".join(lines)
