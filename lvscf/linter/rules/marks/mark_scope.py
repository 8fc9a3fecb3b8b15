"""LVS405, 407-409, 413, 415: marks that reach too far, or not far enough."""

from collections.abc import Iterator

from lvscf.config.model import VirtualServer
from lvscf.findings.command import Command
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.firewall.model import Rule
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import iptables_commands, remedies
from lvscf.linter.hosts.inspection import inspection_of
from lvscf.linter.hosts.mark_defects import last_setter, mark_defects, service_text, sound_routers
from lvscf.linter.hosts.rulebook import ALL_PORTS, PortRange, bits_set
from lvscf.linter.hosts.traffic import (
    Router,
    address_of,
    divided,
    mark_of,
    packet_to,
    place,
    port_of,
    protocol_of,
    shown,
)
from lvscf.shared import ipv4
from lvscf.source import quoted

_FIRST_FREE_PORT = 1024


@rule("LVS405", "fwmark-too-wide", Severity.WARNING)
def fwmark_too_wide(case: Case) -> Iterator[Problem]:
    """A marking rule that covers more than the virtual address and its ports.

    What:
        A rule that sets the mark of a virtual server matches a whole network, any address, an
        address that is not a VIP of that mark, or all ports.

    Why:
        IPVS forwards everything with the mark to the real servers: ssh to the router's own
        address, heartbeats, connections to any port of the VIP.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 80
          }
          --- router 10.10.1.21
        - iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20/24 --dport 80 -j MARK --set-mark 80
        + iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20/32 --dport 80 -j MARK --set-mark 80
    """
    inspection = inspection_of(case)
    blamed = {id(defect.rule) for defect in mark_defects(case)}
    for router in inspection.routers:
        for mark, virtual in inspection.marks.items():
            own = inspection.addresses_of_marks[mark]
            wide = [
                (one, excess)
                for one in router.rulebook.marking.get(mark, ())
                if id(one) not in blamed
                and router.rulebook.is_reached(one)
                and router.rulebook.is_known(one)
                and (excess := _excess(router, one, own))
            ]
            if wide:
                yield Problem(
                    at=case.place_of(virtual, "fwmark"),
                    message=f"On {router.name}: mark {mark} is also set for {wide[0][1]}. IPVS "
                    "forwards all of this to the real servers of this service.",
                    help=f"Name the VIP and the ports: `-d {address_of(virtual)}/32`, with "
                    "`--dport` or `-m multiport --dports`.",
                    related=tuple((place(one), f"covers {excess}") for one, excess in wide),
                    commands=remedies.on_router(
                        router,
                        *(text for one, _ in wide for text in _narrowed(case, router, one, mark)),
                    ),
                )


def _narrowed(case: Case, router: Router, wide: Rule, mark: int) -> tuple[str, ...]:
    """The commands that limit a rule to the services with its mark."""
    named = tuple(port for port in router.rulebook.ports(wide) if port != ALL_PORTS)
    protocol = wide.setting("-p")
    meant: dict[tuple[str, str], list[PortRange]] = {}
    for virtual in inspection_of(case).marked:
        if mark_of(virtual) != mark:
            continue
        own = protocol_of(virtual)
        if protocol is not None and protocol.text not in ("", own) and not protocol.negated:
            own = protocol.text
        ports = meant.setdefault((own, address_of(virtual)), [])
        ports += [port for port in named or ((port_of(virtual),) * 2,) if port not in ports]
    new = tuple(
        text
        for (own, address), ports in meant.items()
        for text in remedies.commands_in(
            iptables_commands.for_ports(
                wide.table, f"-A {wide.chain}", own, f"{address}/32", sorted(ports),
                f"MARK --set-mark {mark}",
            )
        )
    )  # fmt: skip
    return remedies.replacing(case, wide, *new)


def _excess(router: Router, marking: Rule, own: set[str]) -> str | None:
    """What a marking rule covers beyond some addresses and named ports."""
    networks = router.rulebook.destinations(marking)
    if not networks:
        return "packets for other addresses"
    for network in networks:
        if not network.single:
            bits = network.mask.bit_count()
            return f"all of {ipv4.dotted(network.address)}/{bits}"
        if ipv4.dotted(network.address) not in own:
            return f"{ipv4.dotted(network.address)}, which is not a VIP of this mark"
    ports = router.rulebook.ports(marking)
    return "all ports of the VIP" if not ports or ALL_PORTS in ports else None


