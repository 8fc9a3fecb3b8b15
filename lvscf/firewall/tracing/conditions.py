"""Conditions: each condition of a rule as a question about a packet."""

from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from attrs import frozen

from lvscf.firewall.language.options import IPTABLES
from lvscf.firewall.model import (
    INSEPARABLE,
    LISTED_ONLY,
    Bits,
    Match,
    Network,
    Ranges,
    Rule,
    Setting,
)
from lvscf.firewall.tracing.address_questions import (
    Agrees,
    EitherPort,
    Incoming,
    OfPacketType,
    OfType,
    Outgoing,
    RangeField,
    Within,
)
from lvscf.firewall.tracing.branches import Branch, Journey
from lvscf.firewall.tracing.connection_questions import (
    HasFlags,
    InDirection,
    InOriginal,
    InState,
    InStatus,
    OfIcmpType,
    OfIpvs,
)
from lvscf.firewall.tracing.questions import (
    Carries,
    Certain,
    Marked,
    PerhapsTwo,
    Question,
    Unknowable,
)
from lvscf.firewall.tracing.set_questions import set_question
from lvscf.shared import ipv4
from lvscf.shared.records import compared


@compared
@frozen(eq=False, repr=False)
class Test:
    """A question, whether `!` negates its answer, and the setting that asks it."""

    question: Question
    negated: bool
    setting: Setting
    untracked: bool | None = None
    """The match's answer, negated or not, for a packet without a connection: in table raw, which
    comes before connection tracking, and after NOTRACK; None if that makes no difference."""

    def answer(self, branch: Branch, journey: Journey) -> bool | None:
        """Whether the condition is met; None if it may or may not be."""
        if self.untracked is not None and not (journey.tracking and branch.tracked):
            return self.untracked
        answer = self.question.answer(branch, journey)
        return answer if answer is None or not self.negated else not answer


def tests_of(rule: Rule) -> tuple[Test, ...]:
    """All tests of a rule, in the order of its settings."""
    tests = [_own(setting) for setting in rule.general]
    for match in rule.matches:
        if (
            match.settings
            or match.name not in IPTABLES.matches
            or not IPTABLES.matches[match.name].modelled
        ):
            tests.extend(_of_match(match))
    return tuple(tests)


@lru_cache(4096)
def _own(setting: Setting) -> Test:
    return Test(_question(setting), setting.negated, setting)


def _question(setting: Setting) -> Question:
    """The question that one of iptables' own settings asks."""
    value = setting.value
    if setting.name == "-f":
        return Certain(False)  # connection tracking has already reassembled fragments
    if not setting.known:
        return Unknowable(f"{setting.name} {setting.text}", True, setting.name)
    if setting.name == "-p":
        return Carries(value) if isinstance(value, int) else Certain(False)
    if setting.name == "-i" and isinstance(value, str):
        return Incoming(value)
    if setting.name == "-o" and isinstance(value, str):
        return Outgoing(value)
    if isinstance(value, Network):
        return _network("source" if setting.name == "-s" else "destination", value)
    if value is None and setting.name in ("-s", "-d", "-i", "-o"):
        return Certain(True)  # `0/0` or `+`, kept only because it is negated
    return Certain(False)


def _network(field: RangeField, network: Network) -> Question:
    wild = ~network.mask & ipv4.ALL_ONES
    if wild & (wild + 1):
        return Agrees(field, network.address, network.mask)
    return Within.of(field, ((network.address, network.address | wild),))


@lru_cache(4096)
def _of_match(match: Match) -> tuple[Test, ...]:
    extension = IPTABLES.matches.get(match.name)
    names = [setting.name for setting in match.settings]
    if match.name in LISTED_ONLY:
        # Each rule has its own placeholder: what one turns out to be says nothing about others.
        question = PerhapsTwo() if match.name == INSEPARABLE else Unknowable(match.name, False)
        return (Test(question, False, Setting(f"-m {match.name}")),)
    if match.name == "recent" and "--set" in names:
        # It records the source, and always matches.
        setting = match.settings[names.index("--set")]
        return (Test(Certain(True), setting.negated, setting),)
    if match.name == "set" and (known := set_question(match)) is not None:
        return (Test(known, match.settings[0].negated, match.settings[0]),)
    if extension is None or not extension.modelled or "--limit-iface-in" in names:
        setting = match.settings[0] if match.settings else Setting(f"-m {match.name}")
        lasting = extension is None or (extension.lasting and not extension.tracks)
        if match.name == "set" and any("packets" in name or "bytes" in name for name in names):
            lasting = False  # counters go up
        return (Test(Unknowable(str(match), lasting, match.name), False, setting),)
    return tuple(
        Test(
            _of_setting(match.name, setting),
            setting.negated,
            setting,
            _without_connection(match.name, setting.name, names),
        )
        for setting in match.settings
        if setting.name != "--comment"
    )


