"""LVS508-510: real servers that have the VIP themselves and do not hide it from ARP."""

from collections.abc import Iterator

from lvscf.findings.command import Command
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import remedies
from lvscf.linter.hosts.arp_defects import ArpCase, ArpFault, Fault, arp_cases
from lvscf.linter.hosts.arptables_commands import dropping, mangling
from lvscf.linter.hosts.inspection import inspection_of
from lvscf.linter.hosts.redirect_defects import redirecting_rules, redirects
from lvscf.linter.hosts.traffic import place
from lvscf.source import quoted


@rule("LVS508", "arp-not-hidden", Severity.ERROR, also=(Severity.WARNING,))
def arp_not_hidden(case: Case) -> Iterator[Problem]:
    """A real server that does not hide the VIP from ARP.

    What:
        The addresses of a real server were given, the VIP is one of them, and neither arptables nor
        the kernel settings keep the server from answering ARP requests for it.  Or the arptables
        rules were given, but IN does not drop the requests, or OUT does not replace the VIP as the
        source of the server's own.  Or the kernel settings were given, but set `arp_ignore` only
        for `lo`, or only for `default` while the devices in use have 0.

        An error, or a warning if something that no file shows may prevent it: the server has the
        VIP, but arptables rules or some of the settings were not given, or no device is on the
        VIP's network.  A warning also if IN lets requests in and only OUT changes the answers.

    Why:
        A real server that has the VIP answers ARP requests for it.  Some clients then learn its
        hardware address instead of the router's, and LVS is bypassed.  The kernel applies the
        larger `arp_ignore` of `all` and of the device on which the request arrives, which is never
        `lo`.

    Example:
          network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- real-server one
          arptables -A IN -d 10.10.1.20 -j DROP
        + arptables -A OUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31
    """
    for one in arp_cases(case):
        if one.holds_vip:
            yield from _answering(case, one)
    for one, fault in _arp_faults(case, "IN"):
        yield _arp_problem(
            case,
            one,
            fault,
            f"answers ARP requests for {one.vip}: no rule of IN drops them. Clients then bypass the "
            "router.",
            (dropping(one),),
            f"Drop them: {dropping(one)}.",
        )
    for one, fault in _arp_faults(case, "IN only"):
        yield _let_in(case, one, fault)
    for one, fault in _arp_faults(case, "OUT"):
        yield _arp_problem(
            case,
            one,
            fault,
            f"sends ARP requests from {one.vip}: no rule of OUT rewrites "
            "their source. Neighbours then learn its hardware address instead of the router's.",
            (mangling(one),),
            f"Rewrite the source: {mangling(one)}.",
        )
    yield from _ineffective_settings(case)


def _answering(case: Case, one: ArpCase) -> Iterator[Problem]:
    """A server that is known to have the VIP, and to answer for it."""
    if one.answer.holds is not True:
        if one.reply.holds:
            yield _let_in(case, one, ArpFault("IN only", one.answer.rule))
        return
    announced = ", and names it in its own" if one.announced is not None else ""
    where = next((held.label or held.device for held in one.held), "lo")
    certain = one.is_shown and not one.answer.assumed
    result = "Clients then learn its hardware address and bypass the router."
    if not one.devices:
        result = "Whoever asks for it there learns its hardware address instead of the router's."
    elif not certain:
        result = (
            "Unless arptables rules or settings that were not given hide it, clients then learn its "
            "hardware address and bypass the router."
        )
    yield Problem(
        at=case.place_of(one.real.server, "address"),
        message=f"Real server {quoted(one.real.server.name)} has the VIP {one.vip} on {where} and "
        f"answers ARP requests for it{announced}. {result}",
        help=_hiding(one, where),
        severity=None if certain else Severity.WARNING,
        related=(
            *((held.place, "is the VIP") for held in one.held),
            *((at, "does not hide it") for at in one.answer.places if at not in _held_places(one)),
        ),
        commands=_hidden(one, where),
    )


def _hidden(one: ArpCase, where: str) -> tuple[Command, ...]:
    """The commands that hide a VIP, where it is."""
    if any(where.partition(":")[0] == device for device in one.devices):
        return _by_arptables(one, dropping(one), mangling(one))
    return remedies.on_host(one.host, *remedies.hiding())


def _by_arptables(one: ArpCase, *commands: str) -> tuple[Command, ...]:
    texts = (text for each in commands for text in remedies.commands_in(each))
    return remedies.on_host(one.host, *texts)


def _held_places(one: ArpCase) -> tuple[Place | None, ...]:
    return tuple(held.place for held in one.held)


def _hiding(one: ArpCase, where: str) -> str:
    """How to hide a VIP: the settings do not hide one that is on the device of the requests."""
    rules = f"{dropping(one)} and {mangling(one)}"
    if any(where.partition(":")[0] == device for device in one.devices):
        return (
            "`arp_ignore` hides only addresses of other devices: move the VIP to `lo`, as "
            f"{one.vip}/32, and set {_SETTINGS}. Or hide it with arptables: {rules}."
        )
    return f"Set {_SETTINGS}. Or hide it with arptables: {rules}."


