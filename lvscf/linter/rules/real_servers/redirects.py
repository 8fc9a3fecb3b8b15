"""LVS501-505 and LVS511: real servers that do not accept the packets forwarded to them."""

from collections.abc import Iterator

from lvscf.findings.command import Command
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.firewall.firewall import Firewall
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import iptables_commands, remedies
from lvscf.linter.hosts.arp_defects import arp_case, arp_cases
from lvscf.linter.hosts.mark_defects import deciding
from lvscf.linter.hosts.redirect_defects import Reason, RedirectDefect, redirect_defects
from lvscf.linter.hosts.rulebook import PortRange, destination
from lvscf.linter.hosts.traffic import address_of, conditions, place, shown
from lvscf.shared import ipv4
from lvscf.source import displayable, quoted

_LOST = "The server discards them, and its share of the clients times out"


@rule("LVS501", "missing-vip-redirect", Severity.ERROR, also=(Severity.WARNING,))
def missing_vip_redirect(case: Case) -> Iterator[Problem]:
    """A real server that does not accept packets for the VIP.

    What:
        With `network = direct`, a real server does not redirect packets to a VIP and port that the
        routers forward to it, and no file that was given shows another arrangement (arptables, or
        `arp_ignore` and `arp_announce`).  The ports are the virtual server's own and all that get
        its mark on the routers.  An error if the server's addresses are known and the VIP is not
        among them, and also if this real server, or another one of the same virtual server,
        redirects any VIP.  Otherwise a warning: the server may have the VIP on `lo`, which iptables
        rules do not show, or its addresses but not its iptables rules were given.

    Why:
        Packets arrive with the VIP as their destination.  A real server that neither has that
        address nor redirects it discards them, and its share of the clients times out.  Health
        checks connect to the server's own address, so it stays in the pool.

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
        - iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 --dport 443 -j REDIRECT
        + iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 -m multiport --dports 80,443 -j REDIRECT
    """
    for defect in _defects(case, "missing"):
        cause = ""
        if defect.rule is not None:
            said = defect.rule.setting("-p")
            if said is not None and said.text not in ("", defect.protocol):
                cause = f": its rule is for {said.text}"
            else:
                cause = f": its rule is in chain {defect.rule.chain}, which they never reach"
        if defect.may_hold_vip:
            if arp_case(case, defect.host).settings.ineffective is None:  # LVS508 reports that
                yield _unsettled(case, defect)
            continue
        without = arp_case(case, defect.host).holds_vip is False
        address = " and does not have that address" if without and not cause else ""
        yield _problem(
            case,
            defect,
            f"does not redirect packets to {_what(defect)}{address}{cause}. {_LOST}.",
            f"Redirect them: {_command(defect, '-A')}.",
            "has no effect on them",
        )
    yield from _without_rules(case)


def _without_rules(case: Case) -> Iterator[Problem]:
    """Real servers that do not have the VIP, and whose packet filter no file shows."""
    for one in arp_cases(case):
        if one.holds_vip is not False or one.real.rulebooks:
            continue
        server = one.real.server.name
        yield Problem(
            at=case.place_of(one.real.server, "address"),
            message=f"Real server {quoted(server)} does not have the address {one.vip}. Unless it "
            "redirects packets to it, it discards them, and its share of the clients times out.",
            help=f"Add the address: `ip addr add {one.vip}/32 dev lo`, and hide it from ARP. If the "
            "server redirects these packets with iptables, show that: save `iptables-save` there "
            f"and add `--real-server {displayable(server)}=FILE`.",
            severity=Severity.WARNING,
            commands=remedies.on_host(
                one.host,
                f"ip addr add {one.vip}/32 dev lo",
                *remedies.hiding(),
            ),
        )


def _unsettled(case: Case, defect: RedirectDefect) -> Problem:
    """The problem if the host may have the VIP itself: both solutions, and what settles it."""
    server = defect.host.server.name
    settings, save = "", "`sysctl -a` or `arptables-save`"
    if arp_case(case, defect.host).settings.lines:
        settings, save = " The kernel settings that were given do not hide it.", "`arptables-save`"
    return Problem(
        at=case.place_of(defect.host.server, "address"),
        message=f"Real server {quoted(server)} does not redirect packets to {_what(defect)}. Unless "
        "it has that address itself, it discards them, and its share of the clients times out.",
        help=f"Redirect them: {_command(defect, '-A')}. Or put the VIP on `lo` and hide it from ARP, "
        "with `arp_ignore = 1` and `arp_announce = 2` for `all` or with arptables rules. If that is "
        f"done already, show it: save {save} on the server and add "
        f"`--real-server {displayable(server)}=FILE`.{settings}",
        severity=Severity.WARNING,
        commands=_redirecting(case, defect),
    )


