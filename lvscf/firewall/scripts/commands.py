"""Single commands of a script: those of iptables, and others that affect its rules."""

import re
from collections.abc import Callable, Sequence

from attrs import define, field

from lvscf.firewall import direct_rules
from lvscf.firewall.language.command import UNSET
from lvscf.firewall.language.options import GRAMMARS, IPTABLES
from lvscf.firewall.possible_states import PossibleState, ScriptReader
from lvscf.firewall.saved_rules import read_table
from lvscf.firewall.scripts.constructs import Node
from lvscf.firewall.scripts.shell import (
    Heredoc,
    RawWord,
    ShellLine,
    ShellWord,
    braced,
    expanded_text,
)
from lvscf.source import quoted

COMMANDS = {
    f"{command}{back_end}": command
    for command in ("iptables", "arptables")
    for back_end in ("", "-legacy", "-nft")
}
_RESTORING = re.compile(r"(ip|arp)tables(?:-legacy|-nft)?-restore(?:-translate)?\Z")
_VARIABLE = re.compile(r"\x00\$\{?\w*(IPT|IPTABLES|ARPT|ARPTABLES)\w*\}?\Z", re.IGNORECASE)
_LEADING = frozenset(
    ["sudo", "doas", "exec", "command", "nohup", "builtin", "time", "env", "eval", "busybox",
     "nice", "ionice", "run", "do_cmd", "runcmd"]
)  # fmt: skip
_WITH_VALUE = frozenset(["-u", "-g", "-n", "-c", "-C", "-p"])
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=")
_PLACEHOLDER = re.compile(r"<[A-Za-z][\w. -]*>")
_TABLE = re.compile(r"(?:-t|--table)[ =]*(\w+)")
_TABLE_LINE = re.compile(r"^\t*\*[\w-]+[ \t]*\r?$", re.MULTILINE)
_COMMIT = re.compile(r"^\t*COMMIT[ \t]*\r?$", re.MULTILINE)
_ASKING = frozenset(
    ["[", "[[", "test", "grep", "egrep", "fgrep", "pgrep", "ping", "false", "diff", "cmp", "lsmod",
     "pidof", "which", "type", "hash", "rpm", "dpkg", "ip", "ifconfig", "awk", "let", "expr", "id"]
)  # fmt: skip
_SHELLS = frozenset(
    ["sh", "bash", "dash", "ash", "ssh", "su", "xargs", "parallel", "nsenter", "ip"]
)
_WITHIN = re.compile(r"(?:ip|arp)tables\S*\s+(?:\S+\s+)*?-[AIDFPR]\b")

_CHANGING = ("--add-", "--remove-", "--passthrough", "--set-", "--change-")
_DIRECT: dict[str, Callable[[ScriptReader, Sequence[direct_rules.Word], int, int], None]] = {
    "--add-rule": direct_rules.add_rule,
    "--remove-rule": direct_rules.remove_rule,
    "--add-chain": direct_rules.add_chain,
    "--passthrough": direct_rules.pass_through,
    "--add-passthrough": direct_rules.pass_through,
}