def _let_in(case: Case, one: ArpCase, fault: ArpFault) -> Problem:
    """A server whose answers only the chain OUTPUT of its ARP filter changes."""
    return Problem(
        at=case.place_of(one.real.server, "address"),
        message=f"Real server {quoted(one.real.server.name)} lets ARP requests for {one.vip} in, "
        "and only the chain OUT of its ARP filter takes the VIP out of the answers. Neighbours get "
        "answers that they did not ask for.",
        help=f"Drop the requests as well: {dropping(one)}.",
        severity=Severity.WARNING,
        related=((place(fault.rule), "changes the answers"),),
        commands=_by_arptables(one, dropping(one)),
    )


def _ineffective_settings(case: Case) -> Iterator[Problem]:
    """Kernel settings that are meant to hide the VIP but do not."""
    inspection = inspection_of(case)
    for one in arp_cases(case):
        found = one.settings.ineffective
        if one.holds_vip is not None or one.accepts_vip or found is None:
            continue
        if redirects(inspection, one.real):
            continue
        device, line = found
        yield Problem(
            at=case.place_of(one.real.server, "address"),
            message=f"Real server {quoted(one.real.server.name)} sets `arp_ignore` for `{device}` "
            f"only, which has no effect on other devices. If it has the VIP {one.vip}, it answers "
            "ARP requests for it, and clients bypass the router.",
            help=f"Set {_SETTINGS}.",
            related=((line.place, "has no effect here"),),
            commands=remedies.on_host(one.host, *remedies.hiding()),
        )


@rule("LVS509", "arptables-out-d", Severity.WARNING)
def arptables_out_d(case: Case) -> Iterator[Problem]:
    """An OUT rule of arptables for packets to the VIP.

    What:
        The rule of OUT that rewrites the source matches `-d VIP` instead of `-s VIP`.

    Why:
        Older Red Hat manuals have this mistake.  The requests that give the VIP away have it as
        their source, so the rule never matches them.

    Example:
          network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- real-server one
          arptables -A IN -d 10.10.1.20 -j DROP
        - arptables -A OUT -d 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31
        + arptables -A OUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31
    """
    for one, fault in _arp_faults(case, "OUT -d"):
        yield _arp_problem(
            case,
            one,
            fault,
            f"rewrites ARP packets to {one.vip} instead of those from it (a "
            "mistake in older Red Hat manuals): its requests still give the VIP away.",
            (mangling(one),),
            f"Match the source: {mangling(one)}.",
            "matches `-d`, but `-s` is needed",
        )


@rule("LVS510", "arp-mangle-wrong-source", Severity.ERROR)
def arp_mangle_wrong_source(case: Case) -> Iterator[Problem]:
    """ARP requests with another host's address as their source.

    What:
        `--mangle-ip-s` in the rule for the VIP is not the real server's own address.

    Why:
        Neighbours learn that address together with this server's hardware address.  With the VIP,
        the rule does nothing; with another host's address, that host loses its traffic.

    Example:
          network = direct
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              server one {
                  active = 1
                  address = 10.10.1.31
              }
          }
          --- real-server one
          arptables -A IN -d 10.10.1.20 -j DROP
        - arptables -A OUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.32
        + arptables -A OUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31
    """
    for one, fault in _arp_faults(case, "source"):
        yield _arp_problem(
            case,
            one,
            fault,
            f"rewrites the source of its ARP requests to {fault.given}, but its own address is "
            f"{one.real.address}: neighbours learn a wrong hardware address.",
            (mangling(one),),
            f"Use its own address: {mangling(one)}.",
            f"is not {one.real.address}",
        )


def _arp_faults(case: Case, wanted: Fault) -> Iterator[tuple[ArpCase, ArpFault]]:
    """The faults of one kind, one for each server and VIP.

    A server that redirects the VIP need not have it, and then has nothing to hide.  For one that is
    known to have it, what it answers is another question, and what it announces too if no reply to
    its requests gets in.
    """
    inspection = inspection_of(case)
    for one in arp_cases(case):
        if one.holds_vip is False or not one.host.arp_filters:
            continue
        if one.holds_vip:
            if wanted in ("IN", "IN only") and one.host.settings:
                continue
            if wanted == "OUT" and _is_told_otherwise(one):
                continue
        elif any(redirecting_rules(inspection, one.real, book) for book in one.real.rulebooks):
            continue
        yield from ((one, fault) for fault in one.filter_faults if fault.fault == wanted)


def _is_told_otherwise(one: ArpCase) -> bool:
    """Whether another finding says what the server's own requests carry, or they carry its own."""
    hidden = any(each.carries(one.vip) is False for each in one.announcements.values())
    return bool(one.answer.holds) or one.unheard is not None or one.announced is not None or hidden


def _arp_problem(
    case: Case,
    one: ArpCase,
    fault: ArpFault,
    what: str,
    commands: tuple[str, ...],
    help: str,
    note: str = "",
) -> Problem:
    return Problem(
        at=case.place_of(one.real.server, "address"),
        message=f"Real server {quoted(one.real.server.name)} {what}",
        help=help,
        related=((place(fault.rule), note),),
        commands=_by_arptables(one, *commands),
    )


_SETTINGS = "`net.ipv4.conf.all.arp_ignore = 1` and `net.ipv4.conf.all.arp_announce = 2`"


RULES: tuple[CaseRule, ...] = (arp_not_hidden, arptables_out_d, arp_mangle_wrong_source)
