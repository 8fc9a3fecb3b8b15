"""GitHub Actions' workflow commands, judged by GitHub's own library."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from lvscf.report import github
from lvscf.report.fixes import Fixes
from lvscf.report.result import Result
from lvscf.shared.records import evolved
from tests.good import DIRECT
from tests.report import results
from tests.report.results import CLEAN, EXAMPLES, HOSTILE, UNREAD, every_result, of

_COMMAND = re.compile(r"::(error|warning|notice) (?:([^:]*))?::(.*)")


def commands(result: Result) -> list[tuple[str, dict[str, str], str]]:
    """Each command as the runner reads it: its name, its properties and its message."""
    *lines, _ = github.render(result).split("\n")[:-1]
    found = []
    for line in lines:
        parsed = _COMMAND.fullmatch(line)
        assert parsed is not None, line
        name, listed, message = parsed.groups()
        properties = dict(one.split("=", 1) for one in listed.split(","))
        assert len(properties) == listed.count(",") + 1
        found.append((
            name, {key: _plain(text) for key, text in properties.items()}, _plain(message),
        ))  # fmt: skip
    return found


def _plain(text: str) -> str:
    """Text without the escapes, undone in the runner's order."""
    for escape, character in (
        ("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"),
    ):  # fmt: skip
        text = text.replace(escape, character)
    return text


@pytest.mark.parametrize("result", [EXAMPLES, HOSTILE, CLEAN], ids=["examples", "hostile", "clean"])
def test_each_finding_is_a_command(result: Result) -> None:
    """With its place, in properties and at the start of the message."""
    for (name, properties, message), finding in zip(commands(result), result.findings, strict=True):
        span = finding.span
        assert name == {"info": "notice"}.get(finding.severity.label, finding.severity.label)
        assert message.split(": ")[-1]
        assert f":{span.line}:{span.column}: {finding.code} {finding.name}: " in message
        assert finding.message in message
        place = {"line": str(span.line), "endLine": str(span.end_line)}
        if span.line == span.end_line:
            place |= {"col": str(span.column), "endColumn": str(span.end_column)}
        title = f"{finding.code} {finding.name}"
        assert properties == {"title": title, "file": properties["file"], **place}


def test_several_lines() -> None:
    """Then there are no columns, which GitHub takes within a line only."""
    (file,) = of("keepalive = 6 # x\nkeepalive = 6\n").files
    span = file.source.span(3, 20)
    long = Result((evolved(file, findings=(evolved(file.findings[0], span=span),)),))
    ((_, properties, _),) = commands(long)

    assert properties | {"title": ""} == {
        "title": "", "file": "lvs.cf", "line": "1", "endLine": "2",
    }  # fmt: skip


def test_files() -> None:
    """Relative to the directory; with the bytes that no text can hold as escapes."""
    names = {properties["file"] for _, properties, _ in commands(HOSTILE)}

    assert {
        "line\nfeed\r\nand\ttab.cf", "C:a,b;c.cf", "100%25.cf", "%0A%0D::error::.cf", "b/lvs.cf",
        "below/lvs.cf", "/etc/sysconfig/ha/lvs.cf", r"caf\xe9.cf", "::error file=x::injected",
    } <= names  # fmt: skip


@every_result
def test_no_file_makes_a_command(result: Result) -> None:
    """Every line is a command of ours, or the summary, in which the runner sees none."""
    *lines, summary = github.render(result).split("\n")[:-1]

    assert all(re.match("::(error|warning|notice)( title=LVS|::)", line) for line in lines)
    assert not summary.lstrip().startswith("::")
    assert "##[" not in summary
    assert "\r" not in github.render(result)
    assert github.render(result).splitlines() == [*lines, summary]
    github.render(result).encode("utf-8")


def test_summary() -> None:
    """It is one line, and can be left out."""
    result = of("keepalive = 6 # seconds\n" + DIRECT.replace("keepalive = 6\n", ""))

    assert github.render(result).splitlines()[-1].startswith("Found 1 error")
    assert github.render(result, summary=False) == "".join(
        f"{line}\n" for line in github.render(result).splitlines()[:-1]
    )


def test_summary_of_fixes() -> None:
    """A name in it makes no command of the older kind, which the runner sees anywhere in a line."""
    from lvscf.linter.fixing import Exposed, Skipped

    (finding, *_) = of("keepalive = 6 # x\n").findings
    skipped = Skipped(finding, (Exposed("LVS005", "##[error]x", 3),))
    summary = github.render(Result((), Fixes(0, 0, (skipped,), only_shown=False))).splitlines()[-1]

    assert "##[" not in summary
    assert "[error]x" in summary


def test_unreadable_files() -> None:
    """They are annotations, too."""
    (line, _) = github.render(UNREAD).splitlines()

    assert line.startswith("::error::caf\\xe9 ")


def test_suppressed() -> None:
    """They are notices, which say so."""
    text = DIRECT + "# lvscf: ignore[LVS005] a reason\nkeepalive = 6 # seconds\n"
    shown = commands(of(text, shows_suppressed=True))

    assert not [one for one in commands(of(text)) if "LVS005" in one[2]]
    (suppressed,) = (one for one in shown if "LVS005" in one[2])
    assert suppressed[0] == "notice"
    assert "(suppressed by the comment on line" in suppressed[2]


def test_escapes_are_githubs(node_modules: Path) -> None:
    """GitHub's own library writes the same lines."""
    given: list[Any] = []
    expected = []
    for result in (EXAMPLES, HOSTILE):
        *lines, _ = github.render(result).split("\n")[:-1]
        given += commands(result)
        expected += lines
    program = (
        f"import {{ issueCommand }} from {json.dumps(str(node_modules / '@actions/core/lib/command.js'))};"
        "import { readFileSync } from 'fs';"
        "for (const [name, properties, message] of JSON.parse(readFileSync(0, 'utf8')))"
        " issueCommand(name, properties, message);"
    )
    output = subprocess.run(
        ["node", "--input-type=module", "-e", program],
        input=json.dumps(given).encode(),
        check=True,
        capture_output=True,
        timeout=60,
    ).stdout.decode()

    assert len(expected) > 1000
    assert output.split("\n")[:-1] == expected


def test_time() -> None:
    """It grows as the findings do."""
    results.assert_linear(github.render)
