"""What `arp_ignore` and `arp_announce` show of a host whose addresses are not known."""

import pytest

from lvscf.hosts import Address, Host, KernelSetting, KernelSettings
from lvscf.linter.hosts.arp_settings import ArpSettings

RIP = Address("10.10.1.31", 24, "eth1")


def arp_settings(
    *lines: str, certain: bool = True, addresses: tuple[Address, ...] = ()
) -> ArpSettings:
    pairs = [line.split("=") for line in lines]
    given = tuple(
        KernelSetting(f"net.ipv4.conf.{name}", value, certain=certain) for name, value in pairs
    )
    return ArpSettings(Host(settings=KernelSettings(given), addresses=addresses))


@pytest.mark.parametrize(
    ("lines", "hidden"),
    [
        ((), False),
        (("all.arp_ignore=1",), True),
        (("eth0.arp_ignore=2", "all.arp_ignore=0"), True),
        (("eth0.arp_ignore=1", "all.arp_ignore=3"), False),
        (("lo.arp_ignore=1",), False),
        (("default.arp_ignore=1",), False),
        (("all.arp_ignore=0", "all.arp_ignore=1"), True),
        (("all.arp_ignore=one",), False),
        ((f"all.arp_ignore={'1' * 5000}",), False),
        (("all.arp_announce=2",), False),
    ],
)
def test_what_hides(lines: tuple[str, ...], hidden: bool) -> None:
    """The larger value of `all` and a device counts, the last line, and only a number."""
    assert arp_settings(*lines).hide("arp_ignore") is hidden


def test_what_a_script_may_set_may_hide() -> None:
    """Nothing is said of settings that depend on a script's branch."""
    stopped = arp_settings("lo.arp_ignore=1", "all.arp_ignore=0", certain=False)

    assert stopped.hide("arp_ignore")
    assert stopped.ineffective is None
    assert arp_settings("all.arp_ignore=8", certain=False).muting("10.10.1.31") is None


@pytest.mark.parametrize(
    ("lines", "device"),
    [
        (("lo.arp_ignore=1",), "lo"),
        (("lo.arp_ignore=0",), None),
        (("lo.arp_ignore=1", "all.arp_ignore=1"), None),
        (("lo.arp_ignore=1", "all.arp_ignore=0"), "lo"),
        (("default.arp_ignore=1",), None),
        (("default.arp_ignore=1", "eth0.arp_ignore=0"), "default"),
        (("default.arp_ignore=1", "all.arp_ignore=0"), None),
    ],
)
def test_what_has_no_effect(lines: tuple[str, ...], device: str | None) -> None:
    """`default` may be in force for devices that no line names."""
    found = arp_settings(*lines).ineffective

    assert (found[0] if found else None) == device


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("all.arp_ignore=8",), "all"),
        (("eth1.arp_ignore=8", "all.arp_ignore=1"), "eth1"),
        (("eth0.arp_ignore=8",), None),
        (("all.arp_ignore=8", "eth1.arp_ignore=9"), None),
    ],
)
def test_what_mutes_a_host(lines: tuple[str, ...], name: str | None) -> None:
    """8 on the device with its own address, or for all; 9 has no meaning, and is larger."""
    found = arp_settings(*lines, addresses=(RIP,)).muting("10.10.1.31")

    assert (found.name if found else None) == (f"net.ipv4.conf.{name}.arp_ignore" if name else None)
