"""The command line, as a process: what it prints, and its exit status."""

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

import lvscf
from lvscf.linter import registry
from tests.conftest import EXAMPLE, Run
from tests.good import DIRECT
from tests.processes import BAD, errors, file, on_terminal, one_sentence

# --- lint: findings and exit status -------------------------------------------------------------


def test_example_is_clean(run: Run, example: Path) -> None:
    """The example cluster of the README has no findings."""
    result = run("lint", example)

    assert result.returncode == 0
    assert re.fullmatch(
        r"No findings in 1 file; followed \d+ packets through the rules of 4 hosts\.\n",
        result.stdout.decode(),
    )
    assert errors(result) == ""


def test_broken_example_has_one_fault(run: Run, example: Path) -> None:
    """It is the sound cluster but for one line, and that line is what lint finds."""
    broken = example.parents[1] / "broken"
    files = {path.relative_to(broken) for path in broken.rglob("*") if path.is_file()}
    assert files == {
        path.relative_to(example.parent) for path in example.parent.rglob("*") if path.is_file()
    }
    changed = [
        (str(name), line)
        for name in files
        for line, other in zip(
            (example.parent / name).read_text().splitlines(),
            (broken / name).read_text().splitlines(),
            strict=True,
        )
        if line != other
    ]
    assert [name for name, _ in changed] == ["lvs-d02/iptables"]
    assert "-j MARK" in changed[0][1]

    result = run("lint", "--format", "concise", broken)
    assert (result.returncode, errors(result)) == (1, "")
    assert [line.split()[1:3] for line in result.stdout.splitlines()] == [[b"error", b"LVS409"]]


def test_what_is_not_checked_is_said(run: Run, tmp_path: Path, example: Path) -> None:
    """Without the hosts' files, one note says what could not be checked."""
    result = run("lint", "--format", "concise", file(tmp_path, example.read_bytes()))

    assert result.returncode == 0
    assert [line.split()[1:3] for line in result.stdout.splitlines()] == [[b"info", b"LVS400"]]


def test_full_format_shows_the_token(run: Run, tmp_path: Path) -> None:
    """The line, the token underlined, the consequence and the remedy."""
    result = run("lint", file(tmp_path, BAD).name)

    assert result.returncode == 1
    assert result.stdout.decode() == (
        "error[LVS005 trailing-comment]: Comments need their own line: after a value, Piranha reads `#` as\n"
        'another word. Piranha rejects the file at this line ("unexpected arguments") and will not start.\n'
        " --> lvs.cf:2:15\n"
        "  |\n"
        "2 | keepalive = 6 # seconds\n"
        "  |               ^^^^^^^^^\n"
        "  = help: Move the comment to a line of its own.\n"
        "  = fix: Move the comment to a line of its own (safe).\n"
        "\n"
        "error[LVS301 missing-address]: This service has no `address`: Piranha sets it up for 0.0.0.0 and\n"
        "brings up no virtual IP address.\n"
        " --> lvs.cf:3:9\n"
        "  |\n"
        "3 | virtual web {\n"
        "  |         ^^^\n"
        "  = help: Write `address = VIP DEVICE`, such as `address = 10.10.1.20 eth0:1`.\n"
        "\n"
        "Found 2 errors in 1 file. 1 can be fixed with --fix.\n"
    )


def test_related_places_are_shown(run: Run, tmp_path: Path) -> None:
    """The other place that a finding is about is shown with its own line."""
    text = DIRECT.replace("keepalive = 6", "keepalive = 30").encode()
    result = run("lint", file(tmp_path, text).name)

    assert (
        " --> lvs.cf:9:12\n"
        "  |\n"
        "9 | deadtime = 18\n"
        "  |            ^^\n"
        " ::: lvs.cf:8:13\n"
        "  |\n"
        "8 | keepalive = 30\n"
        "  |             -- a heartbeat every 30 seconds\n"
    ) in result.stdout.decode()


