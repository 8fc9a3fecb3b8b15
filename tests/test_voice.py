"""Texts that users see are plain English: no habit of the old voice comes back.

`HABITS` lists the habits, each with a sentence that shows it and the better wording.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from attrs import frozen

import lvscf
from lvscf.cli.arguments import COMMANDS
from lvscf.findings.finding import Finding, Severity
from lvscf.findings.rule import LintRule
from lvscf.keepalived.directive_table import TABLE as CONVERSIONS
from lvscf.keepalived.notes import KINDS
from lvscf.linter.manual import manual_of
from lvscf.linter.registry import rules
from lvscf.piranha.directives import TABLE
from tests.all_cases import FIRES
from tests.clusters import findings
from tests.conftest import Run
from tests.keepalived.notes_cases import FIRES as FIRES_IN_CONVERSIONS
from tests.underlined import unmarked

ROOT = Path(__file__).parent.parent


# --- the habits ----------------------------------------------------------------------------------


@frozen
class Habit:
    """A word or a phrase that an engineer would not use."""

    pattern: str
    shown: str
    """A sentence that has it."""
    better: str
    """The same sentence without it."""

    def found_in(self, text: str) -> str | None:
        """The words that match, with some of those around them."""
        found = re.search(self.pattern, prose(text), re.IGNORECASE)
        return prose(text)[max(0, found.start() - 40) : found.end() + 40] if found else None


HABITS = (
    Habit(
        r"\bbehind\b(?! (?:(?:the|a|an|its|this|another) )?"
        r"(?:NAT|firewall|gateway|router|LVS|proxy|load balancer|virtual|VIP))",
        "Write a value behind the `=`.",
        "Real servers behind NAT, or behind the firewall: write a value after the `=`.",
    ),
    Habit(
        r"\bparted\b|\bparts? (?:a|the|these|this|each|them|it|words|lines|commands|rules)\b",
        "The daemons part the command at its blanks.",
        "The daemons split the command at blanks; this is part of the value.",
    ),
    Habit(
        r"(?<!there )\b(?:is|are|was|were) none\b",
        "A netmask that is none.",
        "Write a netmask if there is none, or `load_monitor = none`.",
    ),
    Habit(
        r"(?<!here )\b(?:is|are|was|were) no (?!longer\b|more\b|fewer\b|less\b|one\b|better\b)",
        "This is no prefix length to Piranha.",
        "This is not a prefix length. There is no backup router, and it is no longer needed.",
    ),
    Habit(
        r"\b(?:tell|tells|told|telling) of\b|\b(?:is|are|be|been|was|were) told\b|\btells?\.|"
        r"\btells? (?:them|the two|it) apart\b|\bsomething to say of\b",
        "LVS311 tells of it.",
        "LVS311 reports it. Tell lvscf which files to read.",
    ),
    Habit(r"\bunless (?:it is )?said\b", "The port is 539, unless said.", "539 by default."),
    Habit(
        r"\b(?:no|some)body\b|\b(?:any|every)body's\b",
        "It waits for heartbeats that nobody sends.",
        "It waits for heartbeats that never come; anyone may log in.",
    ),
    Habit(r"\bmend(?:s|ed|ing)?\b", "Mend the file first.", "Fix or amend the file first."),
    Habit(r"\bshall\b", "If connections shall survive, ...", "If connections should survive, ..."),
    Habit(r"\bfor ever\b", "It waits for ever.", "It waits forever."),
    Habit(r"\bwants? a (?:closer )?look\b", "It wants a look.", "It needs review."),
    Habit(
        r"\blooks at\b|\b(?:is|are|be) (?:not |never )?looked at\b|\bdoes not look at\b",
        "No daemon looks at it.",
        "No daemon uses it; look at the log.",
    ),
    Habit(
        r"\bstands?\b(?! (?:in )?for\b|-)",
        "A quote stands alone.",
        "A quote is a word by itself; `x` stands for a letter, on a standalone host.",
    ),
    Habit(
        r"\b(?:is|are) in order\b(?! to\b| of\b)",
        "Such rules are in order.",
        "Such rules are fine; they are sorted in order to compare them.",
    ),
    Habit(r"\bso many\b", "A line of so many words.", "A line of that many words."),
    Habit(
        r"\btaken for\b|\btakes? (?:it|them|this|that|itself|themselves|one|`x`) for\b",
        "It is taken for dead, and takes `x` for `y`.",
        "It is declared dead, and reads `x` as `y`; it takes effect for all.",
    ),
    Habit(r"\bwithout a word\b", "It skips the line without a word.", "It silently skips it."),
    Habit(r"\bways? out\b", "There are ways out.", "There are remedies."),
    Habit(r"\bat last\b|\bby and by\b", "It ends at last.", "It ends at the last line."),
    Habit(r"\bletter by letter\b|\bword for word\b", "Copied word for word.", "Copied verbatim."),
    Habit(r"\bin one step\b", "Replaced in one step.", "Replaced atomically."),
    Habit(r"\bgoes on to\b", "It goes on to send clients.", "It keeps sending clients."),
    Habit(r"\btoo many further\b", "A brace too many further up.", "An extra brace further up."),
    Habit(r"\bin vain\b", "It asks in vain.", "It asks and gets no answer."),
    Habit(r"\bhands? (?:it|them) on\b", "It hands them on.", "It passes them on."),
    Habit(r"[«»]", "It logs «crash».", 'It logs "crash".'),
)  # fmt: skip


def prose(text: str) -> str:
    """A text on one line, without what it quotes from files."""
    plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return " ".join(re.sub(r"`[^`\n]+`", "`x`", plain).split())


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.shown)
def test_habits_are_recognised(habit: Habit) -> None:
    """A pattern finds the habit, and not the plain wording."""
    assert habit.found_in(habit.shown)
    assert habit.found_in(habit.better) is None


# --- the texts -----------------------------------------------------------------------------------

Texts = Iterator[tuple[str, str]]
"""Texts, each with where it is from."""


@cache
def findings_by_rule() -> dict[str, tuple[Finding, ...]]:
    """All findings of all cases and of the wrong examples of manuals, by code."""
    texts = dict.fromkeys(unmarked(text) for named in FIRES.values() for text in named.values())
    texts.update(dict.fromkeys(manual_of(rule).bad_source for rule in rules()))
    found: dict[str, dict[Finding, None]] = {}
    for text in texts:
        for finding in findings(text, "ALL"):
            found.setdefault(finding.code, {})[finding] = None
    return {code: tuple(some) for code, some in found.items()}


def folder_of(rule: LintRule) -> str:
    """The folder of a rule's module: `faults`, or one of `lvscf/linter/rules`."""
    function = getattr(rule, "explain", None) or getattr(rule, "check", None) or type(rule)
    function = getattr(function, "func", function)
    folder: str = function.__module__.split(".")[-2]
    return folder


