"""Write the pages that are generated from the code, or check that they are up to date.

python -m docs.generate [--check]
"""

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from docs import attribute_docs, completions, console, manual_command, manual_lvs_cf, screenshots
from docs.screenshots import SHOWN
from lvscf.cli import completion
from lvscf.files import settings_schema
from lvscf.findings.rule import LintRule
from lvscf.keepalived.directive_table import TABLE as CONVERSIONS
from lvscf.keepalived.directive_table import Row
from lvscf.keepalived.notes import KINDS
from lvscf.linter.directive_manual import rules_about
from lvscf.linter.registry import rules
from lvscf.piranha.directives import BY_SCOPE, Definition, Scope
from lvscf.piranha.notes import NOTES
from lvscf.report import json_schema, manual_markdown

FOLDER = Path(__file__).parent
README = FOLDER.parent / "README.md"
RULE_PAGES = "rules"

_NOTE = "<!-- Made by docs/generate.py from the code; do not edit. -->\n"

_FAMILIES = {
    "LVS0": "The file itself",
    "LVS1": "Values",
    "LVS2": "The pair of routers",
    "LVS3": "Virtual servers",
    "LVS4": "Firewall marks on the routers (needs `--router` files)",
    "LVS5": "Real servers (needs `--real-server` files)",
    "LVS6": "Health checks",
    "LVS7": "Firewall files",
    "LVS8": "Safe for the Piranha GUI (off unless selected)",
    "LVS9": "The copies of the file on both routers, and comments that silence findings",
}

_SCOPES = {
    Scope.GLOBAL: "At top level",
    Scope.SERVICE: "In `virtual` and `failover` blocks",
    Scope.SERVER: "In `server` blocks",
}


def rules_page() -> str:
    """All rules, by family."""
    lines = [_NOTE, "# Rules", "", "`lvscf explain RULE` shows the manual of a rule."]
    lines += ["Optional rules run only if they are selected.", ""]
    for family, title in _FAMILIES.items():
        if not any(rule.code.startswith(family) for rule in rules()):
            continue
        lines += [f"## {family}: {title}", "", "| code | name | severity | |", "|---|---|---|---|"]
        lines += [_row(rule) for rule in rules() if rule.code.startswith(family)]
        lines.append("")
    return "\n".join(lines)


def _row(rule: LintRule) -> str:
    severity = " or ".join(one.label for one in rule.severities)
    if rule.optional:
        severity += ", optional"
    link = f"[{rule.code}]({RULE_PAGES}/{rule.code}.md)"
    return f"| {link} | {rule.name} | {severity} | {rule.summary} |"


def rule_page(rule: LintRule) -> str:
    """The manual of a rule."""
    return f"{_NOTE}\n{manual_markdown.render(rule)}\n[All rules](../rules.md)\n"


def directives_page() -> str:
    """All directives, by scope, in canonical order, and what Piranha does with each."""
    lines = [_NOTE, "# Directives", ""]
    lines.append(
        "As read by Piranha 0.8.6, in the order in which its GUI writes them. The tables are"
    )
    lines.append("for looking things up; below each, there is what the daemons really do.")
    for scope, title in _SCOPES.items():
        lines += [
            "",
            f"## {title}",
            "",
            "| directive | value | default | meaning |",
            "|---|---|---|---|",
        ]
        lines += [_directive(row) for row in BY_SCOPE[scope].values()]
        for row in BY_SCOPE[scope].values():
            lines += _effect(row)
    lines += ["", "## When a nanny dies", "", _paragraph(manual_lvs_cf.NANNY)]
    lines += ["", "## Reloading", "", _paragraph(manual_lvs_cf.RELOADING)]
    return "\n".join(lines) + "\n"


def _directive(row: Definition) -> str:
    default = row.default
    if isinstance(default, bool):
        default = int(default)
    shown = "" if default is None else f"`{default}`"
    since = f" Since {row.since}." if row.since else ""
    return f"| `{row.name}` | {row.kind.name} | {shown} | {row.meaning}{since} |"


