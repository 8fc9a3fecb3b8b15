"""`lvscf diff` and `lvscf dump`, as processes."""

import json
from pathlib import Path

import pytest
import yaml

import lvscf
from tests.conftest import Run
from tests.good import DIRECT


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Two files that differ in three things."""
    left, right = tmp_path / "a.cf", tmp_path / "b.cf"
    left.write_text(DIRECT)
    other = DIRECT.replace("scheduler = wlc", "scheduler = rr").replace("deadtime = 18\n", "")
    right.write_text(other.replace("server two", "server deux"))
    return left, right


def test_differences_are_shown_by_block(run: Run, pair: tuple[Path, Path]) -> None:
    """Each is told with both values, under its block."""
    done = run("diff", *[path.name for path in pair])

    assert done.returncode == 1
    assert (
        done.stdout.decode()
        == """\
--- a.cf
+++ b.cf
- deadtime = 18
+ deadtime = 5 (not written)
  virtual web:
-     scheduler = wlc
+     scheduler = rr
-     server two
+     server deux (the same, renamed)
"""
    )


def test_no_difference_is_silent(run: Run, pair: tuple[Path, Path]) -> None:
    """The exit status is that of diff(1)."""
    done = run("diff", pair[0], "-", stdin=b"# copy\n" + DIRECT.encode())

    assert (done.returncode, done.stdout) == (0, b"")


def test_serial_counts_only_if_asked_for(run: Run, pair: tuple[Path, Path]) -> None:
    """`--serial` compares what the GUI counts."""
    other = DIRECT.replace("serial_no = 7", "serial_no = 8").encode()

    assert run("diff", pair[0], "-", stdin=other).returncode == 0
    assert run("diff", "--serial", pair[0], "-", stdin=other).returncode == 1


def test_differences_as_json(run: Run, pair: tuple[Path, Path]) -> None:
    """Programs get values, and lines to look at."""
    done = run("diff", "--format", "json", *pair)
    data = json.loads(done.stdout)

    assert done.returncode == 1
    assert [one["directive"] for one in data["differences"]] == ["deadtime", "scheduler", None]
    assert data["differences"][0]["left"] == {"value": 18, "written": True, "line": 9}
    assert data["differences"][0]["right"] == {"value": 5, "written": False, "line": None}
    assert data["differences"][2]["block"] == ["virtual web", "server two"]
    assert data["differences"][2]["right"]["value"] == "deux"


def test_colours(run: Run, pair: tuple[Path, Path]) -> None:
    """Colours are there if wanted."""
    assert b"\x1b[31m" in run("diff", "--color", "always", *pair).stdout
    assert b"\x1b" not in run("diff", *pair).stdout


@pytest.mark.parametrize(
    "command", ["diff a.cf bad.cf", "diff - -", "dump bad.cf", "dump nosuch", "dump"]
)
def test_what_cannot_be_loaded(
    run: Run, pair: tuple[Path, Path], tmp_path: Path, command: str
) -> None:
    """A sentence says why, and nothing is printed."""
    (tmp_path / "bad.cf").write_text("keepalive = 6 # six\n")
    done = run(*command.split())

    assert (done.returncode, done.stdout) == (2, b"")
    if "bad" in command:
        said = (
            'bad.cf:1:15: Piranha rejects this file ("unexpected arguments"); run `lvscf lint` for'
        )
        assert said in done.stderr.decode()


def test_copied_values_are_no_defaults(run: Run, tmp_path: Path) -> None:
    """What Piranha fills in may come from another directive: a server's port, for one."""
    text = "virtual web {\n  port = %d\n  server one {\n  }\n}\n"
    for port in (80, 81):
        (tmp_path / f"{port}.cf").write_text(text % port)

    said = run("diff", "80.cf", "81.cf").stdout.decode()
    assert "-         port = 80 (not written)\n+         port = 81 (not written)\n" in said


@pytest.mark.parametrize("command", ["show a.cf", "dump a.cf", "diff a.cf b.cf"])
def test_what_piranha_misreads_is_told(run: Run, tmp_path: Path, command: str) -> None:
    """Commands show what Piranha reads, and say so where that is not what was written."""
    (tmp_path / "a.cf").write_bytes(b"primary = 10.10.1.21\r\nkeepalive = 6\r\n")
    (tmp_path / "b.cf").write_bytes(b"primary = 10.10.1.21\n")
    done = run(*command.split())

    assert done.returncode == 0
    assert done.stderr.decode() == (
        "lvscf: a.cf: Piranha does not read this file as written; this command shows what it does "
        "read; run `lvscf lint` for details\n"
    )


def test_an_empty_file_has_no_line_to_name(run: Run) -> None:
    """Piranha logs line 0, where no editor goes."""
    said = run("dump", "-").stderr.decode()

    assert said.startswith('lvscf: <stdin>: Piranha rejects this file ("Empty configuration"); ')


def test_errors_in_any_encoding(run: Run) -> None:
    """What the encoding of standard error lacks is written in ASCII, as in reports."""
    environment = {"PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0"}
    done = run("dump", "-", stdin=b"keepalive = 6 # six\n", environment=environment)

    assert done.returncode == 2
    assert b'Piranha rejects this file ("unexpected arguments")' in done.stderr


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_dump_holds_everything(run: Run, pair: tuple[Path, Path], form: str) -> None:
    """What was dumped is the configuration, in either form."""
    done = run("dump", "--format", form, pair[0])

    read = json.loads if form == "json" else yaml.safe_load
    assert lvscf.from_dict(read(done.stdout)) == lvscf.loads(DIRECT)
    assert b"null" not in done.stdout
    effective = read(run("dump", "--format", form, "--effective", pair[0]).stdout)
    assert effective["hard_shutdown"] is True


def test_dump_keeps_bytes_that_are_no_text(run: Run, tmp_path: Path) -> None:
    """Old files are Latin-1."""
    content = b"virtual caf\xe9 {\nactive_cmd = 1\n}\n".replace(b"active_cmd = 1\n", b"")
    (tmp_path / "latin.cf").write_bytes(content)

    for form, read in (("json", json.loads), ("yaml", yaml.safe_load)):
        done = run("dump", "--format", form, "latin.cf")
        assert lvscf.from_dict(read(done.stdout)) == lvscf.loads(content)


def test_the_schema_is_printed(run: Run) -> None:
    """Tool writers need not import lvscf."""
    assert json.loads(run("dump", "--schema").stdout) == lvscf.json_schema()
