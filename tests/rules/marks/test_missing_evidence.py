"""The rules in `lvscf.linter.rules.marks.missing_evidence`."""

import pytest
from attrs import evolve

from lvscf import Settings, hosts, lint, parse
from lvscf.cluster import Cluster
from tests.cases import assert_fires, assert_silent, named
from tests.rules.marks.missing_evidence_cases import FIRES, SILENT


@pytest.mark.parametrize(("code", "marked"), **named(FIRES))
def test_fires_and_underlines(code: str, marked: str) -> None:
    """The rule has exactly one finding, at the marked token."""
    assert_fires(code, marked)


@pytest.mark.parametrize(("code", "text"), **named(SILENT))
def test_is_silent(code: str, text: str) -> None:
    """The rule has no finding."""
    assert_silent(code, text)


LVS_CF = (
    "primary = 10.10.1.21\nnetwork = nat\nvirtual web {\nactive = 1\naddress = 10.10.1.20 eth0:1\n"
    "fwmark = 80\npersistent = 300\n}\n"
)
MARK = "iptables -t mangle -A PREROUTING -d 10.10.1.20 -p tcp --dport 80 -j MARK --set-mark 80\n"
STATE = "iptables -A INPUT -m state --state ESTABLISHED -j ACCEPT\n"


@pytest.mark.parametrize(
    ("rules", "unseen", "expected"),
    [(MARK + STATE, {"raw"}, 1), (MARK + STATE, set(), 0), (MARK, {"raw"}, 0)],
)
def test_the_table_raw(rules: str, unseen: set[str], expected: int) -> None:
    """A table that no file shows matters only to rules that test states."""
    host = evolve(hosts.read(rules).of("router", "10.10.1.21"), unseen_tables=frozenset(unseen))
    found = lint(parse(LVS_CF), Cluster((host,)), Settings(select=("LVS400",)))

    assert len(found) == expected
    assert all("on 10.10.1.21, whether rules of the table raw" in one.message for one in found)
