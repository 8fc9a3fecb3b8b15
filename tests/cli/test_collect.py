"""The script that collects what lvscf reads about a host: in several shells, with real rules."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import tarfile
import time
from pathlib import Path

import pytest

from lvscf.files.collected import archives, members
from lvscf.files.errors import FileError
from tests.conftest import EXAMPLE, ROOT, Run, tool
from tests.processes import errors, told

SCRIPT = ROOT / "lvscf" / "cli" / "collect.sh"
SHELLS = {
    "dash": ["dash"],
    "bash": ["bash", "--posix"],
    "busybox": ["busybox", "ash"],
    "ksh": ["ksh"],
}

FOLDER = EXAMPLE.parent


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> list[str]:
    """A shell, which reads the script from standard input."""
    program, *arguments = SHELLS[request.param]
    return [tool(program), *arguments]


@pytest.fixture(scope="module")
def namespace() -> list[str]:
    """What runs a command in a network, mount and process namespace of its own."""
    command = [tool("unshare"), "--net", "--mount", "--pid", "--fork", "--mount-proc"]
    script = "ip link set lo up && iptables -A INPUT -j ACCEPT && iptables-save"
    probe = subprocess.run([*command, "sh", "-c", script], capture_output=True, check=False)
    if probe.returncode != 0:
        pytest.skip("no network namespace with iptables can be made here")
    return command


# --- the command -------------------------------------------------------------------------------


def test_the_script_is_printed(run: Run) -> None:
    """It goes to standard output, for `ssh root@lvs1 sh`."""
    result = run("collect")

    assert (result.returncode, result.stdout, result.stderr) == (0, SCRIPT.read_bytes(), b"")


# --- the script as a text ------------------------------------------------------------------------


def test_shellcheck() -> None:
    """Shellcheck has nothing to say about it, as a script for a POSIX sh."""
    done = subprocess.run(
        [tool("shellcheck"), "--shell=sh", str(SCRIPT)], capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.returncode) == ("", 0)


def test_it_writes_no_file() -> None:
    """Nothing is redirected but into /dev/null and to standard error."""
    text = re.sub(r"^\s*#.*$", "", SCRIPT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    targets = set(re.findall(r"(?<![`'\"\w])>+ ?(\S+)", text))

    assert targets <= {"/dev/null", "&2", "&1"}
    assert "<<" not in text  # bash writes here-documents to files


def test_it_runs_nothing_that_loads_a_module() -> None:
    """`iptables -L` loads tables, ss and `ip tunnel` load modules, ipvsadm loads ip_vs."""
    text = re.sub(r"^\s*#.*$", "", SCRIPT.read_text(encoding="utf-8"), flags=re.MULTILINE)

    for command in (r"modprobe", r"insmod", r"iptables -", r"\bss ", r"ip tunnel", r"sysctl -"):
        assert not re.search(command, text)
    assert '[ ! -e /proc/net/ip_vs ] || [ -z "$root" ] || output_of ipvsadm' in text


# --- the script as it runs -----------------------------------------------------------------------


def collected(shell: list[str]) -> "subprocess.CompletedProcess[bytes]":
    """Run the script on this host, as ssh does."""
    return subprocess.run(
        shell, input=SCRIPT.read_bytes(), capture_output=True, timeout=60, check=False
    )


def test_every_shell(shell: list[str], tmp_path: Path) -> None:
    """The tar is sound, has one top folder, and is the same in every shell."""
    done = collected(shell)
    path = tmp_path / "host.tar"
    path.write_bytes(done.stdout)
    read = archives.read(str(path))

    assert b"rror" not in done.stderr
    assert read.evidence[members.HOST_NAME] == ("sos_commands/lvscf/hostname",)
    assert read.files["sos_commands/lvscf/hostname"].decode().strip() == os.uname().nodename
    timeout = Path("/proc/sys/net/ipv4/tcp_fin_timeout").read_text(encoding="ascii").strip()
    settings = read.files["sos_commands/lvscf/sysctl"].decode().splitlines()
    assert f"net.ipv4.tcp_fin_timeout = {timeout}" in settings
    assert abs(read.time - time.time()) < 60
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive.getmembers():
            assert member.isreg()
            assert (member.mode, member.uname) == (0o644, "root")


def test_files_are_copied_exactly(shell: list[str], tmp_path: Path) -> None:
    """Whatever their length, and whatever bytes are in them."""
    functions = SCRIPT.read_text(encoding="utf-8").partition("\nmain </dev/null")[0]
    contents = [b"", b"x", b"\0" * 511, bytes(range(256)) * 2, b"a" * 513, b"no end" * 2000]
    for number, content in enumerate(contents):
        (tmp_path / f"file{number}").write_bytes(content)
    calls = "".join(f"copy '{tmp_path}/file{number}'\n" for number in range(len(contents)))
    done = subprocess.run(
        [*shell, "-c", f"{functions}\ntop=t now=0\n{calls}head -c 1024 /dev/zero"],
        capture_output=True, check=True,
    )  # fmt: skip

    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        read = [archive.extractfile(member).read() for member in archive.getmembers()]  # type: ignore[union-attr]
    assert read == contents


def test_output_is_kept_exactly(shell: list[str]) -> None:
    """The newlines at the end of what a command prints are there, and a failure gives nothing."""
    functions = SCRIPT.read_text(encoding="utf-8").partition("\nmain </dev/null")[0]
    calls = (
        "output_of lines printf 'a\\n\\n'\n"
        "output_of percent printf '%s' '%s\\n~'\n"
        "output_of fails sh -c 'echo half; exit 1'\n"
        "output_of missing no-such-command\n"
    )
    done = subprocess.run(
        [*shell, "-c", f"{functions}\ntop=t now=0 failed=0\n{calls}head -c 1024 /dev/zero"],
        capture_output=True, check=True,
    )  # fmt: skip

    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        read = {
            member.name.rpartition("/")[2]: archive.extractfile(member).read()  # type: ignore[union-attr]
            for member in archive.getmembers()
        }
    assert read == {"lines": b"a\n\n", "percent": b"%s\\n~"}
    assert b"failed" in done.stderr


def test_a_terminal_gets_no_tar() -> None:
    """Somebody who forgets `> lvs1.tar` gets one sentence, not binary data."""
    parent, child = os.openpty()
    done = subprocess.run(
        [tool("sh"), str(SCRIPT)], stdout=child, stderr=subprocess.PIPE, check=False
    )
    os.close(child)
    os.close(parent)

    assert done.returncode == 2
    assert b"add `> " in done.stderr


def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    """No process and no file; and the tar that was begun is not mistaken for a whole one."""
    before = set(Path("/tmp").glob("*collect*"))
    for delay in (0.0, 0.02, 0.05):
        path = tmp_path / "part.tar"
        with path.open("wb") as out, SCRIPT.open("rb") as script:
            process = subprocess.Popen(
                [tool("sh")], stdin=script, stdout=out, stderr=subprocess.DEVNULL,
                cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path)}, start_new_session=True,
            )  # fmt: skip
            time.sleep(delay)
            os.killpg(process.pid, signal.SIGINT)
            process.wait(10)
        if process.returncode != 0:
            with pytest.raises(FileError):
                archives.read(str(path))
        assert [one.name for one in tmp_path.iterdir()] == ["part.tar"]
    assert set(Path("/tmp").glob("*collect*")) == before


def host_in(
    namespace: list[str], tmp_path: Path, host: str, address: str, rules: Path = FOLDER
) -> None:
    """The tar of a host of the example: real rules and addresses, and nothing may be written."""
    etc = tmp_path / host / "etc"
    shutil.copytree(
        "/etc", etc, symlinks=True, ignore=shutil.ignore_patterns("ssl", "ssh", "shadow*")
    )
    (etc / "sysconfig" / "ha").mkdir(parents=True)
    if host in ("lvs-d01", "lvs-d02"):
        shutil.copy(EXAMPLE, etc / "sysconfig" / "ha" / "lvs.cf")
    setup = f"""
        set -e
        mount --bind {etc} /etc
        ip link set lo up
        ip link add eth0 type veth peer name other
        ip addr add {address}/24 dev eth0
        ip link set eth0 up
        iptables-restore <{rules / host / "iptables"}
        mount -o remount,ro,bind /
        exec sh
    """
    done = subprocess.run(
        [*namespace, "sh", "-c", setup], input=SCRIPT.read_bytes(), capture_output=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert (done.stderr, done.returncode) == (b"", 0)
    (tmp_path / f"{host}.tar").write_bytes(done.stdout)


def test_real_hosts(run: Run, namespace: list[str], tmp_path: Path) -> None:
    """What is collected from hosts with the example's rules lints as the example's own files."""
    hosts = {
        "lvs-d01": "10.10.1.21",
        "lvs-d02": "10.10.1.22",
        "lvs-d03": "10.10.1.31",
        "lvs-d04": "10.10.1.32",
    }
    for host, address in hosts.items():
        host_in(namespace, tmp_path, host, address)
    tars = [f"{host}.tar" for host in hosts]
    own = run("lint", "--format", "json", FOLDER, folder=ROOT)
    whole = run("lint", "--format", "json", *tars, folder=tmp_path)

    assert own.returncode == whole.returncode == 0
    assert json.loads(whole.stdout)["findings"] == json.loads(own.stdout)["findings"] == []
    lines = errors(whole).splitlines()
    assert [line.split()[0] for line in lines] == tars
    assert "primary router 10.10.1.21 " in lines[0]
    assert "real server 10.10.1.32 (lvs-d04)" in lines[3]
    assert all("kernel settings, addresses, routes" in line for line in lines), lines

    read = archives.read(str(tmp_path / "lvs-d01.tar"))
    assert read.files["etc/sysconfig/ha/lvs.cf"] == EXAMPLE.read_bytes()
    assert b"net.ipv4.conf.eth0.arp_ignore = 0\n" in read.files["sos_commands/lvscf/sysctl"]


def test_a_fault_is_found_in_real_hosts(run: Run, namespace: list[str], tmp_path: Path) -> None:
    """The backup router of the second example marks one port too few: real rules show it."""
    broken = ROOT / "examples" / "broken"
    host_in(namespace, tmp_path, "lvs-d01", "10.10.1.21", broken)
    host_in(namespace, tmp_path, "lvs-d02", "10.10.1.22", broken)
    result = run("lint", "--format", "concise", "lvs-d01.tar", "lvs-d02.tar", folder=tmp_path)

    assert result.returncode == 1
    assert told(result.stdout) == ["LVS400", "LVS409"]
    assert result.stdout.startswith(b"lvs-d01.tar!etc/sysconfig/ha/lvs.cf:")


def in_namespace(namespace: list[str], setup: str) -> dict[str, bytes]:
    """What is collected in a namespace that a script has prepared, by name."""
    done = subprocess.run(
        [*namespace, "sh", "-c", f"set -e\nip link set lo up\n{setup}\nexec sh"],
        input=SCRIPT.read_bytes(), capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        return {
            member.name.rpartition("/")[2]: archive.extractfile(member).read()  # type: ignore[union-attr]
            for member in archive.getmembers()
        }


RULE = "-A PREROUTING -p tcp -j MARK --set-mark 80"


def test_both_worlds_of_iptables(namespace: list[str]) -> None:
    """Rules in the kernel's older tables are collected beside those of nf_tables."""
    tool("iptables-legacy-save")
    tool("iptables-nft")
    older = f"iptables-legacy -t mangle {RULE}"
    newer = "iptables-nft -A INPUT -j ACCEPT"
    if b"nf_tables" not in subprocess.run([tool("iptables"), "-V"], capture_output=True).stdout:
        pytest.skip("iptables is not the one for nf_tables here")

    read = in_namespace(namespace, f"{older}\n{newer}")
    assert b"-A INPUT -j ACCEPT" in read["iptables-save"]
    assert b"--set-xmark 0x50" in read["iptables-legacy-save"]
    assert "iptables-legacy-save" not in in_namespace(namespace, newer)


def test_iptables_of_old_hosts(namespace: list[str]) -> None:
    """Where iptables talks to the older tables, they are what is collected, and none is loaded."""
    legacy = Path(tool("iptables-legacy")).resolve()
    usual = Path(tool("iptables")).resolve()
    setup = f"mount --bind {legacy} {usual}\n"

    read = in_namespace(namespace, f"{setup}iptables -t mangle {RULE}")
    assert b"--set-xmark 0x50" in read["iptables-save"]
    assert b"*nat" not in read["iptables-save"]
    assert b"*" not in in_namespace(namespace, setup)["iptables-save"]


def test_without_root(shell: list[str], tmp_path: Path) -> None:
    """What needs root is named and missing; the rest is collected, and the status is 1."""
    if os.getuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can become another user")
    done = collected([tool("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups", *shell])
    path = tmp_path / "host.tar"
    path.write_bytes(done.stdout)

    assert done.returncode == 1
    assert b"the rules of iptables can be read by root only" in done.stderr
    assert members.IPTABLES not in archives.read(str(path)).evidence
    assert members.ADDRESSES in archives.read(str(path)).evidence
