"""`lvscf lint` with archives and folders of hosts, as a process."""

import json
import re
import shutil
import tarfile
from pathlib import Path

import pytest

from lvscf.cli.collected_hosts import table as table_of
from lvscf.files.collected import archives
from lvscf.files.collected.clusters import CollectedHosts
from lvscf.files.collected.reading import CollectedHost
from tests.collected import (
    TIME,
    VERSIONS,
    cluster,
    files_of,
    ip_addr,
    packed,
    sosreport,
    unpacked,
)
from tests.conftest import EXAMPLE, ROOT, Run
from tests.processes import errors, one_sentence, told

HOSTS = ("lvs-d01", "lvs-d02", "lvs-d03", "lvs-d04")
TARS = tuple(f"{host}.tar" for host in HOSTS)
LVS_CF = "etc/sysconfig/ha/lvs.cf"
LINT = ("lint", "--format", "concise")


def changed(host: str, old: str, new: str) -> dict[str, bytes]:
    """The files of a router, with a change in its lvs.cf."""
    files = files_of(host)
    assert old.encode() in files[LVS_CF]
    return {**files, LVS_CF: files[LVS_CF].replace(old.encode(), new.encode())}


def table(text: str) -> list[str]:
    """The lines of the table."""
    return [line for line in text.splitlines() if line.startswith("  ")]


# --- whole clusters ------------------------------------------------------------------------------


def test_four_archives(run: Run, tmp_path: Path) -> None:
    """The verdict is that of the example's own files; a table says which host is which."""
    cluster(tmp_path)
    result = run("lint", *TARS, folder=tmp_path)

    assert result.returncode == 0
    assert result.stdout.startswith(b"No findings in 1 file; followed ")
    assert result.stdout.endswith(b" through the rules of 4 hosts.\n")
    assert errors(result).splitlines() == [
        "  lvs-d01.tar  primary router 10.10.1.21         lvs.cf, iptables, addresses",
        "  lvs-d02.tar  backup router 10.10.1.22          lvs.cf, iptables, addresses",
        "  lvs-d03.tar  real server 10.10.1.31 (lvs-d03)  iptables, addresses",
        "  lvs-d04.tar  real server 10.10.1.32 (lvs-d04)  iptables, addresses",
    ]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("is_unpacked", [False, True], ids=["archives", "folders"])
def test_sosreports(run: Run, tmp_path: Path, version: str, is_unpacked: bool) -> None:
    """Of every version, as archives and unpacked, in one folder.

    Nothing is missing but the table raw, which exempts packets from the tracking of connections:
    before 3.5, sosreport did not list it.
    """
    for host in HOSTS:
        files = sosreport(host, version)
        if is_unpacked:
            unpacked(tmp_path / "all" / f"sosreport-{host}", files)
        else:
            (tmp_path / "all").mkdir(exist_ok=True)
            packed(tmp_path / "all" / f"{host}.tar.x", files, f"{host}-1", VERSIONS[version])
            suffix = VERSIONS[version].partition(":")[2]
            (tmp_path / "all" / f"{host}.tar.x").rename(tmp_path / "all" / f"{host}.tar.{suffix}")
    result = run(*LINT, "all", folder=tmp_path)

    assert (result.returncode, told(result.stdout)) == (0, ["LVS400"] * (version < "3.5"))
    assert ("the table raw, which older sosreports lack" in result.stdout.decode()) == (
        version < "3.5"
    )
    lines = table(errors(result))
    assert [line.split()[1:3] for line in lines] == [
        ["primary", "router"], ["backup", "router"], ["real", "server"], ["real", "server"],
    ]  # fmt: skip
    assert all("iptables, " in line for line in lines)


