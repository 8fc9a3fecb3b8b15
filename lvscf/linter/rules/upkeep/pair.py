"""LVS217 and LVS904: the lvs.cf of the other LVS router, where it was given."""

from collections.abc import Iterator

from attrs import evolve

from lvscf.config.differences import Difference, differences, spelled
from lvscf.config.model import Config, Owner, RealServer, VirtualServer
from lvscf.document import Document
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.piranha.directives import BY_SCOPE, DEFAULTS, Scope
from lvscf.piranha.values import Complaint
from lvscf.source import quoted

_SCOPES = (Scope.GLOBAL, Scope.SERVICE, Scope.SERVER)
_FOLLOWS = {"primary_private": "primary", "backup_private": "backup", "port": "port"}
"""Directives that default to another one; a server's port defaults to its service's."""
_WATCHING = (
    "backup",
    "backup_private",
    "primary_private",
    "keepalive",
    "deadtime",
    "heartbeat_port",
    "monitor_links",
)
"""The directives by which two routers watch each other; without a backup they have no effect."""

_EFFECTS = dict.fromkeys(_WATCHING, "the routers do not watch each other in the same way") | {
    "heartbeat_port": "each sends its heartbeats where the other does not listen, and both become "
    "active",
    "backup_active": "one router sends heartbeats and the other does not",
}
_EFFECT = "the cluster behaves differently depending on which router is active"
_NO_EFFECT = "harmless, as no daemon uses it"


@rule("LVS217", "incompatible-service", Severity.ERROR, about_given_files=True)
def incompatible_service(case: Case) -> Iterator[Problem]:
    """The two LVS routers are for different kinds of clusters.

    What:
        The other router's lvs.cf was given (`--pair`, or in the settings), and its `service`
        differs: one is `lvs` (the default), the other `fos`.

    Why:
        Heartbeats say which kind of cluster they are from, and pulse ignores those of the other
        kind ("Incompatible heartbeat received").  Each router declares its partner dead: both
        become active.

    Example:
          primary = 10.10.1.21
          service = lvs
          backup_active = 1
          backup = 10.10.1.22
          --- pair
          primary = 10.10.1.21
        - service = fos
        + service = lvs
          backup_active = 1
          backup = 10.10.1.22
    """
    partner = _partner(case)
    if partner is None or case.is_unreadable(case.as_written, "service"):
        return
    here, there = _service_of(case), _service_of(partner)
    if here != there:
        yield Problem(
            at=_place(case, case.as_written, "service"),
            message=f"This router has `service = {here}`, the other one `{there}`: each ignores "
            "the other's heartbeats, and both become active.",
            help=f"Write the same `service` in both files; it is `{there}` in "
            f"{quoted(partner.source.filename)}.",
            related=((_there(partner, partner.as_written, "service"), f"`{there}` there"),),
        )


@rule(
    "LVS904",
    "routers-files-differ",
    Severity.ERROR,
    also=(Severity.INFO,),
    about_given_files=True,
)
def routers_files_differ(case: Case) -> Iterator[Problem]:
    """The two LVS routers have files that mean different things.

    What:
        The other router's lvs.cf was given (`--pair`, or in the settings), and its meaning differs:
        a value that Piranha would use, or a whole block.  Order, spacing, comments, defaults that
        are written out and `serial_no` do not count; `lvscf diff` shows the same differences.  An
        error; a note if neither router acts on the difference: the name of a block, an inactive
        block, a directive that no daemon uses.  If Piranha rejects the other file, only that is
        reported.

    Why:
        Each router reads its own file, and nothing copies it to the other one, whatever lvs.cf(5)
        says.  The difference goes unnoticed until the takeover: then services, checks, weights or
        addresses are outdated ones.

    Example:
        + serial_no = 8
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              scheduler = wlc
          }
          --- pair
        + serial_no = 7
          virtual web {
        +     address = 10.10.1.20 eth0:1
              active = 1
        -     address = 10.10.1.20 eth0:1
        -     scheduler = rr
          }
    """
    pair = case.pair
    if pair is None or pair.source.text == case.source.text or not case.is_whole:
        return
    partner = _partner(case)
    if partner is None:
        yield _not_comparable(case, pair)
        return
    reported: set[tuple[tuple[str, ...], str | None]] = set()
    for difference in differences(case.as_written, partner.as_written):
        if difference.directive == "service":
            continue  # LVS217
        if not _follows_another(case, difference, reported):
            yield _problem(case, partner, difference)
        reported.add((difference.block, difference.directive))


def is_judged(case: Case) -> bool:
    """Whether the files of both routers could be compared in full."""
    return not case.reading.faults and _partner(case) is not None


def _partner(case: Case) -> Case | None:
    """The other router's file as a case; None if there is none that can be compared."""
    pair = case.pair
    if pair is None or pair.refusal is not None or pair.reading.misread_as is not None:
        return None
    partner = Case(pair.reading, pair.intended)
    return partner if partner.is_whole and case.is_whole else None