def _without_connection(match: str, setting: str, all_settings: list[str]) -> bool | None:
    """The answer of a setting about the packet's connection, if the packet has none.

    conntrack then tests only the state, and does not match if it has no `--ctstate`.
    """
    if match == "connmark":
        return False
    if match == "conntrack" and setting != "--ctstate":
        return "--ctstate" in all_settings
    return None


def _of_setting(match: str, setting: Setting) -> Question:
    if match == "ipvs":
        return OfIpvs(str(setting), setting.name != "--ipvs" and setting.negated)
    make = _QUESTIONS.get((match, setting.name)) or _QUESTIONS.get(("", setting.name))
    question = make(setting.value) if make and setting.known else None
    if question is not None:
        return question
    if setting.known and setting.value is None:
        return Certain(True)  # a value that excludes nothing, kept only because it is negated
    return Unknowable(f"{match} {setting.name} {setting.text}", setting.name != "--ctexpire", match)


_Maker = Callable[[object], Question | None]


def _ranges(field: RangeField) -> _Maker:
    return lambda value: Within.of(field, value.ranges) if isinstance(value, Ranges) else None


def _single(field: RangeField) -> _Maker:
    return lambda value: _network(field, value) if isinstance(value, Network) else None


def _original(name: str, of_packet: _Maker, of_reply: _Maker | None = None) -> _Maker:
    """A question about a connection; its replies leave it open if NAT may have changed them."""

    def make(value: object) -> Question | None:
        packets = of_packet(value)
        if packets is None:
            return None
        replies = of_reply(value) if of_reply else None
        return InOriginal(packets, replies or Unknowable(f"{name} {value}", True, "conntrack"))

    return make


def _states(value: object) -> Question | None:
    return InState(value) if isinstance(value, frozenset) else None


def _types(field: Literal["source", "destination"]) -> _Maker:
    return lambda value: OfType(field, value) if isinstance(value, frozenset) else None


def _marked(of_connection: bool) -> _Maker:
    return lambda value: (
        Marked(value.value, value.mask, of_connection) if isinstance(value, Bits) else None
    )


def _either(value: object) -> Question | None:
    if not isinstance(value, Ranges):
        return None
    origin = Within.of("source_port", value.ranges)
    return EitherPort(value.ranges, Within.of("port", value.ranges), origin)


_QUESTIONS: dict[tuple[str, str], _Maker] = {
    ("", "--sport"): _ranges("source_port"),
    ("", "--dport"): _ranges("port"),
    ("", "--sports"): _ranges("source_port"),
    ("", "--dports"): _ranges("port"),
    ("", "--ports"): _either,
    ("", "--tcp-flags"): lambda value: HasFlags(value) if isinstance(value, Bits) else None,
    ("", "--icmp-type"): lambda value: OfIcmpType.of(value) if isinstance(value, str) else None,
    ("", "--pkt-type"): lambda value: OfPacketType.of(value) if isinstance(value, str) else None,
    ("mark", "--mark"): _marked(False),
    ("connmark", "--mark"): _marked(True),
    ("", "--state"): _states,
    ("", "--ctstate"): _states,
    ("", "--ctproto"): lambda value: Carries(value) if isinstance(value, int) else None,
    # NAT may have changed what a reply's connection was opened to.
    ("", "--ctorigsrc"): _original("--ctorigsrc", _single("source"), _single("destination")),
    ("", "--ctorigdst"): _original("--ctorigdst", _single("first_destination")),
    ("", "--ctorigsrcport"): _original("--ctorigsrcport", _ranges("source_port"), _ranges("port")),
    ("", "--ctorigdstport"): _original("--ctorigdstport", _ranges("first_port")),
    # Source NAT comes after all these chains: replies will go to the original source.
    ("", "--ctreplsrc"): _original("--ctreplsrc", _single("destination"), _single("source")),
    ("", "--ctrepldst"): _original("--ctrepldst", _single("source"), _single("destination")),
    ("", "--ctreplsrcport"): _original("--ctreplsrcport", _ranges("port"), _ranges("source_port")),
    ("", "--ctrepldstport"): _original("--ctrepldstport", _ranges("source_port"), _ranges("port")),
    ("", "--ctstatus"): lambda value: InStatus(value) if isinstance(value, frozenset) else None,
    ("", "--ctdir"): lambda value: InDirection(value) if isinstance(value, frozenset) else None,
    ("", "--src-type"): _types("source"),
    ("", "--dst-type"): _types("destination"),
    ("", "--src-range"): _ranges("source"),
    ("", "--dst-range"): _ranges("destination"),
}
