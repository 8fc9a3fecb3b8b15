"""Rules about balancing: what severity follows from, and what messages have to say."""

import pytest

import lvscf
from lvscf.findings.finding import Finding
from tests.builders import ROUTERS, server, service
from tests.clusters import findings
from tests.rules.services.persistence_cases import BOTH, marking

DIRECT = "network = direct\n"
FTP = ("fwmark = 21", "port = 21")
RANGE = ROUTERS + service("fwmark = 80", "port = 8000", server()) + marking("--dport 8000:8010")
MARK = service("fwmark = 80", server(), server(name="two", address="10.10.1.32"))


def only(text: str, code: str) -> Finding:
    """The one finding of a code."""
    (found,) = (one for one in findings(text) if one.code == code)
    return found


@pytest.mark.parametrize(
    ("code", "text", "severity"),
    [
        ("LVS311", service(server(), server(name="two")), "warning"),
        ("LVS311", MARK + service("fwmark = 443", server(), name="b"), "error"),
        ("LVS315", service(*FTP), "warning"),
        ("LVS315", DIRECT + ROUTERS + service("fwmark = 80") + BOTH, "warning"),
        ("LVS315", ROUTERS + service("fwmark = 80") + BOTH, "error"),
        ("LVS315", RANGE, "error"),
        ("LVS315", DIRECT + RANGE, "warning"),
        ("LVS315", ROUTERS + service("fwmark = 80") + marking(""), "warning"),
        ("LVS315", ROUTERS + service("fwmark = 80") + marking("--dport 1:1023"), "warning"),
        ("LVS316", service(*FTP, "persistent = 9"), "warning"),
        ("LVS316", service(*FTP, "persistent = 10"), "info"),
        ("LVS316", service(*FTP, "persistent = 59"), "info"),
        ("LVS328", service(server("weight = 65536")), "error"),
        ("LVS328", service("load_monitor = rup", server("weight = 65536")), "error"),
        ("LVS328", service("load_monitor = rup", server("weight = 65535")), "warning"),
    ],
)
def test_severity_follows_the_consequence(code: str, text: str, severity: str) -> None:
    """A rule is as severe as what happens then."""
    assert only(text, code).severity.label == severity


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("LVS302", service("sorry_server = 10.10.1.90"), "`sorry_server` is never used"),
        ("LVS302", service(), "has no real server"),
        ("LVS311", service(server(), server("weight = 9")), "weight of 9 is ignored"),
        ("LVS311", MARK + service("fwmark = 443", server(), name="b"), "no real server at all"),
        (
            "LVS311",
            MARK + service("fwmark = 443", server(), server(address="10.10.1.39"), name="b"),
            "does not start 10.10.1.31 again for this virtual server.",
        ),
        (
            "LVS312",
            DIRECT + service(server(), server("port = 81")),
            "lvsd then stops every service",
        ),
        ("LVS315", ROUTERS + service("fwmark = 80") + BOTH, "mark 80 is for ports 80 and 443"),
        ("LVS315", ROUTERS + service("fwmark = 80") + BOTH, "router 10.10.1.21"),
        ("LVS315", RANGE, "mark 80 is for ports 8000:8010"),
        ("LVS315", RANGE, "all of them to port 8000 of the real server"),
        ("LVS315", ROUTERS + service("fwmark = 80") + marking(""), "is for all ports"),
        ("LVS319", service("sorry_server = 10.10.1.31", server()), "lvsd then stops every service"),
        ("LVS326", service("scheduler = rr", "load_monitor = rup"), "`load_monitor`"),
        ("LVS400", service("fwmark = 80"), "(LVS315, LVS316)"),
    ],
)
def test_message_names_what_is_lost(code: str, text: str, said: str) -> None:
    """The sentence has the facts of the case at hand."""
    text = text if code != "LVS400" else ROUTERS + text
    assert said in only(text, code).message


@pytest.mark.parametrize("lines", [FTP, ("fwmark = 80", "persistent = 60")])
def test_not_checked_keeps_quiet_about_what_is_known(lines: tuple[str, ...]) -> None:
    """Where the answer does not depend on the routers' rules, nothing was left unchecked."""
    assert "LVS315" not in only(ROUTERS + service(*lines), "LVS400").message


def test_the_help_names_the_one_with_the_mark() -> None:
    """Only the port of a virtual server with a mark is free to choose."""
    mark = service("fwmark = 443", server(), name="marked")
    plain = service(server(), name="plain")

    for text in (mark + plain, plain + mark):
        found = only(text, "LVS311")
        assert found.help is not None
        assert "`marked`" in found.help


def test_a_thousand_shared_servers_are_one_finding() -> None:
    """One cause, one finding, and a message of bounded length."""
    servers = [server(name=f"s{n}", address=f"10.1.{n >> 8}.{n & 255}") for n in range(1, 1001)]
    text = service("fwmark = 1", *servers, name="a") + service("fwmark = 2", *servers, name="b")

    found = [one for one in lvscf.lint(lvscf.parse(text)) if one.code in ("LVS311", "LVS330")]
    assert [one.code for one in found] == ["LVS311"]
    assert "997 more" in found[0].message
    assert len(found[0].message) < 400