@rule("LVS407", "fwmark-unused", Severity.WARNING)
def fwmark_unused(case: Case) -> Iterator[Problem]:
    """A mark that no virtual server has.

    What:
        A rule on the path of packets for the router sets a mark for one address or for named ports,
        but no active virtual server has that mark.  Marks set through a mask are left out, and so are
        routers whose rules save, restore or match marks: they use them for other purposes.

    Why:
        IPVS does not know the mark, so it does not balance these packets.  The virtual server was
        removed or is not active, or the number is mistyped.

    Bad:
        primary = 10.10.1.21
        virtual web {
            active = 1
            address = 10.10.1.20 eth0:1
        }
        --- router 10.10.1.21
        iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 443 -j MARK --set-mark 81

    Good:
        primary = 10.10.1.21
        virtual web {
            active = 1
            address = 10.10.1.20 eth0:1
        }
        virtual https {
            active = 1
            address = 10.10.1.20 eth0:1
            port = 443
            fwmark = 81
        }
        --- router 10.10.1.21
        iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 443 -j MARK --set-mark 81
    """
    inspection = inspection_of(case)
    blamed = {id(defect.rule) for defect in mark_defects(case)}
    blamed |= {id(last_setter(defect.outcome)) for defect in mark_defects(case)}
    blamed |= {id(alike) for defect in mark_defects(case) for alike in defect.alike}
    known = {virtual.fwmark for virtual in case.virtual_servers}
    for router in inspection.routers:
        if router.rulebook.keeps_marks:
            continue
        for mark, rules in router.rulebook.marking.items():
            if mark in known or mark == 0:
                continue
            for marking in rules:
                if id(marking) not in blamed and _is_for_a_service(router, marking):
                    yield Problem(
                        at=case.first_line(),
                        message=f"On {router.name}: {shown(marking)} sets mark {mark}, but no "
                        "active virtual server has that `fwmark`: IPVS does not balance these "
                        "packets.",
                        help="Correct the number, or remove the rule: "
                        f"{iptables_commands.removal(marking)}.",
                        related=((place(marking), f"sets mark {mark}"),),
                        commands=remedies.on_router(router, *remedies.removing(marking)),
                    )


def _is_for_a_service(router: Router, marking: Rule) -> bool:
    """Whether a rule marks one address or named ports, as rules for IPVS do."""
    bits = bits_set(marking)
    if bits is None or bits.mask != ipv4.ALL_ONES or not router.rulebook.is_reached(marking):
        return False
    networks = router.rulebook.destinations(marking)
    return bool(router.rulebook.ports(marking)) or any(network.single for network in networks)


@rule("LVS408", "fwmark-steals-service", Severity.ERROR)
def fwmark_steals_service(case: Case) -> Iterator[Problem]:
    """A service without a mark whose packets get another service's mark.

    What:
        Packets to the VIP and port of a virtual server without `fwmark` get the mark of another
        active virtual server.

    Why:
        IPVS looks up a packet's mark first, and its address only if no service has the mark.  The
        virtual server is never used: its clients end up at the real servers of the other one.

    Bad:
        primary = 10.10.1.21
        virtual web {
            active = 1
            address = 10.10.1.20 eth0:1
            fwmark = 80
        }
        virtual https {
            active = 1
            address = 10.10.1.20 eth0:1
            port = 443
        }
        --- router 10.10.1.21
        iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 -m multiport --dports 80,443 -j MARK --set-mark 80

    Good:
        primary = 10.10.1.21
        virtual web {
            active = 1
            address = 10.10.1.20 eth0:1
            fwmark = 80
        }
        virtual https {
            active = 1
            address = 10.10.1.20 eth0:1
            port = 443
        }
        --- router 10.10.1.21
        iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j MARK --set-mark 80
    """
    inspection = inspection_of(case)
    for router in inspection.routers:
        for virtual in inspection.virtual_servers:
            if virtual.fwmark:
                continue
            outcomes = inspection.outcomes(router.firewall, packet_to(virtual))
            _, stolen = divided(outcomes, virtual, lambda one: one.mark not in inspection.marks)
            if not stolen:
                continue
            mark = stolen[0].mark
            thief, setter = inspection.marks[mark], last_setter(stolen[0])
            own = (port_of(virtual), port_of(virtual))
            command = iptables_commands.for_ports(
                "mangle", "-A PREROUTING", protocol_of(virtual), f"{address_of(virtual)}/32",
                (own,), "MARK --set-mark 0", router.firewall,
            )  # fmt: skip
            yield Problem(
                at=case.name_of(virtual),
                message=f"On {router.name}: packets to {service_text(virtual)} get mark {mark}, "
                f"which belongs to {quoted(thief.name)}. IPVS looks up marks first, so this "
                "virtual server is never used.",
                help=f"Leave its port out of the rule, or clear the mark afterwards: {command}.",
                related=(
                    (case.place_of(thief, "fwmark"), f"mark {mark} belongs here"),
                    (place(setter), f"sets mark {mark}"),
                ),
                commands=remedies.on_router(
                    router,
                    *remedies.marking(
                        case, stolen[0], protocol_of(virtual), address_of(virtual), (own,), 0
                    ),
                ),
            )


