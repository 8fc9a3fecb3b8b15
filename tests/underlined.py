"""Helpers for cases: the underlined token, and the commands that a finding gives."""

import re

from lvscf.findings.finding import Finding

MARK = re.compile("⟦(.*?)⟧", re.DOTALL)
_COMMAND = re.compile(r"`((?:iptables|arptables) [^`]*)`")


def unmarked(text: str) -> str:
    """A case without its brackets."""
    return MARK.sub(r"\1", text)


def commands_of(finding: Finding) -> list[str]:
    """The commands that a finding gives as its remedy."""
    return _COMMAND.findall(finding.help or "")


def run_there(text: str, finding: Finding, commands: list[str]) -> str:
    """A case after the commands were run on the host that a finding is about."""
    message = f"{finding.message} {finding.help or ''}"
    hosts = re.findall(r"^--- (?:router|real-server)(?: \S+)?$", text, re.MULTILINE)
    wanted = [
        host for host in hosts if f"on {host[4:]}:" in message or f"On {host[4:]}:" in message
    ]
    about_server = "Real server" in message or "On real server" in message
    role = "--- real-server" if about_server else "--- router"
    host = (wanted or [one for one in hosts if one.startswith(role)])[-1]
    before, _, behind = text.partition(f"{host}\n")
    own, separator, rest = behind.partition("\n--- ")
    run = "".join(f"{command}\n" for command in commands)
    return f"{before}{host}\n{own.rstrip()}\n{run}{separator[1:]}{rest}"
