"""`lvscf lint --fix` and `--diff`, as a process."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lvscf.cli import main
from tests.all_cases import FIRES
from tests.clusters import parted
from tests.conftest import Run
from tests.good import DIRECT
from tests.underlined import unmarked

BAD = DIRECT.replace("keepalive = 6\n", "keepalive = 6 # seconds\n").replace(
    "protocol = tcp", "protocol = TCP"
)
SAFELY = DIRECT.replace("keepalive = 6\n", "# seconds\nkeepalive = 6\n").replace(
    "protocol = tcp", "protocol = TCP"
)
ALL = DIRECT.replace("keepalive = 6\n", "# seconds\nkeepalive = 6\n")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "lvs.cf"
    path.write_text(BAD)
    return path


def last_line(output: bytes) -> str:
    return output.decode().splitlines()[-1]


def last_lines(output: bytes) -> list[str]:
    return output.decode().splitlines()[-2:]


def test_summary_tells_how(run: Run, file: Path) -> None:
    """The report says how many can be fixed, and with which options; nothing is changed."""
    found = "Found 2 errors and 1 note in 1 file."
    result = run("lint", file)
    assert last_line(result.stdout) == (
        f"{found} 1 can be fixed with --fix, 1 more with --unsafe-fixes."
    )
    result = run("lint", "--unsafe-fixes", file)
    assert last_line(result.stdout) == f"{found} 2 can be fixed with --fix --unsafe-fixes."
    assert file.read_text() == BAD


def test_safe_fixes(run: Run, file: Path) -> None:
    """Safe fixes are written; the report and the exit status are about what remains."""
    result = run("lint", "--fix", file)

    assert file.read_text() == SAFELY
    assert result.returncode == 1
    assert b"LVS011" in result.stdout
    assert b"LVS005" not in result.stdout
    assert last_lines(result.stdout) == [
        "Fixed 1 problem in 1 file.",
        "Found 1 error and 1 note in 1 file. 1 can be fixed with --unsafe-fixes.",
    ]


def test_all_fixes(run: Run, file: Path) -> None:
    """Unsafe fixes, too, where they are asked for; once more, and nothing happens."""
    result = run("lint", "--fix", "--unsafe-fixes", file)
    assert (file.read_text(), result.returncode) == (ALL, 0)
    before = file.stat()

    result = run("lint", "--fix", "--unsafe-fixes", file)
    assert last_lines(result.stdout) == ["Fixed nothing.", "Found 1 note in 1 file."]
    assert file.stat() == before


@pytest.mark.parametrize("options", [("--diff",), ("--fix", "--diff")])
def test_diff(run: Run, file: Path, options: tuple[str, ...]) -> None:
    """A diff on standard output, the report on standard error, and nothing is written."""
    result = run("lint", *options, "lvs.cf")

    assert file.read_text() == BAD
    assert result.returncode == 1
    assert result.stdout.decode() == (
        "--- lvs.cf\n"
        "+++ lvs.cf\n"
        "@@ -5,7 +5,8 @@\n"
        " backup = 10.10.1.22\n"
        " heartbeat = 1\n"
        " heartbeat_port = 539\n"
        "-keepalive = 6 # seconds\n"
        "+# seconds\n"
        "+keepalive = 6\n"
        " deadtime = 18\n"
        " network = direct\n"
        " debug_level = NONE\n"
    )
    assert last_lines(result.stderr)[0] == "Would fix 1 problem in 1 file."


def test_diff_status(run: Run, file: Path) -> None:
    """With nothing to fix, the status is that of the findings."""
    file.write_text(DIRECT)
    result = run("lint", "--diff", file)
    assert (result.returncode, result.stdout) == (0, b"")

    file.write_text(DIRECT.replace("keepalive = 6\n", "keepalive = 30\n"))
    assert run("lint", "--diff", file).returncode == 1
    file.write_text(ALL.replace("network = direct\n", "network = direct # x\n"))
    assert run("lint", "--diff", file).returncode == 1


@pytest.mark.skipif(not shutil.which("patch"), reason="there is no `patch` here")
def test_patch_takes_the_diff(run: Run, tmp_path: Path) -> None:
    """`patch` understands the diff, whatever bytes and line ends are in it."""
    odd = BAD.replace("# seconds", "# \xe9\t\x1b").encode("latin-1").rstrip(b"\n}")
    (tmp_path / "lvs.cf").write_bytes(odd)
    shown = run("lint", "--diff", "--unsafe-fixes", "lvs.cf").stdout

    patch = ["patch", "-s", "-p0", "--binary"]
    subprocess.run(patch, input=shown, cwd=tmp_path, check=True, timeout=60)
    patched = (tmp_path / "lvs.cf").read_bytes()
    (tmp_path / "lvs.cf").write_bytes(odd)
    run("lint", "--fix", "--unsafe-fixes", "lvs.cf")
    assert (tmp_path / "lvs.cf").read_bytes() == patched
    assert b"# \xe9\t\x1b\n" in patched


def test_standard_input(run: Run) -> None:
    """Of standard input, the fixed text goes to standard output, the findings to the other."""
    result = run("lint", "--fix", "--format", "concise", "-", stdin=BAD.encode())

    assert result.stdout.decode() == SAFELY
    assert result.stderr.startswith(b"<stdin>:")
    assert b"LVS011" in result.stderr
    assert result.returncode == 1

    odd = b"# \xff\xfe\x80 nothing to fix\n"
    assert run("lint", "--fix", "-", stdin=odd).stdout == odd
    assert run("lint", "--fix", "-", stdin=b"\0\1\2\3" * 10).stdout == b""


def test_json(run: Run, file: Path) -> None:
    """JSON stays JSON: what remains, and how many were fixed."""
    report = json.loads(run("lint", "--fix", "--format", "json", file).stdout)

    assert report["summary"]["fixed"] == 1
    assert {one["code"] for one in report["findings"]} == {"LVS011", "LVS400"}


def test_what_an_unread_line_hides_does_not_keep_it_from_being_fixed(run: Run, file: Path) -> None:
    """The line is fixed, and what comes to light is reported."""
    text = DIRECT.replace("deadtime = 18", "deadtime = 12 # x")
    file.write_text(text)
    assert last_line(run("lint", file).stdout).endswith(" 1 can be fixed with --fix.")
    result = run("lint", "--fix", file)

    assert file.read_text() == DIRECT.replace("deadtime = 18", "# x\ndeadtime = 12")
    assert b"LVS202" in result.stdout
    assert last_lines(result.stdout) == ["Fixed 1 problem in 1 file.", "Found 2 notes in 1 file."]


TWICE = DIRECT.replace("keepalive = 6", "keepalive = 6\nkeepalve = 6")
EXPOSED = "Skipped 1 fix: it would expose LVS101 (lvs.cf:8)."


def test_fixes_that_are_left_out_are_told(run: Run, file: Path) -> None:
    """A fix that guesses, and leads to another finding, is named with that finding, not made."""
    file.write_text(TWICE)
    assert b"can be fixed" not in run("lint", "lvs.cf").stdout
    assert b"can be fixed" not in run("lint", "--unsafe-fixes", "lvs.cf").stdout
    result = run("lint", "--fix", "--unsafe-fixes", "lvs.cf")

    assert file.read_text() == TWICE
    assert last_lines(result.stdout)[0] == f"Fixed nothing. {EXPOSED}"
    assert b"can be fixed" not in result.stdout


@pytest.mark.parametrize("option", ["--fix", "--diff"])
def test_fixes_that_are_left_out_are_told_in_all_formats(run: Run, file: Path, option: str) -> None:
    """So are the formats for programs."""
    file.write_text(TWICE)
    options = ("lint", option, "--unsafe-fixes")
    concise = run(*options, "--format", "concise", "lvs.cf")
    report = run(*options, "--format", "json", "lvs.cf")

    said = concise.stdout if option == "--fix" else concise.stderr
    assert last_line(said) == EXPOSED
    (skipped,) = json.loads(report.stdout if option == "--fix" else report.stderr)["skipped_fixes"]
    assert (skipped["code"], skipped["location"]["row"]) == ("LVS001", 9)
    assert skipped["exposes"] == [{"code": "LVS101", "filename": "lvs.cf", "location": {"row": 8}}]


def test_several_names_of_one_file(run: Run, file: Path, tmp_path: Path) -> None:
    """A file that is given twice is fixed once, and shown once."""
    link = tmp_path / "link.cf"
    link.symlink_to("lvs.cf")
    shown = run("lint", "--diff", file, link, "./lvs.cf")
    assert shown.stdout.count(b"+++") == 1
    assert b"Would fix 1 problem in 1 file." in shown.stderr

    result = run("lint", "--fix", file, link, "./lvs.cf")
    assert b"Fixed 1 problem in 1 file." in result.stdout
    assert file.read_text() == SAFELY
    assert link.is_symlink()


def test_bytes_stay(run: Run, file: Path) -> None:
    """What is no UTF-8 stays, byte for byte."""
    file.write_bytes(BAD.encode() + b"# caf\xe9 \xff\n")
    run("lint", "--fix", file)

    assert file.read_bytes() == SAFELY.encode() + b"# caf\xe9 \xff\n"


def test_file_that_cannot_be_written(run: Run, file: Path, tmp_path: Path) -> None:
    """One sentence, exit status 2, the findings all the same; other files are fixed."""
    (tmp_path / "second").hardlink_to(file)
    other = tmp_path / "other.cf"
    other.write_text(BAD)
    result = run("lint", "--fix", file, other)

    assert result.returncode == 2
    assert result.stderr.decode() == (
        f"lvscf: {file} has 2 names (hard links), which would no longer be one file; "
        "it was left untouched\n"
    )
    assert b"LVS005" in result.stdout
    assert file.read_text() == BAD
    assert other.read_text() == SAFELY


def test_pipe_cannot_be_written(run: Run, tmp_path: Path) -> None:
    """What is read from a pipe cannot be written back."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["sh", "-c", 'printf "keepalive=6\\n" > pipe'], cwd=tmp_path):
        result = run("lint", "--fix", "pipe")

    assert result.returncode == 2
    assert b"pipe is not a regular file" in result.stderr


