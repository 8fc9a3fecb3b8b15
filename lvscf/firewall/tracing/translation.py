"""NAT: what REDIRECT, DNAT, NETMAP, SNAT and MASQUERADE do to a packet."""

from lvscf.firewall.model import Endpoint, Network, Ranges, Rule
from lvscf.firewall.tracing.branches import ANY_ADDRESS, ANY_PORT, Branch, Journey, Range, known_or
from lvscf.shared import ipv4
from lvscf.shared.records import evolved

_LOOPBACK: Range = (0x7F000001, 0x7F000001)
"""127.0.0.1, to which REDIRECT sends the packets of this host's own programs."""


def translated(rule: Rule, branch: Branch, journey: Journey) -> Branch:
    """The packet after REDIRECT, DNAT or NETMAP."""
    assert rule.target is not None
    values = [setting.value for setting in rule.target.settings]
    addresses: Range | None = None
    ports: Range | None = None
    shifted = False
    if rule.target.name == "REDIRECT":
        addresses = redirected(journey)
    if not all(setting.known for setting in rule.target.settings):
        addresses, ports = ANY_ADDRESS, ANY_PORT
    for value in values:
        if isinstance(value, Ranges):
            ports = value.ranges[0]
        elif isinstance(value, Endpoint):
            addresses, ports, shifted = value.addresses, value.ports, value.shifted
        elif isinstance(value, Network):
            addresses = _mapped(branch.destination, value)
    kept = rule.target.setting("--random") is None and not shifted
    return sent_to(
        branch,
        rule,
        branch.destination if addresses is None else addresses,
        branch.port if ports is None else new_port(branch.port, ports, kept=kept),
    )


def redirected(journey: Journey) -> Range:
    """The address to which REDIRECT sends packets."""
    if journey.hook == "output":
        return _LOOPBACK
    return known_or(journey.local_address if journey.way == "input" else None, ANY_ADDRESS)


def masqueraded(branch: Branch, journey: Journey) -> Range:
    """The address that MASQUERADE gives packets: that of the interface by which they leave."""
    rerouted = journey.way == "output" and branch.translated is not None
    return known_or(None if rerouted else journey.local_address, ANY_ADDRESS)


def _mapped(destination: Range, network: Network) -> Range:
    """The destination after NETMAP, which keeps the host part of the address."""
    if destination[0] == destination[1]:
        address = network.address | destination[0] & ~network.mask & ipv4.ALL_ONES
        return address, address
    return network.address, network.address | ~network.mask & ipv4.ALL_ONES


def new_port(port: Range, ports: Range, *, kept: bool) -> Range:
    """The new port; one that is in the new range already stays as it is."""
    inside = ports[0] <= port[0] and port[1] <= ports[1]
    return port if inside and kept else ports


def sent_to(branch: Branch, rule: Rule | None, destination: Range, port: Range) -> Branch:
    """The branch with a new destination."""
    return evolved(branch, destination=destination, port=port, translated=rule)


def with_new_source(rule: Rule, branch: Branch, journey: Journey) -> Branch:
    """The packet after SNAT, MASQUERADE, or NETMAP in POSTROUTING."""
    assert rule.target is not None
    source, port = branch.source, branch.source_port
    shifted = not all(setting.known for setting in rule.target.settings)
    if shifted:
        source = ANY_ADDRESS
    elif rule.target.name == "MASQUERADE":
        source = masqueraded(branch, journey)
    ports: Range | None = None
    for setting in rule.target.settings:
        value = setting.value
        if isinstance(value, Endpoint):
            source = value.addresses or source
            ports, shifted = value.ports, shifted or value.shifted
        elif isinstance(value, Ranges):
            ports = value.ranges[0]
        elif isinstance(value, Network):
            source = _mapped(branch.source, value)
    if shifted or any(rule.target.setting(name) for name in ("--random", "--random-fully")):
        port = ANY_PORT
    if ports is not None:
        port = new_port(port, ports, kept=not shifted)
    return evolved(branch, new_source=(source, port), source_translated=rule)


def from_new_source(branch: Branch) -> Branch:
    """The branch for chains that come after the NAT of sources."""
    if branch.new_source is None:
        return branch
    source, port = branch.new_source
    return evolved(branch, source=source, source_port=port)


def as_opened(branch: Branch, opener: Branch | None, hook: str) -> Branch:
    """The branch of a later packet, which goes where the first one of its connection went."""
    if opener is None or not branch.tracked:
        return branch
    if hook == "postrouting":
        return evolved(
            branch, new_source=opener.new_source, source_translated=opener.source_translated
        )
    if opener.translated is None:
        return branch
    return sent_to(branch, opener.translated, opener.destination, opener.port)
