"""SARIF, judged by its JSON Schema and by Microsoft's validator."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import jsonschema
import pytest

import lvscf
from lvscf.linter.registry import rule_of
from lvscf.report import rule_pages, sarif
from lvscf.report.fingerprints import Identities
from lvscf.report.result import Result
from lvscf.source import Source
from tests.good import DIRECT
from tests.report import results
from tests.report.results import EXAMPLES, HOSTILE, SUPPRESSED, UNREAD, every_result, of

_SCHEMA = Path(__file__).parent.parent / "data" / "sarif-2.1.0.schema.json"

_VALIDATOR = jsonschema.Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))


def run_of(result: Result) -> dict[str, Any]:
    """The only run of a log."""
    (run,) = json.loads(sarif.render(result))["runs"]
    assert isinstance(run, dict)
    return run


def pairs(result: Result) -> Iterator[tuple[dict[str, Any], lvscf.Finding, Source]]:
    """Each SARIF result with its finding, and the file that this is in."""
    shown = [
        (finding, file.source_of(finding.span))
        for file in result.files
        for finding, _ in result.shown(file)
    ]
    for data, (finding, source) in zip(run_of(result)["results"], shown, strict=True):
        yield data, finding, source


@every_result
def test_schema(result: Result) -> None:
    """Every log fits the schema, in ASCII without lone surrogates."""
    text = sarif.render(result)
    log = json.loads(text)

    assert text.isascii()
    assert not [*_VALIDATOR.iter_errors(log)]
    json.dumps(log, ensure_ascii=False).encode("utf-8")


def test_schema_is_strict() -> None:
    """The schema refuses what is wrong: a test of the test."""
    log = json.loads(sarif.render(EXAMPLES))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0

    assert [*_VALIDATOR.iter_errors(log)]


@every_result
def test_rules(result: Result) -> None:
    """All rules that occur are there once, with their manuals, and each result has its index."""
    run = run_of(result)
    rules = run["tool"]["driver"]["rules"]

    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [
        one["ruleId"] for one in run["results"]
    ]
    assert len(rules) == len({one["ruleId"] for one in run["results"]})
    for data in rules:
        rule = rule_of(data["id"])
        assert rule is not None
        assert data["name"] == rule.name
        assert data["help"]["markdown"].startswith(f"# {rule.code} {rule.name}\n")
        level = {"info": "note"}.get(rule.severity.label, rule.severity.label)
        assert data["defaultConfiguration"] == {"level": level}
    assert "security-severity" not in json.dumps(run)


def test_levels() -> None:
    """Error, warning and note, as the finding has it."""
    levels = {(data["level"], finding.severity.label) for data, finding, _ in pairs(EXAMPLES)}

    assert levels == {("error", "error"), ("warning", "warning"), ("note", "info")}


@every_result
def test_columns(result: Result) -> None:
    """A region, counted in UTF-16 code units, holds the text of the finding."""
    assert run_of(result)["columnKind"] == "utf16CodeUnits"
    for data, finding, source in pairs(result):
        region = data["locations"][0]["physicalLocation"]["region"]
        lines = [line.encode("utf-16-le", "surrogatepass") for line in _lines(source.text)]
        (line, column), (end_line, end_column) = (
            (region[f"{side}Line"], region[f"{side}Column"]) for side in ("start", "end")
        )
        first, last = 2 * (column - 1), 2 * (end_column - 1)
        if line == end_line:
            found = lines[line - 1][first:last]
        else:
            found = b"".join(
                (lines[line - 1][first:], *lines[line : end_line - 1], lines[end_line - 1][:last])
            )
        span = finding.span
        assert found.decode("utf-16-le", "surrogatepass") == source.text[span.start : span.end]


def _lines(text: str) -> list[str]:
    return re.split(r"(?<=\n)|(?<=\r)(?!\n)", text) or [""]


def test_column_after_an_emoji() -> None:
    """Two code units, not one character."""
    ((data, finding, _),) = (
        pair for pair in pairs(of("monitor_links = \U0001f600 # x\n")) if pair[1].code == "LVS005"
    )

    assert finding.span.column == 19
    assert data["locations"][0]["physicalLocation"]["region"]["startColumn"] == 20


def test_uris() -> None:
    """They are relative below the directory, absolute elsewhere, and percent-encoded."""
    artifacts = {
        finding.span.filename: data["locations"][0]["physicalLocation"]["artifactLocation"]
        for data, finding, _ in pairs(HOSTILE)
    }

    for name, artifact in artifacts.items():
        uri = artifact["uri"]
        assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2}|^file:)*", uri)
        if urlsplit(uri).scheme:
            assert set(artifact) == {"uri"}
            assert not uri.startswith(f"file://{results.FOLDER}/")
        else:
            assert artifact["uriBaseId"] in run_of(HOSTILE)["originalUriBaseIds"]
            assert not uri.startswith("/")
            path = Path(results.FOLDER, unquote_to_bytes(uri).decode("utf-8", "surrogateescape"))
            if "\ud800" not in name:
                assert str(path) == str(Path(results.FOLDER, name.replace("a/../", "")))
    assert artifacts["/srv/estate/below/lvs.cf"]["uri"] == "below/lvs.cf"
    assert artifacts["/etc/sysconfig/ha/lvs.cf"]["uri"] == "file:///etc/sysconfig/ha/lvs.cf"
    assert artifacts["../elsewhere/lvs.cf"]["uri"] == "file:///srv/elsewhere/lvs.cf"
    assert artifacts["caf\udce9.cf"]["uri"] == "caf%E9.cf"
    assert artifacts["with blanks/lvs d01.cf"]["uri"] == "with%20blanks/lvs%20d01.cf"


@every_result
def test_related_locations(result: Result) -> None:
    """The message links to each, by its id."""
    for data, finding, _ in pairs(result):
        related = data.get("relatedLocations", [])
        links = re.findall(r"(?<!\\)\[(?:\\.|[^\]\\])*\]\((\d+)\)", data["message"]["text"])

        assert [one["id"] for one in related] == [*range(1, len(finding.related) + 1)]
        assert [one["message"]["text"] for one in related] == [
            one.message for one in finding.related
        ]
        assert [int(link) for link in links] == [one["id"] for one in related]
    assert result is not EXAMPLES or any(finding.related for finding in result.findings)


def test_a_text_is_no_link() -> None:
    """Brackets that a file holds are not taken for links."""
    messages = [
        data["message"]["text"]
        for data, finding, _ in pairs(HOSTILE)
        if "[text](2)" in finding.message
    ]

    assert messages
    assert all(r"\[text\](2)" in message for message in messages)


@every_result
def test_fixes(result: Result) -> None:
    """Each replaces in its file what the fix replaces; those that are not text are left out."""
    for data, finding, source in pairs(result):
        if finding.fix is None:
            assert "fixes" not in data
            continue
        if "fixes" not in data:
            assert "\\x" in ascii(source.text) or "\\u" in ascii(source.text)
            continue
        (fix,) = data["fixes"]
        assert finding.fix.applicability in fix["description"]["text"]
        replacements = [one for change in fix["artifactChanges"] for one in change["replacements"]]
        assert [one["insertedContent"]["text"] for one in replacements] == [
            edit.text for edit in finding.fix.edits
        ]
        assert [one["deletedRegion"]["startLine"] for one in replacements] == [
            edit.span.line for edit in finding.fix.edits
        ]


def test_fixes_that_are_not_text() -> None:
    """A fix of a line with invalid UTF-8 is left out; that of another line of the file is there."""
    text = "keepalive = 6 # caf\udce9\ndeadtime = 18 # seconds\n"
    fixed = {
        finding.span.line: "fixes" in data for data, finding, _ in pairs(of(text)) if finding.fix
    }

    assert fixed == {1: False, 2: True}


def test_fingerprints() -> None:
    """No two findings have the same, and lines may move, unlike in the text between them."""

    def prints(text: str) -> list[str]:
        return [data["partialFingerprints"]["lvscf/v1"] for data, *_ in pairs(of(text))]

    text = DIRECT + "keepalive = 6 # seconds\nkeepalive = 6 # seconds\n"
    assert prints(text) == prints(f"# one\n\n# two\n{text}")
    assert set(prints(text)) != set(prints(text.replace("keepalive", "deadtime")))
    for result in results.RESULTS.values():
        found = [data["partialFingerprints"]["lvscf/v1"] for data, *_ in pairs(result)]
        assert len(found) == len(set(found))


def test_fingerprints_of_hosts_files() -> None:
    """The place there is the text of the line, without counters."""
    result = of(DIRECT + "--- router 10.10.1.21\n*filter\n[3:4] -A INPUT -j NOSUCH -x y\nCOMMIT\n")
    (file,) = result.files
    found = [finding for finding in file.findings if finding.span.filename != "lvs.cf"]
    identities = Identities(results.FOLDER)

    places = {identities.of(finding, file).known.place for finding in found}
    assert "-A INPUT -j NOSUCH -x y" in places


def test_suppressed() -> None:
    """They are there only on request, then with who suppresses them, where and why."""
    text = DIRECT + "# lvscf: ignore[LVS005] a reason\nkeepalive = 6 # seconds\n"
    silent, shown = run_of(of(text)), run_of(of(text, shows_suppressed=True))

    assert "LVS005" not in {one["ruleId"] for one in silent["results"]}
    assert "suppressions" not in json.dumps(silent)
    (suppressed,) = (one for one in shown["results"] if one["ruleId"] == "LVS005")
    (suppression,) = suppressed["suppressions"]
    assert suppression["kind"] == "inSource"
    assert suppression["justification"] == "a reason"
    line = DIRECT.count("\n") + 1
    assert suppression["location"]["physicalLocation"]["region"]["startLine"] == line
    assert all(one["suppressions"] == [] for one in shown["results"] if one is not suppressed)


def test_unreadable_files() -> None:
    """The invocation has failed, and says why."""
    (invocation,) = run_of(UNREAD)["invocations"]
    (clean,) = run_of(EXAMPLES)["invocations"]

    assert invocation["executionSuccessful"] is False
    assert "is not readable" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    assert clean == {"executionSuccessful": True}


def test_rules_on_the_web(monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as the documentation has an address, rules link to their pages; before, none does."""
    assert "helpUri" not in sarif.render(EXAMPLES)
    monkeypatch.setattr(rule_pages, "HOME", "https://docs.example.com/lvscf/")
    driver = run_of(EXAMPLES)["tool"]["driver"]

    assert driver["rules"][0]["helpUri"] == (
        f"https://docs.example.com/lvscf/rules/{driver['rules'][0]['id']}.html"
    )


