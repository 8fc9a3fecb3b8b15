"""What a real server needs to take the packets that the routers send to it."""

from collections.abc import Iterator

from lvscf.config.model import Config, RealServer, VirtualServer
from lvscf.keepalived.provenance import Provenance
from lvscf.rule_writing.balanced import Balanced, is_every
from lvscf.rule_writing.wanted import HostNeeds, Paragraph, PortRange, Wanted, distinct
from lvscf.shared.records import record

WAYS = ("redirect", "arp", "arptables")
"""How a real server of direct routing takes packets for a VIP."""
_TUNNEL_DEVICE = "tunl0"
_EVERY = (0, 0)


def needs_of_real_servers(config: Config, known: Provenance, way: str) -> Iterator[HostNeeds]:
    """What each real server needs, in the order of the lvs.cf; of effective values."""
    found: dict[str, list[tuple[VirtualServer, RealServer]]] = {}
    balanced = Balanced(config)
    for virtual in balanced.started:
        for server in balanced.real_servers(virtual):
            found.setdefault(server.address or "", []).append((virtual, server))
    for address, served in found.items():
        yield _Host(balanced, known, way, address, tuple(served)).needs()


@record
class _Host:
    """A real server, with all that it serves."""

    balanced: Balanced
    known: Provenance
    way: str
    address: str
    served: tuple[tuple[VirtualServer, RealServer], ...]

    @property
    def config(self) -> Config:
        """The values of the lvs.cf."""
        return self.balanced.config

    def needs(self) -> HostNeeds:
        """All that it needs."""
        config = self.config
        names = dict.fromkeys(server.name for _, server in self.served)
        paragraphs = [self._way_in(), self._checks(), self._way_out()]
        if config.network == "direct" and self.way == "redirect":
            paragraphs.insert(0, self._redirects())
        return HostNeeds(
            f"real-servers/{self.address}",
            f"real server {self.address}",
            (*names, self.address),
            "real-server",
            self.address,
            distinct(paragraphs),
            settings=tuple(self._settings()),
            commands=tuple(self._commands()),
            arp_rules=tuple(self._arp_rules()),
            remarks=tuple(self._remarks()),
        )

    @property
    def _titles(self) -> tuple[str, ...]:
        """The blocks that put it into the pools."""
        return tuple(
            f"{self.known.titled(server)} of {self.known.titled(virtual)}"
            for virtual, server in self.served
        )

    def _asked(self) -> dict[tuple[str, str], tuple[PortRange, ...]]:
        """What clients ask for, by VIP and protocol; no ports mean all."""
        found: dict[tuple[str, str], set[PortRange]] = {}
        for virtual, _ in self.served:
            for key, ports in self.balanced.asked_ports(virtual).items():
                found.setdefault(key, set()).update(ports or [_EVERY])
        return {
            key: () if _EVERY in ports else tuple(sorted(ports)) for key, ports in found.items()
        }

    def _arriving(self) -> dict[str, tuple[PortRange, ...]]:
        """The ports at which packets arrive at its own address, by protocol."""
        found: dict[str, set[PortRange]] = {}
        if self.config.network == "nat":
            for virtual, server in self.served:
                for protocol, ports in self.balanced.arriving_ports(virtual, server).items():
                    found.setdefault(protocol, set()).update(ports)
        else:
            for (_, protocol), asked in self._asked().items():
                found.setdefault(protocol, set()).update(asked or [_EVERY])
        return {
            protocol: () if _EVERY in ports or is_every(ports) else tuple(sorted(ports))
            for protocol, ports in found.items()
        }

    @property
    def _has_own_address(self) -> bool:
        """Whether packets have its own address when INPUT sees them."""
        redirects = self.config.network == "direct" and self.way == "redirect"
        return self.config.network == "nat" or redirects

    def _checked(self) -> Iterator[tuple[str, tuple[PortRange, ...]]]:
        """The ports that nanny asks here, by protocol."""
        for protocol in ("tcp", "udp"):
            ports = self.balanced.checked_ports.get((self.address, protocol))
            if ports:
                yield protocol, ports

    # --- rules -------------------------------------------------------------------------------

    def _redirects(self) -> Paragraph:
        rules = [
            Wanted("nat", "PREROUTING", "REDIRECT", protocol, destination=vip, ports=ports)
            for (vip, protocol), ports in self._asked().items()
        ]
        comments = ("Packets for the VIPs, which this host does not have:", *self._titles)
        return Paragraph(comments, tuple(rules))

    def _way_in(self) -> Paragraph:
        rules: list[Wanted] = []
        if self.config.network == "tunnel":
            rules.append(Wanted("filter", "INPUT", "ACCEPT", "4", destination=self.address))
        if self._has_own_address:
            rules += [
                Wanted("filter", "INPUT", "ACCEPT", protocol, destination=self.address, ports=ports)
                for protocol, ports in self._arriving().items()
            ]
            comment = "Clients' packets, and nanny's checks, have this host's own address in INPUT."
        else:
            device = _TUNNEL_DEVICE if self.config.network == "tunnel" else None
            rules += [
                Wanted("filter", "INPUT", "ACCEPT", protocol,
                       destination=vip, ports=ports, device=device)
                for (vip, protocol), ports in self._asked().items()
            ]  # fmt: skip
            comment = "Clients' packets, for the VIPs."
            if device:
                comment = "The tunnel (protocol 4), and clients' packets, which come out of it."
        return Paragraph((comment, *self._titles), tuple(rules))

    def _checks(self) -> Paragraph:
        rules = [
            Wanted("filter", "INPUT", "ACCEPT", protocol, destination=self.address, ports=ports)
            for protocol, ports in self._checked()
        ]
        return Paragraph(("nanny's health checks, of this host's own address.",), tuple(rules))

    def _way_out(self) -> Paragraph:
        rules = []
        if self._has_own_address:
            rules += [
                Wanted("filter", "OUTPUT", "ACCEPT", protocol,
                       source=self.address, source_ports=ports)
                for protocol, ports in self._arriving().items()
            ]  # fmt: skip
        else:
            rules += [
                Wanted("filter", "OUTPUT", "ACCEPT", protocol, source=vip, source_ports=ports)
                for (vip, protocol), ports in self._asked().items()
            ]
        rules += [
            Wanted("filter", "OUTPUT", "ACCEPT", protocol, source=self.address, source_ports=ports)
            for protocol, ports in self._checked()
        ]
        return Paragraph(("Replies to clients and to nanny.",), tuple(rules))

    # --- besides rules -----------------------------------------------------------------------

    @property
    def _vips(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(vip for vip, _ in self._asked()))

    def _settings(self) -> Iterator[tuple[str, int, str]]:
        quiet = "Hides the VIPs of other devices from ARP."
        if self.config.network == "direct" and self.way == "arp":
            yield "net.ipv4.conf.all.arp_ignore", 1, quiet
            yield "net.ipv4.conf.all.arp_announce", 2, "Never sends ARP requests from a VIP."
        if self.config.network == "tunnel":
            why = "The way back to clients does not lead into the tunnel."
            yield "net.ipv4.conf.all.rp_filter", 0, why
            yield f"net.ipv4.conf.{_TUNNEL_DEVICE}.rp_filter", 0, why
            yield "net.ipv4.conf.all.arp_ignore", 1, quiet
            yield "net.ipv4.conf.all.arp_announce", 2, "Never sends ARP requests from a VIP."

    def _commands(self) -> Iterator[tuple[str, str]]:
        config = self.config
        if config.network == "nat":
            if config.nat_router is not None:
                line = self.known.remark(config, "nat_router")
                yield (
                    f"ip route replace default via {config.nat_router.address}",
                    f"Replies must come back through the router: {line}".rstrip(": "),
                )
        elif config.network == "tunnel":
            yield "modprobe ipip", f"The tunnel: its device is {_TUNNEL_DEVICE}."
            yield f"ip link set {_TUNNEL_DEVICE} up", ""
            for vip in self._vips:
                yield f"ip addr add {vip}/32 dev {_TUNNEL_DEVICE}", ""
        elif self.way != "redirect":
            for number, vip in enumerate(self._vips):
                why = "" if number else "The VIPs; with /32, no network comes with them."
                yield f"ip addr add {vip}/32 dev lo", why

    def _arp_rules(self) -> Iterator[tuple[str, str]]:
        if self.config.network == "direct" and self.way == "arptables":
            for vip in self._vips:
                yield f"arptables -A INPUT -d {vip} -j DROP", f"Never answers for {vip}."
                yield (
                    f"arptables -A OUTPUT -s {vip} -j mangle --mangle-ip-s {self.address}",
                    "",
                )

    def _remarks(self) -> Iterator[str]:
        if self.config.network == "nat" and self.config.nat_router is None:
            yield "Its default gateway must be the routers' address in its network (nat_router)."
        if self._has_own_address and self.config.network == "direct":
            yield "Programs must listen on all addresses, or on this host's own."
        elif self.config.network != "nat":
            yield "Programs must listen on all addresses, or on the VIPs and this host's own."
