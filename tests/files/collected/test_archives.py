"""Archives of hosts, sound, damaged and hostile."""

import bz2
import gzip
import lzma
import random
import tarfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lvscf.files.collected import archives
from lvscf.files.collected.collection import NotCollectedError
from lvscf.files.errors import FileError
from tests.collected import TIME, cluster, files_of, packed

LVS_CF = "etc/sysconfig/ha/lvs.cf"
HOST = files_of("lvs-d01")


def error_of(path: Path) -> str:
    """Why an archive cannot be read: one sentence that names it."""
    with pytest.raises(FileError) as caught:
        archives.read(str(path))
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message.removeprefix(str(path))


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


def special(name: str, kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = kind
    return member


# --- sound archives ------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_evidence_is_read(
    tmp_path: Path, mode: str, format: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every compression and format, by content: the name of the file does not matter."""
    monkeypatch.setattr(tarfile.TarFile, "format", format)
    others = {"var/log/messages": b"x" * 5000, "sos_commands/" + "long/" * 60 + "name": b"x"}
    path = (
        packed(tmp_path / "anything", {**others, **HOST}, mode=mode)
        if (format != tarfile.USTAR_FORMAT)
        else packed(tmp_path / "anything", HOST, mode=mode)
    )

    read = archives.read(str(path))
    assert read.files == HOST
    assert read.time == TIME
    assert read.name_of(LVS_CF) == f"{path}!{LVS_CF}"


@pytest.mark.parametrize("top", ["host", "./host", "sosreport-lvs1.example-123", "a b"])
def test_the_top_folder_has_any_name(tmp_path: Path, top: str) -> None:
    """It is not part of the names."""
    assert archives.read(str(packed(tmp_path / "a.tar", HOST, top))).files == HOST


def test_archives_of_several_streams(tmp_path: Path) -> None:
    """pbzip2, pigz and `xz -T` write several compressed streams, one after another."""
    plain = packed(tmp_path / "a.tar", HOST).read_bytes()
    middle = len(plain) // 2
    for module in (gzip, bz2, lzma):
        path = tmp_path / module.__name__
        path.write_bytes(module.compress(plain[:middle]) + module.compress(plain[middle:]))
        assert archives.read(str(path)).files == HOST


@pytest.mark.parametrize("reverse", [False, True])
def test_links_inside_are_followed(tmp_path: Path, reverse: bool) -> None:
    """A link leads to another file of the archive, before or after it, over several steps."""
    files = {"etc/lvs.cf": b"primary = 1\n", **{k: v for k, v in HOST.items() if k != LVS_CF}}
    links = [
        link(f"host/{LVS_CF}", "lvs.cf.real"),
        link("host/etc/sysconfig/ha/lvs.cf.real", "../../lvs.cf"),
    ]
    path = packed(tmp_path / "a.tar", files, extra=tuple(reversed(links) if reverse else links))

    assert archives.read(str(path)).files[LVS_CF] == b"primary = 1\n"


def test_hard_links_are_followed(tmp_path: Path) -> None:
    """RHEL 4 has its ifcfg files under several names."""
    name = "etc/sysconfig/network-scripts/ifcfg-eth0"
    files = {"etc/sysconfig/networking/devices/ifcfg-eth0": b"IPADDR=10.10.1.21\n", **HOST}
    extra = link(
        f"host/{name}", "host/etc/sysconfig/networking/devices/ifcfg-eth0", tarfile.LNKTYPE
    )

    read = archives.read(str(packed(tmp_path / "a.tar", files, extra=(extra,))))
    assert read.files[name] == b"IPADDR=10.10.1.21\n"


def test_circles_and_dangling_links_are_nothing(tmp_path: Path) -> None:
    """A link to itself, or to what is not there, is a file that is not there."""
    files = {name: content for name, content in HOST.items() if name != LVS_CF}
    for target in ("lvs.cf", "missing"):
        path = packed(tmp_path / "a.tar", files, extra=(link(f"host/{LVS_CF}", target),))
        assert LVS_CF not in archives.read(str(path)).files


def test_devices_are_ignored(tmp_path: Path) -> None:
    """Sosreport copies the nodes of devices."""
    devices = (special("host/dev/null", tarfile.CHRTYPE), special("host/dev/sda", tarfile.BLKTYPE))

    assert archives.read(str(packed(tmp_path / "a.tar", HOST, extra=devices))).files == HOST


# --- what is not a host --------------------------------------------------------------------------


def test_no_sos_commands(tmp_path: Path) -> None:
    """Another tar is named, and what to do."""
    path = packed(tmp_path / "a.tar", {LVS_CF: HOST[LVS_CF]})

    said = error_of(path)
    assert "neither a sosreport nor" in said
    assert "`lvscf collect | ssh root@HOST sh > HOST.tar`" in said
    with pytest.raises(NotCollectedError):
        archives.read(str(path))


def test_two_top_folders(tmp_path: Path) -> None:
    """Two hosts in one archive would be mixed."""
    extra = special("other/etc", tarfile.DIRTYPE)
    path = packed(tmp_path / "b.tar", {"setup.py": b""}, extra=(extra,))
    with pytest.raises(NotCollectedError):  # an archive of other things may have several
        archives.read(str(path))

    assert "two top folders, `host` and `other`" in error_of(
        packed(tmp_path / "a.tar", HOST, extra=(extra,))
    )


def test_archives_of_archives(tmp_path: Path) -> None:
    """`sos collect` packs several sosreports into one archive."""
    path = packed(tmp_path / "a.tar", {"sosreport-a.tar.xz": b"", "sosreport-b.tar.xz": b""})

    assert "holds other archives" in error_of(path)


@pytest.mark.parametrize("module", [gzip, bz2, lzma], ids=lambda one: one.__name__)
def test_compressed_but_no_tar(tmp_path: Path, module: object) -> None:
    """A compressed text is not a host."""
    path = tmp_path / "a"
    path.write_bytes(module.compress(b"primary = 10.10.1.21\n" * 100))  # type: ignore[attr-defined]

    assert "without a tar in it; unpack it first" in error_of(path)


@pytest.mark.parametrize(
    "content",
    [
        b"-----BEGIN PGP MESSAGE-----\n\nhQEMA",
        b"\x8c\x0d\x04\x09\x03\x02" + b"x" * 100,
        b"\xc3\x2e\x04\x09\x03\x02" + b"x" * 100,
        b"\x84\x5e\x03" + b"x" * 100,
        b"\xc1\xc0\x4c\x03" + b"x" * 100,
        b"\x85\x01\x0c\x03" + b"x" * 100,
        b"Salted__abcdefgh",
    ],
)
def test_encrypted(tmp_path: Path, content: bytes) -> None:
    """Sos 4 can encrypt what it collects."""
    path = tmp_path / "sosreport.tar.xz.gpg"
    path.write_bytes(content)

    assert "is encrypted; decrypt it" in error_of(path)


# --- damage --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_truncated(tmp_path: Path, mode: str) -> None:
    """Wherever an archive ends too early, it is an error: the missing part is evidence."""
    whole = packed(
        tmp_path / "whole", {**HOST, "var/noise": random.Random(1).randbytes(5000)}, mode=mode
    )
    content = whole.read_bytes()
    end = len(content) if mode != "w" else content.rstrip(b"\0").__len__() // 512 * 512
    path = tmp_path / "a.tar"
    for length in (end - 1, end * 2 // 3, end // 2 + 1, end // 2, 1024):
        path.write_bytes(content[:length])
        assert "damaged or incomplete" in error_of(path)


def test_truncated_between_members(tmp_path: Path) -> None:
    """A tar without its end looks sound to tarfile; an interrupted ssh leaves such a one."""
    content = packed(tmp_path / "whole", {"sos_commands/x": b"x" * 512}).read_bytes()
    path = tmp_path / "a.tar"
    path.write_bytes(content[:1024])

    assert "ends too early" in error_of(path)


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_bytes_changed(tmp_path: Path, mode: str) -> None:
    """Damage never ends in a traceback; what is read in spite of it is what was there."""
    content = packed(tmp_path / "whole", HOST, mode=mode).read_bytes()
    random_bytes = random.Random(7)
    path = tmp_path / "a.tar"
    for _ in range(150):
        changed = bytearray(content)
        changed[random_bytes.randrange(len(changed))] ^= 1 << random_bytes.randrange(8)
        path.write_bytes(bytes(changed))
        with suppress(FileError):
            archives.read(str(path))


@given(st.binary(max_size=2000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    """Whatever is in a file, there is one sentence about it."""
    path = tmp_path / "a"
    for head in (b"", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\x00", b"a" + b"\0" * 256 + b"ustar"):
        path.write_bytes(head + content)
        error_of(path)


# --- harm ----------------------------------------------------------------------------------------

HOSTILE: dict[str, tuple[tuple[tarfile.TarInfo, ...], str]] = {
    "above": ((special("../etc", tarfile.DIRTYPE),), "leads out of the archive"),
    "above from inside": ((special("host/../../x", tarfile.REGTYPE),), "leads out of the archive"),
    "absolute": ((special("/etc/passwd", tarfile.REGTYPE),), "leads out of the archive"),
    "absolute link": (
        (link("host/etc/x", "/etc/passwd"),),
        "the link `host/etc/x` leads out of it",
    ),
    "link above": ((link("host/etc/x", "../../../etc/passwd"),), "leads out of it"),
    "link to another top": ((link("host/x", "../other/y"),), "leads out of it"),
    "link in place of lvs.cf": ((link(f"host/{LVS_CF}", "/etc/passwd"),), "leads out of it"),
    "hard link": ((link("host/x", "/etc/passwd", tarfile.LNKTYPE),), "leads out of it"),
    "FIFO": ((special("host/etc/pipe", tarfile.FIFOTYPE),), "is a FIFO"),
    "FIFO in place of lvs.cf": ((special(f"host/{LVS_CF}", tarfile.FIFOTYPE),), "is a FIFO"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_members(tmp_path: Path, case: str) -> None:
    """Nothing outside is read, and the archive is rejected with one sentence."""
    members, said = HOSTILE[case]
    files = {name: content for name, content in HOST.items() if name != LVS_CF}

    assert said in error_of(packed(tmp_path / "a.tar", files, extra=members))


def big(size: int, name: str = "host/var/log/messages", kind: bytes = tarfile.REGTYPE) -> bytes:
    """The header of a member of this size."""
    member = special(name, kind)
    member.size = size
    return member.tobuf(tarfile.GNU_FORMAT)


SIZES: dict[str, tuple[bytes, str]] = {
    "1 GiB": (big(1 << 30), "is larger than 512 MiB"),
    "evidence": (big(33 << 20, f"host/{LVS_CF}"), "is larger than 32 MiB"),
    "negative": (big(-512), "an impossible size"),
    "a long name of 1 GiB": (
        big(1 << 30, "././@LongLink", tarfile.GNUTYPE_LONGNAME),
        "impossible size",
    ),
    "a record of 1 GiB": (big(1 << 30, "pax", tarfile.XHDTYPE), "impossible size"),
    "a global record of 1 GiB": (big(1 << 30, "pax", tarfile.XGLTYPE), "impossible size"),
}


@pytest.mark.parametrize("case", SIZES)
@pytest.mark.parametrize("module", [None, gzip], ids=["tar", "gz"])
def test_sizes(tmp_path: Path, case: str, module: object) -> None:
    """A size is judged by the header, before anything of the content is read or unpacked."""
    header, said = SIZES[case]
    content = header + b"\0" * 10240
    path = tmp_path / "a.tar"
    path.write_bytes(content if module is None else gzip.compress(content))

    assert said in error_of(path)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """1 GiB of zeros, compressed to little, is rejected by its header."""
    path = tmp_path / "a.tar.xz"
    packer = lzma.LZMACompressor()
    zeros = bytes(1 << 20)
    with path.open("wb") as file:
        file.write(packer.compress(big(1 << 30)))
        for _ in range(64):
            file.write(packer.compress(zeros))
    assert "is larger than 512 MiB" in error_of(path)


def test_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of members is limited; the real limit is tried with the marker `slow`."""
    monkeypatch.setattr(archives, "MOST_MEMBERS", 50)
    many = tuple(special(f"host/{number}", tarfile.REGTYPE) for number in range(51))

    assert "more than 50 members" in error_of(packed(tmp_path / "a.tar", HOST, extra=many))


@pytest.mark.slow
def test_300_000_members(tmp_path: Path) -> None:
    """They are rejected after the first 200,000, in seconds."""
    path = tmp_path / "a.tar.gz"
    header = special("host/x", tarfile.REGTYPE).tobuf()
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(300):
            file.write(header * 1000)

    assert "more than 200,000 members" in error_of(path)


def test_endless_records(tmp_path: Path) -> None:
    """Records about records do not end in a traceback."""
    record = tarfile.TarInfo("pax")
    record.type, record.size = tarfile.XHDTYPE, 0
    path = tmp_path / "a.tar"
    path.write_bytes(record.tobuf() * 5000 + b"\0" * 1024)

    assert "damaged" in error_of(path)


def test_nothing_is_written(tmp_path: Path) -> None:
    """Reading leaves nothing behind."""
    before = {one: one.read_bytes() for one in cluster(tmp_path)}
    for path in before:
        archives.read(str(path))

    assert {one: one.read_bytes() for one in tmp_path.iterdir()} == before


def test_names_are_safe_to_print(tmp_path: Path) -> None:
    """Control characters in the names of members do not reach a terminal."""
    member = special("/\x1b[31mred", tarfile.REGTYPE)

    assert "\x1b" not in error_of(packed(tmp_path / "a.tar", HOST, extra=(member,)))
