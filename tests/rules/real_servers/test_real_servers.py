"""LVS5: real servers.  Each cause is reported by its own rule, and the command given repairs it."""

import pytest

from tests.all_cases import FIRES
from tests.cases import named
from tests.clusters import codes, findings
from tests.hosts import (
    BOTH,
    REDIRECT,
    ROUTERS,
    marked,
    one,
    plain,
    real,
    router,
)
from tests.underlined import commands_of, run_there, unmarked

WHY = ("LVS501", "LVS502", "LVS503", "LVS504", "LVS505", "LVS511")
REPAIRED = (*WHY, "LVS508", "LVS512")


@pytest.mark.parametrize(("code", "text"), **named({code: FIRES[code] for code in WHY}))
def test_one_cause_has_one_finding(code: str, text: str) -> None:
    """The reasons why a real server does not answer exclude each other."""
    assert codes(unmarked(text)) & set(WHY) == {code}


OTHERS = ("arp_ignore = 1", "    inet ")
"""In texts with settings or addresses, whose LVS508 no command of a firewall alone repairs."""


@pytest.mark.parametrize(
    ("code", "text"),
    **named(
        {
            code: {
                name: text
                for name, text in FIRES[code].items()
                if not any(other in text for other in OTHERS)
            }
            for code in REPAIRED
        }
    ),
)
def test_the_command_repairs_it(code: str, text: str) -> None:
    """Running the commands of the help makes the finding go away, and brings no other."""
    text = unmarked(text)
    before = codes(text)
    found = next(one for one in findings(text) if one.code == code)
    commands = commands_of(found)

    assert commands
    # The rule that was wrong is still there, and may be reported as what it then is: a leftover.
    after = codes(run_there(text, found, commands)) - {"LVS405", "LVS407", "LVS507"}
    assert after <= before - {code}


def test_ports_are_those_with_the_mark() -> None:
    """Every port that the routers mark has to be redirected, and the command names them."""
    text = ROUTERS + marked("80", one())
    text += router(f"-A PREROUTING {BOTH} -j MARK --set-mark 80")
    text += real("iptables -A INPUT -j ACCEPT")
    [found] = [one for one in findings(text) if one.code == "LVS501"]

    command = (
        "`iptables -t nat -A PREROUTING -p tcp -d 10.10.1.20 -m multiport --dports 80,443 "
        "-j REDIRECT`"
    )
    assert command in (found.help or "")


def test_a_second_service_of_one_mark_gets_nothing() -> None:
    """IPVS has one service for a mark: its real servers have the duties, and one finding."""
    text = ROUTERS + marked("80", one()) + marked("80", "port = 443", one(), name="https")
    text += router(f"-A PREROUTING {BOTH} -j MARK --set-mark 80") + real(REDIRECT)

    assert [one.code for one in findings(text)].count("LVS501") == 1


NOTHING = real("iptables -A INPUT -j ACCEPT")
TWO = "server two {\nactive = 1\naddress = 10.10.1.32\n}"
REAL_TWO = f"--- real-server two\niptables -t nat {REDIRECT}\n"


@pytest.mark.parametrize(
    ("severity", "text"),
    [
        # It may hold the VIP itself.
        ("warning", ROUTERS + plain(one()) + NOTHING),
        ("warning", ROUTERS + plain(one()) + NOTHING + "--- real-server one sysctl\nvm.swappiness = 1\n"),
        ("warning", ROUTERS + plain(one()) + real("-A PREROUTING -p tcp --dport 8080 -j REDIRECT --to-ports 80")),
        ("warning", ROUTERS + plain(one(), TWO) + NOTHING),
        # Redirection is how this cluster does it.
        ("error", ROUTERS + plain(one()) + plain("port = 443", one(), name="b") + real(REDIRECT)),
        ("error", ROUTERS + plain(one()) + plain("port = 443", one(), vip="10.10.1.30", name="b") + real(REDIRECT)),
        ("error", ROUTERS + plain(one(), TWO) + NOTHING + REAL_TWO),
        ("error", ROUTERS + plain(one()) + real(REDIRECT.replace("tcp", "udp"))),
        ("error", ROUTERS + plain(one()) + real(REDIRECT.replace("80", "81"))),
    ],
)  # fmt: skip
def test_an_error_only_where_redirection_is_used(severity: str, text: str) -> None:
    """Rules of iptables do not show whether a host holds the VIP, on `lo` and hidden from ARP."""
    found = [one for one in findings(text) if one.code == "LVS501"]

    assert {one.severity.label for one in found} == {severity}


def test_a_warning_names_both_ways_and_what_settles_it() -> None:
    """A real server may redirect packets, or hold the VIP: files of the host show the latter."""
    text = ROUTERS + plain(one()) + NOTHING
    (found,) = (one for one in findings(text) if one.code == "LVS501")

    assert found.help is not None
    assert "REDIRECT" in found.help
    assert "arp_ignore" in found.help
    assert "arptables rules" in found.help
    assert "--real-server one=FILE" in found.help