def test_a_fault_in_a_sosreport(run: Run, tmp_path: Path) -> None:
    """A rule that is missing in a listing is found, and the finding names it there."""
    files = sosreport("lvs-d02", "2.2")
    mangle = "sos_commands/networking/iptables_-t_mangle_-nvL"
    files[mangle] = files[mangle].replace(b"dports 80,443", b"dports 80")
    packed(tmp_path / "sosreport-lvs-d01.tar.xz", sosreport("lvs-d01", "2.2"), mode="w:xz")
    packed(tmp_path / "sosreport-lvs-d02.tar.xz", files, mode="w:xz")
    result = run("lint", "--format", "json", "--select", "LVS409", ".", folder=tmp_path)

    [finding] = json.loads(result.stdout)["findings"]
    assert finding["filename"] == f"sosreport-lvs-d01.tar.xz!{LVS_CF}"
    assert {one["filename"] for one in finding["related"]} >= {
        "sosreport-lvs-d01.tar.xz!sos_commands/networking/iptables_-t_mangle_-nvL"
    }


def test_archives_and_folders_mixed(run: Run, tmp_path: Path) -> None:
    """Each host as it is at hand, with an lvs.cf of its own."""
    cluster(tmp_path, HOSTS[1:])
    unpacked(tmp_path / "lvs-d01", files_of("lvs-d01"))
    shutil.copy(EXAMPLE, tmp_path / "lvs.cf")
    result = run("lint", "lvs.cf", "lvs-d01", *TARS[1:], folder=tmp_path)

    assert result.stdout.startswith(b"No findings in 1 file; followed ")
    assert result.stdout.endswith(b" through the rules of 4 hosts.\n")


def test_the_page_shows_what_is_printed(run: Run, tmp_path: Path) -> None:
    """docs/collecting.md has the real output, of the example in which one router is wrong."""
    for host in HOSTS:
        rules = (ROOT / "examples" / "broken" / host / "iptables").read_bytes()
        files = {**files_of(host), "sos_commands/lvscf/iptables-save": rules}
        packed(tmp_path / f"{host}.tar", files, host)
    page = (ROOT / "docs" / "collecting.md").read_text(encoding="utf-8")
    command, _, shown = (
        page.partition("```console\n$ lvscf ")[2].partition("```")[0].partition("\n")
    )
    result = run(*command.split(), folder=tmp_path)

    assert errors(result) + result.stdout.decode() == shown


def test_quiet(run: Run, tmp_path: Path) -> None:
    """Without the table."""
    cluster(tmp_path)
    result = run(*LINT, "-q", *TARS, folder=tmp_path)

    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


# --- the routers' copies -------------------------------------------------------------------------


def test_both_copies_are_compared(run: Run, tmp_path: Path) -> None:
    """As with `--pair`; each difference is reported once, in the primary router's file."""
    packed(tmp_path / "b.tar", files_of("lvs-d01"))
    packed(tmp_path / "a.tar", changed("lvs-d02", "deadtime = 18", "deadtime = 20"))
    result = run(*LINT, "--select", "LVS9", "a.tar", "b.tar", folder=tmp_path)

    assert result.returncode == 1
    assert told(result.stdout) == ["LVS904"]
    assert result.stdout.startswith(f"b.tar!{LVS_CF}:11:12: error".encode())
    assert f"a.tar!{LVS_CF}" in result.stdout.decode()


def test_each_copy_is_linted(run: Run, tmp_path: Path) -> None:
    """What is wrong in the backup router's file alone is found in it."""
    packed(tmp_path / "a.tar", files_of("lvs-d01"))
    packed(tmp_path / "b.tar", changed("lvs-d02", "deadtime = 18", "deadtime = 5"))
    result = run(*LINT, "--ignore", "LVS400", "a.tar", "b.tar", folder=tmp_path)

    lines = result.stdout.decode().splitlines()
    assert [(line.partition("!")[0], line.split()[2]) for line in lines] == [
        ("a.tar", "LVS904"), ("b.tar", "LVS201"),
    ]  # fmt: skip


def test_a_file_is_compared_with_the_copies(run: Run, tmp_path: Path) -> None:
    """An lvs.cf that is named with the routers' archives should be what they have."""
    cluster(tmp_path)
    text = EXAMPLE.read_text().replace("weight = 1", "weight = 2", 1)
    (tmp_path / "lvs.cf").write_text(text)
    result = run(*LINT, "--select", "LVS904", "lvs.cf", *TARS, folder=tmp_path)

    assert told(result.stdout) == ["LVS904"]
    assert result.stdout.startswith(b"lvs.cf:")