def test_files_of_hosts_are_not_changed(run: Run, tmp_path: Path, example: Path) -> None:
    """With evidence, fixes are judged by it; only the lvs.cf is written."""
    shutil.copytree(example.parent, tmp_path / "cluster")
    folder = tmp_path / "cluster"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    lvs_cf = folder / "lvs.cf"
    good = lvs_cf.read_text()
    lvs_cf.write_text(good.replace("keepalive = ", "keepalive="))
    result = run("lint", "--fix", lvs_cf)

    assert (result.returncode, lvs_cf.read_text()) == (0, good)
    fixed, left = last_lines(result.stdout)
    assert fixed == "Fixed 1 problem in 1 file."
    assert left.startswith("No findings in 1 file; followed ")
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- the law of the summary -----------------------------------------------------------------------

CASES = sorted(
    {parted(unmarked(marked))[0] for cases in FIRES.values() for marked in cases.values()}
)
ALL_RULES = ("lint", "--extend-select", "ALL", "--fail-on", "error")


def in_process(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command prints; a process for each of a thousand files would take minutes."""
    main([*ALL_RULES, *arguments])
    return capsys.readouterr().out


def number(pattern: str, output: str) -> int:
    """A number in the last lines of a report; 0 if there is none."""
    summary = " ".join(output.rstrip().rpartition("\n\n")[2].split())
    found = re.search(pattern, summary)
    return int(found[1]) if found else 0


@pytest.mark.slow
def test_the_summary_counts_what_fix_fixes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """For each case of each rule, "can be fixed" is the number of problems that are then fixed."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "lvs.cf"
    counts = set()
    for text in (*CASES, BAD, TWICE):
        content = text.encode("utf-8", "surrogateescape")
        path.write_bytes(content)
        said = in_process(capsys, "lvs.cf")
        if "= fix: " not in said:
            assert "can be fixed" not in said
            continue
        safe = number(r" (\d+) can be fixed with --fix[.,]", said)
        more = number(r" (\d+) more with --unsafe-fixes", said)
        more = more or number(r" (\d+) can be fixed with --fix --unsafe-fixes", said)
        assert safe == number(r"Fixed (\d+) problem", in_process(capsys, "--fix", "lvs.cf")), text
        path.write_bytes(content)
        both = in_process(capsys, "--fix", "--unsafe-fixes", "lvs.cf")
        assert safe + more == number(r"Fixed (\d+) problem", both), text
        counts.add((safe > 0, more > 0))

    assert counts == {(False, False), (False, True), (True, False), (True, True)}
