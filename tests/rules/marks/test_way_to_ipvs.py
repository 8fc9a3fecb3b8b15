"""The rules in `lvscf.linter.rules.marks.way_to_ipvs`."""

import pytest

from tests.cases import assert_fires, assert_silent, named
from tests.clusters import findings
from tests.hosts import HOST_FILES, ROUTERS, SET, TO_80, marked, plain, router
from tests.rules.marks.way_to_ipvs_cases import FIRES, SILENT


@pytest.mark.parametrize(("code", "marked"), **named(FIRES))
def test_fires_and_underlines(code: str, marked: str) -> None:
    """The rule has exactly one finding, at the marked token."""
    assert_fires(code, marked)


@pytest.mark.parametrize(("code", "text"), **named(SILENT))
def test_is_silent(code: str, text: str) -> None:
    """The rule has no finding."""
    assert_silent(code, text)


@pytest.mark.parametrize(
    ("service", "rule", "says"),
    [
        (marked(), "-j REDIRECT --to-ports 8080", "They keep their mark"),
        (marked(), "-j DNAT --to 10.10.1.20:8080", "They keep their mark"),
        (plain(), "-j REDIRECT --to-ports 8080", "the service is bypassed"),
        (plain(), "-j DNAT --to 10.10.1.99", "never reach INPUT"),
    ],
    ids=["mark", "mark and DNAT", "port", "another host"],
)
def test_the_message_says_what_becomes_of_the_packets(service: str, rule: str, says: str) -> None:
    """A marked service is not bypassed, one with a VIP and port is."""
    text = (
        ROUTERS
        + service
        + router(SET, f"iptables -t nat -A PREROUTING {TO_80} {rule}", host="10.10.1.21")
        + f"--- router 10.10.1.21\n{HOST_FILES['ip-addr']}"
    )
    (found,) = (one for one in findings(text) if one.code == "LVS412")

    assert says in found.message
