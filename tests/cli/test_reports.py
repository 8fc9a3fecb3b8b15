"""`lint --format` and `--report` as a process: which format, what is written, and what is refused."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lvscf.cli.reports import FORMATS
from tests.conftest import Run

BAD = b"keepalive = 6 # seconds\n"


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(autouse=True)
def bad(tmp_path: Path) -> Path:
    """An lvs.cf with findings, in the folder that lvscf runs in."""
    path = tmp_path / "lvs.cf"
    path.write_bytes(BAD)
    return path


def refused(result: "subprocess.CompletedProcess[bytes]") -> str:
    """The one sentence that a refusal is."""
    text = result.stderr.decode()
    assert result.returncode == 2
    assert text.startswith("lvscf: ")
    assert text.count("\n") == 1
    return text


# --- which format ---------------------------------------------------------------------------------


def test_default_format(run: Run) -> None:
    """The option, else LVSCF_FORMAT, else `github` in GitHub Actions, else `full`."""
    actions = {"GITHUB_ACTIONS": "true"}

    def begins(*arguments: str, **environment: str) -> bytes:
        return run("lint", *arguments, "lvs.cf", environment=environment).stdout[:9]

    assert begins() == b"error[LVS"
    assert begins(GITHUB_ACTIONS="false") == b"error[LVS"
    assert begins(**actions) == b"::error t"
    assert begins(LVSCF_FORMAT="concise", **actions) == b"lvs.cf:1:"
    assert begins(LVSCF_FORMAT="", **actions) == b"::error t"
    assert begins("--format", "full", LVSCF_FORMAT="concise", **actions) == b"error[LVS"


def test_address_of_the_documentation(run: Run) -> None:
    """LVSCF_DOCS is where findings link to, with or without a slash at its end."""

    def urls(home: str) -> set[str | None]:
        environment = {"LVSCF_DOCS": home} if home else {}
        report = run("lint", "--format", "json", "lvs.cf", environment=environment).stdout
        return {one["url"] for one in json.loads(report)["findings"] if one["code"] == "LVS005"}

    assert urls("") == {None}
    assert urls("https://docs.example.com/lvscf") == {
        "https://docs.example.com/lvscf/rules/LVS005.html"
    }
    assert urls("file:///srv/docs/") == {"file:///srv/docs/rules/LVS005.html"}


@pytest.mark.parametrize("home", ["docs", "https://a b", "https://a\x1b[1m"])
def test_address_that_is_not_one(run: Run, home: str) -> None:
    """A path or a text with blanks is refused before anything is linted."""
    message = refused(run("lint", "lvs.cf", environment={"LVSCF_DOCS": home}))

    assert message.startswith("lvscf: LVSCF_DOCS: ")


def on_a_terminal(folder: Path, **variables: str) -> str:
    """What `lvscf lint` prints on a terminal for which these variables are set."""
    controller, terminal = os.openpty()
    known = ("TERM", "TERM_PROGRAM", "VTE_VERSION", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM")
    unset = {*known, "TERMINAL_EMULATOR", "NO_COLOR", "FORCE_COLOR", "LVSCF_FORMAT", "COLUMNS"}
    inherited = {name: value for name, value in os.environ.items() if name not in unset}
    subprocess.run(
        [sys.executable, "-m", "lvscf", "lint", "lvs.cf"],
        cwd=folder,
        env=inherited | {"GITHUB_ACTIONS": "", **variables},
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=terminal,
        check=False,
    )
    os.close(terminal)
    text = b""
    while True:
        try:
            part = os.read(controller, 4096)
        except OSError:  # Linux: the other end is closed
            break
        if not part:
            break
        text += part
    os.close(controller)
    return text.decode()


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals here")
@pytest.mark.parametrize(
    ("variables", "linked"),
    [
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7000"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4000"}, False),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, True),
        ({"TERM": "xterm-256color", "WT_SESSION": "1"}, True),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, False),
        ({"TERM": "linux"}, False),
    ],
    ids=str,
)
def test_terminals_with_links(tmp_path: Path, variables: dict[str, str], linked: bool) -> None:
    """Terminals that are known to show links get them on the codes; others would print escapes."""
    home = "https://docs.example.com/"
    shown = on_a_terminal(tmp_path, LVSCF_DOCS=home, **variables)
    without = on_a_terminal(tmp_path, LVSCF_DOCS="", **variables)

    assert "LVS005" in shown
    assert (f"\x1b]8;;{home}rules/LVS005.html\x1b\\" in shown) == linked
    assert "\x1b]8;;" not in without


@pytest.mark.parametrize("format", FORMATS)
def test_same_in_environment_and_in_file(run: Run, tmp_path: Path, format: str) -> None:
    """The option, the variable and `--report` mean the same formats; the exit status is the same."""
    by_option = run("lint", "--format", format, "lvs.cf")
    by_variable = run("lint", "lvs.cf", environment={"LVSCF_FORMAT": format})
    in_file = run("lint", "--format", "concise", "--report", f"{format}=report", "lvs.cf")

    assert by_option.stdout == by_variable.stdout == (tmp_path / "report").read_bytes()
    assert {one.returncode for one in (by_option, by_variable, in_file)} == {1}
    assert {one.stderr for one in (by_option, by_variable, in_file)} == {b""}


def test_unknown_format(run: Run) -> None:
    """In the environment it is refused as well, before anything is linted."""
    text = refused(run("lint", "lvs.cf", environment={"LVSCF_FORMAT": "sariff"}))

    assert text == "lvscf: LVSCF_FORMAT: there is no format `sariff`; did you mean sarif?\n"


@pytest.mark.parametrize("format", ["sarif", "gitlab", "junit", "rdjson"])
def test_statistics_of_other_programs(run: Run, format: str) -> None:
    """Their formats have no statistics, and a table would break what reads them."""
    assert "--statistics" in refused(run("lint", "--format", format, "--statistics", "lvs.cf"))


def test_statistics_in_github_actions(run: Run) -> None:
    """There, they are the usual table."""
    there = run("lint", "--statistics", "lvs.cf", environment={"GITHUB_ACTIONS": "true"})
    here = run("lint", "--statistics", "--quiet", "lvs.cf")

    assert there.stdout == here.stdout != b""


def test_quiet(run: Run) -> None:
    """It leaves out the summary."""
    loud, quiet = (
        run("lint", "--format", "github", *option, "lvs.cf").stdout.splitlines()
        for option in ((), ("--quiet",))
    )

    assert loud[:-1] == quiet
    assert loud[-1].startswith(b"Found ")


# --- files ----------------------------------------------------------------------------------------


def test_several_reports(run: Run, tmp_path: Path) -> None:
    """Each goes to its file, whole; the terminal's report is as without them."""
    alone = run("lint", "lvs.cf")
    result = run(
        "lint",
        "--report",
        "sarif=a.sarif",
        "--report",
        "junit=b.xml",
        "--report",
        "json=c",
        "lvs.cf",
    )

    assert (result.stdout, result.returncode) == (alone.stdout, alone.returncode)
    assert json.loads((tmp_path / "a.sarif").read_bytes())["version"] == "2.1.0"
    assert ElementTree.parse(tmp_path / "b.xml").getroot().tag == "testsuites"
    assert json.loads((tmp_path / "c").read_bytes())["version"] == 1
    assert names(tmp_path) == ["a.sarif", "b.xml", "c", "lvs.cf"]


