"""What an editor shows about the word under the cursor, as Markdown."""

from collections.abc import Iterator

from lvscf.document import Document
from lvscf.findings.rule import LintRule
from lvscf.language_server.cursor import cursor_at, rules_named_at, word_at
from lvscf.linter.directive_manual import DirectiveManual
from lvscf.piranha.choices import MEANINGS
from lvscf.piranha.directives import BY_SCOPE, Definition
from lvscf.piranha.notes import NOTES
from lvscf.report import manual_markdown
from lvscf.shared.plurals import counted
from lvscf.shared.records import record
from lvscf.source import displayable
from lvscf.syntax.nodes import Comment, Directive, Header, Line

BLOCKS = {
    "virtual": "A virtual server: a service of the cluster, by its VIP, protocol and port or by a "
    "firewall mark. Piranha uses `virtual` blocks with `service = lvs`, and only if they contain "
    "`active = 1`.",
    "failover": "A failover service: `fos` runs it on one of the two routers. Piranha uses "
    "`failover` blocks with `service = fos`, and only if they contain `active = 1`.",
    "server": "A real server of the virtual server around it. Piranha uses it only if the block "
    "contains `active = 1`.",
}
"""What the blocks are, by keyword."""

_MOST_RULES = 30


@record
class Hover:
    """A text about a stretch of the document."""

    text: str
    start: int
    end: int


def hover(document: Document, offset: int) -> Hover | None:
    """What there is to know about the word at an offset; None if there is nothing."""
    cursor = cursor_at(document.items, offset)
    line = cursor.line
    if isinstance(line, Comment):
        named = rules_named_at(line, offset)
        return None if named is None else Hover(_rules(named[2]), *named[:2])
    found = word_at(line, offset) if line is not None else None
    if line is None or found is None:
        return None
    number, word = found
    text = None
    if isinstance(line, Header):
        text = BLOCKS.get(word.text) if number == 0 else None
    elif isinstance(line, Directive):
        row = BY_SCOPE[cursor.scope].get(line.name)
        if row is not None and number == 0:
            text = directive_text(row)
        elif row is not None and number >= 2:
            return _value(document, line, row)
    return None if text is None else Hover(text, line.start + word.start, line.start + word.end)


def directive_text(row: Definition) -> str:
    """What a directive means, its value and default, and what the daemons do with it."""
    return "\n\n".join(_directive_parts(row))


def _directive_parts(row: Definition) -> Iterator[str]:
    manual = DirectiveManual(row)
    yield f"**{row.name}** *{manual.where}*"
    yield row.meaning
    note = " ".join(NOTES.get((row.scope, row.name), "").split())
    if note:
        yield note
    yield "\n".join(f"- {heading}: {fact}" for heading, fact in manual.facts)


def word_meaning(row: Definition, word: str) -> str | None:
    """What a word means as the value of a directive; None if that is not known."""
    if row.kind.is_boolean:
        return {"0": "Off.", "1": "On."}.get(word)
    return MEANINGS.get(row.name, {}).get(word)


def _value(document: Document, line: Line, row: Definition) -> Hover:
    words = line.words[2:]
    written = line.content[words[0].start : words[-1].end]
    parts = [f"{_code(f'{row.name} = {written}')} *{row.kind.name}*"]
    meaning = word_meaning(row, words[0].text)
    if meaning is not None:
        parts.append(meaning)
    value = line.value if isinstance(line, Directive) else None
    if value is None:
        parts.append("Piranha cannot use this value.")
    elif document.reading.misread_as is None:
        read = _shown(value)
        if read not in (written, words[0].text):
            parts.append(f"Piranha reads {_code(read)}.")
    default = DirectiveManual(row).default
    if default is not None:
        parts.append(f"Default: {_code(default)}.")
    return Hover("\n\n".join(parts), line.start + words[0].start, line.start + words[-1].end)


def _shown(value: object) -> str:
    """A value as it would be written."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, list | tuple):
        return " ".join(("[", *map(str, value), "]"))
    return str(value)


def _code(text: str) -> str:
    """Text from a file as Markdown code, whatever backquotes are in it."""
    shown = displayable(text)
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


def _rules(rules: tuple[LintRule, ...]) -> str:
    if len(rules) == 1:
        return manual_markdown.render(rules[0])
    shown = [f"- {rule.code} {rule.name}: {rule.summary}" for rule in rules[:_MOST_RULES]]
    left = len(rules) - len(shown)
    return "\n".join(
        (f"**{counted(len(rules), 'rule')}**", "", *shown, *([f"- and {left} more"] * (left > 0)))
    )
