"""Shell scripts and pasted commands: iptables and arptables lines among whatever else is there."""

import re

from lvscf.firewall.interpreter import Interpreter
from lvscf.firewall.options import GRAMMARS, IPTABLES
from lvscf.firewall.refusals import quoted
from lvscf.firewall.spelling import DASHES
from lvscf.firewall.words import Line, Shell, Word

COMMANDS = {
    f"{command}{back_end}": command
    for command in ("iptables", "arptables")
    for back_end in ("", "-legacy", "-nft")
}
_RESTORING = re.compile(r"(?:ip|arp)tables(?:-legacy|-nft)?-restore\Z")
_LEADING = frozenset(
    [
        "then",
        "do",
        "else",
        "elif",
        "if",
        "while",
        "until",
        "{",
        "(",
        "!",
        "time",
        "sudo",
        "doas",
        "exec",
        "command",
        "nohup",
        "builtin",
    ]
)
_OPENING = frozenset(["if", "for", "while", "until", "case", "select"])
_CLOSING = frozenset(["fi", "done", "esac"])
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=")
_PROMPT = re.compile(
    r"[ \t]*(?P<prompt>\[[^\]\n]*\][ \t]*[#$]|[\w.-]+@[\w.-]+[^#$\n]{0,60}[#$]|[#$%>])[ \t]*"
    r"(?P<command>(?:/[\w/.-]*/)?(?:(?:ip|arp)tables(?:-\w+)?|ipvsadm)(?=[\s"
    + DASHES
    + r"])[^\n]*)"
)
_PLACEHOLDER = re.compile(r"<[A-Za-z][\w. -]*>")
_LISTING = re.compile(r"\s(?:-[a-zA-Z]*[LS]\b|--list)|tables-save")
_TABLE = re.compile(r"(?:-t|--table)[ =]*(\w+)")


def read_script(reader: Interpreter, shell: Shell, start: int, end: int) -> None:
    """Read `text[start:end]` as shell lines, simulating the iptables commands among them."""
    text = reader.source.text
    depth = 0
    position = start
    while position < end:
        # A prompt spoils its own line only: the shell text around it is read as usual.
        prompt = _next_prompt(text, position, end)
        until = prompt.start() if prompt else end
        for line in shell.lines(position, until):
            words = [word.text for word in line.words]
            if words and words[0] in _CLOSING:
                depth = max(0, depth - 1)
            _command(reader, line, depth + (words[:1] == ["for"]))
            if words and words[0] in _OPENING:
                depth += 1
        if prompt is None:
            return
        _prompted(reader, shell, prompt)
        position = prompt.end()


def _next_prompt(text: str, start: int, end: int) -> re.Match[str] | None:
    while start < end:
        found = _PROMPT.match(text, start, end)
        if found:
            return found
        newline = text.find("\n", start, end)
        if newline < 0:
            return None
        start = newline + 1
    return None


def _prompted(reader: Interpreter, shell: Shell, prompt: re.Match[str]) -> None:
    """A command behind a prompt, as pasted from a terminal or an article."""
    command = prompt["command"]
    if _LISTING.search(command):
        found = _TABLE.search(command)
        reader.named_table = found[1] if found else "filter"
        return
    if prompt["prompt"] == "#":
        return  # a comment, unless the whole file turns out to be nothing else: see `pasted`
    if "ipvsadm" in command and not re.search(r"mangle|PREROUTING|\s-j", command):
        return
    reader.commanded = True
    reader.complain(
        f"The prompt {quoted(prompt['prompt'])} is left before the command, so that the shell "
        "looks for a program of that name. The line has no effect.",
        prompt.start("prompt"),
        prompt.end("command"),
        f"Leave the prompt out: write {quoted(command.rstrip())}.",
    )
    _try(reader, prompt.start("command"), prompt.end("command"))


def pasted(reader: Interpreter) -> None:
    """Complain about `# iptables ...` lines in a file that has nothing else.

    Among other commands such a line is a comment that somebody made on purpose.
    """
    text = reader.source.text
    position = 0
    while (prompt := _next_prompt(text, position, len(text))) is not None:
        position = prompt.end()
        if prompt["prompt"] != "#" or _LISTING.search(prompt["command"]):
            continue
        if "ipvsadm" in prompt["command"] and " -j" not in prompt["command"]:
            continue
        reader.complain(
            "The prompt `#` is left before the command, which makes the line a comment: it has "
            "no effect.",
            prompt.start("prompt"),
            prompt.end("command"),
            "Leave the `#` out if the command is meant.",
        )
        _try(reader, prompt.start("command"), prompt.end("command"))


