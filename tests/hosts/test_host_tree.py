"""What is known of a host, as a part of the cluster's tree."""

import pytest

from lvscf import hosts
from lvscf.hosts import Host, joined
from lvscf.hosts.host_tree import known_of
from tests.hosts import HOST_FILES


def facts(host: Host) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Title and facts of each part."""
    return {part.kind: (part.title, part.facts) for part in known_of(host, ["10.10.1.20"]).parts}


def test_everything_known() -> None:
    """With all files of a router, only what a router needs is shown, and nothing is missing."""
    host = joined(hosts.read(text, name) for name, text in HOST_FILES.items())
    found = facts(host.of("router", "10.10.1.21"))

    assert found["device"] == ("eth0", ("10.10.1.21/24", "10.10.1.20/32 (VIP)"))
    assert found["default gateway"] == ("10.10.1.254", ("by eth0",))
    assert found["iptables rules"] == ("2 in rules", ("tables nat, filter",))


def test_nothing_known() -> None:
    """Each kind of file that is missing is named with its command."""
    (title, missing) = facts(Host("real-server", "one"))["not known"]

    assert title == ""
    assert "sockets (`ss -lntu`)" in missing
    assert "IPVS table (`ipvsadm -Ln`)" not in missing


@pytest.mark.parametrize(("flags", "says"), [("UP,LOWER_UP", "no address"), ("", "down")])
def test_devices_without_addresses(flags: str, says: str) -> None:
    """A device is shown even if it has no address."""
    text = f"2: eth1: <BROADCAST,{flags}> mtu 1500 qdisc mq\n".replace(",>", ">")

    assert facts(hosts.read(text).of("router", None))["device"] == ("eth1", (says,))
