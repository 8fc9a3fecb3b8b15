"""Files with firewalld's direct rules: listings and direct.xml."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf import hosts
from lvscf.firewall.direct_rule_files import read_listing, read_xml
from lvscf.source import Source

LISTING = """ipv4 filter LVS
ipv4 filter INPUT 5 -p tcp --dport 80 -j ACCEPT
ipv4 filter INPUT 0 -p tcp --dport 80 -m comment --comment 'of the router' -j LVS
ipv6 filter INPUT 0 -j DROP
eb filter INPUT 0 -j DROP
ipv4 -t nat -A PREROUTING -d 10.10.1.20 -p tcp -j REDIRECT
"""
XML = """<?xml version="1.0" encoding="utf-8"?>
<!-- für den Router -->
<direct>
  <chain ipv="ipv4" table="filter" chain="LVS"/>
  <rule ipv="ipv4" table="filter" chain="INPUT" priority="5">-p tcp --dport 80 -j ACCEPT</rule>
  <rule priority="0" table="filter" ipv="ipv4" chain="INPUT">
    -p tcp --dport 80 -m comment --comment &quot;of the router&quot; -j LVS
  </rule>
  <rule ipv="ipv6" table="filter" chain="INPUT" priority="0">-j DROP</rule>
  <passthrough ipv="ipv4">-t nat -A PREROUTING -d 10.10.1.20 -p tcp -j REDIRECT</passthrough>
</direct>
"""
RULES = [
    "-A PREROUTING -d 10.10.1.20/32 -p tcp -j REDIRECT",
    '-A INPUT -p tcp -m tcp --dport 80 -m comment --comment "of the router" -j LVS',
    "-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT",
]


@pytest.mark.parametrize(
    "text",
    [
        LISTING,
        LISTING.replace("\n", "\r\n"),
        "[root@lvs1 ~]# firewall-cmd --direct --get-all-rules\n" + LISTING,
        XML,
        XML.partition("\n")[2],
    ],
)
def test_rules(text: str) -> None:
    """They are in order of priority, and other rules of firewalld are missing."""
    (firewall,) = hosts.read(text).firewalls

    assert [str(rule) for table in firewall.tables.values() for rule in table.rules] == RULES
    assert firewall.partial
    assert [finding.code for finding in firewall.findings] == ["LVS703"]


@pytest.mark.parametrize(("text", "lines"), [(LISTING, [6, 3, 2]), (XML, [10, 6, 5])])
def test_places(text: str, lines: list[int]) -> None:
    """A rule is where it is written, behind letters of several bytes as well."""
    (firewall,) = hosts.read(text).firewalls
    rules = [rule for table in firewall.tables.values() for rule in table.rules]

    assert [rule.span.line for rule in rules] == lines
    assert "REDIRECT" in rules[0].text


def test_a_word_that_iptables_rejects() -> None:
    """It is underlined."""
    text = XML.replace("--dport 80 -j ACCEPT", "--dport 80,443 -j ACCEPT")
    (firewall,) = hosts.read(text).firewalls
    (wrong,) = (finding for finding in firewall.findings if finding.code == "LVS701")

    assert text[wrong.span.start : wrong.span.end] == "80,443"


@pytest.mark.parametrize(
    "text",
    [
        "<direct><rule></direct>",
        "<direct>\n<rule>&lvs;</rule></direct>",
        '<!DOCTYPE direct [<!ENTITY a "-j DROP">]><direct><rule>&a;</rule></direct>',
        "<direct>",
    ],
)
def test_no_well_formed_xml(text: str) -> None:
    """Nor are there document types and entities."""
    findings = read_xml(Source(text)).findings

    assert "LVS701" in {finding.code for finding in findings}


def test_no_direct_rules() -> None:
    """A host whose firewalld has none has rules nevertheless."""
    (firewall,) = hosts.read("<?xml version='1.0'?>\n<direct/>\n").firewalls

    assert firewall.partial


@given(st.lists(st.sampled_from([*LISTING.split(" "), "'", '"', "\n", "é", "-I"])).map(" ".join))
def test_no_listing_raises(text: str) -> None:
    """Whatever the words are."""
    for finding in read_listing(Source(text)).findings:
        assert finding.span.end <= len(text)


@given(
    st.lists(st.sampled_from([*XML.split(" "), "<", "&", ">", "\x00", "\ud800", "é"])).map(" ".join)
)
def test_no_xml_raises(text: str) -> None:
    """Whatever the words are."""
    for finding in read_xml(Source(text)).findings:
        assert finding.span.end <= len(text)