def complaints(log: str, node_modules: Path, folder: Path) -> set[str]:
    """What Microsoft's validator finds in a log, by the rules of SARIF and of GitHub."""
    (folder / "report.sarif").write_text(log, encoding="ascii")
    subprocess.run(
        [
            node_modules / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool",
            *("validate", "report.sarif", "--rule-kind", "Sarif;Ghas", "--output", "log.json"),
            *("--log", "ForceOverwrite"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (run,) = json.loads((folder / "log.json").read_bytes().decode("utf-8-sig"))["runs"]
    assert run["invocations"][0]["executionSuccessful"]
    return {
        " ".join((one["ruleId"], one["message"]["id"], *one["message"].get("arguments", ())))
        for one in run["results"]
    }


@every_result
def test_validator(
    result: Result, node_modules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Microsoft's validator finds nothing, with the rules of GitHub's code scanning as well."""
    monkeypatch.setattr(rule_pages, "HOME", "https://docs.example.com/lvscf/")

    assert complaints(sarif.render(result), node_modules, tmp_path) == set()


def test_validator_without_an_address(node_modules: Path, tmp_path: Path) -> None:
    """All that it misses today is the address of the documentation."""
    (complaint,) = complaints(sarif.render(EXAMPLES), node_modules, tmp_path)

    assert complaint.startswith("SARIF2005")
    assert "nformationUri" in complaint


def test_validator_finds_faults(node_modules: Path, tmp_path: Path) -> None:
    """A broken report has results: a test of the test."""
    log = json.loads(sarif.render(EXAMPLES))
    first = log["runs"][0]["results"][0]
    first["ruleIndex"] = 9999
    first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = "with blanks.cf"
    first["message"]["text"] = "See [nothing](77)."

    found = complaints(json.dumps(log), node_modules, tmp_path)
    assert {"SARIF1002", "SARIF1004", "SARIF1009", "SARIF1012"} & {one[:9] for one in found}
    assert len(found) >= 3


def test_time() -> None:
    """It grows as the findings do."""
    results.assert_linear(sarif.render)


def test_files_given_twice() -> None:
    """Even then, fingerprints differ."""
    once = of("keepalive = 6 # x\n")
    twice = Result(once.files * 2, folder=once.folder)
    found = [one["partialFingerprints"]["lvscf/v1"] for one in run_of(twice)["results"]]

    assert len(found) == len(set(found)) == 2 * len(once.findings)


def test_suppressed_hostile_input() -> None:
    """Reasons are fit for display, whatever they hold."""
    reasons = [
        suppression["justification"]
        for data, *_ in pairs(SUPPRESSED)
        for suppression in data["suppressions"]
        if "justification" in suppression
    ]

    assert r"\x1b[31mred\x1b[0m" in reasons
    assert all(reason.isprintable() for reason in reasons)
