"""What the targets of rules do to packets that match them."""

from lvscf.firewall.model import Bits, Rule, Setting
from lvscf.firewall.packets import Assumption
from lvscf.firewall.tracing.branches import Journey, Supposition, Way
from lvscf.firewall.tracing.lookup import Prepared
from lvscf.firewall.tracing.questions import is_changeable
from lvscf.firewall.tracing.translation import translated
from lvscf.shared import ipv4
from lvscf.shared.records import evolved

MOST_MARKS = 16
"""Marks that HMARK may give, each followed on its own; of more, none is known."""


def changed_mark(mark: int, change: Bits) -> int:
    """The mark after `--set-xmark VALUE/MASK`."""
    return (mark & ~change.mask) ^ change.value


def act(
    prepared: Prepared,
    way: Way,
    journey: Journey,
    going_on: list[Way],
    passed: list[Way],
    finished: list[tuple[Way, str, Rule | None]],
) -> None:
    """Do to a matching packet what the rule's target does."""
    rule = prepared.rule
    name = rule.target.name if rule.target else ""
    connected = journey.tracking and way.tracked
    match prepared.action:
        case "accept":
            passed.append(way)
        case "drop":
            finished.append((way, name, rule))
        case "mark" | "any mark" | "some mark" | "mark of set":
            going_on.extend(_marked(prepared, way, connected=connected))
        case "mark connection" if connected:
            bits = prepared.change[0]
            changed = changed_mark(way.connection_mark, bits)
            doubt = way.connection_doubt & ~bits.mask
            going_on.append(evolved(way, connection_mark=changed, connection_doubt=doubt))
        case "save mark" if connected:
            bits = prepared.change[0]
            saved = (way.connection_mark & ~bits.mask) ^ (way.mark & bits.value)
            doubt = way.connection_doubt & ~bits.mask | way.doubt & bits.value
            going_on.append(evolved(way, connection_mark=saved, connection_doubt=doubt))
        case "restore mark" if connected:
            bits = prepared.change[0]
            restored = (way.mark & ~bits.value) ^ (way.connection_mark & bits.mask)
            doubt = way.doubt & ~bits.value | way.connection_doubt & bits.mask
            going_on.append(evolved(way, mark=restored, doubt=doubt))
        case "any mark of connection" if connected:
            going_on.append(evolved(way, doubt=ipv4.ALL_ONES, connection_doubt=ipv4.ALL_ONES))
        case (
            "mark connection" | "save mark" | "restore mark" | "any mark of connection" | "nothing"
        ):
            going_on.append(way)
        case "rewrite":
            held, failed = (
                frozenset(fact for fact in facts if not is_changeable(fact))
                for facts in (way.held, way.failed)
            )
            going_on.append(evolved(way, held=held, failed=failed))
        case "untrack":
            going_on.append(evolved(way, tracked=False))
        case "redirect" | "dnat" | "netmap":
            passed.append(translated(rule, way, journey))
        case "pass or not":
            passed.append(supposed_of(_diverted(rule, way), rule, True))
            finished.append((supposed_of(way, rule, False), name, rule))
        case _:  # a target that lvscf does not know
            going_on.append(supposed_of(evolved(way, complete=False), rule, True))
            finished.append((supposed_of(way, rule, False), name, rule))


def _marked(prepared: Prepared, way: Way, *, connected: bool) -> list[Way]:
    """The packet after a rule that sets its mark, to one value or to one of several."""
    rule = prepared.rule
    if prepared.action == "mark":
        bits = prepared.change[0]
        changed = changed_mark(way.mark, bits)
        return [evolved(way, mark=changed, doubt=way.doubt & ~bits.mask)]
    unknown = evolved(way, mark=0, doubt=ipv4.ALL_ONES)
    if prepared.action == "mark of set":
        named = rule.target.setting("--map-mark") if rule.target else None
        return [
            supposed_of(way, rule, False, named),
            supposed_of(unknown, rule, True, named),
        ]
    if prepared.action == "any mark":
        return [unknown]
    marks = _hash_marks(rule)
    # HMARK leaves packets alone that it finds no connection for, if it is to look at that.
    ways = [] if connected else [supposed_of(way, rule, False)]
    if marks is None:
        return [*ways, unknown]
    for mark in marks:
        setting = Setting("HMARK gives", text=f"mark {mark}")
        ways.append(evolved(supposed_of(way, rule, True, setting), mark=mark, doubt=0))
    return ways


def _hash_marks(rule: Rule) -> range | None:
    """The marks that HMARK can give; None if they are too many."""
    texts = {setting.name: setting.text for setting in rule.target.settings} if rule.target else {}
    try:
        count = int(texts["--hmark-mod"], 0)
        first = int(texts.get("--hmark-offset", "0"), 0)
    except (KeyError, ValueError):
        return None
    return range(first, first + count) if 0 < count <= MOST_MARKS else None


def supposed_of(way: Way, rule: Rule, holds: bool, setting: Setting | None = None) -> Way:
    """The way with one more assumption about what a rule's target does."""
    assumption = Assumption(rule, setting, holds, "rule")
    return evolved(way, supposed=Supposition.after(way.supposed, assumption))


def _diverted(rule: Rule, way: Way) -> Way:
    """TPROXY marks the packets that it lets pass."""
    setting = rule.target.setting("--tproxy-mark") if rule.target else None
    if setting is None or not isinstance(setting.value, Bits):
        return way
    bits = setting.value
    return evolved(way, mark=changed_mark(way.mark, bits), doubt=way.doubt & ~bits.mask)