@rule("LVS502", "redirect-wrong-port", Severity.ERROR)
def redirect_wrong_port(case: Case) -> Iterator[Problem]:
    """A redirection to a port that is not checked.

    What:
        A real server redirects packets for the VIP to a port (`--to-ports`) that is neither the one
        the client asked for nor the server's `port`, which the health check tests.

    Why:
        The health check tests a port that clients never reach.  If nothing listens on the new port,
        clients are refused while the server counts as healthy.

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
        - iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j REDIRECT --to-ports 8080
        + iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j REDIRECT
    """
    for defect in _defects(case, "wrong port"):
        port = "other ports" if defect.outcome.port is None else f"port {defect.outcome.port}"
        yield _problem(
            case,
            defect,
            f"redirects packets to {_what(defect)}, to {port}. The health check tests port "
            f"{defect.host.server.port}, so it does not notice if nothing listens there.",
            f"Keep the port that the client asked for: {_command(defect, '-I')}.",
            "changes the port",
        )


@rule("LVS503", "redirect-shadowed", Severity.ERROR)
def redirect_shadowed(case: Case) -> Iterator[Problem]:
    """A REDIRECT rule that packets never reach.

    What:
        A real server has a REDIRECT rule for the VIP and port, but an earlier rule of the nat table
        (ACCEPT, RETURN or another translation) decides the packet.

    Why:
        The first decision counts.  The packet is not redirected, and the server discards it or sends
        it elsewhere.

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
        + iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j REDIRECT
          iptables -t nat -A PREROUTING -p tcp --dport 80 -j RETURN
        - iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j REDIRECT
    """
    for defect in _defects(case, "shadowed"):
        assert defect.by is not None
        yield _problem(
            case,
            defect,
            f"has a REDIRECT rule for {_what(defect)}, but {shown(defect.by)} decides these packets "
            f"first. {_LOST}.",
            f"Redirect them first: {_command(defect, '-I')}.",
            "never sees these packets",
        )


@rule("LVS504", "redirect-wrong-vip", Severity.ERROR)
def redirect_wrong_vip(case: Case) -> Iterator[Problem]:
    """A REDIRECT rule for an address that is not a VIP.

    What:
        A real server does not redirect the VIP, but it has a REDIRECT rule for the same port of an
        address that no active virtual server has.

    Why:
        The address was mistyped, or the VIP has changed.  The server discards packets for the VIP.

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
        - iptables -t nat -A PREROUTING -p tcp -d 10.10.1.200 --dport 80 -j REDIRECT
        + iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j REDIRECT
    """
    for defect in _defects(case, "wrong address"):
        assert defect.rule is not None
        network = destination(defect.rule)
        assert network is not None
        yield _problem(
            case,
            defect,
            f"redirects {ipv4.dotted(network.address)}, which is not a VIP, instead of "
            f"{_what(defect)}. {_LOST}.",
            f"Redirect the VIP: {_command(defect, '-A')}.",
            "is for another address",
        )


@rule("LVS505", "redirect-partial", Severity.WARNING)
def redirect_partial(case: Case) -> Iterator[Problem]:
    """A REDIRECT for some clients only.

    What:
        A real server redirects packets for the VIP only from some sources, or only on an interface
        other than the one that carries the VIP on the routers.

    Why:
        The server discards the packets of all other clients.  They time out whenever the scheduler
        chooses this server; with persistence, the same clients fail every time.

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
        - iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 ! -s 10.10.1.102 --dport 80 -j REDIRECT
        + iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j REDIRECT
    """
    for defect in _defects(case, "partial"):
        which = conditions(defect.outcome)
        who = f"those with {which}" if which else "the others"
        how = "-A" if defect.by is None else "-I"
        yield _problem(
            case,
            defect,
            f"redirects only some packets to {_what(defect)}. It discards {who}, and these clients "
            "time out.",
            f"Redirect all of them: {_command(defect, how)}.",
            "does not match all packets",
        )


