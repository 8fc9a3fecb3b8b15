"""Remedies: each finding about rules has the commands for its host, in place."""

import json
from pathlib import Path

import pytest

from lvscf.linter.hosts.remedies import commands_in, matches, setting
from tests.clusters import findings
from tests.conftest import Run
from tests.good import MARKS, NAT
from tests.processes import file

RULES = """\
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OWN - [0:0]
-A INPUT -j OWN
-A OWN -i lo -j ACCEPT
-A OWN -j REJECT
-A FORWARD -j REJECT
COMMIT
"""


def commands(text: str) -> dict[str, list[tuple[str | None, str]]]:
    """The commands of each finding, by its code."""
    return {
        one.code: [(command.host, command.text) for command in one.commands]
        for one in findings(text)
    }


def test_before_the_rule_that_decides() -> None:
    """In the chain of that rule, with its number."""
    found = commands(f"{MARKS}--- router 10.10.1.21\n{RULES}")

    assert found["LVS213"] == [
        ("10.10.1.21", "iptables -I OWN 2 -p udp -s 10.10.1.22 --dport 539 -j ACCEPT")
    ]
    assert found["LVS401"] == [
        (
            "10.10.1.21",
            "iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20/32 --dport 80 "
            "-j MARK --set-mark 80",
        )
    ]


def test_each_address_has_its_rule() -> None:
    """Iptables of RHEL 5 takes no lists of addresses."""
    found = commands(f"{NAT}--- router 192.0.2.11\n{RULES}")

    assert [text for _, text in found["LVS418"]] == [
        f"iptables -I FORWARD -p tcp -s 10.11.1.{last} --sport 8080 -j ACCEPT" for last in (31, 32)
    ]


def test_rules_of_both_routers() -> None:
    """The host is not known, and a branch of a script makes numbers unknown."""
    script = "if [ $1 ]; then\niptables -A INPUT -i lo -j ACCEPT\nfi\niptables -A INPUT -j REJECT\n"
    found = commands(f"{MARKS}--- router\n{script}")

    host, text = found["LVS213"][0]
    assert host is None
    assert text.startswith("iptables -I INPUT -p udp -s 10.10.1.2")


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        (
            "source",
            ["-p tcp -s 10.0.0.1 -m multiport --sports 80,443", "-p 4 -s 10.0.0.2"],
        ),
        (
            "destination",
            ["-p tcp -d 10.0.0.1 -m multiport --dports 80,443", "-p 4 -d 10.0.0.2"],
        ),
    ],
)
def test_matches(side: str, expected: list[str]) -> None:
    """Ports of one address are in one rule."""
    peers = [
        ("tcp", "10.0.0.1", (443, 443)),
        ("4", "10.0.0.2", None),
        ("tcp", "10.0.0.1", (80, 80)),
    ]
    assert matches(side, peers) == expected  # type: ignore[arg-type]


def test_names_are_quoted() -> None:
    """A device may have any name that a file shows."""
    assert setting("net.ipv4.conf.$(x).rp_filter", 0) == (
        "sysctl -w 'net.ipv4.conf.$(x).rp_filter=0'"
    )


def test_commands_in_a_text() -> None:
    """Settings and words in backquotes are no commands."""
    assert commands_in("Set `a = 1`, or `iptables -A x` and `arptables -A y`.") == (
        "iptables -A x", "arptables -A y",
    )  # fmt: skip


def test_json_has_the_commands(run: Run, tmp_path: Path) -> None:
    """Each with its host; most findings have none."""
    file(tmp_path, MARKS.encode())
    file(tmp_path, RULES.encode(), "rules")
    result = run("lint", "--format", "json", "--router", "10.10.1.21=rules", "lvs.cf")
    by_code = {one["code"]: one["commands"] for one in json.loads(result.stdout)["findings"]}

    assert by_code["LVS213"] == [
        {
            "role": "router",
            "host": "10.10.1.21",
            "command": "iptables -I OWN 2 -p udp -s 10.10.1.22 --dport 539 -j ACCEPT",
        }
    ]
    assert by_code["LVS400"] == []
