"""What an LVS router needs of its packet filter and its kernel.

Facts: whole clusters that were run on Linux 6.1, and Red Hat's guides for marks and FTP.
"""

from collections.abc import Iterator
from functools import cached_property

from lvscf.config.model import Config, FailoverService, RealServer, VirtualServer
from lvscf.keepalived.provenance import Provenance
from lvscf.piranha.limits import LARGEST_PORT
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.rule_writing.balanced import (
    FTP_DATA_PORT,
    FTP_PASSIVE,
    FTP_PORT,
    Balanced,
    is_every,
)
from lvscf.rule_writing.wanted import HostNeeds, Paragraph, PortRange, Wanted, distinct
from lvscf.shared import ipv4
from lvscf.shared.records import record

_SYNC_GROUP = "224.0.0.81"
"""Where the kernel's sync daemon sends the connections."""
_SYNC_PORT = 8848
_TUNNEL = "4"
"""The protocol of IP in IP."""


@record(slots=False)
class RouterPlan:
    """What is needed on both routers, and on one of them."""

    config: Config
    """Effective values."""
    known: Provenance
    vrrp: bool
    """Whether keepalived runs on the routers, in place of Piranha."""

    @cached_property
    def balanced(self) -> Balanced:
        """What the routers balance."""
        return Balanced(self.config)

    def needs(self, role: str) -> HostNeeds:
        """What a router needs; `role` is `primary` or `backup`."""
        config = self.config
        own = getattr(config, role) or UNSET_ADDRESS
        private = getattr(config, f"{role}_private")
        names = tuple(name for name in (role, own, private) if name and name != UNSET_ADDRESS)
        paragraphs = (
            self._marks(),
            self._heartbeats(role),
            self._vips(),
            self._answers(),
            self._failover_services(),
            self._replies(),
            self._sent(role),
            self._active_ftp(),
        )
        shown = "" if own == UNSET_ADDRESS else f" {own}"
        return HostNeeds(
            role,
            f"{role} router{shown}",
            names,
            "router",
            own,
            distinct(paragraphs),
            settings=tuple(self._settings()),
            remarks=tuple(self._remarks()),
        )

    def _titled(self, *blocks: VirtualServer | FailoverService | RealServer) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.known.titled(one) for one in blocks))

    # --- the way in --------------------------------------------------------------------------

    def _marks(self) -> Paragraph:
        comments = [
            "Firewall marks, by which IPVS knows these services. Add the ports that a mark bundles",
            "and lvs.cf does not name, such as 443 next to 80, here and in the rules of all hosts:",
        ]
        rules = []
        for one in self.balanced.bundles:
            if one.mark:
                comments += self._titled(*one.blocks)
                rules.append(
                    Wanted("mangle", "PREROUTING", "MARK", one.protocol,
                           destination=one.address, ports=one.named, mark=one.mark)
                )  # fmt: skip
        return Paragraph(tuple(dict.fromkeys(comments)), tuple(rules))

    def _partners(self, role: str) -> Iterator[str]:
        config = self.config
        if not config.backup_active or config.backup in (None, UNSET_ADDRESS):
            return
        other = "backup" if role == "primary" else "primary"
        for address in (getattr(config, other), getattr(config, f"{other}_private")):
            if address and address != UNSET_ADDRESS and ipv4.number(address) is not None:
                yield address

    def _heartbeat_port(self) -> int | None:
        port = self.config.heartbeat_port
        return port if port is not None and 0 < port <= LARGEST_PORT else None

    def _heartbeats(self, role: str) -> Paragraph:
        config, port = self.config, self._heartbeat_port()
        rules = []
        for partner in self._partners(role):
            if self.vrrp:
                rules.append(Wanted("filter", "INPUT", "ACCEPT", "vrrp", source=partner))
            elif port is not None:
                rules.append(
                    Wanted("filter", "INPUT", "ACCEPT", "udp",
                           source=partner, ports=((port, port),))
                )  # fmt: skip
            if config.syncdaemon and config.service == "lvs":
                rules.append(
                    Wanted("filter", "INPUT", "ACCEPT", "udp", source=partner,
                           destination=_SYNC_GROUP, ports=((_SYNC_PORT, _SYNC_PORT),))
                )  # fmt: skip
        what = "VRRP" if self.vrrp else "Heartbeats"
        more = " and connections of the sync daemon" if config.syncdaemon else ""
        line = self.known.remark(config, "backup" if role == "primary" else "primary")
        return Paragraph(
            (f"{what}{more} from the other router: {line}".rstrip(": "),), tuple(rules)
        )

    def _vips(self) -> Paragraph:
        comments = [
            "Clients' packets, in any state: IPVS takes them after INPUT, and connection tracking",
            "knows nothing of these connections (FIN and RST are INVALID to it).",
        ]
        rules = []
        ports: dict[tuple[str, str], list[PortRange]] = {}
        for one in self.balanced.bundles:
            comments += self._titled(*one.blocks)
            ports.setdefault((one.address, one.protocol), []).extend(one.named or [(0, 0)])
        for (address, protocol), named in ports.items():
            every = (0, 0) in named
            rules.append(
                Wanted("filter", "INPUT", "ACCEPT", protocol, destination=address,
                       ports=() if every else tuple(sorted(set(named))))
            )  # fmt: skip
        return Paragraph(tuple(dict.fromkeys(comments)), tuple(rules))

    def _answers(self) -> Paragraph:
        rules = [
            Wanted("filter", "INPUT", "ACCEPT", protocol, source=address,
                   source_ports=tuple(ports), established=True)
            for (address, protocol), ports in self.balanced.checked_ports.items()
        ]  # fmt: skip
        return Paragraph(("Answers of the real servers to nanny's checks.",), tuple(rules))

    def _failover_services(self) -> Paragraph:
        config = self.config
        if config.service != "fos":
            return Paragraph((), ())
        services = [one for one in config.failover_services if one.active and one.address]
        rules = []
        for one in services:
            if one.address is None or not 0 < (one.port or 0) <= LARGEST_PORT:
                continue
            port = one.port or 0
            rules.append(
                Wanted("filter", "INPUT", "ACCEPT", one.protocol or "tcp",
                       destination=one.address.address, ports=((port, port),))
            )  # fmt: skip
        return Paragraph(
            ("Clients of the failover services.", *self._titled(*services)), tuple(rules)
        )

    # --- the way out -------------------------------------------------------------------------

    def _replies(self) -> Paragraph:
        config = self.config
        if config.network != "nat":
            return Paragraph((), ())
        found = self._by_server
        rules = [
            Wanted("filter", "FORWARD", "ACCEPT", protocol, source=address,
                   source_ports=() if is_every(ports) else tuple(ports))
            for (address, protocol), ports in found.items()
        ]  # fmt: skip
        comments = (
            "The real servers' replies, in any state: IPVS gives them the VIP as their source only",
            "after FORWARD, and the first one is INVALID to connection tracking, not ESTABLISHED.",
        )
        return Paragraph(comments, tuple(rules))

    @cached_property
    def _by_server(self) -> dict[tuple[str, str], list[PortRange]]:
        """The ports at which NAT lets packets arrive, by real server and protocol."""
        found: dict[tuple[str, str], dict[PortRange, None]] = {}
        for virtual in self.balanced.started:
            for server in self.balanced.real_servers(virtual):
                for protocol, ports in self.balanced.arriving_ports(virtual, server).items():
                    found.setdefault((server.address or "", protocol), {}).update(ports)
        return {key: sorted(ports) for key, ports in found.items()}

    def _sent(self, role: str) -> Paragraph:
        config, port = self.config, self._heartbeat_port()
        rules: list[Wanted] = []
        for partner in self._partners(role):
            if self.vrrp:
                rules.append(Wanted("filter", "OUTPUT", "ACCEPT", "vrrp", destination=partner))
            elif port is not None:
                rules.append(
                    Wanted("filter", "OUTPUT", "ACCEPT", "udp",
                           destination=partner, ports=((port, port),))
                )  # fmt: skip
        if rules and config.syncdaemon and config.service == "lvs":
            rules.append(
                Wanted("filter", "OUTPUT", "ACCEPT", "udp",
                       destination=_SYNC_GROUP, ports=((_SYNC_PORT, _SYNC_PORT),))
            )  # fmt: skip
        for (address, protocol), ports in self.balanced.checked_ports.items():
            rules.append(
                Wanted("filter", "OUTPUT", "ACCEPT", protocol,
                       destination=address, ports=tuple(ports))
            )  # fmt: skip
        rules += self._forwarded()
        rules += [
            Wanted("filter", "OUTPUT", "ACCEPT", one.protocol,
                   source=one.destination, source_ports=one.ports)
            for one in self._failover_services().rules
        ]  # fmt: skip
        comments = (
            "What this router sends: to the other router, nanny's checks, and what IPVS sends to",
            "the real servers, which is UNTRACKED and matches neither NEW nor ESTABLISHED.",
        )
        return Paragraph(comments, tuple(rules))

    def _forwarded(self) -> Iterator[Wanted]:
        """What IPVS sends, as OUTPUT sees it."""
        config = self.config
        if config.network == "nat":
            for (address, protocol), ports in self._by_server.items():
                named = () if is_every(ports) else tuple(ports)
                yield Wanted("filter", "OUTPUT", "ACCEPT", protocol,
                             destination=address, ports=named)  # fmt: skip
            return
        if config.network == "tunnel":
            servers = {
                server.address
                for virtual in self.balanced.started
                for server in self.balanced.real_servers(virtual)
                if server.address is not None
            }
            for server in sorted(servers):
                yield Wanted("filter", "OUTPUT", "ACCEPT", _TUNNEL, destination=server)
            return
        ports_of: dict[tuple[str, str], set[PortRange]] = {}
        for virtual in self.balanced.started:
            if self.balanced.real_servers(virtual):
                for key, asked in self.balanced.asked_ports(virtual).items():
                    ports_of.setdefault(key, set()).update(asked or [(0, 0)])
        for (address, protocol), asked_for in ports_of.items():
            named = () if (0, 0) in asked_for else tuple(sorted(asked_for))
            yield Wanted("filter", "OUTPUT", "ACCEPT", protocol,
                         destination=address, ports=named)  # fmt: skip

    def _active_ftp(self) -> Paragraph:
        """What active FTP needs with NAT: servers open these connections themselves."""
        config = self.config
        rules: list[Wanted] = []
        if config.network == "nat":
            servers = {
                server.address
                for virtual in self.balanced.started
                if virtual.port == FTP_PORT and virtual.fwmark
                for server in self.balanced.real_servers(virtual)
                if server.address is not None
            }
            port = ((FTP_DATA_PORT, FTP_DATA_PORT),)
            for server in sorted(servers):
                rules += [
                    Wanted("nat", "POSTROUTING", "MASQUERADE", "tcp",
                           source=server, source_ports=port),
                    Wanted("filter", "FORWARD", "ACCEPT", "tcp", source=server, source_ports=port),
                    Wanted("filter", "FORWARD", "ACCEPT", "tcp", destination=server, ports=port),
                ]  # fmt: skip
        return Paragraph(("Active FTP: data connections that a real server opens.",), tuple(rules))

    # --- besides rules -----------------------------------------------------------------------

    def _settings(self) -> Iterator[tuple[str, int, str]]:
        if self.config.network == "nat" and self.balanced.bundles:
            yield "net.ipv4.ip_forward", 1, "The real servers' replies are forwarded."

    def _remarks(self) -> Iterator[str]:
        if any(one.has_ftp for one in self.balanced.bundles):
            low, high = FTP_PASSIVE
            yield (
                f"FTP: the real servers must use the ports {low} to {high} for passive transfers "
                f"(vsftpd: pasv_min_port={low}, pasv_max_port={high}, pasv_address=the VIP)."
            )
        for one in self.balanced.bundles:
            if one.mark and not one.named:
                yield (
                    f"Mark {one.mark} is set for all ports of {one.address}, because `port = 0` "
                    "names none: limit the rule to the ports that you mean."
                )
