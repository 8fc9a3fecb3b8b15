"""ARP on hosts: what they answer, and what their own requests carry."""

import gzip
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf import firewall
from lvscf.firewall import Firewall
from lvscf.hosts import Address, Device, Host, KernelSetting, KernelSettings
from lvscf.hosts.arp import ArpHost
from tests.vectors import DATA

VIP = "10.10.1.20"
RIP = "10.10.1.31"
CLIENT = "10.10.1.101"
LO = Address("127.0.0.1", 8, "lo", scope="host")
OWN = Address(RIP, 24, "eth0")
FORMS = ("commands", "saved", "listed")

with gzip.open(DATA / "arp.jsonl.gz", "rt", encoding="utf-8") as lines:
    VECTORS: tuple[dict[str, Any], ...] = tuple(map(json.loads, lines))


def settings(**values: int) -> KernelSettings:
    """Settings by device and name, such as `all_arp_ignore`; all that are not named are 0."""
    names = [
        f"net.ipv4.conf.{device}.{name}"
        for device in ("all", "default", "eth0", "lo")
        for name in ("arp_ignore", "arp_announce", "arp_filter")
    ]
    named = {
        f"net.ipv4.conf.{key.replace('_', '.', 1)}": str(value) for key, value in values.items()
    }
    return KernelSettings(tuple(KernelSetting(name, named.get(name, "0")) for name in names))


def host(
    *addresses: Address,
    rules: str = "",
    devices: tuple[Device, ...] = (),
    kernel: KernelSettings | None = None,
    **values: int,
) -> ArpHost:
    """A host with `lo`, eth0 and these addresses, all of them known."""
    filters: tuple[Firewall, ...] = (firewall.parse(rules),) if rules else ()
    return ArpHost(
        Host(
            addresses=(LO, OWN, *addresses),
            devices=devices,
            settings=settings(**values) if kernel is None else kernel,
            arp_filters=filters,
            complete=frozenset({"addresses"}),
        )
    )


