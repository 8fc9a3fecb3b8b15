"""Possible states: the states in which a script may leave the rules of a host.

The file does not show which branch of `case "$1" in` ran.  Every branch that may have run is
followed and makes a state of its own.
"""

from collections.abc import Callable

from attrs import define, field, frozen

from lvscf.findings.finding import Finding
from lvscf.firewall import refusals
from lvscf.firewall.interpreter import Interpreter
from lvscf.firewall.language.option_names import DASHES
from lvscf.firewall.model import Rule, Setting
from lvscf.firewall.packets import Assumption
from lvscf.firewall.refusals import Refused, StateRefused
from lvscf.firewall.ruleset import Ruleset, Unseen
from lvscf.shared.records import compared, evolved, record

MOST_STATES = 12
"""The most states that are followed side by side."""
_HARMLESS = ("-D", "-F", "-X", "-Z", "-C", "-L", "-S", "-E")
"""Operations that may fail in a script without harm."""
_LONG = {
    "--delete": "-D", "--flush": "-F", "--delete-chain": "-X", "--zero": "-Z", "--check": "-C",
    "--list": "-L", "--list-rules": "-S", "--rename-chain": "-E",
}  # fmt: skip


@compared
@frozen(eq=False, repr=False)
class NotedCommand:
    """A command of a script that changes something other than firewall rules, with its place."""

    words: tuple[str, ...]
    """Expanded; an unknown variable in them begins with `UNSET`."""
    start: int
    end: int
    output: str | None = None
    """What it writes to `file`."""
    file: str | None = None
    piped: bool = False
    """Whether the next command reads `output`."""


@record(frozen=False)
class PossibleState:
    """One possible state of the rules, with the shell's variables."""

    rulesets: dict[str, Ruleset] = field(factory=dict)
    variables: dict[str, str] = field(factory=dict)
    choices: tuple[Assumption, ...] = ()
    """The branches taken, and not taken, to get here."""
    noted: list["NotedCommand"] = field(factory=list)
    """Commands that do not concern the rules, if they are asked for."""
    leaving: str = ""
    """`exit`, `return`, `break` or `continue`, once the script has reached one."""

    def copy(self) -> "PossibleState":
        """An independent copy, to follow another branch."""
        return evolved(
            self,
            rulesets={name: ruleset.copy() for name, ruleset in self.rulesets.items()},
            variables=dict(self.variables),
            noted=list(self.noted),
        )


@compared
@frozen(eq=False, repr=False)
class Fork:
    """A branch of a script that may or may not run."""

    text: str
    start: int
    end: int


@define
class ScriptReader(Interpreter):
    """An interpreter that keeps several states, and knows what may harmlessly fail in a script."""

    states: list[PossibleState] = field(factory=list)
    in_table: bool = False
    """Whether the line is in a restore file, which is loaded as a whole."""
    silenced: bool = False
    """Whether the present command's error messages are discarded."""
    has_fallback: bool = False
    """Whether another iptables command runs if the present one is rejected."""
    failed: bool = False
    """Whether the last line was rejected."""
    family: str = ""
    """`ip6tables` or `ebtables`, if the last listing command was one of these."""
    absent: list[Finding] = field(factory=list)
    """Findings about chains that a restore file does not make."""
    prompted: bool = False
    """Whether a prompt was copied with a command that was read."""
    commented: bool = False
    """Whether a prompt turned a command into a comment."""
    loaded: bool = False
    """Whether tables in the file itself were loaded."""
    _refused: dict[int, Finding] = field(factory=dict)
    """Lines rejected because of the present rules, by their places."""
    _done: set[int] = field(factory=set)
    """Places of the lines that were accepted at least once."""

    def enter(self, state: PossibleState) -> None:
        """Continue in one of the states."""
        self.rulesets: dict[str, Ruleset] = state.rulesets

    def each(self, act: Callable[[], None]) -> None:
        """Do the same in every state."""
        if not self.states:
            self.states.append(PossibleState(self.rulesets))
        for state in self.states:
            self.enter(state)
            act()

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
        """See `Interpreter`."""
        self.failed = False
        self.in_table = table is not None
        self.ruleset(command).by_script = table is None
        super().run(
            command,
            words,
            places,
            start,
            end,
            table=table,
            counters=counters,
            consequence=consequence,
        )
        if not self.failed:
            self._done.add(start)

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
        """See `Interpreter`."""
        self.failed = True
        if self.has_fallback and not self.in_table:
            return
        if isinstance(refusal, StateRefused):
            if refusal.foreign and _operation(words) not in _HARMLESS:
                self._count_on_others(command, refusal, start, end)
                return
            if not self.in_table:
                if self.silenced or _operation(words) in _HARMLESS:
                    return
                kept = self.findings
                self.findings = []
                super().refuse(command, refusal, words, places, start, end, consequence)
                self._refused.setdefault(start, self.findings[0])
                self.findings = kept
                return
        super().refuse(command, refusal, words, places, start, end, consequence)
        if isinstance(refusal, StateRefused):
            self.absent.append(self.findings[-1])

    def _count_on_others(self, command: str, refusal: StateRefused, start: int, end: int) -> None:
        """Note a line about a chain that another program on the host makes."""
        self.unseen(
            command,
            "*",
            f"This line needs a chain that the file does not make ({refusal.reason}). If no other "
            f"program on the host makes it, {command} rejects the line; if one does, its rules are "
            "missing here.",
            start,
            end,
        )

    def unseen(self, command: str, table: str, text: str, start: int, end: int) -> None:
        """Note that there are rules which the file does not show."""
        self.ruleset(command).partial.setdefault(table, Unseen(text, start, end))

    def finish(self) -> None:
        """Report the lines that were rejected in every state that reached them."""
        self.findings.extend(
            finding for start, finding in self._refused.items() if start not in self._done
        )
        distinct = {
            (one.code, one.span.start, one.span.end, one.message): one for one in self.findings
        }
        self.findings: list[Finding] = list(distinct.values())

    def inform(self, message: str, start: int, end: int, help: str) -> None:
        """Report something that may be a mistake or intended."""
        self.findings.append(refusals.informed(self.source, start, end, message, help))

    def assumption(self, choice: Fork, holds: bool) -> Assumption:
        """The assumption that a branch runs, or does not."""
        rule = Rule("script", "branch", source=self.source, start=choice.start, end=choice.end)
        return Assumption(rule, Setting(choice.text), holds, "rule")


def _operation(words: list[str]) -> str:
    """The operation of a line, as its short option."""
    for word in words:
        if word in _LONG:
            return _LONG[word]
        if word[:1] == "-" and len(word) > 1 and word[1] in "ADIRFXZCLSNPE" and word[1] != "-":
            return word[:2]
        if word[:1] in DASHES:
            break
    return ""