def test_concise_format_is_one_line_each(run: Run, tmp_path: Path) -> None:
    """FILE:LINE:COLUMN: SEVERITY CODE NAME: MESSAGE."""
    path = file(tmp_path, BAD)
    result = run("lint", "--format", "concise", path)

    lines = result.stdout.decode().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(
        f"{path}:2:15: error LVS005 trailing-comment: Comments need their own"
    )


def test_json_format(run: Run, tmp_path: Path) -> None:
    """One object of version 1; rows and columns from 1; edits that mend the file."""
    path = file(tmp_path, BAD)
    result = run("lint", "--format", "json", path)
    report = json.loads(result.stdout)

    assert report["version"] == 1
    assert report["summary"] == {
        "files": 1,
        "errors": 2,
        "warnings": 0,
        "infos": 0,
        "fixed": 0,
        "suppressed": 0,
        "packets": 0,
        "hosts": 0,
    }
    finding = report["findings"][0]
    assert list(finding) == [
        "code", "name", "severity", "message", "filename", "location", "end_location", "related",
        "help", "fix", "commands", "url", "suppressed",
    ]  # fmt: skip
    assert (finding["code"], finding["severity"]) == ("LVS005", "error")
    assert finding["filename"] == str(path)
    assert finding["location"] == {"row": 2, "column": 15}
    assert finding["end_location"] == {"row": 2, "column": 24}
    assert finding["fix"]["applicability"] == "safe"
    assert [edit["content"] for edit in finding["fix"]["edits"]] == ["# seconds\n", ""]
    assert report["findings"][1]["fix"] is None


def test_several_files(run: Run, tmp_path: Path) -> None:
    """All files are linted, and the worst counts."""
    good = file(tmp_path, DIRECT.encode(), "good.cf")
    bad = file(tmp_path, BAD, "bad.cf")

    result = run("lint", "--format", "concise", good, bad)
    assert result.returncode == 1
    assert [line.split()[2] for line in result.stdout.splitlines()] == [
        b"LVS400", b"LVS005", b"LVS301",
    ]  # fmt: skip
    assert run("lint", good, good).returncode == 0


def test_standard_input(run: Run) -> None:
    """`-` is standard input, which may be given a name."""
    result = run("lint", "--format", "concise", "-", stdin=BAD)
    assert result.stdout.startswith(b"<stdin>:2:15: ")
    assert result.returncode == 1

    named = run("lint", "--format", "concise", "--stdin-filename", "a/lvs.cf", "-", stdin=BAD)
    assert named.stdout.startswith(b"a/lvs.cf:2:15: ")


INFO = DIRECT.replace("deadtime = 18", "deadtime = 17").encode()
WARNING = DIRECT.replace("timeout = 6", "timeout = 010").encode()
ERROR = DIRECT.replace("deadtime = 18", "deadtime = 1").encode()


@pytest.mark.parametrize(
    ("content", "fail_on", "status"),
    [
        (INFO, None, 0), (WARNING, None, 1), (ERROR, None, 1),
        (INFO, "info", 1), (WARNING, "info", 1),
        (WARNING, "error", 0), (ERROR, "error", 1),
    ],
)  # fmt: skip
def test_fail_on(run: Run, content: bytes, fail_on: str | None, status: int) -> None:
    """Findings of the given severity and above make the exit status 1; the default is warning."""
    options = ("--fail-on", fail_on) if fail_on else ()

    result = run("lint", "--ignore", "LVS400", *options, "-", stdin=content)
    assert result.returncode == status
    assert b"Found 1 " in result.stdout


def test_select_and_ignore(run: Run) -> None:
    """Rules by code, name or family, parted by commas or in several options."""
    result = run("lint", "--format", "concise", "--select", "LVS3,LVS005", "--ignore", "LVS301",
                 "-", stdin=BAD)  # fmt: skip
    assert [line.split()[2] for line in result.stdout.splitlines()] == [b"LVS005"]

    several = run("lint", "--ignore", "trailing-comment", "--ignore", "LVS3", "-", stdin=BAD)
    assert several.returncode == 0