@define
class Commands:
    """Runs simple commands, one after the other."""

    reader: ScriptReader
    read_text: Callable[[int, int], None]
    _loaded: set[int] = field(factory=set)
    """The here-documents that have been read."""

    def run(self, line: ShellLine, raws: list[RawWord], variables: dict[str, str]) -> bool | None:
        """Apply a command to the rules; whether it succeeds, None if not known."""
        words = [
            ShellWord(part, word.start, word.end)
            for raw in raws
            for word in raw.expanded(variables)
            for part in (braced(word.text) if raw.plain and "{" in word.text else [word.text])
        ]
        if [word.text for word in words[:2]] in (["command", "-v"], ["command", "-V"]):
            return _is_there(words[2:])
        drop_leading(words)
        if not words:
            return True
        reader = self.reader
        name = words[0].text
        if not name.startswith(UNSET):
            name = name.rstrip("/").rpartition("/")[2]
        command = COMMANDS.get(name)
        if command is None and name.startswith("xtables-"):
            return self.run_multi(line, words, variables)
        if command is None and name.startswith(UNSET) and re.search(r"\biptables\b", name):
            command = "iptables"  # $(find / -name iptables)
        if command is None and (found := _VARIABLE.match(name)):
            command = "arptables" if found[1].upper().startswith("ARPT") else "iptables"
        if command is None:
            return self._other(name, words, line, variables)
        if line.unbalanced is not None:
            reader.commanded = True
            reader.complain(
                "A quote is not closed on this line. The shell makes one word of all that follows, "
                f"and {command} rejects it.",
                line.unbalanced,
                line.end,
                "Close the quote.",
            )
            return False
        return self._iptables(command, words, line)

    def run_multi(
        self, line: ShellLine, words: list[ShellWord], variables: dict[str, str]
    ) -> bool | None:
        """Run `xtables-nft-multi iptables ...`, the program that iptables is a link to."""
        del words[0]
        name = words[0].text if words else ""
        if name in COMMANDS:
            return self._iptables(COMMANDS[name], words, line)
        return self._other(name, words, line, variables) if words else True

    def _iptables(self, command: str, words: list[ShellWord], line: ShellLine) -> bool | None:
        reader = self.reader
        arguments = words[1:]
        reader.ruleset(command)
        placeholder = _PLACEHOLDER.search(reader.source.text, line.start, self._line_end(line))
        if placeholder:
            reader.commanded = True
            reader.complain(
                f"{quoted(placeholder.group())} is a placeholder, and to the shell, `<` and `>` "
                "are redirections. The line has no effect.",
                placeholder.start(),
                placeholder.end(),
                "Write the actual value here.",
            )
            return False
        texts = [word.text for word in arguments]
        if any(re.match(r"-[a-zA-Z]*[LS]|--list", text) for text in texts):
            found = _TABLE.search(" ".join(texts))
            reader.named_table = found[1] if found else "filter"
            reader.family = ""
        if texts and re.match(r"v\d+\.\d", texts[0]):
            return True  # a message from iptables
        if texts in (["-V"], ["-h"], ["--version"], ["--help"]):
            return True
        start = words[0].start
        end = arguments[-1].end if arguments else words[0].end
        reader.silenced = line.silenced or line.ended_by == "||"
        reader.run(command, texts, lambda: [word.start for word in arguments], start, end)
        reader.silenced = False
        return not reader.failed

    def _line_end(self, line: ShellLine) -> int:
        """The end of a command with its redirections."""
        newline = self.reader.source.text.find("\n", line.end)
        return len(self.reader.source.text) if newline < 0 else newline

    # iptables-restore.

    def _restore(
        self, family: str, words: list[ShellWord], line: ShellLine, variables: dict[str, str]
    ) -> bool | None:
        options = [word.text for word in words[1:]]
        keeps = any(
            one in ("--noflush",) or re.fullmatch(r"-[a-zA-Z]*n[a-zA-Z]*", one) for one in options
        )
        if any(one in ("--test",) or re.fullmatch(r"-[a-su-zA-Z]*t", one) for one in options):
            return True  # only tested
        only = _only_table(options)
        for heredoc in line.heredocs:
            self._tables(heredoc, family, keeps, only, variables)
        if not line.heredocs and not self.reader.loaded:
            end = max(words[-1].end, line.end)
            self.reader.unseen(
                f"{family}tables",
                only or "*",
                f"{family}tables-restore loads rules from another file, which are missing here.",
                words[0].start,
                end,
            )
            self.reader.commanded = True
        return True

    def _tables(
        self,
        heredoc: Heredoc,
        family: str,
        keeps: bool,
        only: str | None,
        variables: dict[str, str],
    ) -> None:
        """Load the tables of a here-document."""
        text = self.reader.source.text
        position = heredoc.start
        while found := _TABLE_LINE.search(text, position, heredoc.end):
            commit = _COMMIT.search(text, found.end(), heredoc.end)
            end = commit.end() if commit else heredoc.end
            if only is None or found.group().strip()[1:] == only:
                self.reader.loaded = True
                read_table(
                    self.reader,
                    found.start() + len(found.group()) - len(found.group().lstrip("\t")),
                    end,
                    f"{family}tables-save",
                    keeps=keeps,
                    indented=heredoc.indented,
                    expand=None if heredoc.literal else lambda word: expanded_text(word, variables),
                )
            position = end

    # Other commands.

    def searched(self, asked: Node, search: Node, state: PossibleState) -> bool | None:
        """The result of `iptables -S | grep TEXT`, if these are two such commands."""
        if not (isinstance(asked, ShellLine) and isinstance(search, ShellLine) and search.words):
            return None
        text = self.reader.source.text
        if search.words[0].plain not in ("grep", "egrep", "fgrep"):
            return None
        if not re.search(
            r"tables(?:-\w+)?(?:-save|\s.*(?:-\w*[LS]\b|--list))", text[asked.start : asked.end]
        ):
            return None
        words = [word.text for raw in search.words[1:] for word in raw.expanded(state.variables)]
        while len(words) > 1 and words[0].startswith("-"):
            del words[0]
        if not words or not re.fullmatch(r"[\w ./:,-]+", words[0]):
            return None
        return any(
            words[0] in f"-P {name} {chain.policy}"
            or any(
                words[0] in str(entry.rule) for entry in chain.rules.entries if not entry.deleted
            )
            for ruleset in state.rulesets.values()
            for chains in ruleset.tables.values()
            for name, chain in chains.items()
        )

    def _other(
        self, name: str, words: list[ShellWord], line: ShellLine, variables: dict[str, str]
    ) -> bool | None:
        """Handle other commands, including those evidently meant for iptables."""
        reader = self.reader
        restoring = _RESTORING.match(name)
        if restoring:
            return self._restore(restoring[1], words, line, variables)
        piped = line.ended_by == "|"  # then the next command reads it
        for heredoc in () if piped else line.heredocs:
            if heredoc.start not in self._loaded and name not in ("ip6tables-restore", "read"):
                self._loaded.add(heredoc.start)
                self.read_text(heredoc.start, heredoc.end)
        texts = [word.text for word in words]
        if name == "firewall-cmd":
            self._firewalld(words)
            return True
        if (name in _SHELLS and any(_WITHIN.search(text) for text in texts[1:])) or (
            name in _SHELLS and "iptables" in texts and any(t in ("-A", "-I") for t in texts)
        ):
            reader.unseen(
                "iptables",
                "*",
                f"lvscf does not follow the iptables commands that {quoted(name)} runs here.",
                words[0].start,
                words[-1].end,
            )
            reader.commanded = True
            return True
        if name in ("service", "systemctl") and len(texts) > 2 and "stop" in texts:
            if any(re.fullmatch(r"iptables(\.service)?", text) for text in texts):
                self._stop()
            return True
        self._meant_for_iptables(name, words, texts, line)
        if name in ("[", "[[", "test"):
            return _tested(texts[1:])
        if name == "false":
            return False
        if name in ("which", "type", "hash"):
            return _is_there(words[1:])
        return None if name in _ASKING else True

    def _stop(self) -> None:
        """Run `service iptables stop`, which flushes all tables and resets their policies."""
        ruleset = self.reader.rulesets.get("iptables")
        if ruleset is not None:
            for table in list(ruleset.tables):
                del ruleset.tables[table]
            ruleset.partial.clear()

    def _firewalld(self, words: list[ShellWord]) -> None:
        """Run `firewall-cmd --direct --add-rule ipv4 TABLE CHAIN PRIORITY ...`."""
        texts = [word.text for word in words]
        reader = self.reader
        if not any(text.startswith(_CHANGING) for text in texts):
            return
        reader.commanded = True
        start, end = words[0].start, words[-1].end
        reader.unseen("iptables", "*", direct_rules.OTHERS, start, end)
        at = next((at for at, text in enumerate(texts) if text in _DIRECT), None)
        if at is None or texts[at + 1 : at + 2] != ["ipv4"]:
            return
        given = [(word.text, word.start) for word in words[at + 2 :] if word.text != "--permanent"]
        _DIRECT[texts[at]](reader, given, start, end)

    def _meant_for_iptables(
        self, name: str, words: list[ShellWord], texts: list[str], line: ShellLine
    ) -> None:
        reader = self.reader
        start, end = words[0].start, words[-1].end
        jumps = "-j" in texts or "--jump" in texts
        adds = any(text in ("-A", "-I", "--append", "--insert") for text in texts)
        if name == "ipvsadm" and ("mangle" in texts or "PREROUTING" in texts or jumps):
            reader.complain(
                "This is a command for iptables, and ipvsadm rejects it: only iptables sets marks. "
                "The line has no effect.",
                start,
                end,
                "Write iptables instead of ipvsadm.",
            )
        elif re.match(r"--?[a-zA-Z]", name) and line.first:
            reader.complain(
                f"The line starts with {quoted(name)}: it seems to continue the line above, but to "
                "the shell, that command is complete.",
                start,
                end,
                "Join the lines, or end the line above with a backslash.",
            )
        elif name in IPTABLES.matches and jumps:
            reader.complain(
                f"The line starts with {quoted(name)}, which is a match of iptables, not a "
                "command: it seems to continue the line above.",
                start,
                end,
                "Join the lines, or end the line above with a backslash.",
            )
        elif adds and jumps and name not in ("ip6tables", "ebtables", "echo", "printf", "nft"):
            from difflib import get_close_matches

            close = get_close_matches(name, list(GRAMMARS), 1, 0.7)
            if close:
                reader.complain(
                    f"There is no command {quoted(name)}. The line has no effect.",
                    start,
                    end,
                    f"Did you mean {close[0]}?",
                )


