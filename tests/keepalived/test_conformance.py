"""What a kernel held under Piranha is what it holds under keepalived, and checks decide alike."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import lvscf
from lvscf import testing as lvscf_testing
from lvscf.keepalived import Conversion
from tests.keepalived import answering, kernel_model
from tests.vectors import conversions as vectors

_PROGRAMS = "/usr/local/bin/"
"""Where the `send_program`s of the vectors are; the tests put them elsewhere."""
_TARGETS = ("1.2", "1.3", "2.0", "2.1", "2.2")


def name_of(vector: dict[str, Any]) -> str:
    name: str = vector["name"]
    return name


def converted(vector: dict[str, Any], **options: Any) -> Conversion:
    document = lvscf.parse(vector["lvs_cf"].encode("latin-1"), "lvs.cf")
    return lvscf.keepalived.convert(document, **options)


def errors(conversion: Conversion) -> list[str]:
    return [one.message for one in conversion.notes if one.severity is lvscf.Severity.ERROR]


def test_vectors_are_there() -> None:
    """All kinds of tables and checks are among them."""
    assert len(vectors()) == 60
    assert any(vector["expect"]["syncdaemon"] for vector in vectors())
    assert any("fos" in vector["notes"] for vector in vectors())
    assert not any(errors(converted(vector)) for vector in vectors())


@pytest.mark.parametrize("checks", ["exact", "native"])
@pytest.mark.parametrize("vector", vectors(), ids=name_of)
def test_kernel_holds_the_same(vector: dict[str, Any], checks: str) -> None:
    """The table, up and down, the addresses, timeouts and sync daemon are those of Piranha."""
    conversion = converted(vector, checks=checks)
    expected = vector["expect"]
    same = kernel_model.without_mark_ports
    for role in ("primary", "backup"):
        name = f"{role}/keepalived.conf"
        if name not in conversion.files:
            assert role == "backup"
            assert vector["routers"]["backup"] is None
            continue
        root = kernel_model.parsed(conversion.files[name].text)
        assert same(kernel_model.table(root)) == same(expected["ipvs"])
        assert same(kernel_model.table(root, is_up=False)) == same(expected["ipvs_down"])
        assert kernel_model.addresses(root) == sorted(expected["vips"])
        assert kernel_model.timeouts(root) == expected["timeouts"]
        assert kernel_model.sync_daemon(root) == expected["syncdaemon"]


@pytest.mark.parametrize("target", _TARGETS)
@pytest.mark.parametrize("vector", vectors(), ids=name_of)
def test_table_is_the_same_for_every_target(vector: dict[str, Any], target: str) -> None:
    """Older releases get ports with marks; without a note, nothing else differs."""
    conversion = converted(vector, target=target)
    root = kernel_model.parsed(conversion.files["primary/keepalived.conf"].text)
    table = kernel_model.table(root)
    expected = [line.replace(" --tun-type ipip", "") for line in vector["expect"]["ipvs"]]

    if target < "2.1":
        assert table == sorted(expected)
    assert kernel_model.without_mark_ports(table) == kernel_model.without_mark_ports(expected)
    assert kernel_model.addresses(root) == sorted(vector["expect"]["vips"])


_CATCHWORDS = {"failover_block": "`failover` block", "same_fwmark": "same firewall mark"}


@pytest.mark.parametrize("vector", vectors(), ids=name_of)
def test_everything_is_noted(vector: dict[str, Any]) -> None:
    """What must be told is told."""
    conversion = converted(vector)
    said = " ".join(f"{note.message} {note.help} {note.directive}" for note in conversion.notes)

    assert [word for word in vector["notes"] if _CATCHWORDS.get(word, word) not in said] == []


@pytest.mark.parametrize("vector", vectors()[:10], ids=name_of)
def test_output_is_stable(vector: dict[str, Any]) -> None:
    """The same input becomes the same bytes, also from values that no document holds."""
    assert converted(vector) == converted(vector)
    bare = lvscf.loads(lvscf.dumps(lvscf.loads(vector["lvs_cf"].encode("latin-1"))))
    root, again = (
        kernel_model.parsed(one.files["primary/keepalived.conf"].text)
        for one in (converted(vector), lvscf.keepalived.convert(bare))
    )
    assert root == again


@settings(max_examples=60)
@given(
    st.lists(lvscf_testing.virtual_servers(), max_size=3), st.sampled_from(_TARGETS), st.booleans()
)
def test_odd_values_become_the_same_table(
    virtuals: list[lvscf.VirtualServer], target: str, pair: bool
) -> None:
    """Whatever the values are: a host name is an error, else the table is Piranha's, or a note says why."""
    active = tuple(
        evolve(
            one,
            active=True,
            address=lvscf.AddressOnDevice(f"192.0.2.{number}", "eth0:1"),
            servers=tuple(
                evolve(server, active=True, address=f"10.0.0.{at}")
                for at, server in enumerate(one.servers, 1)
            ),
        )
        for number, one in enumerate(virtuals, 1)
    )
    config = lvscf.Config(
        primary="192.0.2.100", backup="192.0.2.101", backup_active=pair, virtual_servers=active
    )
    conversion = lvscf.keepalived.convert(config, target=target)
    root = kernel_model.parsed(conversion.files["primary/keepalived.conf"].text)
    if errors(conversion):
        return
    wanted = lvscf.keepalived.convert_to_ipvsadm(config).files["ipvsadm.rules"].text.splitlines()
    same = kernel_model.without_mark_ports
    assert same(kernel_model.table(root)) == same(wanted)