def test_pair_with_an_archive(run: Run, tmp_path: Path) -> None:
    """`--pair` names another copy; with several lvs.cf it is not clear whose."""
    cluster(tmp_path)
    (tmp_path / "other").write_text(EXAMPLE.read_text().replace("deadtime = 18", "deadtime = 20"))
    result = run(*LINT, "--select", "LVS904", "--pair", "other", "lvs-d01.tar", folder=tmp_path)
    assert told(result.stdout) == ["LVS904"]

    packed(tmp_path / "b.tar", changed("lvs-d02", "deadtime = 18", "deadtime = 20"))
    result = run(*LINT, "-q", "--pair", "other", "lvs-d01.tar", "b.tar", folder=tmp_path)
    assert "--pair compares one lvs.cf" in one_sentence(result)


def test_the_sample_of_the_package_is_not_linted(run: Run, tmp_path: Path) -> None:
    """Piranha may be installed on a real server; the file there is not the cluster's."""
    cluster(tmp_path)
    sample = b"primary = 10.1.2.3\nbackup = 10.1.2.3\n"
    packed(tmp_path / "lvs-d03.tar", {**files_of("lvs-d03"), LVS_CF: sample})
    result = run(*LINT, *TARS, folder=tmp_path)

    assert (result.returncode, result.stdout) == (0, b"")
    assert "real server 10.10.1.31 (lvs-d03)" in table(errors(result))[2]


# --- hosts that do not fit -----------------------------------------------------------------------


def test_what_is_missing_is_a_note(run: Run, tmp_path: Path) -> None:
    """LVS400 names the hosts without rules: not collected, or without their rules."""
    cluster(tmp_path)
    files = {name: text for name, text in files_of("lvs-d04").items() if "iptables" not in name}
    packed(tmp_path / "lvs-d04.tar", files)
    result = run(*LINT, "--ignore", "LVS501", *TARS[:2], TARS[3], folder=tmp_path)

    assert (result.returncode, told(result.stdout)) == (0, ["LVS400"])
    assert "on real servers lvs-d03 and lvs-d04" in result.stdout.decode()


def test_a_host_of_another_cluster(run: Run, tmp_path: Path) -> None:
    """It is named in the table, and not read."""
    cluster(tmp_path)
    files = {**files_of("lvs-d03"), "sos_commands/lvscf/ip_addr": ip_addr("10.10.7.7")}
    packed(tmp_path / "other.tar", files)
    result = run(*LINT, *TARS, "other.tar", folder=tmp_path)

    assert (result.returncode, result.stdout) == (0, b"")
    assert re.match("  other.tar +in no lvs.cf, not read +iptables", table(errors(result))[4])


def test_replaced_addresses(run: Run, tmp_path: Path) -> None:
    """Archives that `sos clean` has treated apart do not match each other, and that is said."""
    cluster(tmp_path)
    files = {**files_of("lvs-d04"), "sos_commands/lvscf/ip_addr": ip_addr("100.1.0.7")}
    packed(tmp_path / "lvs-d04.tar", files)
    result = run(*LINT, *TARS, folder=tmp_path)

    assert told(result.stdout) == ["LVS400"]
    assert "addresses were replaced, as by `sos clean`" in table(errors(result))[3]


def test_two_collections_of_one_host(run: Run, tmp_path: Path) -> None:
    """The newer one counts, and that is said."""
    cluster(tmp_path)
    old = changed("lvs-d01", "deadtime = 18", "deadtime = 5")
    packed(tmp_path / "old.tar", old, time=TIME - 86400)
    result = run(*LINT, "old.tar", *TARS, folder=tmp_path)

    assert (result.returncode, result.stdout) == (0, b"")
    said = errors(result)
    assert "old.tar and lvs-d01.tar are of one host; the newer one, lvs-d01.tar, is used" in said
    assert "an older collection of the same host" in table(said)[0]


