"""Hosts: parts that files show, and how they are put together."""

import pytest

from lvscf import hosts
from lvscf.hosts import Address, Host, Route, joined
from lvscf.hosts.kernel_settings import KernelSettings

ETH0 = Address("10.10.1.21", 24, "eth0")
LO = Address("127.0.0.1", 8, "lo", scope="host")


def test_parts_are_put_together() -> None:
    """Facts are kept once, in order; what one part shows completely is complete."""
    settings = hosts.read("net.ipv4.ip_forward = 1\n", "sysctl.txt")
    rules = hosts.read("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", "iptables.txt")
    first = Host("router", "10.10.1.21", addresses=(ETH0,))
    second = Host(addresses=(LO, ETH0), complete=frozenset({"addresses"}))

    host = joined([first, second, settings, rules])

    assert (host.role, host.name) == ("router", "10.10.1.21")
    assert host.addresses == (ETH0, LO)
    assert host.complete == {"addresses"}
    assert host.settings.value("net.ipv4.ip_forward") == "1"
    assert len(host.firewalls) == 1
    assert [source.filename for source in host.sources] == ["sysctl.txt", "iptables.txt"]


def test_a_part_alone_is_the_host() -> None:
    """Nothing is copied for one file."""
    host = Host("router", None, addresses=(ETH0,))

    assert joined([host]) is host


def test_no_parts() -> None:
    """Of nothing, there is no host."""
    with pytest.raises(ValueError, match="no parts"):
        joined([])


@pytest.mark.parametrize(
    ("complete", "known"), [(frozenset(), None), (frozenset({"addresses"}), False)]
)
def test_an_address_that_is_not_shown(complete: frozenset[hosts.Fact], known: bool | None) -> None:
    """Absent means unknown unless the files show all addresses."""
    host = Host(addresses=(ETH0,), complete=complete)

    assert host.has_address("10.10.1.21") is True
    assert host.has_address("10.10.1.20") is known
    assert (host.own_addresses is None) == (known is None)


def test_networks_and_routes() -> None:
    """The network of an address follows from its prefix, or from its peer; the default is 0/0."""
    peer = Address("10.0.0.1", 24, "ppp0", peer="10.9.0.1")

    assert ETH0.network == (0x0A0A0100, 0xFFFFFF00)
    assert peer.network == (0x0A090000, 0xFFFFFF00)
    assert Route((0, 0), "10.10.1.254").is_default
    assert not Route(ETH0.network, device="eth0").is_default


@pytest.mark.parametrize(
    ("role", "name", "error"),
    [
        ("router", 5, TypeError),
        ("real-server", None, ValueError),
        ("gateway", "10.10.1.1", ValueError),
    ],
)
def test_mistakes(role: object, name: object, error: type[Exception]) -> None:
    """A host of a cluster needs a role, and a real server a name."""
    with pytest.raises(error):
        Host().of(role, name)  # type: ignore[arg-type]


def test_settings_of_running_kernels_count_last() -> None:
    """What the kernel has beats what the boot files say, whichever file comes first."""
    running = hosts.KernelSetting("net.ipv4.ip_forward", "0")
    boot = hosts.KernelSetting("net.ipv4.ip_forward", "1", origin="boot")

    host = joined(
        [Host(settings=KernelSettings((running,))), Host(settings=KernelSettings((boot,)))]
    )

    assert host.settings.value("net.ipv4.ip_forward") == "0"
