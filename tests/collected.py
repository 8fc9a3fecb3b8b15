"""Collections of the example cluster's hosts: as `lvscf collect` and each sosreport make them."""

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import EXAMPLE

ADDRESSES = {
    "lvs-d01": ("10.10.1.21",),
    "lvs-d02": ("10.10.1.22",),
    "lvs-d03": ("10.10.1.31",),
    "lvs-d04": ("10.10.1.32",),
}
"""The hosts of the example, with their addresses."""
ROUTERS = ("lvs-d01", "lvs-d02")
TIME = 1_400_000_000


def ip_addr(*addresses: str) -> bytes:
    """What `ip addr` prints on a host."""
    lines = [
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 16436 qdisc noqueue state UNKNOWN ",
        "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00",
        "    inet 127.0.0.1/8 scope host lo",
        "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast state UP qlen 1000",
        "    link/ether 52:54:00:0a:0a:15 brd ff:ff:ff:ff:ff:ff",
        *(f"    inet {one}/24 brd 10.10.1.255 scope global eth0" for one in addresses),
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def ifconfig(*addresses: str) -> bytes:
    """What the `ifconfig -a` of RHEL 4 to 6 prints on a host."""
    blocks = [
        f"eth0{f':{number}' if number else ''}      Link encap:Ethernet  HWaddr 52:54:00:0A:0A:15  \n"
        f"          inet addr:{one}  Bcast:10.10.1.255  Mask:255.255.255.0\n"
        "          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n\n"
        for number, one in enumerate(addresses)
    ]
    loopback = (
        "lo        Link encap:Local Loopback  \n          inet addr:127.0.0.1  Mask:255.0.0.0\n\n"
    )
    return ("".join(blocks) + loopback).encode()


def files_of(host: str) -> dict[str, bytes]:
    """The files that `lvscf collect` reads on a host of the example."""
    folder = EXAMPLE.parent
    files = {
        "sos_commands/lvscf/iptables-save": (folder / host / "iptables").read_bytes(),
        "sos_commands/lvscf/ip_addr": ip_addr(*ADDRESSES[host]),
        "sos_commands/lvscf/hostname": f"{host}\n".encode(),
    }
    if host in ROUTERS:
        files["etc/sysconfig/ha/lvs.cf"] = EXAMPLE.read_bytes()
    return files


def packed(
    path: Path,
    files: Mapping[str, bytes],
    top: str = "host",
    mode: str = "w",
    time: int = TIME,
    extra: tuple[tarfile.TarInfo, ...] = (),
) -> Path:
    """Write an archive with these files; `extra` are members without content."""
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            member = tarfile.TarInfo(f"{top}/{name}")
            member.size, member.mtime = len(content), time
            archive.addfile(member, io.BytesIO(content))
        for member in extra:
            archive.addfile(member)
    return path


def unpacked(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write a folder with these files."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def cluster(folder: Path, hosts: tuple[str, ...] = tuple(ADDRESSES)) -> list[Path]:
    """The archives of the example's hosts, called `lvs-d01.tar` and so on."""
    return [packed(folder / f"{host}.tar", files_of(host), host) for host in hosts]


# --- as sosreport has them ---------------------------------------------------------------------

_CHAINS = {
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
    "nat": ("PREROUTING", "POSTROUTING", "OUTPUT"),
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
}
_ANY = "0.0.0.0/0            0.0.0.0/0           "
_VIP = "0.0.0.0/0            10.10.1.20          "
_LAN = "10.10.1.0/24         0.0.0.0/0           "


def listing(table: str, rules: Mapping[str, tuple[str, ...]], policy: str = "ACCEPT") -> bytes:
    """What `iptables -nvL` lists of a table; the policy is that of INPUT and FORWARD."""
    text = ""
    for chain in _CHAINS[table]:
        closed = chain in ("INPUT", "FORWARD") and table == "filter"
        text += f"Chain {chain} (policy {policy if closed else 'ACCEPT'} 17 packets, 1402 bytes)\n"
        text += " pkts bytes target     prot opt in     out     source               destination         \n"
        text += "".join(f"    0     0 {rule}\n" for rule in rules.get(chain, ())) + "\n"
    return text[:-1].encode()


def tables_of(host: str) -> dict[str, bytes]:
    """The listings of a host's tables; those without rules are not loaded."""
    router = host in ROUTERS
    partner = "10.10.1.22" if host == "lvs-d01" else "10.10.1.21"
    common = (
        f"ACCEPT     all  --  *      *       {_ANY}state RELATED,ESTABLISHED ",
        f"ACCEPT     all  --  lo     *       {_ANY}",
        f"ACCEPT     icmp --  *      *       {_ANY}",
        f"ACCEPT     tcp  --  *      *       {_LAN}state NEW tcp dpt:22 ",
    )
    if not router:
        served = f"ACCEPT     tcp  --  *      *       {_ANY}multiport dports 80,443 "
        redirect = f"REDIRECT   tcp  --  *      *       {_VIP}multiport dports 80,443 "
        return {
            "filter": listing("filter", {"INPUT": (*common, served)}, "DROP"),
            "nat": listing("nat", {"PREROUTING": (redirect,)}),
        }
    balanced = f"ACCEPT     tcp  --  *      *       {_VIP}multiport dports 80,443 "
    heartbeat = f"ACCEPT     udp  --  *      *       {partner:<20} 0.0.0.0/0           udp dpt:539 "
    mark = f"MARK       tcp  --  *      *       {_VIP}multiport dports 80,443 MARK set 0x50 "
    return {
        "filter": listing("filter", {"INPUT": (*common, heartbeat, balanced)}, "DROP"),
        "mangle": listing("mangle", {"PREROUTING": (mark,)}),
    }


def sosreport(host: str, version: str) -> dict[str, bytes]:
    """A host of the example in the sosreport of a version: 1.7, 2.2, 3.2, 3.9 or 4.1."""
    joint = "." if version == "1.7" else "/"
    networking = f"sos_commands/networking{joint}"
    tables = tables_of(host)
    if version in ("1.7", "2.2"):
        for table in _CHAINS:
            tables.setdefault(table, f"IPTables module {table} not loaded\n".encode())
    folder = "sos_commands/firewall_tables/" if version == "4.1" else networking
    files = {f"{folder}iptables_-t_{table}_-nvL": text for table, text in tables.items()}
    addresses = ADDRESSES[host]
    if version in ("1.7", "2.2"):
        files[f"{networking}ifconfig_-a"] = ifconfig(*addresses)
    elif version == "3.2":
        files[f"{networking}ip_address"] = ip_addr(*addresses)
    else:
        files[f"{networking}ip_-d_address"] = ip_addr(*addresses)
        files[f"{folder}iptables_-vnxL"] = tables["filter"]
    name = "host/hostname" if version in ("3.9", "4.1") else f"general{joint}hostname"
    files[f"sos_commands/{name}"] = f"{host}.example.com\n".encode()
    files["etc/sysconfig/iptables"] = b"# what was saved does not count\n"
    files["var/log/messages"] = b"Mar  3 10:14:52 pulse[1204]: STARTING PULSE AS MASTER\n"
    if host in ROUTERS:
        files["etc/sysconfig/ha/lvs.cf"] = EXAMPLE.read_bytes()
    return files


VERSIONS = {"1.7": "w:bz2", "2.2": "w:xz", "3.2": "w:xz", "3.9": "w:gz", "4.1": "w:xz"}
"""The versions of sosreport that differ in their layout, with a compression that they use."""