def test_the_file_is_not_touched(run: Run, tmp_path: Path) -> None:
    """Linting changes nothing."""
    path = file(tmp_path, BAD)
    before = path.stat()

    run("lint", path)
    assert path.read_bytes() == BAD
    assert path.stat().st_mtime_ns == before.st_mtime_ns


# --- what cannot be done ------------------------------------------------------------------------


def test_missing_file(run: Run) -> None:
    """A file that is not there."""
    assert "nowhere.cf: there is no such file" in one_sentence(run("lint", "nowhere.cf"))


def test_directory(run: Run, tmp_path: Path) -> None:
    """A directory, where one file is asked for."""
    assert "is a directory" in one_sentence(run("show", tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(run: Run, tmp_path: Path) -> None:
    """A file without permission."""
    path = file(tmp_path, BAD)
    path.chmod(0)

    assert "is not readable" in one_sentence(run("lint", path))


@pytest.mark.parametrize(
    "content", [b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 8, random.Random(0).randbytes(4096)]
)
def test_binary_file(run: Run, tmp_path: Path, content: bytes) -> None:
    """A program, an archive or a picture."""
    assert "binary" in one_sentence(run("lint", file(tmp_path, content + b"x")))


def test_utf_16(run: Run, tmp_path: Path) -> None:
    """Text as some editors on Windows save it."""
    path = file(tmp_path, "keepalive = 6\n".encode("utf-16"))

    assert "UTF-16" in one_sentence(run("lint", path))


def test_huge_file(run: Run, tmp_path: Path) -> None:
    """A file of 100 MB is not read to its end."""
    path = tmp_path / "huge"
    with path.open("wb") as huge:
        huge.truncate(100_000_000)

    assert "larger than 32 MiB" in one_sentence(run("lint", path))
    assert "larger than 32 MiB" in one_sentence(run("lint", "/dev/zero"))


def test_names_that_no_file_has(run: Run) -> None:
    """A NUL cannot be passed to a process, but other odd names can."""
    assert "there is no such file" in one_sentence(run("lint", "a\nb\x1b[31m"))
    assert "\x1b" not in errors(run("lint", "a\x1b[31m"))


def test_other_files_are_linted_all_the_same(run: Run, tmp_path: Path) -> None:
    """One unreadable file does not hide the findings in the others."""
    result = run("lint", "--format", "concise", "nowhere.cf", file(tmp_path, BAD))

    assert result.returncode == 2
    assert b"LVS005" in result.stdout


def test_json_is_complete_even_then(run: Run) -> None:
    """A program that reads the report always gets one."""
    result = run("lint", "--format", "json", "nowhere.cf")

    assert json.loads(result.stdout)["findings"] == []
    assert result.returncode == 2


def test_no_rule(run: Run) -> None:
    """An empty selection is a mistake, such as an unset variable, and not everything."""
    assert "--select names no rule" in one_sentence(run("lint", "--select", "", "-"))
    assert "--ignore names no rule" in one_sentence(run("lint", "--ignore", ",", "-"))


def test_standard_input_twice(run: Run) -> None:
    """Standard input can be read once."""
    assert "only once" in one_sentence(run("lint", "-", "-", stdin=BAD))


def shell(command: str) -> "subprocess.CompletedProcess[bytes]":
    """Run `lvscf` with streams that only a shell can make."""
    return subprocess.run(
        ["/bin/sh", "-c", command.replace("lvscf", f"{sys.executable} -m lvscf")],
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "status", "complaint"),
    [
        ("lvscf lint - <&-", 2, b"lvscf: there is no standard input\n"),
        ("lvscf lint nowhere.cf 2>/dev/full", 2, b""),
        ("lvscf --version >/dev/full", 2, b"lvscf: the output cannot be written"),
        ("lvscf --help >&-", 2, b"lvscf: there is no standard output\n"),
        ("lvscf rules >/dev/full", 2, b"lvscf: the output cannot be written"),
    ],
)
def test_missing_and_full_streams(command: str, status: int, complaint: bytes) -> None:
    """Whatever is wrong with the standard streams, the status is right and there is one sentence."""
    result = shell(command)

    assert result.returncode == status
    assert result.stderr.startswith(complaint)
    assert result.stderr.count(b"\n") == bool(complaint)


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "--effective", "dos.cf"),
        ("diff", "--format", "json", "dos.cf", "dos.cf"),
        ("diff", "--format", "json", "dos.cf", "unix.cf"),
        ("diff", "dos.cf", "unix.cf"),
    ],
)
def test_commands_about_what_piranha_misreads(
    run: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """They tell what it reads, and a note says that this is not what was written."""
    (tmp_path / "dos.cf").write_bytes(b"primary = 10.10.1.21\r\nkeepalive = 5\r\n")
    (tmp_path / "unix.cf").write_bytes(b"primary = 10.10.1.22\n")
    result = run(*arguments)

    assert result.returncode == ("unix.cf" in arguments)
    assert set(errors(result).splitlines()) == {
        "lvscf: dos.cf: Piranha does not read this file as written; this command shows what it does "
        "read; run `lvscf lint` for details"
    }
    assert b"10.10.1.21" in result.stdout or "unix.cf" not in arguments


def test_what_is_said_aside_stays_out_of_the_product(tmp_path: Path) -> None:
    """Without standard error, remarks are lost: they neither join the product nor stop it."""
    untidy = tmp_path / "lvs.cf"
    untidy.write_bytes(b"  primary = 10.10.1.21\n")
    rules = tmp_path / "iptables"
    rules.write_text("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m nonsense -j DROP\nCOMMIT\n")

    formatted = shell(f"lvscf fmt - {untidy} < {untidy} 2>&-")
    traced = shell(f"lvscf trace {rules} --to 10.10.1.20:80 2>&-")

    assert (formatted.returncode, formatted.stdout) == (0, b"primary = 10.10.1.21\n")
    assert traced.returncode == 0
    assert b"tcp packet to 10.10.1.20:80" in traced.stdout


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    """A command in a folder that somebody has removed meanwhile ends with a sentence."""
    gone = tmp_path / "gone"
    result = shell(f"mkdir {gone} && cd {gone} && rmdir {gone} && echo | lvscf lint -")

    assert result.returncode == 2
    assert result.stderr.startswith(b"lvscf: the current directory no longer exists")
    assert result.stderr.count(b"\n") == 1


def test_unknown_rule(run: Run) -> None:
    """A selector that names nothing, with a suggestion."""
    assert "did you mean `LVS201`?" in one_sentence(run("lint", "--select", "LSV201", "-"))
    assert "no rule" in one_sentence(run("lint", "--ignore", "nonsense", "-"))


@pytest.mark.parametrize(
    "arguments", [(), ("lint",), ("lint", "--format", "xml", "-"), ("nonsense",)]
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...]) -> None:
    """Wrong options are told with the usage, and exit status 2."""
    result = run(*arguments)

    assert result.returncode == 2
    assert errors(result).startswith("usage: lvscf")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("lint", "--formt", "json", "-"), "arguments: --formt; did you mean `--format`?"),
        (("lint", "--unsafe_fixes", "-"), "did you mean `--unsafe-fixes`?"),
        (("lint", "--form", "json", "-"), "arguments: --form"),
        (("show", "--efective=1", "-"), "--efective=1; did you mean `--effective`?"),
        (("show", "-", "\x1b[31m"), "arguments: \\x1b[31m"),
    ],
)
def test_unknown_options(run: Run, arguments: tuple[str, ...], message: str) -> None:
    """The usage is that of the command, and the option that was meant is told."""
    result = run(*arguments)

    assert result.returncode == 2
    assert errors(result).startswith(f"usage: lvscf {arguments[0]} ")
    assert message in errors(result)
    assert "\x1b" not in errors(result)


