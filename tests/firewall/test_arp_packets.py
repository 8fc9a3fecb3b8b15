"""ARP packets, followed through the rules of arptables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf.firewall import parse
from lvscf.firewall.arp_fields import ORDINARY
from lvscf.firewall.arp_packets import (
    NO_HARDWARE_ADDRESS,
    REPLY,
    REQUEST,
    ArpFilter,
    ArpOutcome,
    ArpPacket,
)

VIP = "10.10.1.20"
CLIENT = "10.10.1.101"
ASKED = ArpPacket(REQUEST, CLIENT, VIP, "eth0", ORDINARY, NO_HARDWARE_ADDRESS)
ASKING = ArpPacket(REQUEST, VIP, CLIENT, "eth0", "02:00:00:00:00:31", NO_HARDWARE_ADDRESS)


def rules(*lines: str) -> ArpFilter:
    return ArpFilter(parse("".join(f"arptables {line}\n" for line in lines)))


def into(packet: ArpPacket, *lines: str) -> bool:
    """Whether a packet certainly gets in."""
    (outcome,) = rules(*lines).follow("INPUT", packet)
    return outcome.accepted


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("-d 10.10.1.20", True),
        ("-d 10.10.1.0/24", True),
        ("-d 10.10.1.21", False),
        ("! -d 10.10.1.21", True),
        ("-s 10.10.1.101", True),
        ("! -s 10.10.1.0/24", False),
        ("-i eth0", True),
        ("-i eth+", True),
        ("-i eth1", False),
        ("! -i eth1", True),
        ("! -i +", False),
        ("--opcode 1", True),
        ("--opcode Request", True),
        ("--opcode 2", False),
        ("! --opcode 2", True),
        ("--opcode 3/1", True),
        ("--h-length 6", True),
        ("--h-type 1", True),
        ("--h-type Ethernet", True),
        ("--h-type 6", False),
        ("--proto-type 0x800", True),
        ("--proto-type IPv4", True),
        ("--proto-type 0x806", False),
        ("--src-mac 02:00:00:00:00:77", False),
        ("! --src-mac 2:0:0:0:0:77", True),
        ("--src-mac Unicast", True),
        ("--src-mac Multicast", False),
        ("--dst-mac ff:ff:ff:ff:ff:ff", False),
        ("--dst-mac 00:00:00:00:00:00", True),
        ("--dst-mac 02:00:00:00:00:00/fd:ff:ff:00:00:00", True),
    ],
)
def test_a_condition(condition: str, holds: bool) -> None:
    """A rule drops a request of an ordinary host if all its conditions hold."""
    assert into(ASKED, f"-A INPUT {condition} -j DROP") is not holds


@pytest.mark.parametrize(
    ("lines", "accepted"),
    [
        ((), True),
        (("-P INPUT DROP",), False),
        (("-P INPUT DROP", "-A INPUT -j ACCEPT"), True),
        (("-A INPUT -d 10.10.1.20 -j DROP", "-I INPUT -j ACCEPT"), True),
        (("-N V", "-A INPUT -j V", "-A V -j DROP"), False),
        (("-N V", "-A INPUT -j V", "-A V -j RETURN", "-A V -j DROP"), True),
        (("-N V", "-A INPUT -j V", "-A INPUT -j DROP", "-A V -d 10.10.1.20 -j ACCEPT"), True),
        (("-N V", "-A INPUT -j V", "-A V -d 10.10.1.99 -j ACCEPT", "-A INPUT -j DROP"), False),
        (("-P INPUT DROP", "-A INPUT -j RETURN", "-A INPUT -j ACCEPT"), False),
        (("-A INPUT -j MARK --set-mark 1", "-A INPUT -j DROP"), False),
        (("-A INPUT -j CLASSIFY --set-class 1:1", "-A INPUT -j DROP"), False),
        (("-A OUTPUT -j DROP",), True),
    ],
)
def test_chains_are_walked_in_order(lines: tuple[str, ...], accepted: bool) -> None:
    """The first verdict counts; without one, the policy does."""
    assert into(ASKED, *lines) is accepted


def out_of(*lines: str) -> ArpOutcome:
    (outcome,) = rules(*lines).follow("OUTPUT", ASKING)
    return outcome


def test_mangle_changes_and_accepts() -> None:
    """What comes after a mangle rule is not looked at, unless it says CONTINUE."""
    change = "-A OUTPUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31"
    drop = "-A OUTPUT -s 10.10.1.31 -j DROP"

    assert out_of(change, drop).packet.source == "10.10.1.31"
    assert out_of(change, drop).accepted
    assert out_of(change, drop).changed_by is not None
    assert not out_of(f"{change} --mangle-target CONTINUE", drop).accepted
    assert not out_of(f"{change} --mangle-target DROP").accepted


def test_mangle_changes_hardware_addresses() -> None:
    """Later rules see the changed packet."""
    change = "-A OUTPUT -j mangle --mangle-mac-s 02:00:00:00:00:77 --mangle-target CONTINUE"
    drop = "-A OUTPUT --src-mac 02:00:00:00:00:77 -j DROP"

    assert not out_of(change, drop).accepted
    assert out_of(drop, change).packet.source_hardware == "02:00:00:00:00:77"


def test_no_device_comes_in_where_packets_go_out() -> None:
    """`-i` never matches in OUTPUT, not even one that is not known; `-o` does."""
    saved = "*filter\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n-A OUTPUT -j DROP {}\n"
    for condition, dropped in (("-i eth0", False), ("-o eth0", True), ("-o eth1", False)):
        (outcome,) = ArpFilter(parse(saved.format(condition))).follow("OUTPUT", ASKING)
        assert outcome.accepted is not dropped


def test_what_a_bridge_forwards_has_two_devices() -> None:
    """In FORWARD, only one of them can be known, and it is not known which one that is."""
    saved = "# arptables-save\n*filter\n:FORWARD ACCEPT\n-A FORWARD -j DROP {}\n"
    for condition, verdicts in (("-i eth0", {True, False}), ("-d 10.10.1.20", {False})):
        outcomes = ArpFilter(parse(saved.format(condition))).follow("FORWARD", ASKED)
        assert {one.accepted for one in outcomes} == verdicts


@pytest.mark.parametrize(
    "condition", ["-i eth0", "-s 10.10.1.101", "--src-mac 02:00:00:00:00:00/ff:ff:ff:00:00:00"]
)
def test_what_is_not_known_is_followed_both_ways(condition: str) -> None:
    """The outcomes name what they assume."""
    unknown = ArpPacket(REQUEST, None, VIP)
    outcomes = rules(f"-A INPUT {condition} -j DROP").follow("INPUT", unknown)

    assert {one.accepted for one in outcomes} == {True, False}
    assert {one.assumptions[0].holds for one in outcomes} == {True, False}


def test_an_assumption_is_kept() -> None:
    """What was assumed for one rule holds for the next one that asks the same."""
    unknown = ArpPacket(REQUEST, None, VIP)
    outcomes = rules(
        "-A INPUT -s 10.10.1.101 -j MARK --set-mark 1",
        "-A INPUT ! -s 10.10.1.101 -j DROP",
        "-A INPUT -s 10.10.1.101 -j DROP",
    ).follow("INPUT", unknown)

    assert {one.accepted for one in outcomes} == {False}


def test_a_variable_may_be_anything() -> None:
    """A rule whose address the file does not show may match or not."""
    outcomes = rules("-A INPUT -d $VIP -j DROP").follow("INPUT", ASKED)

    assert {one.accepted for one in outcomes} == {True, False}


def test_an_unknown_new_address_is_unknown() -> None:
    """A shell variable may stand for any sender."""
    assert out_of("-A OUTPUT -j mangle --mangle-ip-s $RIP").packet.source is None


def test_many_unknown_rules_are_given_up() -> None:
    """Where there are too many possibilities, the outcomes say so."""
    lines = [f"-A INPUT -s 10.10.{i // 200}.{i % 200 + 1} -j MARK --set-mark 1" for i in range(200)]
    outcomes = rules(*lines).follow("INPUT", ArpPacket(REQUEST, None, VIP))

    assert not all(one.complete for one in outcomes)


def test_chains_that_multiply_are_given_up() -> None:
    """Thirty chains that each jump to the next one twice would take a thousand million steps."""
    lines = [f"-N C{i}" for i in range(31)]
    for i in range(30):
        lines += [f"-A C{i} -j C{i + 1}"] * 2
    outcomes = rules(*lines, "-A C30 -j MARK --set-mark 1", "-A INPUT -j C0").follow("INPUT", ASKED)

    assert not any(one.complete for one in outcomes)


def test_an_address_must_be_one() -> None:
    """Mistakes of a caller are told."""
    with pytest.raises(ValueError, match="IPv4 address"):
        ArpPacket(REQUEST, "web1", VIP)
    with pytest.raises(TypeError, match="str or None"):
        ArpPacket(REQUEST, 1, VIP)  # type: ignore[arg-type]


ADDRESSES = st.sampled_from(["10.10.1.20", "10.10.1.31", "10.10.1.101", "10.10.1.0/24"])
CONDITIONS = st.lists(
    st.sampled_from(
        ["", "-d 10.10.1.20", "! -d 10.10.1.20", "-s 10.10.1.101", "! -s 10.10.1.0/24",
         "-d 10.10.1.0/24", "--opcode 1", "! --opcode 1", "--h-type 1"]
    ),
    max_size=2,
    unique_by=lambda condition: condition.removeprefix("! ")[:2],
)  # fmt: skip
LINES = st.lists(
    st.builds(
        lambda chain, conditions, target: f"-A {chain} {' '.join(conditions)} -j {target}",
        st.sampled_from(["INPUT", "V"]),
        CONDITIONS,
        st.sampled_from(
            ["ACCEPT", "DROP", "RETURN", "V", "MARK --set-mark 1",
             "mangle --mangle-ip-d 10.10.1.31 --mangle-target CONTINUE"]
        ),
    ).filter(lambda line: not (line.startswith("-A V") and line.endswith("-j V"))),
    max_size=8,
)  # fmt: skip
PACKETS = st.builds(
    ArpPacket,
    st.sampled_from([REQUEST, REPLY]),
    st.sampled_from(["10.10.1.20", "10.10.1.101", "10.10.2.1"]),
    st.sampled_from(["10.10.1.20", "10.10.1.31", "10.10.2.1"]),
    st.just("eth0"),
    st.just(ORDINARY),
    st.just(NO_HARDWARE_ADDRESS),
)


@given(LINES, PACKETS)
def test_a_known_packet_has_one_outcome(lines: list[str], packet: ArpPacket) -> None:
    """Nothing has to be assumed about a packet of which everything is known."""
    (outcome,) = rules("-N V", *lines).follow("INPUT", packet)

    assert outcome.complete
    assert outcome.assumptions == ()


@given(LINES, PACKETS, st.sampled_from(["source", "destination"]))
def test_less_knowledge_leaves_the_outcome_possible(
    lines: list[str], packet: ArpPacket, forgotten: str
) -> None:
    """What really happens to a packet is among the outcomes of one of which less is known."""
    followed = rules("-N V", *lines)
    (real,) = followed.follow("INPUT", packet)
    known = {
        "source": packet.source,
        "destination": packet.destination,
        forgotten: None,
    }
    less = ArpPacket(
        packet.operation, known["source"], known["destination"], "eth0", ORDINARY,
        NO_HARDWARE_ADDRESS,
    )  # fmt: skip

    assert real.accepted in {one.accepted for one in followed.follow("INPUT", less)}


@given(LINES, PACKETS)
def test_the_saved_form_does_the_same(lines: list[str], packet: ArpPacket) -> None:
    """Commands and what arptables-save makes of them are one filter."""
    commanded = rules("-N V", *lines)
    saved = ArpFilter(parse(f"# arptables-save\n{commanded.firewall}"))

    before = commanded.follow("INPUT", packet)
    after = saved.follow("INPUT", packet)
    assert [(one.accepted, one.packet) for one in before] == [
        (one.accepted, one.packet) for one in after
    ]
