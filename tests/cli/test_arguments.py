"""The command line as a new user tries it, as a process: words, options, folders, interrupts."""

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE, Run
from tests.good import DIRECT
from tests.processes import BAD, errors, file, on_terminal, one_sentence

# --- commands and options -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("lnt", "lvs.cf"), "there is no command `lnt`; did you mean `lint`?"),
        (("--color", "never", "shwo"), "there is no command `shwo`; did you mean `show`?"),
        (("lvs.cf",), "there is no command `lvs.cf`; to lint a file, write `lvscf lint lvs.cf`"),
        (("-",), "to lint a file, write `lvscf lint -`"),
        (("\x1b[31m",), "there is no command `\\x1b[31m`; the commands are lint, fmt"),
        (("help",), "there is no command `help`; `lvscf --help` shows the commands"),
        (("--colr", "always", "lint"), "unrecognized arguments: --colr; did you mean `--color`?"),
        (("-V",), "unrecognized arguments: -V"),
        (("lint", "--fail-on", "x", "lvs.cf"), "usage: lvscf lint [OPTIONS] FILE [FILE ...]\n"),
        (("--color", "lint"), "argument --color: invalid choice: 'lint'"),
    ],
)
def test_no_such_command(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    """The command that was meant, or how to lint a file."""
    file(tmp_path, BAD)
    result = run(*arguments)

    assert result.returncode == 2
    assert message in errors(result)
    assert "\x1b" not in errors(result)


@pytest.mark.parametrize("position", ["before", "after"])
def test_colour_before_and_after_the_command(run: Run, position: str) -> None:
    """`--color` counts in both places; the latter wins."""
    arguments = ["lint", "-"]
    arguments[0 if position == "before" else 1 : 0] = ["--color", "always"]

    assert b"\x1b[" in run(*arguments, stdin=BAD).stdout
    both = run("--color=always", "lint", "--color", "never", "-", stdin=BAD)
    assert b"\x1b" not in both.stdout


@pytest.mark.parametrize(
    ("word", "meant"),
    [("LVS2O2", "LVS202"), ("lvs2o", "LVS20"), ("LVSI01", "LVS101"), ("LVS99", None)],
)
def test_no_such_rule(run: Run, word: str, meant: str | None) -> None:
    """How to list the rules, and the letter that was meant to be a digit."""
    for arguments in (("lint", "--select", word, "-"), ("rules", word), ("explain", word)):
        sentence = one_sentence(run(*arguments, stdin=b"x"))
        assert f"`{word}`" in sentence
        assert "`lvscf rules` lists all rules" in sentence
        assert (f"did you mean `{meant}`?" in sentence) == (meant is not None)
        assert ("did you mean" in sentence) == (meant is not None)


def test_some_rules(run: Run) -> None:
    """A family, a code or a name, by commas and by words."""
    assert {line[:4] for line in run("rules", "LVS2").stdout.decode().splitlines()} == {"LVS2"}

    several = run("rules", "LVS901,LVS005", "deadtime-below-keepalive").stdout.decode()
    assert [line.split()[0] for line in several.splitlines()] == ["LVS005", "LVS201", "LVS901"]
    data = json.loads(run("rules", "--format", "json", "LVS005").stdout)
    assert [rule["code"] for rule in data["rules"]] == ["LVS005"]
    assert "no rule is named" in one_sentence(run("rules", ","))


def test_rules_and_diffs_in_colour(run: Run, tmp_path: Path) -> None:
    """On a terminal; programs get plain text."""
    path = str(file(tmp_path, b"  keepalive = 6\n"))
    _, rules = on_terminal("rules", "LVS005")
    _, layout = on_terminal("fmt", "--diff", path)
    asked = run("lint", "--diff", "--color", "always", "-", stdin=BAD).stdout

    assert b"\x1b[1mLVS005\x1b[0m" in rules
    assert b"\x1b[31m-  keepalive = 6\x1b[0m" in layout
    assert b"\x1b[32m+keepalive = 6\x1b[0m" in layout
    assert b"\x1b[31m-keepalive = 6 # seconds\x1b[0m" in asked
    assert b"\x1b" not in run("fmt", "--diff", path).stdout


# --- explain ------------------------------------------------------------------------------------


def test_explain_a_directive(run: Run) -> None:
    """Meaning, value, default, and the rules that mention it."""
    text = run("explain", "deadtime").stdout.decode()

    assert text.startswith("deadtime (at top level)\n\nSeconds without a heartbeat")
    assert "  Value    integer, in seconds\n  Default  `5`\n" in text
    assert "LVS201 deadtime-below-keepalive (error)" in text
    assert "no daemon uses it" in run("explain", "debug_level").stdout.decode()
    assert "Piranha 0.8.6; older" in run("explain", "hard_shutdown").stdout.decode()


def test_explain_a_directive_of_several_blocks(run: Run) -> None:
    """Each kind of block has its own meaning and default; rules come once."""
    text = run("explain", "PORT").stdout.decode()

    assert text.index("port (in virtual and failover") < text.index("port (in server blocks)")
    assert text.count("LVS309 ") == 1


def test_every_directive_can_be_explained(run: Run) -> None:
    """All of them at once, in every format."""
    from lvscf.linter.directive_manual import names

    data = json.loads(run("explain", "--format", "json", *names()).stdout)
    assert {one["name"] for one in data["directives"]} == set(names())
    assert data["rules"] == []
    markdown = run("explain", "--format", "markdown", *names()).stdout.decode()
    assert markdown.count("\n# ") == len(names()) - 1
    mixed = run("explain", "weight", "LVS201").stdout.decode()
    assert "weight (in server blocks)" in mixed
    assert "What it checks" in mixed


def test_explain_what_is_neither(run: Run) -> None:
    """The directive or the rule that was probably meant."""
    assert "did you mean `deadtime`?" in one_sentence(run("explain", "dedtime"))
    assert "did you mean `deadtime-below-keepalive`?" in one_sentence(
        run("explain", "deadtime-belw-keepalive")
    )


# --- folders ------------------------------------------------------------------------------------


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """A folder of several clusters, and of what is none."""
    for name in ("b", "a", "a/deep", ".git", "c d"):
        (tmp_path / "estate" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "estate" / name / "lvs.cf").write_bytes(BAD)
    (tmp_path / "estate" / "a" / "other.cf").write_bytes(BAD)
    (tmp_path / "estate" / "lvs.cf").write_bytes(BAD)
    (tmp_path / "estate" / "loop").symlink_to(".")
    (tmp_path / "estate" / "b" / "lvscf.toml").write_text("ignore = ['LVS0', 'LVS3', 'LVS4']\n")
    return tmp_path / "estate"


def linted(output: bytes) -> list[str]:
    """The files of a concise report, each once."""
    return list(dict.fromkeys(line.partition(":")[0] for line in output.decode().splitlines()))


def test_a_folder(run: Run, estate: Path) -> None:
    """Its lvs.cf and those below it, in a stable order, each with its own settings."""
    here = run("lint", "--format", "concise", ".", folder=estate)
    assert linted(here.stdout) == ["lvs.cf", "a/lvs.cf", "a/deep/lvs.cf", "c d/lvs.cf"]
    assert here.returncode == 1
    assert b"in 5 files." in run("lint", ".", folder=estate).stdout

    above = run("lint", "--format", "concise", "estate/a", "estate", "estate/a/lvs.cf")
    assert linted(above.stdout) == [
        "estate/a/deep/lvs.cf", "estate/lvs.cf", "estate/c d/lvs.cf", "estate/a/lvs.cf",
    ]  # fmt: skip
    hidden = run("lint", "--format", "concise", ".git/", folder=estate)
    assert linted(hidden.stdout) == [".git/lvs.cf"]


def test_a_folder_with_nothing_to_lint(run: Run, estate: Path) -> None:
    """A sentence, and the findings in the others."""
    (estate / "empty").mkdir()

    assert "there is no lvs.cf in empty or below it" in one_sentence(
        run("lint", "empty", folder=estate)
    )
    both = run("lint", "--format", "concise", "empty", "a", folder=estate)
    assert both.returncode == 2
    assert linted(both.stdout) == ["a/lvs.cf", "a/deep/lvs.cf"]


def test_what_is_not_a_file_in_a_folder(run: Run, estate: Path) -> None:
    """A pipe of that name is passed over; a link to nothing is reported."""
    os.mkfifo(estate / "c d" / "pipe")
    (estate / "c d" / "lvs.cf").unlink()
    (estate / "c d" / "pipe").rename(estate / "c d" / "lvs.cf")
    (estate / "a" / "deep" / "lvs.cf").unlink()
    (estate / "a" / "deep" / "lvs.cf").symlink_to("nowhere")
    result = run("lint", "--format", "concise", ".", folder=estate)

    assert result.returncode == 2
    assert linted(result.stdout) == ["lvs.cf", "a/lvs.cf"]
    assert errors(result) == (
        "lvscf: a/deep/lvs.cf is a symbolic link to nowhere, which does not exist\n"
    )


def test_a_pair_with_a_folder_of_one(run: Run, estate: Path) -> None:
    """`--pair` takes a folder that holds one lvs.cf, and no other."""
    one = run("lint", "--format", "concise", "--pair", "lvs.cf", "a/deep", folder=estate)
    several = run("lint", "--pair", "lvs.cf", "a", folder=estate)

    assert one.returncode == 1
    assert "give one FILE" in one_sentence(several)


# --- what is reported ---------------------------------------------------------------------------


def test_statistics(run: Run) -> None:
    """How many findings each rule has, those with most first; the exit status stays."""
    stdin = b"foo = 1\nbar = 2\n" + BAD
    result = run("lint", "--statistics", "-", stdin=stdin)
    lines = result.stdout.decode().splitlines()

    assert result.returncode == 1
    assert lines[0] == "2  LVS001  error    unknown-directive"
    assert "1  LVS005  error    trailing-comment" in lines
    assert lines[-1].startswith("Found ")
    report = json.loads(run("lint", "--statistics", "--format", "json", "-", stdin=stdin).stdout)
    assert report["statistics"][0] == {
        "code": "LVS001", "name": "unknown-directive", "severity": "error", "count": 2,
    }  # fmt: skip
    assert "findings" not in report
    assert sum(row["count"] for row in report["statistics"]) == report["summary"]["errors"]


def test_exit_zero(run: Run) -> None:
    """Findings do not count; that lvscf could not do its work does."""
    found = run("lint", "--exit-zero", "-", stdin=BAD)
    assert (found.returncode, b"LVS005" in found.stdout) == (0, True)
    assert run("lint", "--exit-zero", "--diff", "-", stdin=BAD).returncode == 0
    assert run("lint", "--exit-zero", "nowhere.cf").returncode == 2


def test_quiet(run: Run, tmp_path: Path) -> None:
    """No summary; a clean file says nothing."""
    found = run("lint", "-q", "-", stdin=BAD).stdout
    assert b"LVS005" in found
    assert b"Found" not in found
    assert not found.endswith(b"\n\n")
    clean = run("lint", "--quiet", "--ignore", "LVS400", "-", stdin=DIRECT.encode())
    assert (clean.returncode, clean.stdout, clean.stderr) == (0, b"", b"")

    formatted = run("fmt", "-q", file(tmp_path, b"  keepalive = 6\n"))
    assert (formatted.returncode, formatted.stdout, formatted.stderr) == (0, b"", b"")


def test_what_was_followed(run: Run, tmp_path: Path) -> None:
    """Packets and hosts are counted once, however many files share them; without rules, none."""
    evidence = ("--cluster", EXAMPLE.with_name("lvscf.toml"))

    def counts(*files: Path) -> tuple[int, int]:
        report = json.loads(run("lint", "--format", "json", *evidence, *files).stdout)
        return report["summary"]["packets"], report["summary"]["hosts"]

    packets, hosts = counts(EXAMPLE)
    assert packets > 8
    assert hosts == 4
    copy = file(tmp_path, EXAMPLE.read_bytes())
    assert counts(EXAMPLE, copy) == (packets, hosts)

    router = ("--router", EXAMPLE.with_name("lvs-d01") / "iptables")
    both = json.loads(run("lint", "--format", "json", *router, copy).stdout)
    assert both["summary"]["hosts"] == 2
    assert 0 < both["summary"]["packets"] < packets
    assert b"; followed" not in run("lint", copy).stdout


def test_show_settings(run: Run, tmp_path: Path) -> None:
    """What counts for each file, as TOML; nothing is linted."""
    (tmp_path / "lvscf.toml").write_text(
        "ignore = ['LVS3']\nbaseline = 'known.json'\n"
        "severity = { LVS202 = 'error' }\nper-file-ignores = { 'old/*' = ['LVS1'] }\n"
        "[cluster.routers.'10.10.1.21']\niptables = 'rules'\n"
    )
    file(tmp_path, BAD)
    result = run("lint", "--show-settings", "--fail-on", "error", "--select", "LVS0", "lvs.cf")
    text = result.stdout.decode()

    assert result.returncode == 0
    assert "# settings file: lvscf.toml\n" in text
    assert "# evidence from router 10.10.1.21: rules\n" in text
    assert tomllib.loads(text) == {
        "select": ["LVS0"],
        "ignore": ["LVS3"],
        "fail-on": "error",
        "target": "0.8.6-7",
        "baseline": "known.json",
        "severity": {"LVS202": "error"},
        "per-file-ignores": {"old/*": ["LVS1"]},
    }
    assert "no rule" in one_sentence(run("lint", "--show-settings", "--ignore", "LVS99", "lvs.cf"))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("select = []\n", "lvscf.toml:1: `select` is empty"),
        (
            "\n[cluster.routers.'10.10.1.21']\niptables = 'gone'\n",
            "lvscf.toml:3: gone: there is no",
        ),
        ("\n[cluster.routers.'10.10.1.22']\nlvs-cf = 'gone'\n", "lvscf.toml:3: gone: there is no"),
        ("# x\nbaseline = 'gone.json'\n", "lvscf.toml:2: gone.json: there is no such file"),
        ("cluster.real-servers.one.sysctl = '.'\n", "lvscf.toml:1: . is a directory"),
    ],
)
def test_settings_name_their_line(run: Run, tmp_path: Path, settings: str, message: str) -> None:
    """What cannot be used is an error at the line of the settings that names it."""
    (tmp_path / "lvscf.toml").write_text(settings)
    file(tmp_path, DIRECT.encode())

    assert message in errors(run("lint", "lvs.cf"))