@rule("LVS409", "routers-differ", Severity.ERROR)
def routers_differ(case: Case) -> Iterator[Problem]:
    """Two routers that mark the same packets differently.

    What:
        Both routers mark the packets of a virtual server, but one of them also marks a port that
        the other does not.

    Why:
        When the other router takes over, that port stops working, or suddenly starts to be
        balanced.

    Bad:
        primary = 10.10.1.21
        backup = 10.10.1.22
        backup_active = 1
        virtual web {
            active = 1
            address = 10.10.1.20 eth0:1
            fwmark = 80
        }
        --- router 10.10.1.21
        iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 -m multiport --dports 80,443 -j MARK --set-mark 80
        --- router 10.10.1.22
        iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j MARK --set-mark 80

    Good:
        primary = 10.10.1.21
        backup = 10.10.1.22
        backup_active = 1
        virtual web {
            active = 1
            address = 10.10.1.20 eth0:1
            fwmark = 80
        }
        --- router 10.10.1.21
        iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 -m multiport --dports 80,443 -j MARK --set-mark 80
        --- router 10.10.1.22
        iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 -m multiport --dports 80,443 -j MARK --set-mark 80
    """
    inspection = inspection_of(case)
    for virtual in inspection.receiving:
        sound: dict[str, Router] = {}  # two files of one router are LVS227
        for router in sound_routers(case).get(id(virtual), []):
            sound.setdefault(router.name, router)
        if len(sound) < 2:
            continue
        one, other, *_ = sound.values()
        for has, lacks in ((one, other), (other, one)):
            theirs = inspection.marked_ports(lacks, virtual)
            for protocol, ports in inspection.marked_ports(has, virtual).items():
                missing = [port for port in ports if not _within(port, theirs.get(protocol, []))]
                missing = [port for port in missing if _lacks(case, lacks, virtual, protocol, port)]
                if not missing:
                    continue
                command = iptables_commands.for_ports(
                    "mangle", "-A PREROUTING", protocol, f"{address_of(virtual)}/32",
                    missing, f"MARK --set-mark {mark_of(virtual)}", lacks.firewall,
                )  # fmt: skip
                yield Problem(
                    at=case.place_of(virtual, "fwmark"),
                    message=f"Mark {mark_of(virtual)} is set for {protocol} "
                    f"{iptables_commands.listed(missing)} of {address_of(virtual)} on {has.name}, "
                    f"but not on {lacks.name}: after a takeover, these clients are treated "
                    "differently.",
                    help=f"If the service includes this, mark it on {lacks.name}: {command}.",
                    related=_setters(case, has, virtual, protocol, missing[0]),
                    commands=_marking(case, lacks, virtual, protocol, missing),
                )


def _within(port: PortRange, ranges: list[PortRange]) -> bool:
    return any(low <= port[0] and port[1] <= high for low, high in ranges)


def _lacks(
    case: Case, router: Router, virtual: VirtualServer, protocol: str, port: PortRange
) -> bool:
    packet = packet_to(virtual, port[0], protocol)
    outcomes = inspection_of(case).outcomes(router.firewall, packet)
    right, _ = divided(outcomes, virtual, lambda one: one.mark == mark_of(virtual))
    return not right


def _marking(
    case: Case, router: Router, virtual: VirtualServer, protocol: str, ports: list[PortRange]
) -> tuple[Command, ...]:
    """The commands that mark further ports of a service on a router."""
    packet = packet_to(virtual, ports[0][0], protocol)
    outcome = inspection_of(case).outcomes(router.firewall, packet)[0]
    texts = remedies.marking(case, outcome, protocol, address_of(virtual), ports, mark_of(virtual))
    return remedies.on_router(router, *texts)


def _setters(
    case: Case, router: Router, virtual: VirtualServer, protocol: str, port: PortRange
) -> tuple[tuple[Place, str], ...]:
    packet = packet_to(virtual, port[0], protocol)
    for outcome in inspection_of(case).outcomes(router.firewall, packet):
        setter = last_setter(outcome)
        if outcome.mark == mark_of(virtual) and setter is not None:
            return ((place(setter), f"sets mark {outcome.mark}"),)
    return ()