def test_summary_is_the_same_in_a_file(run: Run, tmp_path: Path) -> None:
    """`full` counts what can be fixed wherever it goes."""
    run("lint", "--format", "concise", "--report", "full=report", "lvs.cf")

    assert (tmp_path / "report").read_bytes() == run("lint", "lvs.cf").stdout
    assert b"can be fixed with --fix" in (tmp_path / "report").read_bytes()


def test_report_of_fixing(run: Run, tmp_path: Path, bad: Path) -> None:
    """It has what remains."""
    run("lint", "--fix", "--report", "gitlab=report", "lvs.cf")

    codes = {one["check_name"] for one in json.loads((tmp_path / "report").read_bytes())}
    assert "LVS005" not in codes
    assert b"# seconds\nkeepalive = 6\n" in bad.read_bytes()


def test_report_replaces_an_older_one(run: Run, tmp_path: Path) -> None:
    """Its mode stays."""
    (tmp_path / "report").write_text("old")
    (tmp_path / "report").chmod(0o640)
    run("lint", "--report", "sarif=report", "lvs.cf")

    assert (tmp_path / "report").read_bytes().startswith(b"{")
    assert (tmp_path / "report").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        (("nonsense=x",), "--report: there is no format `nonsense`; choose from full, "),
        (("sarfi=x",), "did you mean sarif?"),
        (("=x",), "there is no format ``"),
        (("sarif",), "names no file"),
        (("sarif=",), "names no file"),
        (("sarif=-",), "names no file"),
        (("sarif=x", "junit=x"), "cannot write x, which another --report writes"),
        (("sarif=x", "junit=./x"), "cannot write ./x, which another --report writes"),
        (("sarif=link", "junit=target"), "cannot write target, which another --report writes"),
        (("sarif=lvs.cf",), "cannot write lvs.cf, which is linted"),
    ],
)
def test_refused_reports(run: Run, tmp_path: Path, reports: tuple[str, ...], expected: str) -> None:
    """One sentence, and nothing is written, linted or fixed."""
    (tmp_path / "link").symlink_to("target")
    before = names(tmp_path)
    options = [word for report in reports for word in ("--report", report)]
    result = run("lint", "--fix", *options, "lvs.cf")

    assert expected in refused(result)
    assert result.stdout == b""
    assert names(tmp_path) == before
    assert (tmp_path / "lvs.cf").read_bytes() == BAD


