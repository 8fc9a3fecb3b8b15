"""LVS5, first part: whether real servers take the packets that the routers forward to them."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.hosts import iptables_commands
from lvscf.linter.hosts.arp_defects import arp_settings, ineffective_sysctl
from lvscf.linter.hosts.redirect_defects import Reason, RedirectDefect, redirect_defects
from lvscf.linter.hosts.rulebook import destination
from lvscf.linter.hosts.traffic import RealHost, address_of, conditions, place, shown
from lvscf.shared import ipv4
from lvscf.source import displayable, quoted

_LOST = "The server discards them, and its share of the clients times out"


@rule("LVS501", "missing-vip-redirect", Severity.ERROR, also=(Severity.WARNING,))
def missing_vip_redirect(case: Case) -> Iterator[Problem]:
    """A real server that does not take packets for the VIP.

    What:
        With `network = direct`, packets to a VIP and port that the routers forward to a real server
        are not redirected there, and no file that was given shows another arrangement (arptables,
        or `arp_ignore` and `arp_announce`).  The ports are those that carry the virtual server's
        mark on the routers, and its own.  A warning if the real server redirects no VIP at all,
        nor does another one of the same virtual server: then it may hold the VIP itself, on `lo`,
        which its iptables rules do not show.

    Why:
        Packets arrive with the VIP as their destination.  A real server that neither has that
        address nor redirects it discards them: its share of the clients times out, and as health
        checks ask the server's own address, it stays in the pool.

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
                cause = f": the rule there is for {said.text}"
            else:
                cause = f": the rule stands in chain {defect.rule.chain}, where no packet comes"
        if defect.may_hold_vip:
            if ineffective_sysctl(defect.host) is None:  # LVS508 reports that
                yield _unsettled(defect)
            continue
        yield _problem(
            defect,
            f"does not redirect packets to {_what(defect)}{cause}. {_LOST}. Redirect them: "
            f"{_command(defect, '-A')}.",
            "has no effect on them",
        )


def _unsettled(defect: RedirectDefect) -> Problem:
    """The problem where the VIP may be on the host itself: both ways, and what settles it."""
    server = defect.host.server.name
    settings, save = "", "`sysctl -a` or `arptables-save`"
    if arp_settings(defect.host):
        settings, save = " The kernel settings that were given do not hide it.", "`arptables-save`"
    return Problem(
        at=_server(defect.host),
        message=f"Real server {quoted(server)} does not redirect packets to {_what(defect)}. Unless "
        "it holds that address itself, it discards them, and its share of the clients times out. "
        f"Redirect them: {_command(defect, '-A')}; or put the VIP on `lo`, with `arp_ignore = 1` "
        "and `arp_announce = 2` for `all`, or arptables rules.",
        help=f"If the VIP is there already, give what shows it: save {save} on the server, and add "
        f"`--real-server {displayable(server)}=FILE`.{settings}",
        severity=Severity.WARNING,
    )


@rule("LVS502", "redirect-wrong-port", Severity.ERROR)
def redirect_wrong_port(case: Case) -> Iterator[Problem]:
    """A redirection to a port where nobody looks.

    What:
        A real server redirects packets for the VIP to another port (`--to-ports`) than the one that
        the client asked for, and than the server's `port`, which the health check asks.

    Why:
        The health check says that the service is well, at a port that no client reaches.  If
        nothing listens at the new port, clients are refused.

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
        port = "others" if defect.outcome.port is None else f"port {defect.outcome.port}"
        yield _problem(
            defect,
            f"redirects packets to {_what(defect)} to {port}, where neither the client nor the "
            f"health check (port {defect.host.server.port}) looks. Leave the port as it is: "
            f"{_command(defect, '-I')}.",
            "changes the port",
        )


@rule("LVS503", "redirect-shadowed", Severity.ERROR)
def redirect_shadowed(case: Case) -> Iterator[Problem]:
    """A REDIRECT rule that packets do not come to.

    What:
        A real server has a REDIRECT rule for the VIP and port, and an earlier rule of the nat table
        (ACCEPT, RETURN, another translation) decides the packet.

    Why:
        The first verdict counts: the packet keeps the VIP as its destination, and is discarded.

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
            defect,
            f"never brings packets to {_what(defect)} to their REDIRECT rule: {shown(defect.by)} "
            f"decides them before. {_LOST}. Redirect them first: {_command(defect, '-I')}.",
            "never sees these packets",
        )