def _effect(row: Definition) -> list[str]:
    """What the daemons do with a directive, and the rules about it."""
    note = NOTES.get((row.scope, row.name))
    about = ", ".join(f"[{one.code}]({RULE_PAGES}/{one.code}.md)" for one in rules_about(row.name))
    if note is None and not about:
        return []
    lines = ["", f"### `{row.name}`", "", f"{row.meaning} {_paragraph(note or '')}".strip()]
    return [*lines, "", f"Rules that mention it: {about}."] if about else lines


def keepalived_page() -> str:
    """What becomes of each directive in keepalived.conf, and the notes about it."""
    lines = [_NOTE, "# From lvs.cf to keepalived.conf", ""]
    lines += [
        "What [`lvscf convert --to keepalived`](how-to/keepalived.md) makes of each directive. "
        "*Exact*: the kernel ends up with the",
        "same table, addresses or timers. *Near*: the effect is similar, and a note says what "
        "differs. *Dropped*: it has no",
        "counterpart.",
    ]
    for scope, title in _SCOPES.items():
        lines += ["", f"## {title}", "", "| lvs.cf | keepalived.conf | kept | notes |"]
        lines.append("|---|---|---|---|")
        lines += [_conversion(row) for row in CONVERSIONS if row.scope is scope]
    lines += ["", "## Notes", "", "| code | name | severity | about |", "|---|---|---|---|"]
    for kind in KINDS:
        severity = " or ".join(one.label for one in kind.severities)
        lines.append(f"| {kind.code} | {kind.name} | {severity} | {kind.title} |")
    return "\n".join(lines) + "\n"


def _conversion(row: Row) -> str:
    names = ", ".join(f"`{name}`" for name in row.directives)
    becomes = "; ".join(part for part in (row.becomes or "nothing", row.remark) if part)
    return f"| {names} | {becomes} | {row.kept.value} | {', '.join(row.notes)} |"


def _paragraph(text: str) -> str:
    return " ".join(text.split())


def with_outputs(path: Path) -> str:
    """A page with the output of the commands that it shows."""
    with TemporaryDirectory() as folder:
        console.prepare(Path(folder))
        return console.refreshed(path.read_text(encoding="utf-8"), Path(folder))


def pages_with_commands() -> list[Path]:
    """The README and the pages that have `console` blocks."""
    pages = [README, *sorted(FOLDER.rglob("*.md"))]
    return [page for page in pages if console.BLOCK.search(page.read_text(encoding="utf-8"))]


_MODEL = Path(__file__).parent / "../lvscf/config/model.py"


def model_source() -> str:
    """The module of the values, its attributes documented."""
    return attribute_docs.documented(_MODEL.read_text(encoding="utf-8"))


PAGES: dict[str, Callable[[], str]] = {
    **{
        os.path.relpath(page, FOLDER): partial(with_outputs, page) for page in pages_with_commands()
    },
    **{
        f"{screenshots.FOLDER}/terminal-{name}.svg": partial(screenshots.svg, name)
        for name in SHOWN
    },
    "rules.md": rules_page,
    "directives.md": directives_page,
    "keepalived.md": keepalived_page,
    "../lvscf/settings.schema.json": settings_schema.text,
    "../lvscf/config/model.py": model_source,
    "../man/lvscf.1": manual_command.text,
    "../man/lvs.cf.5": manual_lvs_cf.text,
    **{
        f"../lvscf/completions/{name}": partial(completions.script, shell)
        for shell, name in completion.FILES.items()
    },
    "../lvscf/report.schema.json": json_schema.text,
    **{f"{RULE_PAGES}/{rule.code}.md": partial(rule_page, rule) for rule in rules()},
}
"""Every generated page, by its path from this directory."""


def left_over() -> list[Path]:
    """Pages of rules that no longer exist, and pictures that are no longer made."""
    return [
        path
        for made in (RULE_PAGES, screenshots.FOLDER)
        for path in sorted((FOLDER / made).glob("*"))
        if f"{made}/{path.name}" not in PAGES
    ]


def main(check: bool) -> int:
    """Write all pages; with `check`, only report the stale ones."""
    stale = [f"{path.parent.name}/{path.name}" for path in left_over()]
    for name, page in PAGES.items():
        path = FOLDER / name
        text = page()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    if check and stale:
        print(f"stale: {', '.join(stale)}; run python -m docs.generate")
    if not check:
        for path in left_over():
            path.unlink()
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