@pytest.mark.slow
def test_closed_pipe(example: Path, tmp_path: Path) -> None:
    """A reader that goes away early ends the output, not the verdict."""
    path = file(tmp_path, b"keepalve = 6\n" * 20_000)
    process = subprocess.Popen(
        [sys.executable, "-m", "lvscf", "lint", "--format", "concise", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    with process.stderr as stderr:
        assert stderr.read() == b""
    assert process.wait(60) == 1


def test_closed_standard_output(tmp_path: Path) -> None:
    """Without a standard output there is nothing to write, and no traceback."""
    path = file(tmp_path, BAD)
    result = subprocess.run(
        ["/bin/sh", "-c", '"$0" -m lvscf lint "$1" >&-', sys.executable, str(path)],
        capture_output=True,
        check=False,
    )

    assert (result.returncode, result.stderr) == (2, b"lvscf: there is no standard output\n")


def test_full_disk(tmp_path: Path) -> None:
    """A report that cannot be written is a failure of the tool, in one sentence."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "lvscf", "lint", str(file(tmp_path, BAD))],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert result.returncode == 2
    assert result.stderr.startswith(b"lvscf: ")
    assert result.stderr.count(b"\n") == 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
@pytest.mark.parametrize("format", ["full", "concise", "json"])
def test_terminals_of_any_encoding(run: Run, encoding: str, format: str) -> None:
    """What the terminal's encoding lacks is written in ASCII."""
    result = run(
        "lint", "--format", format, "-",
        stdin="keepalive = drei\u3000# héé €\nserial_no = \udce9\n".encode("utf-8", "surrogateescape"),
        environment={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )  # fmt: skip

    assert result.returncode == 1
    assert errors(result) == ""
    assert "LVS007" in result.stdout.decode(encoding)


# --- colours ------------------------------------------------------------------------------------


def test_no_colours_in_files_and_pipes(run: Run) -> None:
    """Colours are for terminals, unless asked for."""
    assert b"\x1b" not in run("lint", "-", stdin=BAD).stdout
    assert b"\x1b[" in run("lint", "--color", "always", "-", stdin=BAD).stdout
    forced = {"FORCE_COLOR": "1"}
    assert b"\x1b[" in run("lint", "-", stdin=BAD, environment=forced).stdout
    assert b"\x1b" not in run("lint", "--color", "never", "-", stdin=BAD, environment=forced).stdout
    assert (
        b"\x1b" not in run("lint", "-", stdin=BAD, environment={"NO_COLOR": "1", **forced}).stdout
    )


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
    ],
)
def test_colours_on_a_terminal(tmp_path: Path, environment: dict[str, str], coloured: bool) -> None:
    """A terminal gets colours, unless it is dumb or NO_COLOR is set; then not even bold."""
    status, output = on_terminal("lint", str(file(tmp_path, BAD)), environment=environment)

    assert status == 1
    assert b"LVS005" in output
    assert (b"\x1b[" in output) == coloured


@pytest.mark.parametrize("columns", [50, 80, 120])
def test_rules_on_a_terminal(run: Run, columns: int) -> None:
    """One rule a line, for grep; a terminal that is too narrow does not break words."""
    listed = run("rules").stdout.decode()
    status, output = on_terminal("rules", "--color", "never", columns=columns)
    shown = output.decode().replace("\r\n", "\n")

    assert status == 0
    assert len(listed.splitlines()) == len(registry.rules())
    assert shown.split() == listed.split()
    if columns > 50:
        assert max(map(len, shown.splitlines())) <= columns


def test_a_diff_of_the_layout_on_a_terminal(run: Run, tmp_path: Path) -> None:
    """Tabs are blanks for people, and controls are escapes; programs get the file's bytes."""
    path = file(tmp_path, b"\tkeepalive = 6\n# \x1b[31m\n")
    status, output = on_terminal("fmt", "--diff", str(path), environment={"NO_COLOR": "1"})

    assert status == 1
    assert b"\r\n-       keepalive = 6\r\n" in output
    assert b"# \\x1b[31m" in output
    assert b"\n-\tkeepalive = 6\n" in run("fmt", "--diff", path).stdout


def test_control_characters_do_not_reach_the_terminal(run: Run) -> None:
    """What a file holds cannot change the terminal."""
    for format in ("full", "concise", "json"):
        stdin = b"keepalive = \x1b[31m6\nfoo\x07 = \x9b\n"
        result = run("lint", "--format", format, "--color", "never", "-", stdin=stdin)
        assert not {7, 27, 155} & set(result.stdout)


def test_long_lines_are_cut(run: Run) -> None:
    """Of a line of a million characters, the surroundings of the token are shown."""
    stdin = b"keepalive = 6 " + b"x" * 1_000_000 + b"\n"
    result = run("lint", "--select", "LVS004", "-", stdin=stdin)

    assert max(map(len, result.stdout.decode().splitlines())) < 250


# --- the other commands -------------------------------------------------------------------------


def test_version(run: Run) -> None:
    """The version of the package."""
    assert run("--version").stdout.decode() == f"lvscf {lvscf.__version__}\n"


@pytest.mark.parametrize("arguments", [("--help",), ("lint", "--help"), ("explain", "--help")])
def test_help(run: Run, arguments: tuple[str, ...]) -> None:
    """Help goes to standard output."""
    result = run(*arguments)

    assert result.returncode == 0
    assert result.stdout.startswith(b"usage: lvscf")


@pytest.mark.parametrize("name", ["LVS201", "lvs201", "deadtime-below-keepalive"])
def test_explain(run: Run, name: str) -> None:
    """The manual of a rule, by code or name."""
    result = run("explain", name)
    text = result.stdout.decode()

    assert result.returncode == 0
    assert text.startswith("LVS201 deadtime-below-keepalive (error)\n")
    assert "    - keepalive = 30\n    + keepalive = 6\n      deadtime = 18\n" in text


@pytest.mark.slow
def test_every_rule_can_be_explained(run: Run) -> None:
    """Each line of `rules` names a rule that `explain` knows."""
    listed = run("rules").stdout.decode().splitlines()

    assert len(listed) == len(registry.rules())
    for line in listed[::7]:
        assert run("explain", line.split()[0]).returncode == 0


def test_explain_what_is_no_rule(run: Run) -> None:
    """A misspelt name is answered with a hint."""
    assert "did you mean" in one_sentence(run("explain", "deadtime-below-keepalve"))


def test_explain_several(run: Run) -> None:
    """A family is listed, several rules are explained one below the other."""
    family = run("explain", "LVS2").stdout.decode()
    assert "LVS201 deadtime-below-keepalive (error)\n       The partner is declared" in family
    assert family.endswith(" rules; `lvscf explain LVS201` shows a whole manual.\n")

    both = run("explain", "LVS903", "LVS201").stdout.decode()
    assert both.startswith("LVS903 serial-missing (info, off unless selected)\n")
    assert "\n\nLVS201 deadtime-below-keepalive (error)\n" in both
    assert both.isascii()


def test_explain_in_markdown(run: Run) -> None:
    """The page that docs/rules/ has."""
    shown = run("explain", "--format", "markdown", "LVS901").stdout.decode()

    page = (EXAMPLE.parents[2] / "docs" / "rules" / "LVS901.md").read_text()
    assert shown in page
    assert shown.startswith("# LVS901 unused-suppression\n\n*warning, fixable*\n")


def test_rules_as_json(run: Run) -> None:
    """`rules --format json` holds all manuals, `explain --format json` those that are asked for."""
    report = json.loads(run("rules", "--format", "json").stdout)
    assert report["version"] == 1
    assert [rule["code"] for rule in report["rules"]] == [rule.code for rule in registry.rules()]
    by_code = {rule["code"]: rule for rule in report["rules"]}
    assert list(by_code["LVS903"]) == [
        "code", "name", "severity", "severities", "optional", "summary", "what", "why", "bad",
        "escaped", "good", "example", "fix", "fixable",
    ]  # fmt: skip
    assert by_code["LVS903"]["optional"]
    assert not by_code["LVS903"]["fixable"]
    assert by_code["LVS005"]["fixable"]
    assert by_code["LVS005"]["bad"] == "keepalive = 6 # seconds\n"

    some = json.loads(run("explain", "--format", "json", "LVS90", "LVS901").stdout)
    family = [rule for rule in report["rules"] if rule["code"].startswith("LVS90")]
    assert len(family) >= 3
    assert some["rules"] == family
