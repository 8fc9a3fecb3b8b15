"""Command lines of iptables or arptables, read word by word as iptables reads them.

The same reader serves shell scripts, `iptables -S` and the rule lines of iptables-save.  It does
not know which chains exist; `ruleset` applies the commands to them.
"""

from itertools import product

from attrs import define, field

from lvscf.firewall.language import option_names
from lvscf.firewall.language.command import UNSET, Body, Command, Remark
from lvscf.firewall.language.names import protocol_number
from lvscf.firewall.language.options import GRAMMARS, Extension, Grammar, Option
from lvscf.firewall.language.setting_values import (
    decoded,
    defaults_of,
    flag,
    has_defaults,
    match_of,
    matches_of,
    order_of,
    saved_order,
    target_of,
)
from lvscf.firewall.model import HIDDEN, INSEPARABLE, UNREADABLE, Network, Setting
from lvscf.firewall.refusals import Refused, Unresolved
from lvscf.source import quoted

_OPTIONAL_CHAIN = frozenset("LSFZX")
_WITHOUT_RULE = frozenset("LSFZXNEP")
_NUMBERED = frozenset("DIR")
_OWN_WORD_ONLY = frozenset("psdj")
_MOST_RULES = 256
"""The most rules made of one line with lists of addresses: a guard against hostile files."""


@define
class _Loaded:
    """A match or target while its options are being read."""

    key: str
    extension: Extension
    foreign: bool = False
    settings: list[Setting] = field(factory=list)


def read(
    words: list[str], command: str = "iptables", *, outdated: bool = False, table: str | None = None
) -> Command:
    """Read the words after the command's name.

    Args:
        words: the words, with unset shell variables marked by `UNSET`.
        command: `iptables` or `arptables`.
        outdated: whether iptables is older than 1.8, which accepts `-d ! ADDRESS`.
        table: the table of a restore file, whose lines may not name one.

    Raises:
        Refused: iptables would reject the line.
        Unresolved: the line depends on a shell variable that the file does not set.
    """
    line = _Line(words, GRAMMARS[command], outdated)
    try:
        line.run()
        return line.command(table)
    except Refused as refusal:
        if refusal.word is None:
            refusal.word = min(line.index, len(words) - 1)
        raise