def test_two_hosts_with_one_address(run: Run, tmp_path: Path) -> None:
    """A host that was replaced by another one: the newer one counts, and that is said."""
    cluster(tmp_path)
    old = {**files_of("lvs-d04"), "sos_commands/lvscf/hostname": b"web9\n"}
    old["sos_commands/lvscf/iptables-save"] = b""
    packed(tmp_path / "old.tar", old, time=TIME - 1)
    result = run(*LINT, "old.tar", *TARS, folder=tmp_path)

    assert (result.returncode, result.stdout) == (0, b"")
    assert "both have the address of real server 10.10.1.32" in errors(result)
    assert "the newer one, lvs-d04.tar, is used" in errors(result)


def test_no_lvs_cf(run: Run, tmp_path: Path) -> None:
    """Real servers alone are not a cluster."""
    cluster(tmp_path)

    assert "no lvs.cf in what was collected from 2 hosts" in one_sentence(
        run("lint", "-q", *TARS[2:], folder=tmp_path)
    )


def test_empty_archive(run: Run, tmp_path: Path) -> None:
    """It is what a failed ssh leaves, not an empty lvs.cf; beside other hosts, it is reported."""
    cluster(tmp_path)
    (tmp_path / "lvs-d04.tar").write_bytes(b"")
    for paths in (TARS, (".",)):
        result = run(*LINT, *paths, folder=tmp_path)

        assert result.returncode == 2
        assert "lvs-d04.tar is empty" in errors(result)
        assert told(result.stdout) == ["LVS400"]


def test_table_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long lines are wrapped in their column; in a file, each host has one line."""
    cluster(tmp_path)
    monkeypatch.chdir(tmp_path)
    hosts = CollectedHosts([CollectedHost(archives.read(TARS[0]), print)])
    hosts.choose(())
    (whole,) = table_of(hosts).splitlines()
    first, *more = table_of(hosts, 60).splitlines()

    assert len(whole) > 60
    assert max(map(len, (first, *more))) <= 60
    assert more
    assert [first, *more][-1].startswith(" ")
    assert " ".join(" ".join((first, *more)).split()) == " ".join(whole.split())


def test_without_addresses(run: Run, tmp_path: Path) -> None:
    """A router's lvs.cf is linted all the same; a real server is known by its name."""
    for host in HOSTS:
        files = {name: text for name, text in files_of(host).items() if "ip_addr" not in name}
        packed(tmp_path / f"{host}.tar", files)
    result = run(*LINT, *TARS, folder=tmp_path)

    assert told(result.stdout) == ["LVS400"]
    lines = table(errors(result))
    assert "not known, only its lvs.cf is read" in lines[0]
    assert "real server lvs-d03" in lines[2]


# --- options and settings ------------------------------------------------------------------------


def test_options_replace_what_was_collected(run: Run, tmp_path: Path) -> None:
    """And what was collected replaces files that settings name."""
    cluster(tmp_path)
    (tmp_path / "empty").write_bytes(b"")
    result = run(*LINT, *TARS, "--router", "10.10.1.22=empty", folder=tmp_path)
    assert "LVS401" in told(result.stdout)

    (tmp_path / "lvscf.toml").write_text('[cluster.routers."10.10.1.22"]\niptables = "empty"\n')
    result = run(*LINT, *TARS, folder=tmp_path)
    assert (result.returncode, result.stdout) == (0, b"")


def test_settings_of_archives(run: Run, tmp_path: Path) -> None:
    """Those beside the archive are in force, and `--show-settings` shows them."""
    (tmp_path / "in").mkdir()
    packed(tmp_path / "in" / "a.tar", changed("lvs-d01", "deadtime = 18", "deadtime = 5"))
    (tmp_path / "in" / "lvscf.toml").write_text("ignore = ['LVS201', 'LVS400']\n")

    assert run(*LINT, "in/a.tar", folder=tmp_path).stdout == b""
    shown = run("lint", "--show-settings", "in/a.tar", folder=tmp_path).stdout.decode()
    assert "in/a.tar" in shown
    assert "LVS201" in shown


def test_a_baseline(run: Run, tmp_path: Path) -> None:
    """It knows the findings in archives again."""
    packed(tmp_path / "a.tar", changed("lvs-d01", "deadtime = 18", "deadtime = 5"))
    assert run(*LINT, "-q", "--write-baseline", "known", "a.tar", folder=tmp_path).returncode == 0
    result = run(*LINT, "-q", "--baseline", "known", "a.tar", folder=tmp_path)

    assert (result.returncode, told(result.stdout)) == (0, ["LVS400"])


