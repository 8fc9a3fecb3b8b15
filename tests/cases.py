"""Named cases of rules, and what holds for each.

The cases of a rule are in a module beside its tests, `..._cases`, in up to three tables, by the
rule's code and by a name that says what the case shows:

- `FIRES`: texts in which the rule has one finding.  The token that it underlines is marked
  `⟦token⟧`; the marks are taken out before linting.  Files of hosts may follow, as in
  `tests.clusters`.
- `SILENT`: texts in which it has none.
- `DEFECTS`: what to change in a configuration of `tests.good` for the rule to fire, and no other.
"""

from typing import Any

from attrs import frozen

from lvscf.linter import selection
from tests.clusters import codes, findings
from tests.good import GOOD, NOTED
from tests.underlined import MARK, unmarked

Texts = dict[str, dict[str, str]]


@frozen
class Defect:
    """A change of one of the good configurations."""

    configuration: str
    old: str
    new: str

    @property
    def text(self) -> str:
        """The configuration with the change."""
        good = GOOD[self.configuration]
        assert self.old in good
        return good.replace(self.old, self.new, 1)


Defects = dict[str, dict[str, Defect]]


def named(table: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Arguments of `parametrize` for (code, case): each is called `CODE name`."""
    cases = [
        (code, name, case) for code, of_rule in table.items() for name, case in of_rule.items()
    ]
    return {
        "argvalues": [(code, case) for code, _, case in cases],
        "ids": [f"{code} {name}" for code, name, _ in cases],
    }


def assert_fires(code: str, marked: str) -> None:
    """The rule has exactly one finding, at the marked token of lvs.cf or of a host's file."""
    text = unmarked(marked)
    spans = [finding.span for finding in findings(text, code) if finding.code == code]

    assert len(spans) == 1
    begin = 0 if spans[0].filename == "lvs.cf" else text.index("\n", text.index("--- ")) + 1
    token = MARK.search(marked)
    assert token is not None
    found = text[begin + spans[0].start : begin + spans[0].end]
    assert (begin + spans[0].start, found) == (token.start(), token[1])


def assert_silent(code: str, text: str) -> None:
    """The rule has no finding."""
    assert code not in codes(unmarked(text), code)


def assert_single(code: str, defect: Defect) -> None:
    """The defect fires the rule that it belongs to, and no other."""
    optional = [code[:4]] if selection.find(code)[0].optional else []
    found = codes(defect.text, *optional)
    assert found - {"LVS400"} - NOTED.get(defect.configuration, set()) == {code}
