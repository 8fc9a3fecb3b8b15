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
"""What follows another directive where it is not written; a server's port, its service's."""
_WATCHING = (
    "backup",
    "backup_private",
    "primary_private",
    "keepalive",
    "deadtime",
    "heartbeat_port",
    "monitor_links",
)
"""What two routers watch each other by; a router alone has no use for it."""

_EFFECTS = dict.fromkeys(_WATCHING, "the routers do not watch each other in the same way") | {
    "heartbeat_port": "each sends its heartbeats where the other does not listen, and both become "
    "active",
    "backup_active": "one router sends heartbeats and the other does not",
}
_EFFECT = "what the cluster does depends on which router is active"
_NO_EFFECT = "no daemon acts on it"


@rule("LVS217", "incompatible-service", Severity.ERROR, about_given_files=True)
def incompatible_service(case: Case) -> Iterator[Problem]:
    """The two LVS routers are for different kinds of clusters.

    What:
        The other router's lvs.cf was given (`--pair`, or in the settings), and its `service` is not
        the same: one says `lvs`, the other `fos`.  `lvs` counts where nothing is written.

    Why:
        Heartbeats tell which kind of cluster they are from, and pulse ignores those of the other
        kind («Incompatible heartbeat received»).  Each router takes its partner for dead: both
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
            message=f"This router is for `{here}`, and the other for `{there}`: each ignores the "
            "heartbeats of the other kind, and both become active.",
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
        The other router's lvs.cf was given (`--pair`, or in the settings), and it differs in
        meaning: a value that Piranha would use, or a whole block.  Order, spacing, comments,
        defaults that are written out and `serial_no` are no differences; `lvscf diff` shows the
        same.  It is only a note where neither router acts on it: another name of a block, an
        inactive block, a directive that no daemon looks at.  Where Piranha refuses the other file,
        that is said, and nothing compared.

    Why:
        Each router reads its own file, and nothing copies it to the other one, whatever lvs.cf(5)
        says.  All is well until the takeover: then the services are not those of yesterday, and
        checks, weights or addresses are old ones.

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
    told: set[tuple[tuple[str, ...], str | None]] = set()
    for difference in differences(case.as_written, partner.as_written):
        if difference.directive == "service":
            continue  # LVS217
        if not _is_of_another(case, difference, told):
            yield _problem(case, partner, difference)
        told.add((difference.block, difference.directive))


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
        message = f"Piranha reads {name} otherwise than it is written, so the two routers do not"
        message += " hold the same configuration."
    else:
        crashes = pair.refusal.message == Complaint.CRASH.value
        does = f"crashes on {name}" if crashes else f"refuses {name} («{pair.refusal.message}»)"
        message = f"Piranha {does}: the router that has it can neither start nor take over."
        faults = pair.reading.as_piranha_reads.faults
        first = next(fault for fault in faults if fault.complaint is not None)
        related = ((Place(first.start, first.end, pair.source), "what it stumbles over"),)
    return Problem(
        at=case.first_line(),
        message=message,
        help=f"`lvscf lint` tells what is wrong with {name}; mend it, or copy this file there.",
        related=related,
    )


def _is_of_another(
    case: Case, difference: Difference, told: set[tuple[tuple[str, ...], str | None]]
) -> bool:
    """Whether a difference only comes of another one, or of a line that cannot be read."""
    name, owner = difference.directive, difference.left
    if name is None or owner is None:
        # What cannot be read may be the header of the block that seems to be missing.
        return difference.kind != "only left" and case.reading.refusal is not None
    followed = _FOLLOWS.get(name)
    outer = difference.around[0] if isinstance(owner, RealServer) else owner
    follows = followed is not None and (followed != name or outer is not owner)
    if follows and not any(difference.written):
        block = difference.block[:-1] if outer is not owner else difference.block
        if (block, followed) in told:
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
        message = f"This is the block {quoted(str(difference.values[1]))} of {name}, by another "
        message += f"name: {effect}."
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
    """Whether the router that has a file does anything with a block of it."""
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
    """Where a value is written, else the name of its block, else the first line."""
    return case.place_of(owner, name) if name else case.name_of(owner)


def _there(partner: Case, owner: Owner, name: str | None) -> Place:
    return evolve(_place(partner, owner, name), source=partner.source)


RULES: tuple[CaseRule, ...] = (incompatible_service, routers_files_differ)