def _only_table(options: list[str]) -> str | None:
    """The only table that `iptables-restore -T TABLE` loads."""
    for at, option in enumerate(options):
        if option.startswith("--table="):
            return option.partition("=")[2]
        if option in ("-T", "--table") and at + 1 < len(options):
            return options[at + 1]
    return None


def drop_leading(words: list[ShellWord]) -> None:
    """Remove `sudo -E`, `env A=b` and the like."""
    while words and (words[0].text in _LEADING or _ASSIGNED.match(words[0].text)):
        leading = words[0].text
        del words[0]
        if leading not in ("sudo", "doas", "env", "nice", "ionice"):
            continue
        while words and words[0].text.startswith("-"):
            takes = words[0].text in _WITH_VALUE and not (
                leading == "sudo" and words[0].text == "-n"
            )
            del words[: 2 if takes else 1]


def _is_there(words: list[ShellWord]) -> bool | None:
    """Whether a program exists on a host: iptables does, as these are its rules."""
    return True if any("iptables" in word.text for word in words) else None


def _tested(words: list[str]) -> bool | None:
    """The result of `[ ... ]`, if its words are known."""
    words = [word for word in words if word not in ("]", "]]")]
    if any(UNSET in word for word in words):
        return None
    match words:
        case ["-n", text]:
            return bool(text)
        case ["-z", text]:
            return not text
        case ["-x" | "-f" | "-e", path] if "tables" in path:
            return True
        case ["!", "-x" | "-f" | "-e", path] if "tables" in path:
            return False
        case [one, "=" | "==", other] if "*" not in other:
            return one == other
        case [one, "!=", other] if "*" not in other:
            return one != other
        case [one, "-eq" | "-ne" | "-gt" | "-lt" | "-ge" | "-le" as how, other] if (
            one.isdecimal() and other.isdecimal()
        ):
            a, b = int(one[:18]), int(other[:18])
            return {
                "-eq": a == b,
                "-ne": a != b,
                "-gt": a > b,
                "-lt": a < b,
                "-ge": a >= b,
                "-le": a <= b,
            }[how]
        case _:
            return None
