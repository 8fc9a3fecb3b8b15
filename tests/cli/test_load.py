"""`lvscf load`, as a process: the reverse of `lvscf dump`."""

import json
from pathlib import Path

import pytest

import lvscf
from tests.conftest import Run
from tests.good import DIRECT, GOOD
from tests.processes import one_sentence


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[pytest.mark.slow] if n != "direct routing" else []) for n in GOOD],
)
def test_load_takes_back_what_dump_gives(run: Run, tmp_path: Path, name: str) -> None:
    """In either form, there is no difference in meaning."""
    (tmp_path / "lvs.cf").write_text(GOOD[name])
    for options in ((), ("--format", "yaml")):
        dumped = run("dump", "lvs.cf", *options).stdout
        loaded = run("load", "-", stdin=dumped)

        assert (loaded.returncode, loaded.stderr) == (0, b"")
        assert lvscf.loads(loaded.stdout) == lvscf.loads(GOOD[name])
        differing = run("diff", "--serial", "lvs.cf", "-", stdin=loaded.stdout)
        assert (differing.returncode, differing.stdout) == (0, b"")


def test_bytes_that_are_no_text_stay(run: Run) -> None:
    """What is no UTF-8 in an lvs.cf goes through JSON and YAML and comes back."""
    odd = b"virtual \xe9t\xc3\xa9 {\n     active = 1\n}\n"
    for form in ("json", "yaml"):
        dumped = run("dump", "--format", form, "-", stdin=odd).stdout
        assert run("load", "-", stdin=dumped).stdout == odd


def test_effective_values_can_be_loaded(run: Run) -> None:
    """With all defaults written out, the file means the same."""
    dumped = run("dump", "--effective", "-", stdin=DIRECT.encode()).stdout
    text = run("load", "-", stdin=dumped).stdout

    assert b"rsh_command = rsh\n" in text
    assert lvscf.loads(text).effective == lvscf.loads(DIRECT).effective


def test_output(run: Run, tmp_path: Path) -> None:
    """`--output` writes a file, new or not; `-` is standard output."""
    (tmp_path / "data.yaml").write_text("\ufeff# by hand\nkeepalive: 6\nprimary: 10.10.1.21\n")
    text = b"primary = 10.10.1.21\nkeepalive = 6\n"
    for _ in range(2):
        done = run("load", "data.yaml", "--output", "new.cf")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        assert (tmp_path / "new.cf").read_bytes() == text
    assert run("load", "data.yaml", "--output", "-").stdout == text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.yaml", "new.cf"]


def test_into_makes_the_smallest_edit(run: Run, tmp_path: Path) -> None:
    """Comments and spacing stay, and so does the whole file if nothing changes."""
    file = tmp_path / "lvs.cf"
    file.write_text(f"# ours\n\n{DIRECT}# the end \xe9\n", encoding="latin-1")
    before = file.read_bytes()
    status = file.stat()
    data = json.loads(run("dump", "lvs.cf").stdout)
    assert run("load", "-", "--into", "lvs.cf", stdin=json.dumps(data).encode()).returncode == 0
    assert file.stat() == status

    data["keepalive"] = 7
    done = run("load", "-", "--into", "lvs.cf", stdin=json.dumps(data).encode())
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert file.read_bytes() == before.replace(b"keepalive = 6", b"keepalive = 7")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('{\n"keepalive": 6,\n}', "<stdin>:3: this is not valid JSON"),
        ("keepalive: 6\nprimary: [\n", "<stdin>:3: this is not valid YAML"),
        ('keepalive: 6\nprimary: "\x01"\n', "<stdin>:2: this is not valid YAML: a control"),
        ("keepalive: !!int ''\n", "<stdin>: a value does not match its tag"),
        ("keepalive: !second 6\n", "<stdin>:1: this is not valid YAML"),
        ("", "<stdin>: a configuration is an object"),
        ("- 6\n", "<stdin>: a configuration is an object"),
        ("{" * 3, "<stdin>:1: this is not valid JSON"),
        ('{"keepalive": ' + "6" * 5000 + "}", "<stdin>: a number has thousands of digits"),
        ('{"a":' * 100_000, "<stdin>: the data is nested too deeply"),
        ("[" * 100_000, "<stdin>: the data is nested too deeply"),
        ('{"keepalive": "6"}', "<stdin>: keepalive: must be an integer"),
        ('{"kepalive": 6}', "there is no such key; did you mean `keepalive`?"),
        ("virtual_servers: [{name: web, servers: [{port: 80}]}]", "servers[0].name: must be a"),
        ('{"primary": "10.1"}', "Piranha would read `10.0.0.1`"),
        ('{"version": 2}', "this release reads version 1"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_bad_data_is_a_sentence(run: Run, tmp_path: Path, data: str, message: str) -> None:
    """Exit status 2, one sentence that says where, and nothing is written."""
    (tmp_path / "lvs.cf").write_text(DIRECT)
    for options in ((), ("--output", "new.cf"), ("--into", "lvs.cf")):
        assert message in one_sentence(run("load", "-", *options, stdin=data.encode()))
    assert [path.read_text() for path in tmp_path.iterdir()] == [DIRECT]


def test_bytes_must_be_text(run: Run) -> None:
    """The line is told on which there is something else."""
    sentence = one_sentence(run("load", "-", stdin=b"keepalive: 6\nprimary: \xe9\n"))
    assert "<stdin>:2: this is not UTF-8 text" in sentence


def test_files_that_cannot_be_used(run: Run, tmp_path: Path) -> None:
    """One sentence each; of standard input there is nothing to change."""
    (tmp_path / "data.json").write_text('{"keepalive": 6}')
    assert "no such file" in one_sentence(run("load", "nowhere.json"))
    assert "no such file" in one_sentence(run("load", "data.json", "--into", "nowhere.cf"))
    assert "cannot be written" in one_sentence(run("load", "data.json", "--output", "no/lvs.cf"))
    assert "--into edits a file" in one_sentence(run("load", "data.json", "--into", "-"))


def test_an_lvs_cf_is_not_data(run: Run, tmp_path: Path) -> None:
    """It is named, with the command that makes data of it."""
    (tmp_path / "lvs.cf").write_text("primary = 1.2.3.4\nvirtual web {\n}\n")
    sentence = one_sentence(run("load", "lvs.cf", folder=tmp_path))

    assert "lvs.cf is an lvs.cf, not a JSON or YAML file; `lvscf dump`" in sentence
