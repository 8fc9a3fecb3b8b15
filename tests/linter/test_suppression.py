"""Comments on lines of their own silence findings, and are watched."""

from collections.abc import Iterable
from itertools import pairwise

import pytest

import lvscf
from lvscf.findings.rule import LintRule
from lvscf.firewall import parse as parse_firewall
from lvscf.linter import selection
from lvscf.linter.case import Case
from tests.builders import ROUTERS
from tests.fixes import apply


def codes(text: str) -> list[str]:
    wanted = ("LVS1", "LVS2", "LVS3")
    found = lvscf.lint(
        lvscf.parse(text), settings=lvscf.Settings(select=wanted, ignore=("LVS116",))
    )
    return [finding.code for finding in found]


BAD = ROUTERS + "keepalive = 30\ndeadtime = 18\n"


def test_next_directive() -> None:
    """`ignore` covers the next directive, blank lines and comments between them included."""
    silenced = BAD.replace(
        "deadtime", "# lvscf: ignore[LVS201] a known fact\n\n# and so on\ndeadtime"
    )

    assert codes(BAD) == ["LVS201"]
    assert codes(silenced) == []


def test_by_name_and_family() -> None:
    """Rules go by code, name or family, several parted by commas."""
    for selectors in ("deadtime-below-keepalive", "LVS2", "LVS101, LVS201", "lvs201"):
        assert codes(BAD.replace("deadtime", f"#lvscf:ignore[{selectors}]\ndeadtime")) == []


def test_only_the_next_one() -> None:
    """What comes later is not covered, nor what comes before."""
    assert codes(BAD.replace("keepalive", "# lvscf: ignore[LVS201]\nkeepalive")) == ["LVS201"]
    assert codes(BAD + "# lvscf: ignore[LVS201]\n") == ["LVS201"]


def test_other_rules_speak() -> None:
    """Only the named rules are silent; an unknown one silences nothing."""
    assert codes(BAD.replace("deadtime", "# lvscf: ignore[LVS202]\ndeadtime")) == ["LVS201"]
    assert codes(BAD.replace("deadtime", "# lvscf: ignore[LVS999]\ndeadtime")) == ["LVS201"]


def test_whole_block() -> None:
    """Above a block, the whole block is covered, its servers included."""
    block = "virtual a {\nactive = 1\nserver b {\nactive = 1\n}\n}\n"

    assert codes(ROUTERS + block) == ["LVS301", "LVS301"]
    assert codes(ROUTERS + "# lvscf: ignore[LVS301]\n" + block) == []


def test_whole_file() -> None:
    """`ignore-file` covers the file, wherever it stands."""
    assert codes(BAD + "# lvscf: ignore-file[LVS201]\n") == []


def test_behind_a_value_it_is_no_comment() -> None:
    """Behind a value, it would make Piranha refuse the file, and silences nothing."""
    text = BAD.replace("deadtime = 18", "deadtime = 18 # lvscf: ignore[ALL]")
    found = [finding.code for finding in lvscf.lint(lvscf.parse(text))]

    assert "LVS005" in found


def examined(text: str, **wanted: tuple[str, ...]) -> lvscf.Examination:
    settings = lvscf.Settings(
        select=wanted.get("select", ()), ignore=(*wanted.get("ignore", ()), "LVS116")
    )
    return lvscf.examine(lvscf.parse(text, "lvs.cf"), settings=settings)


def told(text: str, **wanted: tuple[str, ...]) -> list[tuple[str, str]]:
    """Codes of findings, with the text that each underlines."""
    found = examined(text, **wanted).findings
    return [(one.code, text[one.span.start : one.span.end]) for one in found]


def test_suppressed_findings_are_kept() -> None:
    """What is silenced is known, with the reason and the place of the comment."""
    text = BAD.replace("deadtime", "# lvscf: ignore[LVS201]   a cold standby \ndeadtime")
    (suppressed,) = examined(text).suppressed

    assert suppressed.finding.code == "LVS201"
    assert suppressed.finding.message == examined(BAD).findings[0].message
    assert (suppressed.kind, suppressed.reason) == ("comment", "a cold standby")
    assert suppressed.span is not None
    assert text[suppressed.span.start : suppressed.span.end] == "lvscf: ignore[LVS201]"


