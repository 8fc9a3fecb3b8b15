"""`lvscf.lint_file`: what the command line does with a file, for programs."""

import json
import shutil
from pathlib import Path

import pytest

import lvscf
from lvscf.report import json as json_report
from lvscf.report.result import FileResult, Result
from tests.conftest import ROOT, Run

EXAMPLE = ROOT / "examples" / "direct-routing"

SETTINGS = """
select = ["ALL"]
ignore = ["LVS110"]
severity = { LVS202 = "error" }
[per-file-ignores]
"lvs.cf" = ["LVS9"]
[cluster.routers."10.10.1.21"]
iptables = "lvs-d01/iptables"
lvs-cf = "lvs.cf"
[cluster.routers."10.10.1.22"]
iptables = "lvs-d02/iptables"
lvs-cf = "other.cf"
[cluster.real-servers.lvs-d03]
iptables = "lvs-d03/iptables"
"""


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """A cluster with its settings and some mistakes; the folder."""
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    text = (EXAMPLE / "lvs.cf").read_text()
    (tmp_path / "other.cf").write_text(text.replace("keepalive = 6", "keepalive = 5"))
    ignored = "# lvscf: ignore[LVS2] for a test\ndeadtime = 7\nmonitor_links = 2"
    text = text.replace("deadtime = 18", ignored)
    (tmp_path / "lvs.cf").write_text(text)
    (tmp_path / "lvs-d01" / "iptables").write_text("*mangle\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n")
    (tmp_path / "lvscf.toml").replace(tmp_path / "other.toml")
    (tmp_path / "lvscf.toml").write_text(SETTINGS)
    return tmp_path


def by_command(run: Run, folder: Path, *arguments: str) -> tuple[int, list[object]]:
    """Exit status and findings of the command line, suppressed ones included."""
    options = ("--format", "json", "--show-suppressed")
    result = run("lint", *options, *arguments, "lvs.cf", folder=folder)
    report = json.loads(result.stdout)
    return result.returncode, [*report["findings"], *report.get("suppressed", ())]


def by_library(linted: lvscf.LintedFile) -> tuple[int, list[object]]:
    """The same for `lint_file`."""
    further = linted.cluster.sources if linted.cluster else {}
    if linted.pair is not None:
        further = {**further, linted.pair.filename: linted.pair.source}
    file = FileResult(linted.document.source, linted.findings, further, linted.suppressed)
    report = json.loads(json_report.render(Result((file,), shows_suppressed=True)))
    return int(linted.failed), [*report["findings"], *report.get("suppressed", ())]


def test_it_finds_what_the_command_line_finds(
    run: Run, estate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings, hosts' files, the pair's copy and comments count for both."""
    monkeypatch.chdir(estate)
    status, findings = by_command(run, estate)
    linted = lvscf.lint_file("lvs.cf")
    codes = {finding.code for finding in linted.findings}

    assert by_library(linted) == (status, findings)
    assert status == 1
    assert any(code.startswith("LVS4") for code in codes)
    assert linted.settings_file == "lvscf.toml"
    assert linted.pair is not None
    assert linted.pair.config.keepalive == 5
    assert linted.cluster is not None
    assert len(linted.cluster.files) == 3
    assert linted.suppressed


def test_it_heeds_the_baseline(run: Run, estate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known findings are suppressed, as on the command line."""
    monkeypatch.chdir(estate)
    run("lint", "--write-baseline", "known.json", "lvs.cf", folder=estate)
    (estate / "lvscf.toml").write_text(f'baseline = "known.json"\n{SETTINGS}')
    text = (estate / "lvs.cf").read_text()
    (estate / "lvs.cf").write_text(
        text.replace("monitor_links", "heartbeat_port = 70000\nmonitor_links")
    )
    linted = lvscf.lint_file(Path("lvs.cf"))

    assert by_library(linted) == by_command(run, estate)
    assert {one.kind for one in linted.suppressed} == {"comment", "baseline"}
    assert linted.findings


def test_other_settings(run: Run, estate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`settings_file` is `--cluster`."""
    monkeypatch.chdir(estate)
    linted = lvscf.lint_file("lvs.cf", settings_file=Path("other.toml"))

    assert by_library(linted) == by_command(run, estate, "--cluster", "other.toml")
    assert linted.settings_file == "other.toml"


def test_without_settings(tmp_path: Path) -> None:
    """The defaults hold; there is neither cluster nor pair."""
    path = tmp_path / "lvs.cf"
    path.write_text("keepalve = 6\n")
    linted = lvscf.lint_file(path)

    assert linted.findings == lvscf.lint(lvscf.parse(path.read_bytes(), str(path)))
    assert (linted.settings_file, linted.cluster, linted.pair) == (None, None, None)
    assert linted.failed


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("lvs.cf", None, "lvs.cf: there is no such file"),
        ("lvs.cf", b"\x1f\x8b" + b"\0" * 20, "lvs.cf is a gzip archive"),
        ("lvscf.toml", b"select = [", "lvscf.toml: this is not valid TOML"),
        ("lvscf.toml", b"selct = []", "did you mean `select`?"),
        ("lvscf.toml", b"select = ['LVS999']", "LVS999"),
        ("lvs-d01/iptables", None, "lvscf.toml:8: lvs-d01/iptables: there is no such file"),
        ("lvs-d01/iptables", b"Friday, 13 June", "lvscf.toml:8: lvs-d01/iptables contains nothing that lvscf reads"),
        ("other.cf", None, "lvscf.toml:12: other.cf: there is no such file"),
    ],
)  # fmt: skip
def test_what_cannot_be_used(
    estate: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes | None,
    message: str,
) -> None:
    """A file that cannot be used is an error with a sentence, never a clean result."""
    monkeypatch.chdir(estate)
    if content is None:
        (estate / name).unlink()
    else:
        (estate / name).write_bytes(content)

    with pytest.raises(lvscf.FileError) as raised:
        lvscf.lint_file("lvs.cf")
    assert message in str(raised.value)


def test_a_dash_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs do not read standard input by accident."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(lvscf.FileError, match="there is no such file"):
        lvscf.lint_file("-")


def test_write_is_atomic_and_careful(tmp_path: Path) -> None:
    """The mode is kept, a link stays a link, and a change by another process is not overwritten."""
    path = tmp_path / "lvs.cf"
    path.write_text("keepalive = 6\n")
    path.chmod(0o640)
    link = tmp_path / "link.cf"
    link.symlink_to(path)
    before = lvscf.parse(path.read_bytes(), str(path))
    lvscf.write(before.with_value("keepalive", 7), link, before=before)

    assert path.read_text() == "keepalive = 7\n"
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    with pytest.raises(lvscf.FileError, match="was changed"):
        lvscf.write(before, path, before=before)
    assert path.read_text() == "keepalive = 7\n"
    lvscf.write(before, tmp_path / "new.cf")
    assert (tmp_path / "new.cf").read_text() == "keepalive = 6\n"
    with pytest.raises(lvscf.FileError, match="cannot be written"):
        lvscf.write(before, tmp_path / "missing" / "lvs.cf")
    with pytest.raises(TypeError, match="a Document is needed"):
        lvscf.write(before.config, path)  # type: ignore[arg-type]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link.cf", "lvs.cf", "new.cf"]
