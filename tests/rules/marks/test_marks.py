"""LVS4: marks.  Each cause is reported by its own rule, and the command given repairs it."""

import pytest

import lvscf
from lvscf.linter.engine import examine
from tests.all_cases import FIRES
from tests.cases import named
from tests.clusters import codes, findings, parted
from tests.hosts import MARK, ROUTERS, SET, TO_80, VIP, marked, router
from tests.underlined import commands_of, run_there, unmarked

WHY = ("LVS401", "LVS402", "LVS403", "LVS404", "LVS406", "LVS410", "LVS414")
REPAIRED = (*WHY, "LVS408", "LVS411", "LVS412", "LVS413", "LVS409")


@pytest.mark.parametrize(("code", "text"), **named({code: FIRES[code] for code in WHY}))
def test_one_cause_has_one_finding(code: str, text: str) -> None:
    """The reasons why a mark is missing exclude each other."""
    assert codes(unmarked(text)) & set(WHY) == {code}


@pytest.mark.parametrize(("code", "text"), **named({code: FIRES[code] for code in REPAIRED}))
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


def test_the_help_ends_with_the_command() -> None:
    """It can be copied from the end of the help."""
    text = unmarked(MARK + router(f"-A PREROUTING {TO_80} -j MARK --set-mark 50"))
    [found] = [one for one in findings(text) if one.code == "LVS402"]

    assert found.help is not None
    assert found.help.endswith(
        "`iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20/32 --dport 80 "
        "-j MARK --set-mark 80`."
    )
    assert "50 is 80 in hexadecimal" in found.message
    assert [one.span.filename for one in found.related] == ["router-0.txt"]


def test_a_wrong_mark_is_reported_once_for_all_ports() -> None:
    """The rules for other ports with that mark are one mistake, and no leftovers."""
    rules = [f"-A PREROUTING {VIP} --dport {port} -j MARK --set-mark 0x80" for port in (80, 443)]
    text = unmarked(MARK + router(*rules))
    found = [one for one in findings(text) if one.code in ("LVS402", "LVS407")]

    assert [one.code for one in found] == ["LVS402"]
    assert "ports 80 and 443, get mark 128 (0x80) instead of 80 (0x50)" in found[0].message
    assert len(found[0].related) == 2


def test_a_rule_of_a_listing_is_shown_as_iptables_takes_it() -> None:
    """What a listing hides makes a result uncertain, but is not part of a command."""
    listing = (
        "Chain PREROUTING (policy ACCEPT)\n"
        "target     prot opt source               destination\n"
        "MARK       tcp  --  0.0.0.0/0            10.10.1.20       tcp dpt:80 MARK set 0x80\n"
        "MARK       tcp  --  0.0.0.0/0            10.10.1.77       tcp dpt:25 MARK set 0x7\n"
    )
    found = findings(unmarked(MARK) + "--- router\n" + listing)
    told = {one.code: one for one in found if one.code[:4] in ("LVS4", "LVS7")}

    assert sorted(told) == ["LVS402", "LVS407", "LVS704"]
    assert "0x80 is hexadecimal" in told["LVS402"].message
    assert commands_of(told["LVS407"]) == [
        "iptables -t mangle -D PREROUTING -d 10.10.1.77/32 -p tcp -m tcp --dport 25 "
        "-j MARK --set-xmark 0x7/0xffffffff"
    ]


def test_both_routers_are_told_apart() -> None:
    """A rule that only one router has is a finding about the other one."""
    text = ROUTERS + marked() + router(SET, host="10.10.1.21")
    text += router("-P INPUT ACCEPT", host="10.10.1.22")
    [found] = [one for one in findings(text) if one.code == "LVS401"]

    assert found.message.startswith("On router 10.10.1.22: ")
    assert "router 10.10.1.21 marks them correctly" in found.message


def test_files_of_different_tables_are_one_firewall() -> None:
    """A dump for each table says as much as one of all."""
    text = ROUTERS + marked() + router(SET) + router("iptables -A INPUT -j ACCEPT")

    assert not codes(text) & set(WHY)
    lvs_cf, cluster = parted(text)
    packets = examine(lvscf.parse(lvs_cf), cluster).followed.packets
    assert "10.10.1.20" in str(packets)  # counted, although each file holds only one table
