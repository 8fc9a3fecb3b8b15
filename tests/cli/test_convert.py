"""`lvscf convert`, run as people run it."""

import json
import os
from pathlib import Path

import pytest

from tests.builders import ROUTERS, server, service
from tests.conftest import Run
from tests.good import DIRECT, MARKS
from tests.processes import errors, file, one_sentence

GOOD = (
    ROUTERS + "keepalive = 6\ndeadtime = 18\n" + service("vip_nmask = 255.255.255.0", server())
).encode()


@pytest.fixture
def lvs_cf(tmp_path: Path) -> Path:
    """A file that can be converted."""
    return file(tmp_path, GOOD)


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_files_go_to_standard_output(run: Run, lvs_cf: Path) -> None:
    """Each file comes after a line with its name; notes are shown as lint shows findings."""
    result = run("convert", "--to", "keepalived", "lvs.cf")
    heads = [line for line in result.stdout.decode().splitlines() if line.startswith("==> ")]

    assert result.returncode == 0
    assert heads == [
        "==> primary/keepalived.conf <==",
        "==> primary/checks/web <==",
        "==> primary/sysctl.conf <==",
        "==> backup/keepalived.conf <==",
        "==> backup/checks/web <==",
        "==> backup/sysctl.conf <==",
        "==> NOTES.md <==",
    ]
    shown = errors(result)
    assert shown.startswith("warning[N01 interface-guessed]: ")
    assert " --> lvs.cf:1:11\n  |\n1 | primary = 10.10.1.21\n  |           ^^^^^^^^^^\n" in shown
    assert run("convert", "--to", "keepalived", "--stdout", "lvs.cf").stdout == result.stdout


def test_standard_input(run: Run) -> None:
    """`-` is standard input; its lines are named after lvs.cf."""
    result = run("convert", "--to", "keepalived", "-", stdin=GOOD)

    assert result.returncode == 0
    assert b"10.10.1.22  # lvs.cf:2\n" in result.stdout


def test_output_folder(run: Run, lvs_cf: Path, tmp_path: Path) -> None:
    """Folders can be copied to routers as they are: scripts are executable."""
    result = run("convert", "--to", "keepalived", "-o", "out", "lvs.cf")

    assert (result.returncode, result.stdout) == (0, b"")
    assert errors(result).endswith("lvscf: wrote 7 files to out\n")
    folder = tmp_path / "out"
    assert left_in(folder) == {"primary", "backup", "NOTES.md"}
    assert (folder / "primary/checks/web").stat().st_mode & 0o777 == 0o755
    assert (folder / "primary/keepalived.conf").stat().st_mode & 0o777 == 0o644
    assert left_in(tmp_path) == {"lvs.cf", "out"}


def test_existing_folder(run: Run, lvs_cf: Path, tmp_path: Path) -> None:
    """It is only replaced if that is asked for, and then as a whole."""
    command = ("convert", "--to", "keepalived", "-o", "out", "lvs.cf")
    (tmp_path / "out" / "primary" / "checks").mkdir(parents=True)
    old = file(tmp_path / "out" / "primary" / "checks", b"old", "stale")
    assert one_sentence(run(*command)) == (
        "lvscf: out exists already; name a new directory, or use --force"
    )
    assert old.read_bytes() == b"old"

    assert run(*command, "--force").returncode == 0
    assert not old.exists()
    assert (tmp_path / "out" / "primary" / "checks" / "web").exists()
    assert left_in(tmp_path) == {"lvs.cf", "out"}


def test_foreign_files_are_kept(run: Run, lvs_cf: Path, tmp_path: Path) -> None:
    """`--force` does not remove what no conversion wrote."""
    (tmp_path / "out").mkdir()
    precious = file(tmp_path / "out", b"x", "thesis.tex")
    result = run("convert", "--to", "keepalived", "--force", "-o", "out", "lvs.cf")

    assert one_sentence(result) == (
        "lvscf: out has thesis.tex, which no conversion writes; it was left untouched"
    )
    assert precious.read_bytes() == b"x"
    assert left_in(tmp_path / "out") == {"thesis.tex"}