def _try(reader: Interpreter, start: int, end: int) -> None:
    """Say what else is wrong with a command that is not run anyway."""
    trial = Interpreter(reader.source)
    for line in Shell(reader.source.text).lines(start, end):
        _command(trial, line, 0)
    reader.findings.extend(trial.findings)


def _command(reader: Interpreter, line: Line, depth: int) -> None:
    """Act on one simple command, if it is for iptables or arptables."""
    words = list(line.words)
    while words and (words[0].text in _LEADING or _ASSIGNED.match(words[0].text)):
        del words[0]
    if not words:
        return
    name = words[0].text.rstrip("/").rpartition("/")[2]
    command = COMMANDS.get(name)
    if command is None and re.fullmatch(r"\x00\$\{?\w*(IPT|IPTABLES)\w*\}?", name, re.IGNORECASE):
        command = "iptables"  # $IPTABLES, set elsewhere
    if command is None and re.fullmatch(r"\x00\$\{?\w*ARPT\w*\}?", name, re.IGNORECASE):
        command = "arptables"
    if command is None:
        _other_command(reader, name, words, line)
        return
    if line.unbalanced is not None:
        reader.commanded = True
        reader.complain(
            "A quotation mark is not closed on its line: the shell takes what follows for part of "
            f"the same word, and {command} refuses it.",
            line.unbalanced,
            line.end,
            "Close the quotation.",
        )
        return
    if depth:
        reader.remark(
            "This command stands within `if`, `for`, `case` or the like. Every command of the "
            "file is read in order, as if it were run once.",
            line.start,
            line.end,
            sentence=True,
        )
    arguments = words[1:]
    reader.ruleset(command)
    placeholder = _PLACEHOLDER.search(reader.source.text, line.start, line.end)
    if placeholder:
        reader.commanded = True
        reader.complain(
            f"{quoted(placeholder.group())} is a placeholder, and the shell takes `<` and `>` for "
            "redirections. The line has no effect.",
            placeholder.start(),
            placeholder.end(),
            "Put the value itself here.",
        )
        return
    texts = [word.text for word in arguments]
    if any(re.match(r"-[a-zA-Z]*[LS]|--list", text) for text in texts):
        found = _TABLE.search(" ".join(texts))
        reader.named_table = found[1] if found else "filter"
    if texts in (["-V"], ["-h"], ["--version"], ["--help"]):
        return
    start = words[0].start
    end = arguments[-1].end if arguments else words[0].end
    reader.run(command, texts, lambda: [word.start for word in arguments], start, end)


def _other_command(reader: Interpreter, name: str, words: list[Word], line: Line) -> None:
    """Pass over other shell lines, but for those that were evidently meant for iptables."""
    text = reader.source.text
    start, end = words[0].start, words[-1].end
    texts = [word.text for word in words]
    if _RESTORING.match(name):
        if "<<" not in text[line.start : text.find("\n", line.start)]:
            reader.remark(
                "Rules that iptables-restore loads from another file are not seen here.",
                start,
                end,
                sentence=True,
            )
        return
    jumps = "-j" in texts or "--jump" in texts
    adds = any(text in ("-A", "-I", "--append", "--insert") for text in texts)
    if name == "ipvsadm" and ("mangle" in texts or "PREROUTING" in texts or jumps):
        reader.complain(
            "This is a command for iptables, and ipvsadm refuses it: marks are set by iptables "
            "only. The line has no effect.",
            start,
            end,
            "Write iptables instead of ipvsadm.",
        )
    elif re.match(r"-[a-zA-Z-]", name) and line.first:
        reader.complain(
            f"The line begins with {quoted(name)}: it seems to go on with the line above, where "
            "the shell has ended the command.",
            start,
            end,
            "Write both as one line, or put a backslash at the end of the line above.",
        )
    elif name in IPTABLES.matches and jumps:
        reader.complain(
            f"The line begins with {quoted(name)}, which is a match of iptables and no command: "
            "it seems to go on with the line above.",
            start,
            end,
            "Write both as one line, or put a backslash at the end of the line above.",
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