def test_a_dangling_link(run: Run, tmp_path: Path) -> None:
    """It is there, and what it leads to is not."""
    (tmp_path / "lvs.cf").symlink_to("/nonexistent/lvs.cf")

    for command in ("lint", "show", "fmt", "dump"):
        sentence = one_sentence(run(command, "lvs.cf"))
        assert "is a symbolic link to /nonexistent/lvs.cf, which does not exist" in sentence


# --- terminals ----------------------------------------------------------------------------------


def test_labels_of_related_places_on_a_narrow_terminal(tmp_path: Path) -> None:
    """A label that does not fit beside what it is about is on lines of its own."""
    text = DIRECT.replace("virtual web {", f"virtual {'w' * 50} {{").replace(
        "deadtime = 18", "deadtime = 1"
    )
    path = file(tmp_path, text.replace("keepalive = 6", f"keepalive = {' ' * 45}30").encode())
    _, output = on_terminal("lint", "--color", "never", path.name, folder=tmp_path)
    lines = output.decode().replace("\r\n", "\n").split("\n")

    (at,) = (number for number, line in enumerate(lines) if line.endswith("| " + " " * 57 + "--"))
    assert lines[at + 1] == "  | " + " " * 48 + "a heartbeat every 30 seconds"
    assert max(map(len, lines)) <= 80


