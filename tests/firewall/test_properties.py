"""Laws that hold for all text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lvscf.firewall import Packet, parse
from lvscf.testing.firewalls import COMMANDS, LINES, PACKETS


@given(st.one_of(st.text(), st.binary(), LINES), PACKETS)
@settings(deadline=None)
def test_content_never_raises(text: str | bytes, packet: Packet) -> None:
    firewall = parse(text)
    assert firewall.trace(packet)
    assert firewall.trace(packet, "10.0.0.9", established=True)
    for table in (*firewall.tables.values(), *firewall.arp_tables.values()):
        assert all(rule.span.line >= 1 for rule in table.rules)
    str(firewall)


@given(COMMANDS, PACKETS)
@settings(deadline=None)
def test_commands_and_what_they_save_agree(commands: str, packet: Packet) -> None:
    ordered = parse(commands)
    saved = parse(str(ordered))
    assert str(saved) == str(ordered)
    assert str(parse(str(saved))) == str(saved)
    seen = [
        {(o.mark, o.destination, o.port, o.accepted, o.conditions) for o in firewall.trace(packet)}
        for firewall in (ordered, saved)
    ]
    assert seen[0] == seen[1]


@given(COMMANDS)
@settings(deadline=None)
def test_an_unknown_packet_goes_all_the_ways_of_known_ones(commands: str) -> None:
    firewall = parse(commands)
    anywhere = firewall.trace(Packet("tcp", "10.0.0.1", 80))
    for source in ("10.1.2.3", "10.2.2.3"):
        for interface in ("eth0", "lo"):
            known = firewall.trace(Packet("tcp", "10.0.0.1", 80, source, interface))
            ways = {(o.mark, o.accepted) for o in anywhere}
            assert {(o.mark, o.accepted) for o in known} <= ways