def test_closest_comment_gives_the_reason() -> None:
    """Of comments around each other, the inner one silences and the outer one is not needed."""
    text = (
        "# lvscf: ignore[LVS301] outer\nvirtual a {\nactive = 1\n# lvscf: ignore[LVS301] inner\n"
        "server b {\nactive = 1\n}\n}\n"
    )
    reasons = [one.reason for one in examined(text, select=("LVS3",)).suppressed]
    assert reasons == ["outer", "inner"]

    whole = "# lvscf: ignore-file[ALL] whole\n" + text
    reasons = [one.reason for one in examined(whole, select=("LVS3",)).suppressed]
    assert reasons == ["outer", "inner"]


def test_what_piranha_refuses_is_refused_all_the_same() -> None:
    """Faults are findings like others; the verdict on the file is not."""
    document = lvscf.parse("# lvscf: ignore[LVS001]\nkeepalve = 6\nprimary = 10.10.1.21\n")

    assert "LVS001" not in [finding.code for finding in lvscf.lint(document)]
    assert document.refusal is not None
    assert document.refusal.line == 2


def test_unused_is_said_by_word() -> None:
    """Each selector is watched on its own: what a family silences does not help its neighbour."""
    text = BAD.replace("deadtime", "# lvscf: ignore[LVS103, LVS2, LVS101]\ndeadtime")

    assert told(text, select=("LVS1", "LVS2", "LVS9"), ignore=("LVS903",)) == [
        ("LVS901", "LVS103"),
        ("LVS901", "LVS101"),
    ]


@pytest.mark.parametrize(
    "wanted",
    [
        {"select": ("LVS9",)},
        {"ignore": ("LVS201",)},
        {"ignore": ("LVS2",)},
        {"ignore": ("unused-suppression",)},
    ],
)
def test_rules_that_did_not_run_are_not_counted(wanted: dict[str, tuple[str, ...]]) -> None:
    """Nobody knows what they would have said."""
    text = ROUTERS + "serial_no = 1\n# lvscf: ignore[LVS201]\ndeadtime = 18\n"

    assert told(text) == [("LVS901", "LVS201")]
    assert told(text, **wanted) == []


def test_optional_rules_are_not_counted_unless_selected() -> None:
    """A comment about an optional rule waits for somebody who selects it."""
    text = ROUTERS + "serial_no = 1\ndeadtime = 18\n# lvscf: ignore-file[serial-missing]\n"
    chosen = lvscf.Settings(extend_select=("LVS903",))

    assert told(text) == []
    found = lvscf.lint(lvscf.parse(text), settings=chosen)
    assert "LVS901" in [finding.code for finding in found]


def test_rules_about_hosts_count_with_all_hosts() -> None:
    """With the files of all hosts, a comment about them can be unused."""
    text = ROUTERS + "deadtime = 18\n# lvscf: ignore-file[LVS401]\n"
    firewall = parse_firewall("*mangle\n:PREROUTING ACCEPT\nCOMMIT\n", "rules")

    def found(host: str | None) -> list[str]:
        evidence = lvscf.Evidence("router", host, "firewall", firewall=firewall)
        document = lvscf.parse(text, "lvs.cf")
        return [one.code for one in lvscf.lint(document, lvscf.Cluster((evidence,)))]

    assert "LVS901" in found(None)
    assert "LVS901" not in found("10.10.1.21")


def test_whole_file_covers_files_of_hosts() -> None:
    """`ignore-file` counts for what is found in hosts' files, `ignore` for lvs.cf alone."""
    firewall = parse_firewall("iptables -A INPUT -p tcp -dport 80 -j ACCEPT\n", "rules")
    cluster = lvscf.Cluster((lvscf.Evidence("router", None, "firewall", firewall=firewall),))

    def found(comment: str) -> set[str]:
        document = lvscf.parse(f"{comment}\n{ROUTERS}deadtime = 18\n", "lvs.cf")
        return {one.code for one in lvscf.lint(document, cluster)}

    assert "LVS701" in found("#")
    assert "LVS701" in found("# lvscf: ignore[LVS701]")
    assert "LVS701" not in found("# lvscf: ignore-file[LVS701]")


