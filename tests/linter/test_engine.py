"""The engine: selection, order, and what it leaves out."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given

import lvscf
from lvscf.linter import selection
from tests.strategies import ANYTHING

TEXT = "deadtime = 0\nkeepalve = 6\nkeepalive = 0\n"


def codes(**settings: Any) -> list[str]:
    document = lvscf.parse(TEXT)
    return [finding.code for finding in lvscf.lint(document, settings=lvscf.Settings(**settings))]


def test_findings_follow_the_text() -> None:
    """Findings of all rules are in the order of the text."""
    assert codes(ignore=("LVS116", "LVS208")) == ["LVS203", "LVS001", "LVS203"]


def test_select_and_ignore() -> None:
    """Rules are selected and ignored by code, name and family, in any case."""
    assert codes(select=("LVS0",)) == ["LVS001"]
    assert codes(select=("nonpositive-heartbeat",)) == ["LVS203", "LVS203"]
    assert codes(select=("all",), ignore=("lvs1", "LVS2", "LVS903")) == ["LVS001"]
    assert codes(select=("LVS2",), ignore=("LVS203", "LVS208")) == []


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("LVS999", "there is no rule or family `LVS999`"),
        ("deadtime-below-keepalve", "did you mean `deadtime-below-keepalive`?"),
        ("LSV201", "did you mean `LVS201`?"),
        ("", "there is no rule or family ``"),
        ("x" * 1000, "there is no rule or family"),
    ],
)
def test_unknown_rules_are_named(selector: str, message: str) -> None:
    """A selector that addresses nothing is an error, with a suggestion where one is near."""
    with pytest.raises(lvscf.UnknownRuleError) as caught:
        selection.find(selector)

    assert message in str(caught.value)


def test_keepalived_is_said_once() -> None:
    """Another program's file has one finding."""
    text = "global_defs {\n}\n" + "vrrp_instance a {\n state BACKUP\n}\n" * 20

    assert [finding.code for finding in lvscf.lint(lvscf.parse(text))] == ["LVS021"]


def test_what_cannot_be_read_is_not_missing() -> None:
    """An unreadable or misspelt line has its own finding, and no rule counts it as absent."""
    text = "prmary = 10.10.1.21\nbackup = 10.10.1.22\nbackup_active = yes\nservice = ha\n"

    assert [finding.code for finding in lvscf.lint(lvscf.parse(text))] == [
        "LVS001", "LVS008", "LVS011",
    ]  # fmt: skip


def words_of(finding: lvscf.Finding) -> Iterator[str]:
    """All that a finding says."""
    yield finding.message
    yield finding.help or ""
    yield from (related.message for related in finding.related)
    yield finding.fix.message if finding.fix else ""


@given(ANYTHING)
@example("virtual web\udcff{\n}\n")
def test_findings_are_fit_for_a_terminal(text: str) -> None:
    """Whatever a file holds, no control character or broken byte of it is in a sentence."""
    for finding in lvscf.lint(lvscf.parse(text), settings=lvscf.Settings(select=("ALL",))):
        assert all(words.isprintable() for words in words_of(finding))


@pytest.mark.parametrize(
    "rules",
    [
        "iptables -t mangle -A PREROUTING -d 10.10.1.20 -\0 eth0 -j MARK --set-mark 80\n",
        "iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -i e\x1b1 -j MARK "
        "--set-mark 80\n",
    ],
)
def test_findings_about_hosts_are_fit_for_a_terminal(rules: str) -> None:
    """Neither do they quote control characters of the files of hosts."""
    text = (
        "primary = 10.10.1.21\nnetwork = direct\nvirtual web {\nactive = 1\n"
        "address = 10.10.1.20 eth0:1\nfwmark = 80\n}\n"
    )
    evidence = lvscf.Evidence("router", None, "firewall", lvscf.firewall.parse(rules, "iptables"))
    said = [
        words
        for finding in lvscf.lint(lvscf.parse(text), lvscf.Cluster((evidence,)))
        for words in words_of(finding)
    ]

    assert any("\\x" in words for words in said)
    assert all(words.isprintable() for words in said)
