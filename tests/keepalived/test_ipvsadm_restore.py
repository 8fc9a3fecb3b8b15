"""The table and the addresses as commands."""

from typing import Any

import pytest

import lvscf
from lvscf.keepalived import Conversion, convert_to_ipvsadm
from tests.builders import failover, server, service
from tests.vectors import conversions

MASK = "vip_nmask = 255.255.255.0"


def converted(text: str) -> Conversion:
    return convert_to_ipvsadm(lvscf.parse(text, "lvs.cf"))


@pytest.mark.parametrize("vector", conversions(), ids=lambda vector: str(vector["name"]))
def test_table_is_that_of_the_kernel(vector: dict[str, Any]) -> None:
    """What a kernel held under Piranha, line by line."""
    text = vector["lvs_cf"].encode("latin-1")
    found = convert_to_ipvsadm(lvscf.parse(text)).files["ipvsadm.rules"].text

    assert sorted(found.splitlines()) == [
        line.replace(" --tun-type ipip", "") for line in vector["expect"]["ipvs"]
    ]


def test_commands() -> None:
    """Addresses and timeouts first, then the table."""
    text = "udp_timeout = 9\n" + service(MASK, server(), address="10.10.1.20 eth0")
    conversion = converted(text)

    assert conversion.files["addresses.sh"].mode == 0o755
    assert conversion.files["addresses.sh"].text.splitlines()[2:] == [
        "ip addr add 10.10.1.20/24 brd + dev eth0",
        "ipvsadm --set 0 0 9",
        "ipvsadm -C",
        'ipvsadm-restore < "$(dirname "$0")/ipvsadm.rules"',
    ]
    assert [note.code for note in conversion.notes] == ["N10"]


def test_services_without_servers_stay() -> None:
    """Keepalived would reject one, but the kernel holds it."""
    conversion = converted(service(MASK))

    assert conversion.files["ipvsadm.rules"].text == "-A -t 10.10.1.20:80 -s wlc\n"
    assert conversion.notes == ()


def test_failover_services_have_no_table() -> None:
    """Only addresses."""
    conversion = converted(failover(MASK))

    assert conversion.files["ipvsadm.rules"].text == ""
    assert conversion.files["addresses.sh"].text.endswith(
        "10.10.1.20/24 brd + dev eth0 label eth0:1\n"
    )