def of_vector(vector: dict[str, Any], form: str) -> ArpHost:
    """The host of a vector."""
    found = re.fullmatch(r"(\w+)/(\d+)(?: scope (host))?", vector["vip_on"])
    assert found is not None
    vip = Address(VIP, int(found[2]), found[1], scope="host" if found[3] else "global")
    given = [line.split(" = ") for line in vector.get("sysctl", "").splitlines()]
    kernel = KernelSettings(tuple(KernelSetting(name, value) for name, value in given))
    text = vector.get(form, "")
    return host(
        vip,
        rules=text if isinstance(text, str) else "\n".join(text),
        kernel=kernel if "sysctl" in vector else None,
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_kernel_agrees(vector: dict[str, Any], form: str) -> None:
    """Real servers that were really asked, and really asked themselves."""
    real = of_vector(vector, form)
    announced = real.announcement(VIP, "eth0", CLIENT)

    assert real.replies(VIP, "eth0", vector["router"]).holds is vector["answers"]
    assert announced.senders == frozenset(vector["senders"])
    assert announced.certain


ON_LO = Address(VIP, 32, "lo")


@pytest.mark.parametrize(
    ("value", "answers"),
    [(0, True), (1, False), (2, False), (3, True), (4, True), (7, True), (8, False), (9, True)],
)
def test_arp_ignore(value: int, answers: bool) -> None:
    """Values without a meaning act as 0."""
    assert host(ON_LO, all_arp_ignore=value).answers(VIP, "eth0", CLIENT).holds is answers


@pytest.mark.parametrize("value", [1, 8])
def test_a_host_may_hide_its_own_address(value: int) -> None:
    """8 hides that too; 1 does not."""
    assert host(eth0_arp_ignore=value).answers(RIP, "eth0", CLIENT).holds is (value != 8)


def test_who_asks_counts_for_2() -> None:
    """A host of another network gets no answer."""
    real = host(eth0_arp_ignore=2)

    assert real.answers(RIP, "eth0", CLIENT).holds is True
    assert real.answers(RIP, "eth0", None).holds is True
    assert real.answers(RIP, "eth0", "10.99.1.1").holds is False


@pytest.mark.parametrize(("value", "sender"), [(0, VIP), (1, VIP), (2, RIP), (3, VIP)])
def test_arp_announce(value: int, sender: str) -> None:
    """Values without a meaning act as 0."""
    assert host(ON_LO, all_arp_announce=value).announcement(VIP, "eth0", CLIENT).senders == {sender}


def test_arp_announce_1_is_enough_for_a_vip_of_another_network() -> None:
    """It only lets a request carry an address that its target shares a network with."""
    vip = Address("192.0.2.20", 32, "lo")
    real = host(vip, all_arp_announce=1)

    assert real.announcement("192.0.2.20", "eth0", CLIENT).senders == {RIP}


def test_the_first_address_of_a_network_is_preferred() -> None:
    """If the VIP came first, even `arp_announce = 2` announces it."""
    first = ArpHost(
        Host(addresses=(Address(VIP, 24, "eth0"), OWN), settings=settings(all_arp_announce=2))
    )

    assert first.announcement(VIP, "eth0", CLIENT).carries(VIP) is True


def test_a_reply_that_is_changed_is_no_answer() -> None:
    """The kernel replies, and its ARP filter puts another sender into the reply."""
    rules = f"arptables -A OUTPUT -s {VIP} -j mangle --mangle-ip-s {RIP}"
    real = host(ON_LO, rules=rules)

    assert real.replies(VIP, "eth0", CLIENT).holds is True
    assert real.answers(VIP, "eth0", CLIENT).holds is False
    assert real.answers(VIP, "eth0", CLIENT).cause == "filter"


def test_replies_to_its_own_requests_may_be_dropped() -> None:
    """A rule that drops what is for the VIP also drops the replies to requests from it."""
    drop = f"arptables -A INPUT -d {VIP} -j DROP\n"
    change = f"arptables -A OUTPUT -s {VIP} -j mangle --mangle-ip-s {RIP}\n"
    for rules, heard in ((drop, False), (drop + change, True)):
        real = host(ON_LO, rules=rules)
        announcement = real.announcement(VIP, "eth0", CLIENT)
        assert real.hears_replies(announcement, "eth0", CLIENT).holds is heard


def test_a_device_without_arp() -> None:
    """A device with NOARP, or one that is down, answers and announces nothing."""
    for device in (Device("eth0", arp=False), Device("eth0", up=False)):
        real = host(ON_LO, devices=(device,))
        assert real.answers(VIP, "eth0", CLIENT).holds is False
        assert real.announcement(VIP, "eth0", CLIENT).senders == frozenset()


def test_a_network_on_lo_is_all_its_own() -> None:
    """The host answers for every address of it, unless `arp_ignore` asks for a configured one."""
    network = Address(VIP, 24, "lo")

    assert host(network).answers("10.10.1.99", "eth0", CLIENT).holds is True
    assert host(network, all_arp_ignore=1).answers("10.10.1.99", "eth0", CLIENT).holds is False


def test_an_address_that_it_does_not_have() -> None:
    """It is not answered for; without a list of all addresses, nobody knows."""
    part = ArpHost(Host(addresses=(OWN,), settings=settings()))

    assert host().answers(VIP, "eth0", CLIENT).holds is False
    assert part.answers(VIP, "eth0", CLIENT).holds is None


def test_settings_that_no_file_shows() -> None:
    """Without settings nothing is known; with some, the others are assumed to be 0."""
    none = host(ON_LO, kernel=KernelSettings())
    some = host(ON_LO, kernel=KernelSettings((KernelSetting("net.ipv4.conf.all.arp_ignore", "0"),)))

    assert none.answers(VIP, "eth0", CLIENT).holds is None
    assert none.announcement(VIP, "eth0", CLIENT).carries(VIP) is None
    assert some.answers(VIP, "eth0", CLIENT).holds is True
    assert some.answers(VIP, "eth0", CLIENT).assumed
    assert not host(ON_LO).answers(VIP, "eth0", CLIENT).assumed


def test_a_setting_of_a_script_s_branch_is_not_known() -> None:
    """`certain` is False for what a script sets in some cases only."""
    maybe = KernelSetting("net.ipv4.conf.all.arp_ignore", "1", "script", False)

    assert host(ON_LO, kernel=KernelSettings((maybe,))).answers(VIP, "eth0").holds is None


def test_arp_filter_answers_where_packets_go_back() -> None:
    """With two devices in one network, only routes tell which of them answers."""
    second = Address("10.10.1.32", 24, "eth1")

    assert host(ON_LO, all_arp_filter=1).answers(VIP, "eth0", CLIENT).holds is True
    assert host(ON_LO, second, all_arp_filter=1).answers(VIP, "eth0", CLIENT).holds is None


VALUES = st.integers(0, 9)
HELD = st.sampled_from(
    [
        ON_LO,
        Address(VIP, 32, "eth0"),
        Address(VIP, 24, "eth0"),
        Address(VIP, 32, "lo", scope="host"),
    ]
)
RULES = st.lists(
    st.sampled_from(
        [
            f"arptables -A INPUT -d {VIP} -j DROP",
            f"arptables -A INPUT -s {CLIENT} -j ACCEPT",
            f"arptables -A OUTPUT -s {VIP} -j mangle --mangle-ip-s {RIP}",
            f"arptables -A OUTPUT -s {VIP} --opcode 2 -j DROP",
        ]
    ),
    max_size=4,
).map("\n".join)


@given(HELD, RULES, VALUES, VALUES, VALUES, VALUES)
def test_all_and_the_device_count_alike(
    vip: Address, rules: str, ignore: int, other: int, announce: int, different: int
) -> None:
    """What is set for `all` may as well be set for the device, and the other way round."""
    one, two = (
        host(
            vip,
            rules=rules,
            kernel=settings(
                **{
                    f"{first}_arp_ignore": ignore,
                    f"{second}_arp_ignore": other,
                    f"{first}_arp_announce": announce,
                    f"{second}_arp_announce": different,
                }
            ),
        )
        for first, second in (("all", "eth0"), ("eth0", "all"))
    )

    assert one.answers(VIP, "eth0", CLIENT).holds is two.answers(VIP, "eth0", CLIENT).holds
    assert (
        one.announcement(VIP, "eth0", CLIENT).senders
        == two.announcement(VIP, "eth0", CLIENT).senders
    )


@given(HELD, RULES, VALUES, VALUES)
def test_an_answer_is_a_reply_that_nothing_stops(
    vip: Address, rules: str, ignore: int, announce: int
) -> None:
    """The chain OUTPUT can only take answers away, and so can the chain INPUT."""
    kernel = settings(all_arp_ignore=ignore, all_arp_announce=announce)
    real, bare = host(vip, rules=rules, kernel=kernel), host(vip, kernel=kernel)
    answered = real.answers(VIP, "eth0", CLIENT).holds
    made = real.replies(VIP, "eth0", CLIENT).holds

    assert None not in (answered, made)
    assert bool(answered) <= bool(made) <= bool(bare.replies(VIP, "eth0", CLIENT).holds)


@given(RULES, VALUES)
def test_an_address_of_another_host_is_never_answered(rules: str, ignore: int) -> None:
    """Neither rules nor settings make a host answer for what it does not have."""
    assert host(rules=rules, all_arp_ignore=ignore).answers(VIP, "eth0", CLIENT).holds is False
