"""Actions: what the targets of rules do to matching packets."""

from lvscf.firewall.model import Bits, Rule, Setting
from lvscf.firewall.packets import Assumption
from lvscf.firewall.tracing.branches import Branch, Journey, Supposition
from lvscf.firewall.tracing.lookup import Prepared
from lvscf.firewall.tracing.questions import is_changeable
from lvscf.firewall.tracing.translation import translated, with_new_source
from lvscf.shared import ipv4
from lvscf.shared.records import evolved

MOST_MARKS = 16
"""The most marks of HMARK that are each followed separately; of more, none is known."""


def changed_mark(mark: int, change: Bits) -> int:
    """The mark after `--set-xmark VALUE/MASK`."""
    return (mark & ~change.mask) ^ change.value


def act(
    prepared: Prepared,
    branch: Branch,
    journey: Journey,
    going_on: list[Branch],
    passed: list[Branch],
    finished: list[tuple[Branch, str, Rule | None]],
) -> None:
    """Apply the target of a rule to a matching packet."""
    rule = prepared.rule
    name = prepared.verdict or (rule.target.name if rule.target else "")
    connected = journey.tracking and branch.tracked
    match prepared.action:
        case "accept":
            passed.append(branch)
        case "drop":
            finished.append((branch, name, rule))
        case "mark" | "any mark" | "some mark" | "mark of set":
            going_on.extend(_marked(prepared, branch, connected=connected))
        case "mark connection" if connected:
            bits = prepared.change[0]
            changed = changed_mark(branch.connection_mark, bits)
            doubt = branch.connection_doubt & ~bits.mask
            going_on.append(evolved(branch, connection_mark=changed, connection_doubt=doubt))
        case "save mark" if connected:
            bits = prepared.change[0]
            saved = (branch.connection_mark & ~bits.mask) ^ (branch.mark & bits.value)
            doubt = branch.connection_doubt & ~bits.mask | branch.doubt & bits.value
            going_on.append(evolved(branch, connection_mark=saved, connection_doubt=doubt))
        case "restore mark" if connected:
            bits = prepared.change[0]
            restored = (branch.mark & ~bits.value) ^ (branch.connection_mark & bits.mask)
            doubt = branch.doubt & ~bits.value | branch.connection_doubt & bits.mask
            going_on.append(evolved(branch, mark=restored, doubt=doubt))
        case "any mark of connection" if connected:
            going_on.append(evolved(branch, doubt=ipv4.ALL_ONES, connection_doubt=ipv4.ALL_ONES))
        case (
            "mark connection" | "save mark" | "restore mark" | "any mark of connection" | "nothing"
        ):
            going_on.append(branch)
        case "rewrite":
            held, failed = (
                frozenset(fact for fact in facts if not is_changeable(fact))
                for facts in (branch.held, branch.failed)
            )
            going_on.append(evolved(branch, held=held, failed=failed))
        case "untrack":
            going_on.append(evolved(branch, tracked=False))
        case "effect":
            assert prepared.effect is not None
            going_on.extend(prepared.effect.apply(rule, branch, journey))
        case "translate":
            assert prepared.effect is not None
            passed.extend(prepared.effect.apply(rule, branch, journey))
        case "snat" | "masquerade":
            passed.append(with_new_source(rule, branch, journey))
        case "netmap" if journey.hook == "postrouting":
            passed.append(with_new_source(rule, branch, journey))
        case "redirect" | "dnat" | "netmap":
            passed.append(translated(rule, branch, journey))
        case "pass or not":
            passed.append(supposed_of(_diverted(rule, branch), rule, True))
            finished.append((supposed_of(branch, rule, False), name, rule))
        case _:  # a target that lvscf does not know
            going_on.append(supposed_of(evolved(branch, complete=False), rule, True))
            finished.append((supposed_of(branch, rule, False), name, rule))


def _marked(prepared: Prepared, branch: Branch, *, connected: bool) -> list[Branch]:
    """The packet after a rule that sets its mark to one value, or to one of several."""
    rule = prepared.rule
    if prepared.action == "mark":
        bits = prepared.change[0]
        changed = changed_mark(branch.mark, bits)
        return [evolved(branch, mark=changed, doubt=branch.doubt & ~bits.mask)]
    unknown = evolved(branch, mark=0, doubt=ipv4.ALL_ONES)
    if prepared.action == "mark of set":
        named = rule.target.setting("--map-mark") if rule.target else None
        return [
            supposed_of(branch, rule, False, named),
            supposed_of(unknown, rule, True, named),
        ]
    if prepared.action == "any mark":
        return [unknown]
    marks = _hash_marks(rule)
    # With connection tracking as its input, HMARK ignores packets without a connection.
    branches = [] if connected else [supposed_of(branch, rule, False)]
    if marks is None:
        return [*branches, unknown]
    for mark in marks:
        setting = Setting("HMARK gives", text=f"mark {mark}")
        branches.append(evolved(supposed_of(branch, rule, True, setting), mark=mark, doubt=0))
    return branches


def _hash_marks(rule: Rule) -> range | None:
    """The marks that HMARK can set; None if there are too many."""
    texts = {setting.name: setting.text for setting in rule.target.settings} if rule.target else {}
    try:
        count = int(texts["--hmark-mod"], 0)
        first = int(texts.get("--hmark-offset", "0"), 0)
    except (KeyError, ValueError):
        return None
    return range(first, first + count) if 0 < count <= MOST_MARKS else None


def supposed_of(branch: Branch, rule: Rule, holds: bool, setting: Setting | None = None) -> Branch:
    """The branch with one more assumption about what a rule's target does."""
    assumption = Assumption(rule, setting, holds, "rule")
    return evolved(branch, supposed=Supposition.after(branch.supposed, assumption))


def _diverted(rule: Rule, branch: Branch) -> Branch:
    """The packet after TPROXY, which marks the packets that it lets pass."""
    setting = rule.target.setting("--tproxy-mark") if rule.target else None
    if setting is None or not isinstance(setting.value, Bits):
        return branch
    bits = setting.value
    return evolved(branch, mark=changed_mark(branch.mark, bits), doubt=branch.doubt & ~bits.mask)
