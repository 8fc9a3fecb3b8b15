"""The interpreter: applies lines to the rulesets of both commands and collects findings."""

from collections.abc import Callable

from attrs import define, evolve, field

from lvscf.findings.finding import Finding
from lvscf.firewall import refusals
from lvscf.firewall.language.command import Command
from lvscf.firewall.language.command_line import read
from lvscf.firewall.language.options import GRAMMARS
from lvscf.firewall.refusals import Refused, Unresolved
from lvscf.firewall.ruleset import Location, Ruleset
from lvscf.source import Source, quoted

CONSEQUENCE = {
    "line": "The line has no effect.",
    "table": "iptables-restore then loads nothing of this table.",
}


@define
class Interpreter:
    """Applies the lines that the readers of the dialects find, in order."""

    source: Source
    rulesets: dict[str, Ruleset] = field(factory=dict)
    findings: list[Finding] = field(factory=list)
    remarks: dict[str, tuple[int, int]] = field(factory=dict)
    """Sentences about what cannot be decided, each with its first place."""
    commanded: bool = False
    """Whether any line for iptables or arptables has been read."""
    named_table: str | None = None
    """The table named by the last listing command, for the listing below it."""

    def ruleset(self, command: str) -> Ruleset:
        """The ruleset of `iptables` or `arptables`."""
        ruleset = self.rulesets.get(command)
        if ruleset is None:
            ruleset = self.rulesets[command] = Ruleset.of(command)
        return ruleset

    def run(
        self,
        command: str,
        words: list[str],
        places: Callable[[], list[int]],
        start: int,
        end: int,
        *,
        table: str | None = None,
        counters: tuple[int, int] | None = None,
        consequence: str = "line",
    ) -> None:
        """Read and apply one line; whatever is wrong with it becomes a finding.

        Args:
            command: `iptables` or `arptables`.
            words: the words after the command's name.
            places: returns where each word begins in the file.
            start: where the line begins.
            end: where it ends.
            table: the table, if the line is in a restore file.
            counters: packets and bytes written before the line.
            consequence: what follows if the line is rejected, a key of `CONSEQUENCE`.
        """
        self.commanded = True
        ruleset = self.ruleset(command)
        try:
            asked = read(words, command, outdated=ruleset.outdated, table=table)
        except Refused as refusal:
            self.refuse(command, refusal, words, places, start, end, consequence)
            return
        except Unresolved as unresolved:
            self.remark(
                f"lvscf does not follow this line: {unresolved.reason}.", start, end, sentence=True
            )
            return
        for remark in asked.remarks:
            at = places()[remark.word]
            self.remark(remark.text, at, at + len(words[remark.word]))
        rare = None if table else _rare_match(command, asked)
        if rare is not None:
            self.remark(
                f"The match {quoted(rare)} needs a kernel module that many hosts lack, and "
                "iptables rejects it there. lvscf leaves out rules that use it.",
                start,
                end,
                sentence=True,
            )
            return
        if counters is not None and asked.bodies:
            asked = _counted(asked, counters)
        try:
            ruleset.apply(asked, Location(self.source, start, end))
        except Refused as refusal:
            if refusal.word is None:
                refusal.word = asked.chain_word
            self.refuse(command, refusal, words, places, start, end, consequence)

    def refuse(
        self,
        command: str,
        refusal: Refused,
        words: list[str],
        places: Callable[[], list[int]],
        start: int,
        end: int,
        consequence: str = "line",
    ) -> None:
        """Report a line that iptables rejects, at the word at fault."""
        at, until = start, end
        if refusal.word is not None and 0 <= refusal.word < len(words):
            starts = places()
            at = starts[refusal.word]
            until = starts[refusal.word + 1] if refusal.word + 1 < len(words) else end
            written = self.source.text[at:until].rstrip()
            until = at + len(written)
        message = f"{command} rejects this line: {refusal.reason}. {CONSEQUENCE[consequence]}"
        self.findings.append(refusals.syntax(self.source, at, until, message, refusal.help))

    def complain(self, message: str, start: int, end: int, help: str | None = None) -> None:
        """Report what is wrong with a line, in a message of its own."""
        self.findings.append(refusals.syntax(self.source, start, end, message, help))

    def remark(self, text: str, start: int, end: int, *, sentence: bool = False) -> None:
        """Report something that a trace cannot decide, once for all lines with it."""
        if not sentence:
            text += ": rules that depend on it may or may not match."
        self.remarks.setdefault(text, (start, end))


def _rare_match(command: str, asked: Command) -> str | None:
    """A match in the line that the host may lack."""
    known = GRAMMARS[command].matches
    for body in asked.bodies[:1]:
        for match in body.matches:
            if match.name in known and known[match.name].rare:
                return match.name
    return None


def _counted(command: Command, counters: tuple[int, int]) -> Command:
    bodies = tuple(evolve(body, counters=counters) for body in command.bodies)
    return evolve(command, bodies=bodies)
