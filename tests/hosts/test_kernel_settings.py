"""Kernel settings: which value is in force for a device."""

import pytest

from lvscf.hosts import KernelSetting
from lvscf.hosts.kernel_settings import KernelSettings


def settings(**values: str) -> KernelSettings:
    """Settings of all devices and of eth0; `all_rp_filter="1"` is `net.ipv4.conf.all.rp_filter`."""
    lines = []
    for key, value in values.items():
        device, _, name = key.partition("_")
        lines.append(KernelSetting(f"net.ipv4.conf.{device}.{name}", value))
    return KernelSettings(tuple(lines))


@pytest.mark.parametrize(
    ("known", "name", "value"),
    [
        ({"all_rp_filter": "0", "eth0_rp_filter": "2"}, "rp_filter", 2),
        ({"all_rp_filter": "1", "eth0_rp_filter": "0"}, "rp_filter", 1),
        ({"all_arp_ignore": "1", "eth0_arp_ignore": "8"}, "arp_ignore", 8),
        ({"default_arp_ignore": "1", "lo_arp_ignore": "1"}, "arp_ignore", None),
        ({"all_rp_filter": "1"}, "rp_filter", None),
        ({"all_accept_local": "1"}, "accept_local", 1),
        ({"all_accept_local": "0"}, "accept_local", None),
        ({"all_accept_local": "0", "eth0_accept_local": "0"}, "accept_local", 0),
        ({"all_forwarding": "1", "eth0_forwarding": "0"}, "forwarding", 0),
        ({"all_forwarding": "1"}, "forwarding", None),
        ({"all_rp_filter": "x", "eth0_rp_filter": "1"}, "rp_filter", None),
    ],
)
def test_the_value_of_a_device(known: dict[str, str], name: str, value: int | None) -> None:
    """`all` and the device are combined as the kernel does; what is missing leaves it open."""
    assert settings(**known).of_device("eth0", name) == value


def test_deciding_lines() -> None:
    """The larger value is named first."""
    lines = settings(all_rp_filter="1", eth0_rp_filter="0").deciding("eth0", "rp_filter")

    assert [line.value for line in lines] == ["1", "0"]


def test_a_setting_of_some_cases_is_not_known() -> None:
    """A script that may set it proves nothing."""
    doubtful = KernelSetting("net.ipv4.ip_forward", "1", origin="script", certain=False)

    assert KernelSettings((doubtful,)).value("net.ipv4.ip_forward") is None