def _not_comparable(case: Case, pair: Document) -> Problem:
    name = quoted(pair.filename)
    related: tuple[tuple[Place, str], ...] = ()
    if pair.refusal is None:
        message = (
            f"Piranha does not read {name} as it is written, so the two routers do not have the "
            "same configuration."
        )
    else:
        crashes = pair.refusal.message == Complaint.CRASH.value
        does = f"crashes on {name}" if crashes else f'rejects {name} ("{pair.refusal.message}")'
        message = f"Piranha {does}: the router that has it can neither start nor take over."
        faults = pair.reading.as_piranha_reads.faults
        first = next(fault for fault in faults if fault.complaint is not None)
        related = ((Place(first.start, first.end, pair.source), "the cause"),)
    return Problem(
        at=case.first_line(),
        message=message,
        help=f"Run `lvscf lint` on {name} and fix it, or copy this file there.",
        related=related,
    )


def _follows_another(
    case: Case, difference: Difference, reported: set[tuple[tuple[str, ...], str | None]]
) -> bool:
    """Whether a difference only follows from another one, or from a line that cannot be read."""
    name, owner = difference.directive, difference.left
    if name is None or owner is None:
        # What cannot be read may be the header of the block that seems to be missing.
        return difference.kind != "only left" and case.reading.refusal is not None
    followed = _FOLLOWS.get(name)
    outer = difference.around[0] if isinstance(owner, RealServer) else owner
    follows = followed is not None and (followed != name or outer is not owner)
    if follows and not any(difference.written):
        block = difference.block[:-1] if outer is not owner else difference.block
        if (block, followed) in reported:
            return True
    if not case.reading.faults:
        return False
    if case.is_unreadable(owner, name):
        return True
    return followed is not None and follows and case.is_unreadable(outer, followed)


def _problem(case: Case, partner: Case, difference: Difference) -> Problem:
    name = quoted(partner.source.filename)
    left, right = difference.left, difference.right
    outer_left, outer_right = difference.around
    matters = _is_in_force(case, partner, difference)
    effect = _EFFECT if matters else _NO_EFFECT
    if difference.directive is not None:
        directive = f"`{difference.directive}`"
        here, there = map(_said, difference.values, difference.written)
        if matters:
            effect = _EFFECTS.get(difference.directive, effect)
        message = f"{directive} is {here} here and {there} in {name}: {effect}."
        remark = f"{there} there"
    elif difference.kind == "renamed":
        message = f"In {name}, this block is named {quoted(str(difference.values[1]))}: {effect}."
        remark = "its name there"
    elif left is not None:
        message = f"This block is not in {name}: {effect}."
        remark = "it is missing here"
    else:
        message = f"{quoted(difference.block[-1])} is only in {name}: {effect}."
        remark = "the block that this file lacks"
    return Problem(
        at=_place(case, left or outer_left, difference.directive),
        message=message,
        help="Decide which file is right, and copy it to the other router.",
        related=((_there(partner, right or outer_right, difference.directive), remark),),
        severity=None if matters else Severity.INFO,
    )


def _is_in_force(case: Case, partner: Case, difference: Difference) -> bool:
    """Whether at least one of the routers acts on what differs."""
    if difference.kind == "renamed":
        return False
    name = difference.directive
    if name is not None and BY_SCOPE[_SCOPES[len(difference.block)]][name].unused:
        return False
    if name in _WATCHING and not (case.backup_in_use or partner.backup_in_use):
        return False
    sides = zip(
        (case, partner), (difference.left, difference.right), difference.around, strict=True
    )
    return any(owner is not None and _acts_on(side, owner, outer) for side, owner, outer in sides)


def _acts_on(case: Case, owner: Owner, outer: Owner) -> bool:
    """Whether the router that has this file acts on a block of it."""
    if isinstance(owner, Config):
        return True
    service = outer if isinstance(owner, RealServer) else owner
    if isinstance(service, Config | RealServer) or not case.is_on(owner):
        return False
    kind = "lvs" if isinstance(service, VirtualServer) else "fos"
    return case.is_on(service) and _service_of(case) == kind


def _service_of(case: Case) -> str:
    return case.as_written.service or DEFAULTS[Scope.GLOBAL]["service"]


def _said(value: object, written: bool) -> str:
    if value is None:
        return "not set"
    shown = quoted(spelled(value))
    return shown if written else f"{shown} (Piranha's default)"


def _place(case: Case, owner: Owner, name: str | None) -> Place:
    """The place of a value; if it is not written, the name of its block or the first line."""
    return case.place_of(owner, name) if name else case.name_of(owner)


def _there(partner: Case, owner: Owner, name: str | None) -> Place:
    return evolve(_place(partner, owner, name), source=partner.source)


RULES: tuple[CaseRule, ...] = (incompatible_service, routers_files_differ)