def test_reports_do_not_replace_what_lvscf_reads(run: Run, tmp_path: Path) -> None:
    """Neither evidence, nor the baseline, nor the pair's file, nor the settings."""
    for name in ("rules", "base", "pair", "set"):
        (tmp_path / name).write_text("")
    options = ("--router", "rules", "--baseline", "base", "--pair", "pair", "--cluster", "set")

    for name in ("rules", "base", "pair", "set"):
        refused(run("lint", *options, "--report", f"sarif={name}", "lvs.cf"))
        assert (tmp_path / name).read_text() == ""


@pytest.mark.parametrize("target", ["no/such/folder", "folder", "read-only/report"])
def test_unwritable_report(run: Run, tmp_path: Path, target: str) -> None:
    """Exit status 2 and one sentence; the other reports are whole, and nothing is half-written."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "read-only").mkdir()
    (tmp_path / "read-only").chmod(0o500)
    if target.startswith("read-only") and os.access(tmp_path / "read-only", os.W_OK):
        pytest.skip("root may write everywhere")
    result = run("lint", "--report", f"sarif={target}", "--report", "gitlab=good", "lvs.cf")

    assert target in refused(result)
    assert json.loads((tmp_path / "good").read_bytes())
    assert b"LVS005" in result.stdout
    assert names(tmp_path) == ["folder", "good", "lvs.cf", "read-only"]
    assert names(tmp_path / "folder") == []


# --- files that cannot be read --------------------------------------------------------------------


def test_unreadable_file(run: Run, tmp_path: Path) -> None:
    """Every report says what is missing as far as its format can; the others' findings are there."""
    reports = [f"{format}={format}" for format in FORMATS]
    options = [word for report in reports for word in ("--report", report)]
    result = run("lint", *options, "lvs.cf", "no.cf")
    written = {format: (tmp_path / format).read_text(encoding="utf-8") for format in FORMATS}

    assert result.returncode == 2
    (invocation,) = json.loads(written["sarif"])["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "no.cf: there is no such file" in written["github"].splitlines()[0]
    assert "no.cf: there is no such file" in written["junit"]
    assert all("LVS005" in text for text in written.values())


def test_nothing_readable(run: Run, tmp_path: Path) -> None:
    """Even then, reports for programs can be read."""
    for format in ("sarif", "gitlab", "rdjson", "json"):
        result = run("lint", "--format", format, "no.cf")
        assert result.returncode == 2
        json.loads(result.stdout)
    assert ElementTree.fromstring(run("lint", "--format", "junit", "no.cf").stdout) is not None


def test_unusable_evidence(run: Run, tmp_path: Path) -> None:
    """A file of a host that could not be used is an error of the run as well."""
    result = run("lint", "--format", "sarif", "--router", "no.txt", "lvs.cf")
    (invocation,) = json.loads(result.stdout)["runs"][0]["invocations"]

    assert result.returncode == 2
    assert invocation["executionSuccessful"] is False


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [b"caf\xe9.cf", b"a\n::error::b", b"with blank", b"%0A,:.cf"])
@pytest.mark.parametrize("format", FORMATS)
def test_hostile_names(run: Run, tmp_path: Path, name: bytes, format: str) -> None:
    """Whatever a file is called, reports are whole, also on a terminal that knows ASCII only."""
    path = os.fsdecode(name)
    try:
        (tmp_path / path).write_bytes(BAD)
    except OSError:
        pytest.skip("the file system has no such names")
    result = run("lint", "--format", format, path, environment={"PYTHONIOENCODING": "ascii"})

    assert result.returncode == 1
    assert result.stderr == b""
    text = result.stdout.decode("ascii")
    assert not [line for line in text.splitlines() if line.startswith("::error::")]
    if format in ("json", "sarif", "gitlab", "rdjson"):
        json.loads(text)


def test_standard_input(run: Run) -> None:
    """It goes by its name in every format."""
    for format in FORMATS:
        output = run("lint", "--format", format, "-", stdin=BAD).stdout.decode()
        assert any(name in output for name in ("<stdin>", "%3Cstdin%3E", "&lt;stdin&gt;"))
        named = run("lint", "--format", format, "--stdin-filename", "a/b.cf", "-", stdin=BAD)
        assert "a/b.cf" in named.stdout.decode()


def test_absolute_names(run: Run, tmp_path: Path) -> None:
    """Programs that show the files of a repository get paths relative to the directory."""
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "lvs.cf").write_bytes(BAD)
    for format in ("sarif", "github", "gitlab", "rdjson"):
        output = run("lint", "--format", format, tmp_path / "below" / "lvs.cf").stdout.decode()
        places = output.replace(f"{tmp_path}/below/lvs.cf:1:15", "")  # in GitHub's message
        assert "below/lvs.cf" in places
        assert f'{tmp_path}/below/lvs.cf"' not in places
        assert f"file={tmp_path}" not in places