@rule("LVS413", "ftp-without-data-ports", Severity.WARNING)
def ftp_without_data_ports(case: Case) -> Iterator[Problem]:
    """FTP with a mark on its control port only.

    What:
        Port 21 gets a virtual server's mark, but neither port 20 nor any port from 1024 up does.

    Why:
        FTP opens a second connection for data: to a high port of the VIP (passive), or from port
        20 (active).  Without the mark, passive transfers reach the router itself and hang.

    Bad:
        primary = 10.10.1.21
        virtual ftp {
            active = 1
            address = 10.10.1.20 eth0:1
            port = 21
            fwmark = 21
        }
        --- router 10.10.1.21
        iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 21 -j MARK --set-mark 21

    Good:
        primary = 10.10.1.21
        virtual ftp {
            active = 1
            address = 10.10.1.20 eth0:1
            port = 21
            fwmark = 21
        }
        --- router 10.10.1.21
        iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 -m multiport --dports 21,10000:20000 -j MARK --set-mark 21
    """
    inspection = inspection_of(case)
    for router in inspection.routers:
        for virtual in inspection.receiving:
            if not virtual.fwmark or virtual.protocol != "tcp":
                continue
            ports = inspection.marked_ports(router, virtual).get("tcp", [])
            data = any(high == 20 or high >= _FIRST_FREE_PORT for _, high in ports)
            every = any(
                not router.rulebook.ports(one)
                for one in router.rulebook.marking.get(mark_of(virtual), ())
            )
            if (21, 21) not in ports or data or every:
                continue
            command = iptables_commands.for_ports(
                "mangle", "-A PREROUTING", "tcp", f"{address_of(virtual)}/32",
                ((10000, 20000),), f"MARK --set-mark {mark_of(virtual)}", router.firewall,
            )  # fmt: skip
            yield Problem(
                at=case.place_of(virtual, "fwmark"),
                message=f"On {router.name}: port 21 of {address_of(virtual)} gets mark "
                f"{mark_of(virtual)}, but no data port does: passive transfers hang.",
                help="Set a passive port range on the servers, such as 10000 to 20000, and mark it "
                f"too: {command}.",
                related=_setters(case, router, virtual, "tcp", (21, 21)),
                commands=_marking(case, router, virtual, "tcp", [(10000, 20000)]),
            )


@rule("LVS415", "mark-bits-masked", Severity.WARNING)
def mark_bits_masked(case: Case) -> Iterator[Problem]:
    """A mark that is set through a mask.

    What:
        The rule that sets the mark of a virtual server changes some bits of it only:
        `--set-mark 0x50/0xff`, `--or-mark`.

    Why:
        IPVS compares the whole mark.  As soon as another rule sets one of the other bits, the
        packets no longer belong to the service.

    Example:
          primary = 10.10.1.21
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 80
          }
          --- router 10.10.1.21
        - iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j MARK --set-mark 0x50/0xff
        + iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j MARK --set-mark 0x50
    """
    inspection = inspection_of(case)
    for router in inspection.routers:
        for virtual in inspection.receiving:
            if not virtual.fwmark:
                continue
            outcomes = inspection.outcomes(router.firewall, packet_to(virtual))
            right, _ = divided(outcomes, virtual, lambda one, v=virtual: one.mark == mark_of(v))  # type: ignore[misc]
            setter = last_setter(right[0]) if right else None
            bits = bits_set(setter) if setter else None
            if setter is None or bits is None or bits.mask == ipv4.ALL_ONES:
                continue
            yield Problem(
                at=case.place_of(virtual, "fwmark"),
                message=f"On {router.name}: mark {mark_of(virtual)} is set through the mask "
                f"{bits.mask:#x}, but IPVS compares all bits. A rule that sets any other bit takes "
                "these packets away from the service.",
                help=f"Write `--set-mark {mark_of(virtual)}`.",
                related=((place(setter), f"sets the bits {bits.mask:#x} only"),),
                commands=remedies.on_router(
                    router,
                    *remedies.replacing(
                        case,
                        setter,
                        remedies.with_target(setter, f"MARK --set-mark {mark_of(virtual)}"),
                    ),
                ),
            )


RULES: tuple[CaseRule, ...] = (
    fwmark_too_wide,
    fwmark_unused,
    fwmark_steals_service,
    routers_differ,
    ftp_without_data_ports,
    mark_bits_masked,
)
