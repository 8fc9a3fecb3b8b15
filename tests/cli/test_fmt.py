"""`lvscf fmt`, run as people run it."""

import os
import re
from pathlib import Path
from time import process_time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lvscf.report import layout_diff
from lvscf.source import Source
from tests.conftest import ROOT, Run
from tests.examples import examples
from tests.startup import HEAVY, imported

MESSY = b"keepalive =  6\nprimary = 10.10.1.21"
TIDY = b"primary = 10.10.1.21\nkeepalive = 6\n"
REFUSED = b"keepalive = 6 # six\nprimary = 10.10.1.21\n"


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """A file that is not in form, and not everybody's to read."""
    path = tmp_path / "messy.cf"
    path.write_bytes(MESSY)
    path.chmod(0o640)
    return path


@pytest.fixture
def tidy(tmp_path: Path) -> Path:
    """A file that is in form, and old."""
    path = tmp_path / "tidy.cf"
    path.write_bytes(TIDY)
    os.utime(path, (10**9, 10**9))
    return path


def test_files_are_rewritten_in_place(run: Run, messy: Path, tidy: Path) -> None:
    """Those that are in form are not touched."""
    before = tidy.stat()
    result = run("fmt", messy, tidy, "--")

    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout == b"1 file reformatted, 1 file left unchanged\n"
    assert messy.read_bytes() == TIDY
    assert messy.stat().st_mode & 0o777 == 0o640
    after = tidy.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert sorted(path.name for path in messy.parent.iterdir()) == ["messy.cf", "tidy.cf"]

    again = run("fmt", messy, tidy)
    assert (again.returncode, again.stdout) == (0, b"2 files left unchanged\n")


def test_check_only_tells(run: Run, messy: Path, tidy: Path) -> None:
    """Nothing is written, and the status tells."""
    result = run("fmt", "--check", messy, tidy)

    assert result.returncode == 1
    assert result.stdout.decode() == (
        f"Would reformat: {messy}\n1 file would be reformatted, 1 file already formatted\n"
    )
    assert messy.read_bytes() == MESSY

    result = run("fmt", "--check", tidy)
    assert (result.returncode, result.stdout) == (0, b"1 file already formatted\n")


def test_diff_only_shows(run: Run, messy: Path, tidy: Path) -> None:
    """The diff is on standard output, all else is not."""
    result = run("fmt", "--diff", "messy.cf", "tidy.cf")

    assert result.returncode == 1
    assert result.stdout == (
        b"--- messy.cf\n+++ messy.cf\n@@ -1,2 +1,2 @@\n-keepalive =  6\n-primary = 10.10.1.21\n"
        b"\\ No newline at end of file\n+primary = 10.10.1.21\n+keepalive = 6\n"
    )
    assert result.stderr == b"1 file would be reformatted, 1 file already formatted\n"
    assert messy.read_bytes() == MESSY
    assert run("fmt", "--diff", tidy).returncode == 0


def test_standard_input_goes_to_standard_output(run: Run, messy: Path) -> None:
    """The text and nothing else, byte for byte."""
    result = run("fmt", "-", stdin=b"# \xe9 \n" + MESSY)
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout == b"# \xe9\n" + TIDY

    result = run("fmt", "-", messy, stdin=TIDY)
    assert (result.returncode, result.stdout) == (0, TIDY)
    assert result.stderr == b"1 file reformatted, 1 file left unchanged\n"

    result = run("fmt", "--check", "--stdin-filename", "lvs.cf", "-", stdin=MESSY)
    assert (result.returncode, result.stdout.splitlines()[0]) == (1, b"Would reformat: lvs.cf")
    assert run("fmt", "--diff", "-", stdin=MESSY).stdout.startswith(b"--- <stdin>\n+++ <stdin>\n")

    result = run("fmt", "-", "-", stdin=MESSY)
    assert (result.returncode, result.stdout) == (2, b"")
    assert b"standard input can be read only once" in result.stderr


@pytest.mark.parametrize(
    ("content", "finding", "why"),
    [
        (REFUSED, "1:15: error LVS005 trailing-comment: ", "Piranha would reject it"),
        (b"", "1:1: error LVS013 empty-file: ", "Piranha would reject it"),
        (TIDY.replace(b"\n", b"\r\n"), "1:21: error LVS014 ", "Piranha would misread it"),
    ],
)
def test_refused_files_are_left_alone(
    run: Run, messy: Path, tmp_path: Path, content: bytes, finding: str, why: str
) -> None:
    """Their errors are shown, and the other files are done."""
    refused = tmp_path / "refused.cf"
    refused.write_bytes(content)
    result = run("fmt", "refused.cf", messy)

    assert result.returncode == 2
    assert result.stdout == b"1 file reformatted\n"
    errors, last = result.stderr.decode().split("lvscf: ")
    assert errors.startswith(f"refused.cf:{finding}")
    assert last.startswith(f"refused.cf was not formatted, because {why}; ")
    assert refused.read_bytes() == content
    assert messy.read_bytes() == TIDY

    for option in ("--check", "--diff"):
        assert run("fmt", option, "refused.cf").returncode == 2
    piped = run("fmt", "-", stdin=content)
    assert (piped.returncode, piped.stdout) == (2, b"")


