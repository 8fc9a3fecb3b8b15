"""Manuals of directives: the facts in the table, and the rules that mention a directive."""

import re

from lvscf.findings.rule import LintRule
from lvscf.linter.manual import manual_of
from lvscf.linter.registry import rules
from lvscf.piranha.directives import TABLE, Definition, Scope
from lvscf.shared.records import record

_WHERE = {
    Scope.GLOBAL: "at top level",
    Scope.SERVICE: "in virtual and failover blocks",
    Scope.SERVER: "in server blocks",
}


@record
class DirectiveManual:
    """The facts about a directive in one kind of block."""

    definition: Definition

    @property
    def name(self) -> str:
        """The keyword."""
        return self.definition.name

    @property
    def where(self) -> str:
        """The blocks it is allowed in."""
        return _WHERE[self.definition.scope]

    @property
    def meaning(self) -> str:
        """What Piranha does with it."""
        return self.definition.meaning

    @property
    def default(self) -> str | None:
        """The value that Piranha uses if the directive is missing, as written in lvs.cf."""
        value = self.definition.default
        if value is None:
            return None
        return str(int(value)) if isinstance(value, bool) else str(value)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Headings, each with a short text."""
        row = self.definition
        found = [("Value", row.kind.name), ("Default", _default(row, self.default))]
        if row.since is not None:
            found.append(("Since", f"Piranha {row.since}; older releases reject the file"))
        if row.unused:
            found.append(("Effect", "none: Piranha reads the value, and no daemon uses it"))
        return tuple(found)


def _default(row: Definition, default: str | None) -> str:
    if default is not None:
        return f"`{default}`"
    return "none" if row.name != "port" else "the `port` of the virtual server"


def directive_manuals(name: str) -> tuple[DirectiveManual, ...]:
    """The manuals of a directive: one for each kind of block it is allowed in."""
    wanted = name.strip().lower()
    return tuple(DirectiveManual(row) for row in TABLE if row.name == wanted)


def names() -> tuple[str, ...]:
    """The names of all directives."""
    return tuple(dict.fromkeys(row.name for row in TABLE))


def rules_about(name: str) -> tuple[LintRule, ...]:
    """The rules that mention a directive in their text, or change it in their examples."""
    mention = re.compile(rf"`[^`\n]*(?<![\w-]){re.escape(name)}(?![\w-])[^`\n]*`")
    line = re.compile(rf"[ \t]*{re.escape(name)}[ \t]*=")
    return tuple(
        rule
        for rule in rules()
        if mention.search(rule.manual) or any(map(line.match, _wrong_lines(rule)))
    )


def _wrong_lines(rule: LintRule) -> list[str]:
    manual = manual_of(rule)
    right = set(manual.good.splitlines())
    return [one for one in manual.bad.splitlines() if one not in right]
