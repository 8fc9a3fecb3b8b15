"""Terminal prompts that were copied together with commands."""

import re

from lvscf.firewall.language.option_names import DASHES
from lvscf.firewall.possible_states import ScriptReader
from lvscf.source import quoted

_COMMAND = (
    r"(?P<command>(?:(?:sudo|doas)[ \t]+(?:-\w+[ \t]+)*)?(?:/[\w/.-]*/)?"
    r"(?:(?:ip6?|arp|eb)tables(?:-\w+)*|ipvsadm)(?=[\s" + DASHES + r"])[^\n]*)"
)
_PROMPT = re.compile(
    r"[ \t]*(?P<prompt>\[[^\]\n]*\][ \t]*[#$]|[\w.-]+@[\w.-]+[^#$\n]{0,60}[#$]|[#>]"
    r"|[$%](?=[ \t]))[ \t]*" + _COMMAND
)
_IN_COMMENT = re.compile(
    r"[ \t]*(?P<prompt>#+[ \t]*(?:\[[^\]\n]*\][ \t]*[#$]|[\w.-]+@[\w.-]+[^#$\n]{0,60}[#$]|[$%>]))"
    r"(?P<blank>[ \t]*)" + _COMMAND
)
_LISTING = re.compile(r"\s(?:-[a-zA-Z]*[LS]\b|--list)|tables-save")
_TABLE = re.compile(r"(?:-t|--table)[ =]*(\w+)")
Prompt = re.Match[str]


def next_prompt(text: str, start: int, end: int) -> Prompt | None:
    """The next line that starts with a prompt, followed by a firewall command."""
    while start < end:
        if text.startswith("#!", start):
            found = None
        else:
            found = _IN_COMMENT.match(text, start, end) or _PROMPT.match(text, start, end)
        if found:
            return found
        newline = text.find("\n", start, end)
        if newline < 0:
            return None
        start = newline + 1
    return None


def command_of(reader: ScriptReader, prompt: Prompt) -> tuple[int, int] | None:
    """The place of the command after a prompt, if it counts as a command.

    In a script, the shell would look for a program named like the prompt.  Any other text was
    copied from a terminal, where the command ran.
    """
    text = reader.source.text
    command = prompt["command"]
    start, end = prompt.start("command"), _continued(text, prompt.end("command"))
    if named_by(reader, command):
        return None
    if prompt["prompt"] == "#" or prompt.re is _IN_COMMENT:
        _comment(reader, prompt, end)
        return None
    if re.match(r"(?:\S*/)?(?:ip6|eb)tables", command):
        return None
    if "ipvsadm" in command and not re.search(r"mangle|PREROUTING|\s-j", command):
        return None
    reader.commanded = True
    if text.startswith("#!"):
        reader.complain(
            f"The prompt {quoted(prompt['prompt'])} was copied with the command, so the shell "
            "looks for a program of that name. The line has no effect.",
            prompt.start("prompt"),
            end,
            f"Remove the prompt: write {quoted(command.rstrip())}.",
        )
        return None
    if not reader.prompted:
        reader.inform(
            f"The prompt {quoted(prompt['prompt'])} was copied with the command. lvscf assumes "
            "that such lines ran on a terminal; in a script, they have no effect.",
            prompt.start("prompt"),
            end,
            f"In a script, remove the prompt: write {quoted(command.rstrip())}.",
        )
        reader.prompted = True
    return start, end


def named_by(reader: ScriptReader, command: str) -> bool:
    """Whether a command lists rules; the listing that follows is then of its table."""
    found = re.match(r"(?:sudo\s+)?(?:\S*/)?(\w+tables)", command)
    if found is None or not _LISTING.search(command):
        return False
    table = _TABLE.search(command)
    reader.named_table = table[1] if table else None if "-save" in command else "filter"
    reader.family = found[1] if found[1] in ("ip6tables", "ebtables") else ""
    return True


def _continued(text: str, end: int) -> int:
    """The end of a command whose lines end in backslashes."""
    while end < len(text) and text[max(end - 2, 0) : end].rstrip("\r").endswith("\\"):
        newline = text.find("\n", end + 1)
        end = len(text) if newline < 0 else newline
    return end


def _comment(reader: ScriptReader, prompt: Prompt, end: int) -> None:
    """Report a command in a comment, after what looks like a prompt."""
    if prompt.re is not _IN_COMMENT:
        return  # a comment, unless the whole file consists of them: see `commented`
    variable = prompt["prompt"].endswith("$") and not prompt["blank"]
    if variable and prompt["command"].partition(" ")[0] + "=" in reader.source.text:
        return  # `#$iptables -A ...` is a line of this script, commented out
    reader.commented = True
    reader.inform(
        f"This command does not run: the prompt {quoted(prompt['prompt'])} before it turns the "
        "line into a comment.",
        prompt.start("prompt"),
        end,
        f"If the command is to run, remove the prompt: write {quoted(prompt['command'].rstrip())}.",
    )


def commented(reader: ScriptReader) -> list[tuple[int, int]]:
    """Report `# iptables ...` lines in a file without any other commands.

    Among other commands, such a line is an intentional comment.

    Returns:
        The places of the commands.
    """
    text = reader.source.text
    places = []
    position = 0
    while (prompt := next_prompt(text, position, len(text))) is not None:
        position = prompt.end()
        if prompt["prompt"] != "#" or _LISTING.search(prompt["command"]):
            continue
        if not re.match(r"(?:sudo\s+)?(?:\S*/)?(?:iptables|arptables|ipvsadm)", prompt["command"]):
            continue
        if "ipvsadm" in prompt["command"] and " -j" not in prompt["command"]:
            continue
        reader.complain(
            "The prompt `#` was copied with the command and turns the line into a comment: it has "
            "no effect.",
            prompt.start("prompt"),
            prompt.end("command"),
            "If the command is to run, remove the `#`.",
        )
        places.append((prompt.start("command"), prompt.end("command")))
    return places