def test_an_archive_named_twice(run: Run, tmp_path: Path) -> None:
    """It is read once."""
    cluster(tmp_path)
    result = run(*LINT, *TARS, *TARS, folder=tmp_path)

    assert (result.returncode, result.stdout) == (0, b"")
    assert len(errors(result).splitlines()) == 4


def test_archives_are_not_fixed(run: Run, tmp_path: Path) -> None:
    """`--fix` says so; nothing changes.  `--diff` has nothing to show of them."""
    packed(tmp_path / "a.tar", changed("lvs-d01", "deadtime = 18", "deadtime = 18   # long"))
    before = (tmp_path / "a.tar").read_bytes()

    assert "--fix does not change archives, such as a.tar" in one_sentence(
        run("lint", "--fix", "a.tar", folder=tmp_path)
    )
    assert run("lint", "--diff", "-q", "a.tar", folder=tmp_path).stdout.count(b"@@") == 0
    assert (tmp_path / "a.tar").read_bytes() == before


def test_unpacked_folders_are_fixed(run: Run, tmp_path: Path) -> None:
    """Their lvs.cf is a file as any other."""
    unpacked(tmp_path / "a", changed("lvs-d01", "deadtime = 18", "deadtime = 18   # long"))
    run("lint", "--fix", "a", folder=tmp_path)

    assert b"deadtime = 18\n" in (tmp_path / "a" / LVS_CF).read_bytes()


def test_a_report_does_not_overwrite_an_archive(run: Run, tmp_path: Path) -> None:
    """As with any other file that is read."""
    cluster(tmp_path)

    assert "which is evidence" in one_sentence(
        run("lint", "--report", "json=lvs-d01.tar", *TARS, folder=tmp_path)
    )


@pytest.mark.parametrize("format", ["full", "json", "sarif", "github", "gitlab", "junit", "rdjson"])
def test_every_format(run: Run, tmp_path: Path, format: str) -> None:
    """Each names the file in the archive."""
    packed(tmp_path / "a.tar", changed("lvs-d01", "deadtime = 18", "deadtime = 5"))
    result = run("lint", "--format", format, "a.tar", folder=tmp_path)

    assert result.returncode == 1
    assert "a.tar" in result.stdout.decode()
    assert LVS_CF in result.stdout.decode()


# --- bad input -----------------------------------------------------------------------------------


def test_others_are_linted_all_the_same(run: Run, tmp_path: Path) -> None:
    """A damaged archive is one sentence, and exit status 2; the rest is done."""
    cluster(tmp_path)
    (tmp_path / "lvs-d04.tar").write_bytes((tmp_path / "lvs-d04.tar").read_bytes()[:1300])
    shutil.copy(EXAMPLE, tmp_path / "own.cf")
    for named in ((*TARS, "own.cf"), (".", "own.cf")):
        result = run(*LINT, *named, folder=tmp_path)
        assert (result.returncode, told(result.stdout)) == (2, ["LVS400"])
        said = [line for line in errors(result).splitlines() if not line.startswith("  ")]
        assert len(said) == 1
        assert said[0].startswith("lvscf: lvs-d04.tar is damaged or incomplete")


def test_several_hosts_in_one_archive(run: Run, tmp_path: Path) -> None:
    """In a folder, too, it is not overlooked."""
    cluster(tmp_path, HOSTS[:3])
    extra = tarfile.TarInfo("second/etc")
    packed(tmp_path / "lvs-d04.tar", files_of("lvs-d04"), extra=(extra,))
    packed(tmp_path / "all.tar", {"sosreport-a.tar.xz": b""})
    result = run(*LINT, "-q", ".", folder=tmp_path)

    assert (result.returncode, told(result.stdout)) == (2, ["LVS400"])
    assert [line.partition(";")[0] for line in errors(result).splitlines()] == [
        "lvscf: all.tar holds other archives, such as `sosreport-a.tar.xz`",
        "lvscf: lvs-d04.tar has two top folders, `host` and `second`",
    ]


