r"""Manuals: a rule's docstring, split into its sections.

A manual is a summary line and sections under fixed headings, each indented below its heading:
`What`, `Why`, the example, and `Fix` if the rule has one.  The example is either one `Example`, in
which lines that begin with `-` are wrong and those that begin with `+` are right, or, if the two
have little in common, a `Bad` and a `Good` one.  `Bad (with escapes)` shows bytes that text cannot
(`\r`, `\x00`, `\ufeff`) as Python escapes, and `x...(90 of them)` for 90 times `x`.
"""

import re
from textwrap import dedent

from attrs import frozen

from lvscf.findings.rule import LintRule
from lvscf.shared.records import compared

HEADINGS = ("What", "Why", "Example", "Bad", "Bad (with escapes)", "Good", "Fix")


@compared
@frozen(eq=False, repr=False)
class Manual:
    """The sections of a rule's docstring."""

    summary: str
    what: str
    why: str
    bad: str
    """As shown to readers; see `bad_source`."""
    escaped: bool
    good: str
    fix: str | None
    example: str | None = None
    """Bad and good in one, each line after `- `, `+ ` or two blanks; None if they are separate."""

    @property
    def bad_source(self) -> str:
        """The bad example as text that can be linted."""
        if not self.escaped:
            return self.bad
        bad = self.bad.encode("ascii").decode("unicode_escape")
        return re.sub(r"(.)\.\.\.\((\d+) of them\)", lambda many: many[1] * int(many[2]), bad)


def manual_of(rule: LintRule) -> Manual:
    """Split a rule's manual into its sections.

    Raises:
        ValueError: a section is missing, unknown or out of order.
    """
    summary, sections = _sections(rule.manual)
    headings = [heading for heading, _ in sections]
    if headings != [heading for heading in HEADINGS if heading in headings]:
        raise ValueError(f"{rule.code}: headings out of order: {headings}")
    text = dict(sections)
    example = text.get("Example")
    escaped = "Bad (with escapes)" in text
    if example is not None:
        text["Bad"], text["Good"] = _side(example, "-"), _side(example, "+")
    bad = text.get("Bad (with escapes)" if escaped else "Bad")
    if bad is None or not {"What", "Why", "Good"} <= text.keys():
        raise ValueError(f"{rule.code}: a section is missing; there are {headings}")
    return Manual(
        summary=summary,
        what=text["What"],
        why=text["Why"],
        bad=bad + "\n" if bad else "",
        escaped=escaped,
        good=text["Good"] + "\n",
        fix=text.get("Fix"),
        example=example and example + "\n",
    )


def _side(example: str, sign: str) -> str:
    """The lines of an example that are on this side or on both, without their marks."""
    return "\n".join(line[2:] for line in example.splitlines() if line[:1] in ("", " ", sign))


def _sections(manual: str) -> tuple[str, list[tuple[str, str]]]:
    summary, *lines = manual.splitlines()
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        if line and not line.startswith(" "):
            if not line.endswith(":") or line[:-1] not in HEADINGS:
                raise ValueError(f"not a heading: {line!r}")
            found.append((line[:-1], []))
        elif found:
            found[-1][1].append(line)
        elif line:
            raise ValueError(f"text before the first heading: {line!r}")
    return summary, [(heading, _block(body)) for heading, body in found]


def _block(lines: list[str]) -> str:
    return dedent("\n".join(lines)).strip("\n")