class _Line:
    """The state of reading one line."""

    def __init__(self, words: list[str], grammar: Grammar, outdated: bool) -> None:
        self.words = words
        self.grammar = grammar
        self.outdated = outdated
        self.letters = option_names.letters(grammar.command)
        self.index = 0
        self.negated = False
        self.operation = ""
        self.chain: str | None = None
        self.argument: str | None = None
        self.number: int | None = None
        self.table: str | None = None
        self.general: dict[str, tuple[Setting, ...]] = {}
        self.protocol = 0
        self.protocol_negated = False
        self.loaded: list[_Loaded] = []
        self.loaded_keys: tuple[str, ...] = ()
        self.target: _Loaded | None = None
        self.goto = False
        self.counters: tuple[int, int] | None = None
        self.remarks: list[Remark] = []
        self.chain_word = self.target_word = 0
        self.rule_word: int | None = None

    def run(self) -> None:
        words = self.words
        while self.index < len(words):
            word = words[self.index]
            if word == "!":
                if self.negated:
                    raise Refused("there are two `!` in a row")
                self.negated = True
                self.index += 1
                continue
            if word[:2] == "--":
                self.long(word)
            elif word[:1] == "-" and len(word) > 1:
                self.short(word)
            else:
                raise option_names.bad_argument(self.grammar.command, words, self.index)
            if self.negated:
                raise Refused(f"`!` is not allowed before {quoted(word)}")
            self.index += 1
        if self.negated:
            raise Refused("the line ends in `!`")

    # Words.

    def long(self, word: str) -> None:
        name, sign, attached = word[2:].partition("=")
        if not name:
            raise Refused("`--` is not an option")
        command = self.grammar.command
        meant = option_names.meaning(command, self.loaded_keys, name)
        if meant is None and self.load_protocol():
            meant = option_names.meaning(command, self.loaded_keys, name)
        if meant is None:
            self.unknown(word, name, attached if sign else None)
            return
        value = attached if sign else None
        if meant.level >= 0:
            self.extension_option(self.loaded[meant.level], meant.option, value)
        else:
            self.own_option(meant.option, value)

    def short(self, word: str) -> None:
        for position in range(1, len(word)):
            option = self.letters.get(word[position])
            if option is None:
                refusal = option_names.single_dash(self.grammar.command, word)
                raise refusal or Refused(f"there is no option `-{word[position]}`")
            takes_value = option.read is not None or option in self.grammar.operations
            if takes_value:
                rest = word[position + 1 :]
                refusal = option_names.single_dash(self.grammar.command, word) if rest else None
                if refusal:
                    raise refusal
                self.own_option(option, rest or None)
                return
            self.own_option(option, None)

    def value(self, option: Option, attached: str | None) -> str:
        """The value of an option, attached to it or in the words that follow."""
        if attached is not None:
            if option.letter in _OWN_WORD_ONLY:
                raise Refused(
                    f"the value of `--{option.name}` must be a separate word: iptables takes the "
                    "option itself for the value",
                    f"Write -{option.letter} {attached}.",
                )
            return attached
        taken = []
        for _ in range(option.words):
            self.index += 1
            if self.index >= len(self.words):
                self.index -= 1
                raise Refused(f"`{self.words[self.index]}` needs a value after it")
            taken.append(self.words[self.index])
        if taken[0] == "!" and option.negatable:
            if not self.outdated:
                text = self.words[self.index + 1] if self.index + 1 < len(self.words) else "..."
                before = self.words[self.index - 1]
                raise Refused(
                    "`!` is between the option and its value, which only old versions of iptables "
                    "(RHEL 5 and 6) accept",
                    f"Write ! {before} {text}.",
                )
            self.negated = not self.negated
            return self.value(option, None)
        return taken[0] if len(taken) == 1 else " ".join(taken)

    def following(self) -> str | None:
        """The next word unless it is an option, for operations that take further words."""
        if self.index + 1 < len(self.words):
            word = self.words[self.index + 1]
            if word[:1] not in ("-", "!"):
                self.index += 1
                return word
        return None

    # Options of iptables itself.

    def own_option(self, option: Option, attached: str | None) -> None:
        if option in self.grammar.operations:
            self.operate(option, attached)
        elif option in self.grammar.general:
            self.condition(option, attached)
        elif option.name == "wait":
            if attached is None:
                self.following()
        elif option.read is not None:
            self.arrange(option, self.value(option, attached))

    def operate(self, option: Option, attached: str | None) -> None:
        letter = option.letter
        if self.negated:
            raise Refused(f"`!` is not allowed before --{option.name}")
        if self.operation and {letter, self.operation} - set("LSZ"):
            raise Refused(f"-{letter} and -{self.operation} cannot be combined")
        self.operation = letter
        self.chain_word = self.index
        if letter in _OPTIONAL_CHAIN:
            self.chain = attached if attached is not None else self.following()
            if self.chain and letter in "LSZ":
                self.following()
            return
        self.chain = self.plain(self.value(option, attached))
        self.chain_word = self.index
        if letter in _NUMBERED:
            text = self.following()
            if text is not None:
                if not text.isdecimal() or not 0 < int(text[:12]) < 2**31:
                    raise Refused(f"{quoted(text)} is not a rule number")
                self.number = int(text)
            elif letter == "R":
                raise Refused("-R needs the number of the rule to replace")
        elif letter in "PE":
            self.argument = self.following()
            if self.argument is None:
                raise Refused(f"-{letter} needs " + ("a policy" if letter == "P" else "a new name"))
            self.argument = self.plain(self.argument)

    def condition(self, option: Option, attached: str | None) -> None:
        self.rule_word = self.rule_word or self.index
        saved = option.saved_names[0]
        if saved in self.general:
            raise Refused(f"{saved} is given twice", "Write two rules.")
        if option.read is None:
            self.general[saved] = (Setting(saved, self.take_negation()),)
            return
        text = self.value(option, attached)
        negated = self.take_negation()
        if saved == "-p":
            number = protocol_number(self.plain(text))
            if number == 0 and negated:
                raise Refused("`! -p all` matches no packet")
            self.protocol = number or 0
            self.protocol_negated = negated
        if saved in ("-s", "-d") and "," in text and UNSET not in text:
            if negated:
                raise Refused(
                    f"`!` is not allowed before a list of addresses ({quoted(text)})",
                    "Write a chain with one rule per address that jumps to RETURN.",
                )
            parts = text.split(",")
        else:
            parts = [text]
        settings: list[Setting] = []
        for part in parts:
            taken = self.settings(option, negated, part)
            settings.extend(taken or (Setting(saved, value=Network(0, 0)),) * (len(parts) > 1))
        if settings or len(parts) > 1:
            self.general[saved] = tuple(settings)

    def arrange(self, option: Option, text: str) -> None:
        """Handle `-t`, `-m`, `-j`, `-g` and `-c`."""
        if option.letter == "t":
            self.table = self.plain(text)
        elif option.letter == "m":
            self.rule_word = self.rule_word or self.index
            self.load(f"match {self.plain(text)}")
        elif option.letter in ("j", "g"):
            self.rule_word = self.rule_word or self.index
            if self.target:
                raise Refused("a rule has only one target, and here are two", "Write two rules.")
            self.goto = option.letter == "g"
            self.target_word = self.index
            self.target = self.load(f"target {self.plain(text)}")
        elif option.letter == "c":
            packets, _, octets = text.partition(" ")
            if not (packets.isdecimal() and octets.isdecimal()):
                raise Refused("-c needs two numbers: packets and bytes")
            self.counters = (int(packets[:20]), int(octets[:20]))

    def plain(self, text: str) -> str:
        """A word that must be known for the line to be followed at all."""
        if UNSET in text:
            raise Unresolved(f"the value of {quoted(text.replace(UNSET, ''))} is not in this file")
        return text

    def take_negation(self) -> bool:
        negated, self.negated = self.negated, False
        return negated

    # Matches and targets.

    def _remark_on_stranger(self, match: str) -> None:
        if match in (HIDDEN, INSEPARABLE):
            return  # LVS704 reports it for the whole listing
        what = f"lvscf does not know the match {quoted(match)}"
        if match == UNREADABLE:
            what = "lvscf does not know all words of this line of the listing"
        self.remarks.append(Remark(self.index, what))

    def load(self, key: str) -> _Loaded:
        extension = option_names.extension_of(self.grammar.command, key)
        kind, _, name = key.partition(" ")
        if kind == "match" and self.negated:
            raise Refused("`!` is not allowed before -m", "Write it before the match's option.")
        entry = _Loaded(key, extension or Extension(name, modelled=False), extension is None)
        if kind == "match":
            if entry.foreign:
                self._remark_on_stranger(name)
            elif not entry.extension.modelled:
                self.remarks.append(
                    Remark(
                        self.index,
                        f"Only the running kernel knows whether the match {quoted(name)} matches",
                    )
                )
        elif not entry.foreign and not entry.extension.modelled:
            what = (
                "what happens to packets in" if name != "HMARK" else "the mark that packets get in"
            )
            self.remarks.append(
                Remark(
                    self.index,
                    f"Only the running kernel knows {what} the target {quoted(name)}",
                )
            )
        self.loaded.append(entry)
        self.loaded_keys = (*self.loaded_keys, key)
        return entry

    def load_protocol(self) -> bool:
        """Load the protocol's match, as iptables does for an option it does not know."""
        for extension in self.grammar.matches.values():
            if extension.protocols == (self.protocol,):
                key = f"match {extension.name}"
                if key in self.loaded_keys:
                    return False
                self.loaded.append(_Loaded(key, extension))
                self.loaded_keys = (*self.loaded_keys, key)
                return True
        return False

    def extension_option(self, entry: _Loaded, option: Option, attached: str | None) -> None:
        extension = entry.extension
        if extension.name == "multiport" and not self.protocol:
            raise Refused(
                "multiport needs a protocol with ports before it",
                "Write -p tcp or -p udp before -m multiport.",
            )
        if option.fixed is not None:
            text = option.fixed
            taken = option.saved_names
            option = next(
                o for o in extension.options if o.saved_names == taken and o is not option
            )
        elif option.read is None:
            text = ""
        else:
            text = self.value(option, attached)
        negated = self.take_negation()
        if negated and not option.negatable:
            raise Refused(f"`!` is not allowed before `--{option.name}`")
        for saved in option.saved_names:
            if any(setting.name == saved for setting in entry.settings):
                raise Refused(f"`{saved}` of {extension.name} is given twice", "Write two rules.")
        if entry.settings and extension.exclusive:
            raise Refused(
                f"{extension.name} takes only one option, and here are two",
                f"Write -m {extension.name} again before the second one."
                if entry is not self.target
                else "Write two rules.",
            )
        if option.read is None:
            entry.settings.append(flag(option, negated))
        else:
            entry.settings.extend(self.settings(option, negated, text))

    def settings(self, option: Option, negated: bool, text: str) -> tuple[Setting, ...]:
        """Decode a value; one that is not known is kept, with a remark."""
        try:
            if UNSET in text:
                self.plain(text)
            return decoded(option, negated, text)
        except Unresolved as unresolved:
            reason = unresolved.reason
            self.remarks.append(Remark(self.index, reason[0].upper() + reason[1:]))
            return (
                Setting(option.saved_names[0], negated, None, text.replace(UNSET, ""), known=False),
            )

    def unknown(self, word: str, name: str, attached: str | None) -> None:
        """Handle an option of nothing loaded: reject it, unless an unknown match may have it."""
        entry = next((entry for entry in reversed(self.loaded) if entry.foreign), None)
        if entry is None:
            refusal = option_names.stranger(self.grammar.command, self.loaded_keys, name)
            if refusal:
                raise refusal
            entry = self.load("match " + name) if not self.loaded else self.loaded[-1]
            self.remarks.append(
                Remark(self.index, f"lvscf does not know the option {quoted(word)}")
            )
        values = [attached] if attached is not None else []
        while (following := self.following()) is not None:
            values.append(following)
        entry.settings.append(
            Setting(f"--{name}", self.take_negation(), None, " ".join(values), known=False)
        )

    # The end of the line.

    def command(self, table: str | None) -> Command:
        if not self.operation:
            advice = None
            if self.words and self.words[0].isalpha():
                advice = f"Write -{self.words[0]}."
            raise Refused("there is no command such as -A", advice)
        if table is not None and self.table is not None:
            raise Refused("-t is not allowed within a table of a restore file", "Leave it out.")
        if self.operation in _WITHOUT_RULE:
            if self.rule_word is not None and self.operation not in "LSZ":
                self.index = self.rule_word
                raise Refused(f"-{self.operation} takes neither conditions nor a target")
            bodies: tuple[Body, ...] = ()
        else:
            bodies = self.bodies()
        return Command(
            self.operation,
            table or self.table,
            self.chain,
            self.argument,
            self.number,
            bodies,
            tuple(self.remarks),
            self.chain_word,
            self.target_word,
        )

    def bodies(self) -> tuple[Body, ...]:
        matches = []
        for entry in self.loaded:
            settings = self.finished(entry)
            if entry is not self.target:
                matches.append(match_of(entry.extension.name, settings))
        target = None
        if self.target:
            target = target_of(self.target.extension.name, self.finished(self.target), self.goto)
        chosen = [self.general[name] for name in saved_order(self.grammar) if name in self.general]
        count = 1
        for choice in chosen:
            count *= len(choice)
        if count > _MOST_RULES:
            raise Refused(
                f"its lists of addresses make {count} rules, which is more than lvscf follows"
            )
        return tuple(
            Body(general, matches_of(tuple(matches)), target, self.counters)
            for general in product(*chosen)
        )

    def finished(self, entry: _Loaded) -> tuple[Setting, ...]:
        """The options of a match or target, checked and in the order of saving."""
        extension = entry.extension
        if extension.protocols and (
            self.protocol not in extension.protocols or self.protocol_negated
        ):
            wanted = (
                "`-p tcp` or `-p udp`"
                if len(extension.protocols) > 1
                else (f"`-p {extension.name}`")
            )
            raise Refused(
                f"{extension.name} is only for packets of its own protocol",
                f"Write {wanted} before it.",
            )
        names = {setting.name for setting in entry.settings}
        if extension.required and names.isdisjoint(extension.required):
            raise Refused(
                f"{extension.name} lacks its option "
                + " or ".join(f"`{name}`" for name in extension.required),
                f"Say what it should do or match, for example {extension.required[0]} with a "
                "value.",
            )
        if extension.name in ("REDIRECT", "DNAT", "MASQUERADE", "SNAT"):
            self.check_ports(entry)
        if len(entry.settings) < 2 and not has_defaults(extension):
            return tuple(entry.settings)
        settings = [*entry.settings, *defaults_of(extension, frozenset(names))]
        order = order_of(extension)
        settings.sort(key=lambda setting: order.get(setting.name, len(order)))
        return tuple(settings)

    def check_ports(self, entry: _Loaded) -> None:
        ported = any(
            setting.name == "--to-ports" or ":" in setting.text for setting in entry.settings
        )
        if ported and not self.protocol:
            raise Refused(
                f"{entry.extension.name} to a port needs a protocol with ports",
                "Write -p tcp or -p udp.",
            )