def few(count: int) -> list[Any]:
    """All vectors; those after the first few are slow."""
    return [
        pytest.param(vector, id=vector["name"], marks=[pytest.mark.slow] if at >= count else [])
        for at, vector in enumerate(vectors())
    ]


def in_namespace(*command: str) -> list[str]:
    """A command in a network namespace of its own; skips the test where there is none."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("unshare and ip are needed")
    prefix = ["unshare", "--net"] if os.getuid() == 0 else ["unshare", "--map-root-user", "--net"]
    probe = subprocess.run(
        [*prefix, "ip", "link", "set", "lo", "up"], capture_output=True, check=False
    )
    if probe.returncode:
        pytest.skip("no network namespaces here")
    return [*prefix, *command]


def written(conversion: Conversion, folder: Path, vector: dict[str, Any]) -> str:
    """Write the files of the primary router; its keepalived.conf, with paths in the folder."""
    programs = folder / "programs"
    programs.mkdir()
    for path, text in vector["root"].items():
        program = programs / Path(path).name
        program.write_text(text, encoding="latin-1")
        program.chmod(0o755)
    (folder / "checks").mkdir()
    for name, file in conversion.files.items():
        if name.startswith("primary/checks/"):
            script = folder / name.removeprefix("primary/")
            script.write_text(file.text.replace(_PROGRAMS, f"{programs}/"))
            script.chmod(file.mode)
    text = conversion.files["primary/keepalived.conf"].text
    return text.replace("/etc/keepalived/", f"{folder}/").replace(_PROGRAMS, f"{programs}/")


@pytest.mark.parametrize("vector", few(6))
def test_checks_decide_as_nanny_does(vector: dict[str, Any], tmp_path: Path) -> None:
    """Scripts find servers up that answer well, and down that do not."""
    if shutil.which("bash") is None:
        pytest.skip("bash is needed")
    text = written(converted(vector), tmp_path, vector)
    commands = kernel_model.check_commands(kernel_model.parsed(text))
    for kind in ("answers", "answers_bad"):
        task = tmp_path / f"{kind}.json"
        task.write_text(json.dumps({"answers": vector[kind], "commands": commands}))
        result = subprocess.run(
            in_namespace(sys.executable, answering.__file__, str(task)),
            capture_output=True,
            check=True,
        )
        decided = json.loads(result.stdout)
        assert {command: status == 0 for command, status in decided.items()} == dict.fromkeys(
            commands, kind == "answers"
        )


@pytest.mark.parametrize("vector", few(10))
def test_keepalived_accepts_it(vector: dict[str, Any], tmp_path: Path) -> None:
    """`keepalived -t` ends with 0 and says nothing, in a network with the router's devices."""
    keepalived = shutil.which("keepalived", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if keepalived is None or os.getuid() != 0:
        pytest.skip("keepalived and root are needed")
    conversion = converted(vector)
    # keepalived refuses scripts below a folder that anyone may write to, such as /tmp.
    folder = Path("/root") / f"lvscf-{os.getpid()}-{vector['name']}"
    folder.mkdir(0o700)
    try:
        text = written(conversion, folder, vector)
        (folder / "keepalived.conf").write_text(text)
        script = "".join(
            f"ip link add {device} type veth peer name to-{device}; ip addr add {address} dev {device}; "
            f"ip link set {device} up; "
            for device, address in (one.split("=") for one in vector["ifaces"].split())
        )
        result = subprocess.run(
            in_namespace("sh", "-c", f"{script}exec {keepalived} -t -f {folder}/keepalived.conf"),
            capture_output=True,
            text=True,
            check=False,
        )
        if "Unknown device type" in result.stderr or "not supported" in result.stderr:
            pytest.skip("no virtual devices here")
        assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    finally:
        shutil.rmtree(folder)