def of_rules(folder: str) -> Callable[[Run], Texts]:
    """The texts of the rules in a folder: manuals, and all parts of their findings."""

    def texts(_: Run) -> Texts:
        for rule in rules():
            if folder_of(rule) == folder:
                manual = manual_of(rule)
                for part in (manual.summary, manual.what, manual.why, manual.fix or ""):
                    yield f"the manual of {rule.code}", part
                yield f"the reason of {rule.code}", rule.changes_memory or ""
                for finding in findings_by_rule().get(rule.code, ()):
                    yield f"a message of {rule.code}", finding.message
                    yield f"a help of {rule.code}", finding.help or ""
                    for related in finding.related:
                        yield f"a note of {rule.code}", related.message
                    yield f"a fix of {rule.code}", finding.fix.message if finding.fix else ""

    return texts


def of_directives(_: Run) -> Texts:
    """What the directives mean."""
    for row in TABLE:
        yield f"the meaning of {row.name}", row.meaning
        yield f"the kind of {row.name}", row.kind.name


def of_command_line(run: Run) -> Texts:
    """The help of each command."""
    yield "lvscf --help", run("--help").stdout.decode()
    for name in COMMANDS:
        yield f"lvscf {name} --help", run(name, "--help").stdout.decode()


def of_pages(_: Run) -> Texts:
    """The pages that are written by hand, by paragraph."""
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        text = page.read_text(encoding="utf-8")
        if not text.startswith("<!-- Made by"):
            for paragraph in text.split("\n\n"):
                yield page.name, paragraph