def test_folder_that_cannot_be_written(run: Run, lvs_cf: Path, tmp_path: Path) -> None:
    """One sentence, and nothing is left."""
    file(tmp_path, b"x", "plain")
    for path in ("plain/out", "missing/out", "plain"):
        one_sentence(run("convert", "--to", "keepalived", "-o", path, "lvs.cf"))
    assert left_in(tmp_path) == {"lvs.cf", "plain"}


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_unwritable_folder(run: Run, lvs_cf: Path, tmp_path: Path) -> None:
    """So too for a folder without permission."""
    (tmp_path / "closed").mkdir(0o500)
    one_sentence(run("convert", "--to", "keepalived", "-o", "closed/out", "lvs.cf"))
    assert left_in(tmp_path / "closed") == set()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("--target", "0.9"),
            "`0.9` is not a keepalived version from 1.2 on (such as 2.2), nor one of rhel6, rhel7, "
            "rhel8, rhel9, debian12",
        ),
        (("--target", "rhel5"), "`rhel5` is not a keepalived version"),
        (("--vrid", "256"), "a virtual router id is from 1 to 255, not 256"),
        (("--interface", "eth0:1"), "`eth0:1` is not the name of a device"),
        (("--interface", ""), "`` is not the name of a device"),
    ],
)
def test_mistaken_arguments(
    run: Run, lvs_cf: Path, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    """One sentence, exit status 2, and nothing is written."""
    result = run("convert", "--to", "keepalived", *arguments, "-o", "out", "lvs.cf")

    assert one_sentence(result).startswith(f"lvscf: {sentence}")
    assert left_in(tmp_path) == {"lvs.cf"}


def test_host_names(run: Run, tmp_path: Path) -> None:
    """Names are not resolved; one in use is an error, one in an inactive block is not."""
    named = GOOD.replace(b"address = 10.10.1.31", b"address = www1")
    file(tmp_path, named)
    result = run("convert", "--to", "keepalived", "-o", "out", "lvs.cf")
    assert one_sentence(result) == (
        "lvscf: lvs.cf:12: `address` of server `one` is the host name `www1`; lvscf resolves no "
        "names, so write its address"
    )
    assert left_in(tmp_path) == {"lvs.cf"}

    file(tmp_path, named.replace(b"server one {\nactive = 1", b"server one {\nactive = 0"))
    assert run("convert", "--to", "ipvsadm", "lvs.cf").returncode == 0


@pytest.mark.parametrize("program", ["keepalived", "ipvsadm", "ldirectord"])
def test_refused_file(run: Run, tmp_path: Path, program: str) -> None:
    """A file that Piranha rejects is refused with the findings."""
    file(tmp_path, b"keepalive = 6 # seconds\n")
    result = run("convert", "--to", program, "-o", "out", "lvs.cf")
    lines = errors(result).splitlines()

    assert (result.returncode, result.stdout) == (2, b"")
    assert lines[0].startswith("error[LVS005 ")
    assert lines[-1] == (
        "lvscf: lvs.cf is not converted, because Piranha rejects it; fix the errors above first"
    )
    assert left_in(tmp_path) == {"lvs.cf"}


def test_file_that_is_missing(run: Run) -> None:
    """One sentence."""
    assert one_sentence(run("convert", "--to", "keepalived", "lvs.cf")) == (
        "lvscf: lvs.cf: there is no such file"
    )


def test_misread_file(run: Run, tmp_path: Path) -> None:
    """What Piranha reads is converted, and that is said."""
    file(tmp_path, GOOD.replace(b"\n", b"\r\n"))
    result = run("convert", "--to", "keepalived", "lvs.cf")

    assert "Piranha does not read this file as written" in errors(result)
    assert result.returncode == 1  # it reads the first line, and no virtual server


def test_exit_status(run: Run, tmp_path: Path, lvs_cf: Path) -> None:
    """1 if there is a note at or above `--fail-on`."""
    assert run("convert", "--to", "keepalived", "--fail-on", "warning", "lvs.cf").returncode == 1
    file(tmp_path, GOOD.replace(b"server one", b"timeout = 0\nserver one"), "bad.cf")
    result = run("convert", "--to", "keepalived", "-o", "out", "bad.cf")
    assert result.returncode == 1
    assert "error[N31 ends-piranha]" in errors(result)
    assert (tmp_path / "out" / "NOTES.md").exists()


def test_json(run: Run, lvs_cf: Path, tmp_path: Path) -> None:
    """Everything in one object: files, notes, target, source."""
    result = run("convert", "--to", "keepalived", "--format", "json", "--target", "rhel9", "lvs.cf")
    report = json.loads(result.stdout)

    assert (result.returncode, result.stderr) == (0, b"")
    assert report["target"] == "rhel9"
    assert report["source"] == "lvs.cf"
    assert report["files"]["primary/checks/web"]["mode"] == "0755"
    assert report["files"]["primary/keepalived.conf"]["text"].startswith("# keepalived.conf of")
    first = report["notes"][0]
    assert (first["code"], first["severity"], first["kept"]) == ("N01", "warning", "near")
    assert (first["line"], first["column"], first["end_line"]) == (1, 11, 1)
    assert (first["directive"], first["block"]) == ("primary", None)
    assert {note["block"] for note in report["notes"]} == {None, "virtual web"}


def test_options_of_keepalived(run: Run, lvs_cf: Path) -> None:
    """They are what the files hold; other programs have none of them."""
    result = run(
        "convert", "--to", "keepalived", "--router", "backup", "--interface", "bond0", "--vrid",
        "7", "--multicast", "--preempt", "--checks", "native", "lvs.cf",
    )  # fmt: skip
    text = result.stdout.decode()
    assert "primary/" not in text
    assert "    interface bond0\n    virtual_router_id 7\n    priority 100\n" in text
    assert "unicast" not in text
    assert "nopreempt" not in text
    assert "HTTP_GET" in text

    assert one_sentence(run("convert", "--to", "ipvsadm", "--vrid", "7", "lvs.cf")) == (
        "lvscf: --vrid is only for `--to keepalived`"
    )


def test_backup_without_one(run: Run, tmp_path: Path) -> None:
    """There is nothing to write for a router that is not there."""
    file(tmp_path, GOOD.replace(b"backup_active = 1", b"backup_active = 0"))
    assert one_sentence(run("convert", "--to", "keepalived", "--router", "backup", "lvs.cf")) == (
        "lvscf: lvs.cf has no active backup router, so there are no files for one"
    )


def test_ipvsadm(run: Run, lvs_cf: Path) -> None:
    """The table for ipvsadm-restore, and the addresses."""
    result = run("convert", "--to", "ipvsadm", "lvs.cf")

    assert result.returncode == 0
    assert (
        b"==> ipvsadm.rules <==\n-A -t 10.10.1.20:80 -s wlc\n"
        b"-a -t 10.10.1.20:80 -r 10.10.1.31:80 -m -w 1\n" in result.stdout
    )
    assert b"ip addr add 10.10.1.20/24 brd + dev eth0 label eth0:1\n" in result.stdout


def test_ldirectord(run: Run, lvs_cf: Path, tmp_path: Path) -> None:
    """ldirectord.cf with its checks."""
    result = run("convert", "--to", "ldirectord", "--output", "out", "lvs.cf")

    assert result.returncode == 0
    text = (tmp_path / "out" / "ldirectord.cf").read_text()
    assert "virtual = 10.10.1.20:80\n\treal = 10.10.1.31:80 masq 1\n" in text
    assert "shift 2" in (tmp_path / "out" / "checks" / "web").read_text()


RULES = b"*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -j REJECT\nCOMMIT\n"


def test_rules_of_all_hosts(run: Run, lvs_cf: Path, tmp_path: Path) -> None:
    """One folder per host, with the rules and what they need besides."""
    file(tmp_path, b"network = direct\n" + GOOD)
    result = run("convert", "--to", "iptables", "--dr", "arp", "-o", "out", "lvs.cf")

    assert (result.returncode, result.stdout) == (0, b"")
    assert errors(result) == "lvscf: wrote 5 files to out\n"
    assert left_in(tmp_path / "out" / "real-servers" / "10.10.1.31") == {
        "addresses.sh", "iptables.rules", "sysctl.conf",
    }  # fmt: skip
    script = tmp_path / "out" / "real-servers" / "10.10.1.31" / "addresses.sh"
    assert script.stat().st_mode & 0o777 == 0o755


def test_rules_of_one_host(run: Run, lvs_cf: Path) -> None:
    """They are printed as they are, to be piped into a program."""
    file(lvs_cf.parent, b"network = direct\n" + GOOD)
    result = run("convert", "--to", "nftables", "--host", "backup", "lvs.cf")

    assert result.returncode == 0
    assert result.stdout.startswith(b"#!/usr/sbin/nft -f\n# Rules of the backup router 10.10.1.22")
    assert errors(result) == ""


def test_missing_rules(run: Run, lvs_cf: Path, tmp_path: Path) -> None:
    """With files of hosts, only what they lack; once that is done, nothing."""
    file(tmp_path, RULES, "rules")
    command = ("convert", "--to", "iptables", "--router", "10.10.1.21=rules", "lvs.cf")
    result = run(*command)

    assert result.returncode == 0
    assert b"\niptables -I INPUT 2 -p tcp -d 10.10.1.20/32 --dport 80 -j ACCEPT\n" in result.stdout

    accepting = b"-A INPUT -i lo -j ACCEPT\n" + b"".join(
        line.replace(b"iptables -I INPUT 2", b"-A INPUT") + b"\n"
        for line in result.stdout.split(b"\n")
        if line.startswith(b"iptables")
    )
    file(tmp_path, RULES.replace(b"-A INPUT -i lo -j ACCEPT\n", accepting), "rules")
    result = run(*command, "-o", "out")
    assert (result.returncode, result.stdout) == (0, b"")
    assert errors(result) == "lvscf: nothing is missing in the files of these hosts\n"
    assert not (tmp_path / "out").exists()


def test_what_commands_cannot_mend(run: Run, lvs_cf: Path, tmp_path: Path) -> None:
    """It is shown as lint shows it, and an error makes the exit status 1."""
    sockets = b"State  Recv-Q Send-Q Local Address:Port Peer Address:Port\n"
    file(tmp_path, sockets + b"LISTEN 0      128          0.0.0.0:22        0.0.0.0:*\n", "ss")
    result = run("convert", "--to", "iptables", "--real-server", "one=ss", "lvs.cf")

    assert (result.returncode, result.stdout) == (1, b"")
    assert "error[LVS542 not-listening]: " in errors(result)
    assert errors(result).endswith(
        "lvscf: nothing that a command fixes is missing in the files of these hosts\n"
    )


def test_missing_rules_as_json(run: Run, lvs_cf: Path, tmp_path: Path) -> None:
    """As any conversion."""
    file(tmp_path, RULES, "rules")
    result = run(
        "convert", "--to", "firewalld", "--router", "rules", "--format", "json", "lvs.cf"
    )  # fmt: skip
    files = json.loads(result.stdout)["files"]

    assert list(files) == ["routers/missing.sh"]
    assert (
        "\nfirewall-cmd --permanent --direct --add-rule ipv4 filter INPUT 0 -p "
        in (files["routers/missing.sh"]["text"])
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("iptables", "--vrid", "7"), "--vrid is only for `--to keepalived`"),
        (
            ("keepalived", "--dr", "arp"),
            "--dr is only for `--to iptables`, `--to nftables`, `--to firewalld`",
        ),
        (("ipvsadm", "--router", "all"), "--router is only for `--to keepalived`"),
        (
            ("keepalived", "--router", "10.10.1.21"),
            "--router `10.10.1.21` is not one of primary, backup, all",
        ),
        (("nftables", "--commands"), "--commands is only for `--to iptables`"),
        (("nftables", "--host", "www"), "lvs.cf has no active host `www`"),
        (
            ("nftables", "--router", "rules"),
            "the files of the hosts show rules of iptables, which nft must not change; choose "
            "iptables or firewalld",
        ),
        (
            ("iptables", "--router", "rules", "--vrrp"),
            "--vrrp has no use with files of hosts: they show what is there, and only what is "
            "missing is written",
        ),
        (("iptables", "--real-server", "rules"), "--real-server `rules` needs a host and a file"),
        (("iptables", "--router", "none"), "none: there is no such file"),
        (
            ("iptables", "--router", "-", "--real-server", "one=-"),
            "standard input can be read only once; name files instead",
        ),
    ],
)
def test_mistaken_arguments_for_rules(
    run: Run, lvs_cf: Path, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    """One sentence, exit status 2, and nothing is written."""
    file(tmp_path, RULES, "rules")
    result = run("convert", "-o", "out", "--to", *arguments, "lvs.cf")

    assert one_sentence(result).startswith(f"lvscf: {sentence}")
    assert not (tmp_path / "out").exists()


def test_help_is_a_sentence(run: Run, tmp_path: Path) -> None:
    """As in the findings of lint; in NOTES.md it goes on after `To do:`."""
    (tmp_path / "lvs.cf").write_text(DIRECT)
    result = run(
        "convert", "--to", "keepalived", "--target", "rhel9", "-o", "out", "lvs.cf",
        folder=tmp_path,
    )  # fmt: skip
    helps = [
        line.partition("= help: ")[2]
        for line in result.stderr.decode().splitlines()
        if "= help: " in line
    ]

    assert helps
    assert all(help[0] in "`" or help[0].isupper() for help in helps)
    assert "for keepalived 2.2.4 (rhel9)" in (tmp_path / "out" / "NOTES.md").read_text()


def test_ports_of_a_bundle_have_to_be_added(run: Run, tmp_path: Path) -> None:
    """The lvs.cf names one port of a mark: rules for it alone would break the others."""
    for name, text in {"marked.cf": MARKS, "plain.cf": DIRECT}.items():
        (tmp_path / name).write_text(text)
        rules = run("convert", "--to", "iptables", "--host", "primary", name, folder=tmp_path)

        is_told = b"# and lvs.cf does not name, such as 443 next to 80" in rules.stdout
        assert (rules.returncode, is_told) == (0, name == "marked.cf")
