"""Folders of hosts: archives that were unpacked."""

import os
from pathlib import Path

import pytest

from lvscf.files.collected import folders
from lvscf.files.errors import FileError
from tests.collected import files_of, unpacked

HOST = {
    **files_of("lvs-d01"),
    "proc/sys/net/ipv4/conf/all/arp_ignore": b"1\n",
    "proc/net/ip_vs": b"",
    "etc/sysconfig/network-scripts/ifcfg-eth0": b"IPADDR=10.10.1.21\n",
    "etc/redhat-release": b"Red Hat Enterprise Linux Server release 5.11 (Tikanga)\n",
    "sos_commands/networking.route_-n": b"",
}
LVS_CF = "etc/sysconfig/ha/lvs.cf"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a host, with files that are not evidence."""
    return unpacked(tmp_path / "host", {**HOST, "var/log/messages": b"x", "etc/passwd": b"x"})


def test_evidence_is_read(folder: Path) -> None:
    """The same files as from an archive, wherever they are."""
    os.utime(folder / "sos_commands/lvscf/hostname", (5e9, 5e9))
    read = folders.read(str(folder))

    assert read.files == HOST
    assert read.time == 5e9
    assert read.name_of(LVS_CF) == f"{folder}/{LVS_CF}"


def test_links_inside_are_followed(folder: Path) -> None:
    """A link to another file of the folder is that file."""
    (folder / LVS_CF).rename(folder / "etc" / "real")
    (folder / LVS_CF).symlink_to("../../real")

    assert folders.read(str(folder)).files == HOST


@pytest.mark.parametrize("target", ["/etc/hostname", "../../../../outside"])
def test_links_out_of_it_are_rejected(folder: Path, target: str) -> None:
    """No file outside is read."""
    (folder.parent / "outside").write_bytes(b"primary = 10.10.1.21\n")
    (folder / LVS_CF).unlink()
    (folder / LVS_CF).symlink_to(target)

    with pytest.raises(FileError, match="is a link out of the folder"):
        folders.read(str(folder))


def test_a_linked_folder_is_rejected(folder: Path) -> None:
    """Nor are the files of a folder that is a link."""
    outside = folder.parent / "outside"
    (folder / "etc/sysconfig/ha").rename(outside)
    (folder / "etc/sysconfig/ha").symlink_to(outside)

    with pytest.raises(FileError, match="is a link out of the folder"):
        folders.read(str(folder))


def test_what_is_no_file_is_not_opened(folder: Path) -> None:
    """A FIFO would block; dangling links and folders are not there."""
    (folder / LVS_CF).unlink()
    os.mkfifo(folder / LVS_CF)
    (folder / "etc/sysconfig/iptables").symlink_to("nowhere")
    (folder / "etc/sysconfig/arptables").mkdir()

    read = folders.read(str(folder))
    assert read.files == {name: text for name, text in HOST.items() if name != LVS_CF}


def test_large_files_are_rejected(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they are elsewhere."""
    monkeypatch.setattr(folders, "MOST_BYTES", 100)

    with pytest.raises(FileError, match="is larger than"):
        folders.read(str(folder))