@pytest.mark.parametrize(
    ("words", "fixed"),
    [
        ("LVS101", None),
        ("LVS101,LVS103", None),
        ("LVS201, LVS101", "LVS201"),
        ("LVS101, LVS201", "LVS201"),
        (" LVS101 ,LVS103,  LVS201 , LVS102, LVS112 ", " LVS201 "),
        ("LVS101, LVS201,LVS103,LVS2,LVS102", "LVS201,LVS2"),
        ("LVS999, LVS101", "LVS999"),
    ],
)
def test_fixes_of_one_comment_go_together(words: str, fixed: str | None) -> None:
    """All fixes of a comment can be applied in one go: their edits are equal or keep apart."""
    text = ROUTERS + f"keepalive = 9\n  # lvscf: ignore[{words}] why\ndeadtime = 9\nserial_no = 1\n"
    found = [one for one in examined(text).findings if one.code == "LVS901"]
    edits = {edit for one in found if one.fix for edit in one.fix.edits}
    for one in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        text = apply(text, lvscf.Fix("", "safe", (one,)))

    comment = f"  # lvscf: ignore[{fixed}] why\n" if fixed else ""
    assert text.partition("keepalive = 9\n")[2].partition("deadtime")[0] == comment
    spans = sorted((edit.span.start, edit.span.end) for edit in edits)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


@pytest.mark.parametrize(
    ("comment", "help"),
    [
        ("# lvscf: ignore LVS301", "`# lvscf: ignore[LVS301]`"),
        ("# lvscf: ignor[LVS301]", "`# lvscf: ignore[LVS301]`"),
        ("# lvscf: ignore-fle[LVS301]", "`# lvscf: ignore-file[LVS301]`"),
        ("# lvscf: ignore_file[LVS301, LVS2]", "`# lvscf: ignore-file[LVS301]`"),
        ("# lvscf ignore[LVS301]", "`# lvscf: ignore[LVS301]`"),
        ("# lvscf: ignore[]", "`# lvscf: ignore[LVS201]`"),
        ("# lvscf:", "`# lvscf: ignore[LVS201]`"),
        ("# lvscf: ignore[LSV301]", "Did you mean `LVS301`?"),
        ("# lvscf: ignore[mising-address]", "Did you mean `missing-address`?"),
        ("# lvscf: ignore[LVS301 LVS302]", "Separate rules with commas."),
        ("# lvscf: ignore[\x1b]", "`lvscf rules` lists all rules."),
    ],
)
def test_unknown_rules_and_malformed_comments(comment: str, help: str) -> None:
    """Each has one finding, which says what to write."""
    found = examined(f"{comment}\nvirtual a {{\n}}\n", select=("LVS902",)).findings

    assert [one.code for one in found] == ["LVS902"]
    assert help in (found[0].help or "")
    assert found[0].fix is None
    assert "\x1b" not in found[0].message


def test_comment_behind_a_value_is_told_where_it_belongs() -> None:
    """A suppression behind a value is refused by Piranha; the help says where it would work."""
    found = lvscf.lint(lvscf.parse("deadtime = 5 # lvscf: ignore[LVS201]\n"))

    (one,) = (finding for finding in found if finding.code == "LVS005")
    assert one.help == (
        "Move the comment to a line of its own: above this one, it silences what it names."
    )


@pytest.mark.slow
def test_many_comments_take_linear_time() -> None:
    """Ten thousand blocks with comments, and comments for the whole file, are no trouble."""
    block = "# lvscf: ignore[LVS301]\nvirtual a{0} {{\nactive = 1\n# lvscf: ignore[LVS1]\nport = 010\n}}\n"
    text = "".join(block.format(number) for number in range(5000))
    text += "# lvscf: ignore-file[LVS301]\n" * 5000

    examination = examined(text)
    assert len(examination.suppressed) == 10_000
    assert [one.code for one in examination.findings].count("LVS901") == 5000


def test_many_comments_about_a_family_ask_its_rules_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the rules of a family have run is the same for all comments that name it."""
    asked = []
    ask = selection.Choice.have_judged

    def counting(choice: selection.Choice, rules: Iterable[LintRule], case: Case) -> bool:
        asked.append(rules)
        return ask(choice, rules, case)

    monkeypatch.setattr(selection.Choice, "have_judged", counting)
    examination = examined("# lvscf: ignore[LVS3]\nkeepalive = 6\n" * 20)

    assert [one.code for one in examination.findings].count("LVS901") == 20
    assert len(asked) == 1
