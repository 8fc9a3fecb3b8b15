"""Commands of a script that set up the host in other ways than with rules: words and places.

They are followed like those of iptables, but on their own: a branch that only sets an address does
not make another state of the rules.
"""

import re

from attrs import define, evolve, frozen

from lvscf.firewall.possible_states import NotedCommand, PossibleState, ScriptReader
from lvscf.firewall.scripts.commands import COMMANDS, drop_leading
from lvscf.firewall.scripts.follow import Script
from lvscf.firewall.scripts.shell import (
    Lexer,
    RawWord,
    ShellLine,
    ShellWord,
    braced,
    expanded_text,
)
from lvscf.firewall.scripts.variables import text_of
from lvscf.source import Source

SETTING_UP = re.compile(
    r"/proc/sys/net/|\bsysctl[ \t]+[-\w]"
    r"|\bifconfig[ \t]+[^\s|;]+[ \t]+[^\s|;]"
    r"|\bip[ \t]+(?:-\w+[ \t]+)*(?:a|ad|add|addr\w*|l|li|lin|link|r|ro|rou|rout|route)[ \t]+"
    r"(?:a|ad|add|d|de|del|delete|set|s|rep\w*|append|flush)\b"
    r"|\broute[ \t]+(?:-n[ \t]+)?(?:add|del)\b|\bmodprobe[ \t]+\S|/etc/sysctl\.(?:conf|d/)",
)
"""Finds commands that set up addresses, routes, kernel settings or modules."""
_ACTING = re.compile(SETTING_UP.pattern + r"|>[ \t]*\"?\$|\btee\b")
_NAMES = frozenset(["sysctl", "ifconfig", "ip", "route", "modprobe", "insmod"])
_PROMPT = re.compile(
    r"^[ \t]*(?:\[[^\]\n]*\][ \t]*[#$]|[\w.-]+@[\w.-]+[^#$\n]{0,60}[#$]|[$%>](?=[ \t]))",
    re.MULTILINE,
)
_MOST_CHOICES = 5
"""Fewer than for rules: a script that sets up a host has many commands, and few branches."""
_FILES = re.compile(r"/proc/sys/|sysctl\.(?:conf|d/)")


@frozen
class Courses:
    """The commands that set up the host, in order, once for each course that a script may take."""

    commands: tuple[tuple[NotedCommand, ...], ...] = ()
    whole: bool = True
    """False if there are more courses, or commands, than are followed."""


def courses(source: Source) -> Courses:
    """Follow a script."""
    if SETTING_UP.search(source.text) is None:
        return Courses()
    shown = _PROMPT.sub(lambda found: " " * len(found.group()), source.text)
    reader = ScriptReader(Source(shown, source.filename))
    notes = _Notes(reader.source)
    script = Script(reader, lambda _start, _end: None, _ACTING, _MOST_CHOICES, notes.note)
    script.read(0, len(shown))
    script.finish()
    cut = any(ruleset.partial for state in reader.states for ruleset in state.rulesets.values())
    return Courses(
        tuple(dict.fromkeys(tuple(state.noted) for state in reader.states)),
        not cut and notes.left > 0,
    )


def _first_place(form: str) -> tuple[str, str, str]:
    """The text around the first `%s` or `%d` in a format of printf."""
    parts = re.split(r"(%[sdiu])", form, maxsplit=1)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else (form, "", "")


@define
class _Notes:
    """Notes the commands of one text."""

    source: Source
    left: int = 30_000
    """How many commands are noted yet in branches."""

    def note(
        self, line: ShellLine, raws: list[RawWord], state: PossibleState, depth: int = 0
    ) -> bool | None:
        """Note a command in a state; None if it sets up nothing."""
        self.left -= bool(state.choices)
        if self.left <= 0:
            return True
        before = state.noted.pop() if state.noted and state.noted[-1].piped else None
        words = [
            ShellWord(part, word.start, word.end)
            for raw in raws
            for word in raw.expanded(state.variables)
            for part in (braced(word.text) if raw.plain and "{" in word.text else [word.text])
        ]
        drop_leading(words)
        if not words:
            return None
        texts = [word.text for word in words]
        name = texts[0].rpartition("/")[2]
        if name in COMMANDS:
            return True
        if name in ("sh", "bash") and "-c" in texts and depth < 2:
            return self._shell(texts[texts.index("-c") + 1 :], line, state, depth)
        if name in _NAMES:
            if line.ended_by == "|" or not SETTING_UP.search(" ".join((name, *texts[1:]))):
                return None
            state.noted.append(NotedCommand((name, *texts[1:]), line.start, line.end))
            return True
        output = self._output(name, texts[1:], line, state)
        if name == "tee":
            if before is not None and not line.heredocs:
                output = before.output
            files = [text for text in texts[1:] if not text.startswith("-")]
        elif line.written is not None:
            files = [text_of(line.written, state.variables)]
        elif line.ended_by == "|" and output is not None:
            state.noted.append(NotedCommand((), line.start, line.end, output, piped=True))
            return True
        else:
            files = []
        noted = [file for file in files if _FILES.search(file)]
        for file in noted:
            state.noted.append(NotedCommand((), line.start, line.end, output, file))
        return True if noted else None

    def _output(
        self, name: str, arguments: list[str], line: ShellLine, state: PossibleState
    ) -> str | None:
        """What a command writes; None if that is not known."""
        if name == "echo":
            while arguments and re.fullmatch(r"-[neE]+", arguments[0]):
                del arguments[0]
            return " ".join(arguments)
        if name == "printf" and arguments:
            form, *values = arguments
            for value in values:
                before, place, after = _first_place(form)
                form = f"{before}{value if place else ''}{after}"
            return form.replace("\\n", "\n").strip("\n")
        if name in ("cat", "tee") and line.heredocs:
            document = line.heredocs[0]
            text = self.source.text[document.start : document.end]
            return text if document.literal else expanded_text(text, state.variables)
        return None

    def _shell(
        self, texts: list[str], line: ShellLine, state: PossibleState, depth: int
    ) -> bool | None:
        """Note the commands of `sh -c "..."`, with the place of the whole line."""
        found = False
        for inner in Lexer(texts[0]).lines(0, len(texts[0])) if texts else ():
            placed = evolve(inner, start=line.start, end=line.end, heredocs=())
            if inner.words:
                done = self.note(placed, list(inner.words), state, depth + 1)
                found = found or done is not None
        return True if found else None
