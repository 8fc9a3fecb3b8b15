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