def test_files_that_cannot_be_read_or_written(run: Run, messy: Path, tmp_path: Path) -> None:
    """A sentence for each, and the other files are done."""
    twin = tmp_path / "twin.cf"
    twin.write_bytes(MESSY)
    os.link(twin, tmp_path / "other-name.cf")
    result = run("fmt", "missing.cf", "twin.cf", messy)

    assert result.returncode == 2
    assert result.stdout == b"1 file reformatted\n"
    one, other = result.stderr.decode().splitlines()
    assert one == "lvscf: missing.cf: there is no such file"
    assert other.startswith("lvscf: twin.cf has 2 names (hard links)")
    assert twin.read_bytes() == MESSY


def test_gui_safe(run: Run, messy: Path, tmp_path: Path) -> None:
    """What can be mended is; what cannot be is told line by line."""
    messy.write_bytes(b"#\n" + MESSY)
    assert run("fmt", "--gui-safe", messy).returncode == 0
    assert messy.read_bytes() == b"# ---\n" + TIDY

    unsafe = tmp_path / "unsafe.cf"
    content = b'virtual "a b" {\n expect="x{2}"\n}\n'.replace(b"=", b" = ")
    unsafe.write_bytes(content)
    result = run("fmt", "--gui-safe", "unsafe.cf")
    assert (result.returncode, result.stdout) == (2, b"")
    name, value, last = result.stderr.decode().splitlines()
    assert name.startswith('unsafe.cf:1:1: error gui-safe: The GUI cannot read the name `"a b"`')
    assert value.startswith("unsafe.cf:2:2: error gui-safe: There is a brace in the value of")
    assert last == (
        "lvscf: unsafe.cf was not formatted, because no layout makes it safe for the Piranha GUI"
    )
    assert unsafe.read_bytes() == content
    assert run("fmt", "unsafe.cf").returncode == 0


def test_check_and_diff_exclude_each_other(run: Run, tidy: Path) -> None:
    """One or the other."""
    result = run("fmt", "--check", "--diff", tidy)

    assert result.returncode == 2
    assert b"not allowed with argument" in result.stderr


def test_all_options_are_documented(run: Run) -> None:
    """The page about formatting knows every option."""
    page = (ROOT / "docs" / "formatting.md").read_text(encoding="utf-8")
    options = set(re.findall(r"--[a-z-]+", run("fmt", "--help").stdout.decode()))

    assert options - {"--help"} == set(re.findall(r"--[a-z][a-z-]+", page)) - {"--fix"}


def test_the_hook_is_what_the_page_says() -> None:
    """The hook for pre-commit runs this command on files of that name."""
    hooks = {
        hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    }
    hook = hooks["lvscf-fmt"]

    assert hook["entry"] == "lvscf fmt"
    assert hook["files"] == hooks["lvscf"]["files"]


def test_formatting_imports_what_it_needs(tidy: Path) -> None:
    """A file that is in form, in a commit hook, pays for no rules and no reports."""
    loaded = imported("from lvscf.cli import main; main()", "fmt", str(tidy))

    assert not loaded & HEAVY - {"inspect"}
    assert not {name for name in loaded if name.startswith(("lvscf.linter", "lvscf.report"))}
    assert not loaded & {"lvscf.piranha.gui", "lvscf.files.writing", "lvscf.firewall", "pathlib"}


# --- the diff -------------------------------------------------------------------------------------

LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "}\n", "\n", "x y\n"]), max_size=12)
TEXTS = st.builds(lambda lines, rest: "".join(lines) + rest, LINES, st.sampled_from(["", "", "z"]))


def patched(before: str, diff: str) -> str:
    """What `patch` makes of a text."""
    old = before.splitlines(keepends=True)
    new: list[str] = []
    at = 0
    for line in diff.replace("\n\\ No newline at end of file\n", "").splitlines(keepends=True)[2:]:
        mark, content = line[0], line[1:]
        if mark == "@":
            start, length = line.split()[1].removeprefix("-").split(",")
            start_at = int(start) - (length != "0")
            new += old[at:start_at]
            at = start_at
        elif mark == "+":
            new.append(content)
        else:
            assert old[at] == content
            at += 1
            new += [content] if mark == " " else []
    return "".join(new + old[at:])


@settings(max_examples=examples(300), deadline=None)
@given(TEXTS, TEXTS)
def test_a_diff_leads_from_one_text_to_the_other(before: str, after: str) -> None:
    """And is empty where they are alike."""
    diff = layout_diff.render(Source(before), Source(after))

    assert (diff == "") == (before == after)
    # Joined lines, where the mark of a missing line end is left out, would not be told apart.
    if before.endswith("z") == after.endswith("z") or not diff:
        assert patched(before, diff) == after


def test_a_diff_keeps_what_stays() -> None:
    """A block that is laid out anew is shown alone, though its lines are like many others."""
    block = "virtual {} {{\n address = 10.1\n active = 1\n}}\n"
    before = "".join(block.format(name) for name in "abcdef")
    after = before.replace("virtual c {\n address", "virtual c {\n active = 1\n address", 1)
    after = after.replace("10.1\n active = 1\n}\nvirtual d", "10.1\n}\nvirtual d")
    diff = layout_diff.render(Source(before), Source(after))

    changed = [line for line in diff.splitlines()[2:] if line[0] in "+-"]
    assert changed == ["- address = 10.1", "+ address = 10.1"]


@pytest.mark.slow
def test_a_diff_of_a_large_file_takes_no_time() -> None:
    """A file of 100,000 lines that are all alike, or nearly, is no quadratic work."""
    before = "".join(f"a = {number}\nactive = 1\n}}\n" for number in range(30_000))
    after = before.replace("a =", " a =")
    started = process_time()
    layout_diff.render(Source(before), Source(after))

    assert process_time() - started < 10
