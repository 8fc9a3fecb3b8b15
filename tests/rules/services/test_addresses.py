"""How bad it is that addresses do not fit, and what is said of it."""

import time

import pytest

import lvscf
from lvscf.findings.finding import Finding
from tests.builders import ROUTERS, server, service
from tests.good import DIRECT, NAT

MASK = "vip_nmask = 255.255.255.0"
INSIDE = "nat_router = 10.11.1.1 eth1:1\nnat_nmask = 255.255.255.0\n"
BEHIND = service(server(address="10.11.1.31"))


def only(text: str, code: str) -> Finding:
    """The one finding of a rule."""
    (finding,) = lvscf.lint(lvscf.parse(text), settings=lvscf.Settings(select=(code,)))
    return finding


@pytest.mark.parametrize(
    ("code", "severity", "text"),
    [
        ("LVS207", "error", ROUTERS.replace(".22", ".21")),
        ("LVS207", "error", ROUTERS + service(address="10.10.1.22 eth0:1")),
        ("LVS207", "error", "primary = 10.10.1.21\n" + service(address="10.10.1.21 eth0:1")),
        ("LVS209", "error", ROUTERS + "primary_private = 10.11.1.21\n"),
        ("LVS209", "error", ROUTERS + "primary_private = 10.11.1.21\nbackup_private = 10.10.1.22\n"),
        ("LVS209", "warning", ROUTERS + "backup_private = 10.11.1.22\n"),
        ("LVS209", "warning", ROUTERS + "primary_private = 10.10.1.21\n"),
        ("LVS306", "warning", service()),
        # The inside network is behind another device, and 10.0.0.0/8 covers it.
        ("LVS306", "error", INSIDE + BEHIND),
        ("LVS306", "error", INSIDE + "primary = 10.10.1.21\nprimary_private = 10.11.1.21\n" + service()),
        # Nobody is in it; it is behind the same device; the class is too small to cover it.
        ("LVS306", "warning", INSIDE + service()),
        ("LVS306", "warning", INSIDE.replace("eth1", "eth0").replace("0:1", "0:2") + BEHIND),
        ("LVS306", "warning", INSIDE + BEHIND.replace("10.10.1.20", "192.168.1.20")),
        ("LVS306", "error", NAT.replace("     vip_nmask = 255.255.255.0\n", "").replace("192.0.2.20", "10.9.1.20")),
        ("LVS320", "info", "network = nat\n" + service(server())),
        ("LVS320", "info", "primary_private = 10.11.1.21\nprimary = 10.9.1.21\n" + BEHIND),
        ("LVS320", "info", "primary = router.example.com\n" + BEHIND),
        ("LVS320", "warning", "primary = 10.10.1.21\n" + BEHIND),
        ("LVS320", "warning", "primary = 10.10.1.21\n" + service("vip_nmask = 255.255.255.255", server(address="10.10.70.97"))),
        ("LVS320", "info", "primary = 10.10.1.21\n" + service("vip_nmask = 255.255.0.0", server(address="10.10.70.97"))),
        ("LVS320", "info", "network = direct\nnat_router = 10.11.1.1 eth1:1\n" + service()),
        ("LVS320", "error", "nat_router = 0.0.0.0 eth1:1\n" + service()),
        ("LVS323", "error", "nat_router = 10.10.1.20 eth1:1\n" + service()),
        ("LVS323", "error", "nat_router = 10.10.1.20 eth0:1\n" + service()),
    ],
)  # fmt: skip
def test_severity(code: str, severity: str, text: str) -> None:
    """A rule with several severities picks the one that the consequences deserve."""
    assert only(text, code).severity.label == severity


def test_the_netmask_of_a_later_block_is_not_used() -> None:
    """The first active block with a VIP decides, and the finding shows what it overrides."""
    text = service() + service(MASK, "port = 81", name="b")

    finding = only(text, "LVS306")
    assert "10.0.0.0/8" in finding.message
    (related,) = finding.related
    assert text[related.span.start : related.span.end] == "255.255.255.0"


def test_all_blocks_with_a_routers_address_are_named() -> None:
    """One address is one finding, and every server that has it is related."""
    text = ROUTERS + "".join(
        service(f"port = {port}", server(address="10.10.1.22"), name=f"s{port}") for port in range(81, 85)
    )  # fmt: skip

    assert len(only(text, "LVS317").related) == 1 + 3


def test_the_synchronisation_device_is_not_asked_for_where_it_is_unknown() -> None:
    """Releases before 0.8.6 know no `syncd_iface`."""
    text = DIRECT.replace("syncdaemon = 0", "syncdaemon = 1")

    assert "eth0" in only(text, "LVS210").message
    old = lvscf.Settings(select=("LVS210",), target="0.8.4")
    assert lvscf.lint(lvscf.parse(text), settings=old) == ()


@pytest.mark.slow
def test_addresses_of_a_large_file_take_linear_time() -> None:
    """Ten times the services take about ten times as long, not a hundred times."""

    def seconds(count: int) -> float:
        head = "nat_router = 10.255.0.1 eth1:1\nnat_nmask = 255.255.0.0\n"
        blocks = [
            service(
                *(["vip_nmask = 255.255.255.240"] if number % 2 else []),
                server(address=f"10.255.{number >> 8 & 255}.{number & 255}"),
                name=f"s{number}",
                address=f"10.{number >> 8}.{number & 255}.20 eth{number % 97}:{number}",
            )
            for number in range(count)
        ]
        document = lvscf.parse(ROUTERS + head + "".join(blocks))
        document.intended  # noqa: B018 (reading is not what is measured)
        chosen = lvscf.Settings(
            select=("LVS207", "LVS303", "LVS304", "LVS305", "LVS306", "LVS317", "LVS318",
                    "LVS320", "LVS321", "LVS322", "LVS323", "LVS324", "LVS334", "LVS340")
        )  # fmt: skip
        begun = time.process_time()
        lvscf.lint(document, settings=chosen)
        return time.process_time() - begun

    small = min(seconds(400) for _ in range(3))
    assert seconds(4000) < 40 * small