@rule("LVS511", "real-server-blocks-port", Severity.ERROR)
def real_server_blocks_port(case: Case) -> Iterator[Problem]:
    """A real server whose firewall drops the packets forwarded to it.

    What:
        The firewall of a real server drops the first packet to the VIP and port, or later ones of
        the connection.

    Why:
        After a REDIRECT, the packet has the server's own address as its destination, so a rule that
        accepts `-d VIP` no longer matches.  Clients are refused or time out.

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
          iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j REDIRECT
        - iptables -A INPUT -p tcp -d 10.10.1.20 --dport 80 -j ACCEPT
        + iptables -A INPUT -p tcp -d 10.10.1.31 --dport 80 -j ACCEPT
          iptables -A INPUT -j REJECT
    """
    for defect in _defects(case, "blocked"):
        table, chain = defect.outcome.decided_in
        what = shown(defect.by) if defect.by else f"the policy of {chain}"
        if defect.by is not None and defect.outcome.hook == "prerouting":
            remedy = f"Remove the rule: {iptables_commands.removal(defect.by)}"
        else:
            remedy = "Accept them: " + _accepting(defect, table, chain)
        yield _problem(
            case,
            defect,
            f"drops packets to {_what(defect)}, at {what} ({defect.outcome.verdict}). Clients are "
            "refused or time out.",
            f"{remedy}.",
            "drops these packets",
            remedies.on_host(
                defect.host.host,
                *(
                    remedies.accepting(case, defect.outcome, match)
                    for match in iptables_commands.matching(defect.protocol, *_accepted(defect))
                ),
            ),
        )


def _accepting(defect: RedirectDefect, table: str, chain: str) -> str:
    """The command that accepts the packets, as they are after translation."""
    return iptables_commands.for_ports(
        table, f"-I {chain}", defect.protocol, *_accepted(defect), "ACCEPT"
    )


def _accepted(defect: RedirectDefect) -> tuple[str, tuple[PortRange, ...]]:
    """Address and ports of the packets, as they are after translation."""
    ports = defect.ports
    new = defect.outcome.port
    single = len(ports) == 1 and ports[0][0] == ports[0][1]
    if defect.outcome.translated_by is not None and new is not None and single:
        ports = ((new, new),)
    return defect.outcome.destination or defect.host.address, ports


def _defects(case: Case, reason: Reason) -> Iterator[RedirectDefect]:
    return (one for one in redirect_defects(case) if one.reason == reason)


def _problem(
    case: Case,
    defect: RedirectDefect,
    what: str,
    help: str,
    note: str,
    commands: tuple[Command, ...] | None = None,
) -> Problem:
    return Problem(
        at=case.place_of(defect.host.server, "address"),
        message=f"Real server {quoted(defect.host.server.name)} {what}",
        help=help,
        related=((place(defect.rule), note), (place(defect.by), "decides these packets")),
        commands=_redirecting(case, defect) if commands is None else commands,
    )


def _redirecting(case: Case, defect: RedirectDefect) -> tuple[Command, ...]:
    """The commands that redirect the packets, right before the rule that decides them now."""
    by = defect.outcome.translated_by or deciding(defect.outcome, "nat")
    texts = remedies.with_place(case, _command(defect, "-A"), by)
    return remedies.on_host(defect.host.host, *texts)


def _what(defect: RedirectDefect) -> str:
    address = address_of(defect.host.virtual)
    return f"{address}, {defect.protocol} {iptables_commands.listed(defect.ports)}"


def _filter_of(defect: RedirectDefect) -> Firewall | None:
    return next((one.firewall for one in defect.host.rulebooks), None)


def _command(defect: RedirectDefect, how: str) -> str:
    return iptables_commands.for_ports(
        "nat", f"{how} PREROUTING", defect.protocol, address_of(defect.host.virtual),
        defect.ports, "REDIRECT", _filter_of(defect),
    )  # fmt: skip


RULES: tuple[CaseRule, ...] = (
    missing_vip_redirect,
    redirect_wrong_port,
    redirect_shadowed,
    redirect_wrong_vip,
    redirect_partial,
    real_server_blocks_port,
)