def test_columns(run: Run, tmp_path: Path) -> None:
    """COLUMNS counts in pipes as well."""
    path = file(tmp_path, BAD)
    widths = [
        max(map(len, run("lint", path.name, environment=variables).stdout.decode().splitlines()))
        for variables in ({"COLUMNS": "60"}, {"COLUMNS": "nonsense"}, {"COLUMNS": "0"}, {})
    ]

    assert widths[0] <= 60 < widths[1]
    assert widths[1] == widths[2] == widths[3]
    help_text = run("lint", "--help", environment={"COLUMNS": "60"}).stdout.decode()
    assert max(map(len, help_text.splitlines())) <= 60


def test_a_tree_in_ascii(run: Run, tmp_path: Path) -> None:
    """Where the terminal is not UTF-8, the tree is drawn in ASCII."""
    path = file(tmp_path, DIRECT.encode())
    shown = run("show", path, environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})

    assert shown.stdout.isascii()
    assert b"\n+-- router" in shown.stdout
    assert b"\n`-- VIP" in shown.stdout
    assert b"\\u" not in shown.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_marks_are_below_what_they_mark(run: Run, encoding: str) -> None:
    """Also where characters are shown as escapes, or take two cells."""
    stdin = "sérvice = lvs 日本 x\n".encode()
    shown = run(
        "lint", "--select", "LVS0", "-", stdin=stdin,
        environment={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    ).stdout.decode(encoding)  # fmt: skip
    number = next(n for n, line in enumerate(shown.splitlines()) if line.startswith("1 | "))
    line, marks = shown.splitlines()[number : number + 2]

    marked = line[marks.index("^") : marks.rindex("^") + 1]
    assert marked == "s\\xe9rvice" if encoding == "ascii" else marked == "sérvice"


# --- interrupts ---------------------------------------------------------------------------------


def interrupted(*arguments: str, after: float) -> tuple[int, bytes]:
    """Run `lvscf`, which waits for standard input, and press Ctrl-C."""
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; print('here', flush=True);"
         "from lvscf.cli import main; sys.exit(main())", *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"here\n"
        time.sleep(after)
        process.send_signal(signal.SIGINT)
        status = process.wait(60)
        return status, process.stderr.read()


@pytest.mark.parametrize(
    ("command", "after"),
    [("lint", 0.02), ("show", 0.04), ("fmt", 0.06), ("lint", 0.08), ("lint", 0.6)],
)
def test_an_interrupt(command: str, after: float) -> None:
    """At any moment, also while modules are imported: status 130, and not a word."""
    assert interrupted(command, "-", after=after) == (130, b"")


def test_an_interrupt_that_is_ignored() -> None:
    """A process in the background, where the shell ignores interrupts, goes on."""
    done = subprocess.run(
        ["/bin/sh", "-c", 'trap "" INT; "$0" -m lvscf lint --ignore LVS400 - & wait $!', sys.executable],
        input=b"", capture_output=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1  # an empty file has a finding


def test_interrupts_of_callers_stay_theirs() -> None:
    """`main` with arguments, as a library, leaves the handler alone."""
    code = (
        "import signal; from lvscf.cli import main; main(['rules', 'LVS005']);"
        "assert signal.getsignal(signal.SIGINT) is signal.default_int_handler"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_closed_pipe_of_errors(tmp_path: Path) -> None:
    """A reader of errors that goes away does not make more of them."""
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec 3>&1; { "$0" -m lvscf nonsense 2>&1; echo $? >&3; } | true',
         sys.executable],
        capture_output=True, check=False,
    )  # fmt: skip

    assert done.stdout == b"2\n"
