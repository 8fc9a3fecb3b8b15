"""Write the pages that are made from the code, or check that they are up to date.

python -m docs.generate [--check]
"""

import sys
from pathlib import Path

from lvscf.directives import BY_SCOPE, Definition, Scope
from lvscf.linter.registry import rules
from lvscf.linter.rule import Rule

FOLDER = Path(__file__).parent

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
}

_SCOPES = {
    Scope.GLOBAL: "At top level",
    Scope.SERVICE: "In `virtual` and `failover` blocks",
    Scope.SERVER: "In `server` blocks",
}


def rules_page() -> str:
    """All rules, by family."""
    lines = [_NOTE, "# Rules", "", "`lvscf explain RULE` shows the manual of each.", ""]
    for family, title in _FAMILIES.items():
        lines += [f"## {family}: {title}", "", "| code | name | severity | |", "|---|---|---|---|"]
        lines += [
            f"| {rule.code} | {rule.name} | {_severity(rule)} | {rule.summary} |"
            for rule in rules()
            if rule.code.startswith(family)
        ]
        lines.append("")
    return "\n".join(lines)


def _severity(rule: Rule) -> str:
    return f"{rule.severity.label}, if selected" if rule.optional else rule.severity.label


def directives_page() -> str:
    """All directives, by scope, in canonical order."""
    lines = [_NOTE, "# Directives", ""]
    lines.append("As Piranha 0.8.6 reads them, in the order in which its GUI writes them.")
    for scope, title in _SCOPES.items():
        lines += [
            "",
            f"## {title}",
            "",
            "| directive | value | default | meaning |",
            "|---|---|---|---|",
        ]
        lines += [_directive(row) for row in BY_SCOPE[scope].values()]
    return "\n".join(lines) + "\n"


def _directive(row: Definition) -> str:
    default = row.default
    if isinstance(default, bool):
        default = int(default)
    shown = "" if default is None else f"`{default}`"
    since = f" Since {row.since}." if row.since else ""
    return f"| `{row.name}` | {row.kind.name} | {shown} | {row.meaning}{since} |"


PAGES = {"rules.md": rules_page, "directives.md": directives_page}


def main(check: bool) -> int:
    """Write all pages; with `check`, only tell which are stale."""
    stale = []
    for name, page in PAGES.items():
        path = FOLDER / name
        text = page()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, encoding="utf-8")
    if check and stale:
        print(f"stale: {', '.join(stale)}; run python -m docs.generate")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