@rule("LVS504", "redirect-wrong-vip", Severity.ERROR)
def redirect_wrong_vip(case: Case) -> Iterator[Problem]:
    """A REDIRECT rule for an address that is no VIP.

    What:
        A real server does not redirect the VIP, and has a REDIRECT rule for the same port of an
        address that no active virtual server has.

    Why:
        The address was mistyped, or the VIP has changed: packets for the VIP are discarded.

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
            defect,
            f"redirects {ipv4.dotted(network.address)}, which is no VIP, and not "
            f"{_what(defect)}. {_LOST}. Redirect the VIP: {_command(defect, '-A')}.",
            "is for another address",
        )


@rule("LVS505", "redirect-partial", Severity.WARNING)
def redirect_partial(case: Case) -> Iterator[Problem]:
    """A REDIRECT for some clients only.

    What:
        A real server redirects packets for the VIP only from some sources, or only from an
        interface that is named otherwise than the one that has the VIP on the routers.

    Why:
        The packets of the other clients are discarded: they time out whenever the scheduler chooses
        this server; with persistence always the same ones.

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
        who = f"those with {which}" if which else "others"
        how = "-A" if defect.by is None else "-I"
        yield _problem(
            defect,
            f"redirects only some of the packets to {_what(defect)}. It discards {who}: "
            f"these clients time out. Redirect all of them: {_command(defect, how)}.",
            "does not match all packets",
        )


@rule("LVS511", "real-server-blocks-port", Severity.ERROR)
def real_server_blocks_port(case: Case) -> Iterator[Problem]:
    """A real server whose firewall drops the packets that it is sent.

    What:
        The filter of a real server drops the first packet to the VIP and port, after it has been
        redirected, or the later ones of the connection.

    Why:
        Behind a REDIRECT the packet has the server's own address as its destination: a rule that
        accepts `-d VIP` does not match any more.  Clients are refused, or time out.

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
        if defect.by is not None and chain == "PREROUTING":
            remedy = f"Take the rule out: {iptables_commands.removal(defect.by)}"
        else:
            remedy = "Let them in: " + _accepting(defect, table, chain)
        yield _problem(
            defect,
            f"drops packets to {_what(defect)}: {what} ends their way ({defect.outcome.verdict}). "
            f"Clients are refused, or time out. {remedy}.",
            "drops these packets",
        )


def _accepting(defect: RedirectDefect, table: str, chain: str) -> str:
    """The command that accepts what the packets have become."""
    ports = defect.ports
    new = defect.outcome.port
    single = len(ports) == 1 and ports[0][0] == ports[0][1]
    if defect.outcome.translated_by is not None and new is not None and single:
        ports = ((new, new),)
    address = defect.outcome.destination or defect.host.address
    return iptables_commands.for_ports(
        table, f"-I {chain}", defect.protocol, address, ports, "ACCEPT"
    )


def _defects(case: Case, reason: Reason) -> Iterator[RedirectDefect]:
    return (one for one in redirect_defects(case) if one.reason == reason)


def _problem(defect: RedirectDefect, what: str, note: str) -> Problem:
    related = [(defect.rule, note), (defect.by, "decides these packets")]
    return Problem(
        at=_server(defect.host),
        message=f"Real server {quoted(defect.host.server.name)} {what}",
        related=tuple((place(one), text) for one, text in related if one is not None),
    )


def _server(host: RealHost) -> Place:
    return places.value_of(host.server, "address") or places.name_of(host.server) or Place(0, 0)


def _what(defect: RedirectDefect) -> str:
    address = address_of(defect.host.virtual)
    return f"{address}, {defect.protocol} {iptables_commands.listed(defect.ports)}"


def _command(defect: RedirectDefect, how: str) -> str:
    return iptables_commands.for_ports(
        "nat", f"{how} PREROUTING", defect.protocol, address_of(defect.host.virtual),
        defect.ports, "REDIRECT",
    )  # fmt: skip


RULES: tuple[CaseRule, ...] = (
    missing_vip_redirect,
    redirect_wrong_port,
    redirect_shadowed,
    redirect_wrong_vip,
    redirect_partial,
    real_server_blocks_port,
)