def test_rules_that_are_not_rules(run: Run, tmp_path: Path) -> None:
    """The sentence names the file in the archive, and what it should be."""
    cluster(tmp_path)
    files = {**files_of("lvs-d04"), "sos_commands/lvscf/iptables-save": b"You must be root\n"}
    packed(tmp_path / "lvs-d04.tar", files)
    result = run(*LINT, "-q", "--ignore", "LVS501", *TARS, folder=tmp_path)

    assert (result.returncode, told(result.stdout)) == (2, ["LVS400"])
    said = errors(result)
    assert said.startswith(
        "lvscf: lvs-d04.tar!sos_commands/lvscf/iptables-save contains nothing that"
    )
    assert "`iptables-save > FILE`" in said


def test_an_lvs_cf_that_is_not_one(run: Run, tmp_path: Path) -> None:
    """The other router's is linted."""
    cluster(tmp_path)
    packed(tmp_path / "lvs-d01.tar", {**files_of("lvs-d01"), LVS_CF: b"\x7fELF\0\0\0"})
    result = run(*LINT, "-q", *TARS, folder=tmp_path)

    assert (result.returncode, result.stdout) == (2, b"")
    assert errors(result).startswith(f"lvscf: lvs-d01.tar!{LVS_CF} is an executable")


HOSTILE = {
    "above": ("../etc/passwd", tarfile.REGTYPE, ""),
    "absolute": ("/etc/passwd", tarfile.REGTYPE, ""),
    "link": (f"host/{LVS_CF}", tarfile.SYMTYPE, "/etc/passwd"),
    "pipe": (f"host/{LVS_CF}", tarfile.FIFOTYPE, ""),
    "second": ("second/x", tarfile.DIRTYPE, ""),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_archives(run: Run, tmp_path: Path, case: str) -> None:
    """One sentence, exit status 2, and nothing is unpacked or read outside."""
    name, kind, target = HOSTILE[case]
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    files = {one: text for one, text in files_of("lvs-d01").items() if one != LVS_CF}
    packed(tmp_path / "a.tar", files, extra=(member,))
    result = run("lint", "a.tar", folder=tmp_path)

    assert one_sentence(result).startswith("lvscf: a.tar ")
    assert result.stdout == b""
    assert [one.name for one in tmp_path.iterdir()] == ["a.tar"]


# --- folders that are not of hosts ---------------------------------------------------------------


def test_plain_folders_mean_what_they_meant(run: Run, tmp_path: Path) -> None:
    """Every lvs.cf in and below it; archives of other things, sound or not, are not of interest."""
    folder = tmp_path / "project"
    for name in ("one", "two/three"):
        (folder / name).mkdir(parents=True)
        shutil.copy(EXAMPLE, folder / name / "lvs.cf")
    cluster(folder / "one")  # archives below a folder do not count, either
    packed(folder / "dist.tar.gz", {"setup.py": b""}, mode="w:gz")
    (folder / "broken.tar.gz").write_bytes(b"\x1f\x8b\x08 broken")
    (folder / "secret.tar.gpg").write_bytes(b"\x8c\x0d\x04 secret")
    result = run("lint", "--ignore", "LVS400", "project", folder=tmp_path)

    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout == b"No findings in 2 files.\n"
    assert run("lint", "--fix", "--ignore", "LVS400", "project", folder=tmp_path).returncode == 0


def test_a_folder_with_nothing(run: Run, tmp_path: Path) -> None:
    """Neither an lvs.cf nor a host: one sentence."""
    packed(tmp_path / "dist.tar.gz", {"setup.py": b""}, mode="w:gz")

    assert "there is no lvs.cf in . or below it, nor a collected host" in one_sentence(
        run("lint", ".", folder=tmp_path)
    )


def test_inside_of_a_folder_of_a_host(run: Run, tmp_path: Path) -> None:
    """The current directory may be that of the host."""
    folder = unpacked(tmp_path / "host", files_of("lvs-d01"))
    result = run(*LINT, ".", folder=folder)

    assert told(result.stdout) == ["LVS400"]
    assert table(errors(result))[0].startswith("  .  primary router")