def of_conversions(_: Run) -> Texts:
    """Notes, what they are about, NOTES.md, and the table of directives."""
    for code, cases in FIRES_IN_CONVERSIONS.items():
        for text, options, _severity in cases:
            conversion = lvscf.keepalived.convert(lvscf.parse(text), **options)
            for note in conversion.notes:
                yield f"a message of {note.code}", note.message
                yield f"a help of {note.code}", note.help or ""
            for paragraph in conversion.files["NOTES.md"].text.split("\n\n"):
                yield f"NOTES.md of {code}", paragraph
    for kind in KINDS:
        yield f"the title of {kind.code}", kind.title
    for row in CONVERSIONS:
        yield f"the row of {row.directives[0]}", f"{row.becomes}. {row.remark}"


RULE_FOLDERS = (
    "faults", "values", "routers", "services", "marks", "real_servers", "health_checks",
    "firewall_files", "gui", "upkeep", "running_table", "ways",
)  # fmt: skip

AREAS: dict[str, Callable[[Run], Texts]] = {
    **{folder: of_rules(folder) for folder in RULE_FOLDERS},
    "directives": of_directives,
    "command line": of_command_line,
    "conversions": of_conversions,
    "pages": of_pages,
}
"""The texts that users see, by where they are written."""


def test_every_rule_is_in_an_area() -> None:
    """No folder of rules is left out."""
    assert {folder_of(rule) for rule in rules()} == set(RULE_FOLDERS)


@pytest.mark.parametrize("area", AREAS)
def test_no_old_habit_is_left(area: str, run: Run) -> None:
    """No text of the area has one of the habits."""
    texts = list(AREAS[area](run))
    betrayed = {
        f"{where}: ...{found}... (better: {habit.better})"
        for where, text in texts
        for habit in HABITS
        if (found := habit.found_in(text))
    }

    assert len(texts) > 1
    assert sorted(betrayed) == []


# --- findings ------------------------------------------------------------------------------------


def sentences(message: str) -> int:
    """How many sentences a message has."""
    return len(re.findall(r"[.?!](?= |$)", prose(message)))


@pytest.fixture(params=[area for area in AREAS if area in RULE_FOLDERS])
def rules_there(request: pytest.FixtureRequest) -> list[LintRule]:
    """The rules of each area in turn."""
    return [rule for rule in rules() if folder_of(rule) == request.param]


def test_sentences_are_counted() -> None:
    """Dots inside of words and of what is quoted do not count."""
    assert sentences("No `a. b. c` in lvs.cf at 10.10.1.20.") == 1
    assert sentences("It is empty. It will not start.") == 2
    assert sentences("Really? Yes. Look at lvs.cf.") == 3


def test_messages_are_short(rules_there: list[LintRule]) -> None:
    """A message has one or two sentences; what to do is in the help."""
    long = {
        (rule.code, finding.message)
        for rule in rules_there
        for finding in findings_by_rule().get(rule.code, ())
        if not 1 <= sentences(finding.message) <= 2
    }

    assert sorted(long) == []


_NAMED = {Severity.INFO: "info|note"}
"""What sentences call a severity, if that is not its label alone."""


def test_severities_are_explained(rules_there: list[LintRule]) -> None:
    """The manual of a rule with several severities names each of them."""
    unnamed = [
        (rule.code, severity.label)
        for rule in rules_there
        if rule.also
        for severity in rule.severities
        if not re.search(
            rf"\b(?:{_NAMED.get(severity, severity.label)})s?\b",
            f"{manual_of(rule).what} {manual_of(rule).why}",
            re.IGNORECASE,
        )
    ]

    assert unnamed == []
