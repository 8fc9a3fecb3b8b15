"""LVS1: severities that depend on the case, messages, and the outcome of fixes."""

import pytest

import lvscf
from lvscf.findings.finding import Finding
from lvscf.linter.settings import Settings
from tests.builders import ROUTERS, failover, server, service
from tests.clusters import findings


def only(text: str, code: str) -> Finding:
    """The one finding of a rule."""
    [found] = [finding for finding in findings(text, code) if finding.code == code]
    return found


FORTY_WORDS = service(f'send_program = "/bin/a {"b " * 39}"', 'expect = "OK"')


@pytest.mark.parametrize(
    ("code", "text", "severity"),
    [
        ("LVS105", ROUTERS + "heartbeat_port = 0\n", "error"),
        ("LVS105", "heartbeat_port = 0\n", "error"),
        ("LVS105", service(server("port = 70000")), "error"),
        ("LVS105", service(server("port = -1")), "warning"),
        ("LVS105", service("persistent = -1"), "error"),
        ("LVS106", service("fwmark = -1"), "error"),
        ("LVS106", service("fwmark = 0"), "warning"),
        ("LVS107", "primary = 10.1\n", "warning"),
        ("LVS107", "primary = 10.10.001.021\n", "warning"),
        ("LVS107", "primary = 10.10.001.007\n", "info"),
        ("LVS107", "backup = 0.0\n", "info"),
        ("LVS107", 'primary = "10.10.1.21 a"\n', "warning"),
        ("LVS119", "active_cmd = /bin/a;b\n", "warning"),
        ("LVS119", FORTY_WORDS, "error"),
    ],
)
def test_severity_follows_the_consequence(code: str, text: str, severity: str) -> None:
    """A rule with several severities gives the one that fits."""
    assert only(text, code).severity.label == severity


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("LVS104", "keepalive = 99999999999\n", "reads it as 1215752191."),
        ("LVS104", "keepalive = 9223372036854775808\n", "reads it as -1."),
        ("LVS104", "keepalive = -9223372036854775809\n", "reads it as 0."),
        ("LVS105", service("port = 99999999999"), "1215752191 (`99999999999` does not fit)"),
        ("LVS105", service("persistent = 2678401"), "no traffic and no checks"),
        ("LVS105", service("persistent = 1000000000"), "overflow a buffer"),
        ("LVS105", service(server("port = 65616")), "nanny checks port 80."),
        ("LVS105", service("fwmark = 1", "port = -1", server()), "nanny checks port 65535 of"),
        ("LVS105", service("port = 81", server("port = -1")), "the virtual server's port, 81"),
        ("LVS105", failover("port = -65000"), "checks port 536 instead"),
        ("LVS105", failover("port = -100000000"), "overflow a buffer"),
        ("LVS105", ROUTERS + "heartbeat_port = 66075\n", "UDP port 539 instead"),
        ("LVS105", ROUTERS + "heartbeat_port = 131072\n", "both routers become active"),
        ("LVS105", "syncdaemon = 1\nsyncd_id = -1\n", "as 255"),
        ("LVS106", service("fwmark = 0xfffffffe"), "as -2,"),
        ("LVS107", "primary = 10.1\n", "reads `10.1` as 10.0.0.1."),
        ("LVS107", 'primary = "10.10.1.21 a"\n', "reads 10.10.1.21 and ignores the text"),
        ("LVS108", service("vip_nmask = 24"), "prefix lengths, and reads `24` as 0.0.0.24:"),
        ("LVS110", "heartbeat_port = domain\n", "(usually 53)"),
        ("LVS121", service('send_program = \'/bin/a\''), "no server is ever up"),
        ("LVS121", service('send_program = \'/bin/a\'', "expect = OK"), "always up"),
    ],
)  # fmt: skip
def test_message_says_what_happens(code: str, text: str, said: str) -> None:
    """The message says how Piranha reads a value."""
    assert said in only(text, code).message


@pytest.mark.parametrize(
    ("code", "text", "advice"),
    [
        ("LVS108", service("vip_nmask = 24"), "`vip_nmask = 255.255.255.0`"),
        ("LVS108", service("vip_nmask = 32"), "`vip_nmask = 255.255.255.255`"),
        ("LVS108", service("vip_nmask = 0.0.3.255"), "`vip_nmask = 255.255.252.0`"),
        ("LVS108", service("pmask = /23"), "`pmask = 255.255.254.0`"),
        ("LVS108", service("pmask = 255.255.255.256"), "`pmask = 255.255.255.255`"),
        ("LVS116", "service = fos\n" + service(), "or write `service = lvs`"),
    ],
)
def test_help_says_what_to_write(code: str, text: str, advice: str) -> None:
    """Where it is clear what was meant, the advice says it."""
    assert advice in (only(text, code).help or "")


def test_the_other_party_is_shown() -> None:
    """Findings with two places show both."""
    both = service('start_cmd = "/bin/a"', 'stop_cmd = "/bin/b"')
    assert [one.message for one in only(both, "LVS115").related] == ["no effect either"]
    other_kind = only("service = fos\n" + service(), "LVS116")
    assert [one.span.line for one in other_kind.related] == [2]
    idle = only("backup = 0.0.0.0\nheartbeat = 1\n", "LVS114")
    assert [one.span.line for one in idle.related] == [1]


@pytest.mark.parametrize(
    ("code", "text", "fixed"),
    [
        ("LVS121", service("expect = '220 '"), service('expect = "220 "')),
        ("LVS121", service("send = 'say \"hi\"'"), None),
        ("LVS124", failover('start_cmd = "/a   b  c"'), failover('start_cmd = "/a b  c"')),
    ],
)
def test_fix_writes_what_was_meant(code: str, text: str, fixed: str | None) -> None:
    """A fix changes what the finding is about, and nothing else."""
    fix = only(text, code).fix
    if fix is None:
        assert fixed is None
        return
    [edit] = fix.edits
    assert text[: edit.span.start] + edit.text + text[edit.span.end :] == fixed


def test_optional_rules_are_off_unless_selected() -> None:
    """Defaults and blocks that are off are reported only on request."""
    document = lvscf.parse("keepalive = 2\n" + service(server().replace("= 1", "= 0")))
    optional = {"LVS113", "LVS123"}

    assert not optional & {finding.code for finding in lvscf.lint(document)}
    chosen = lvscf.lint(document, settings=Settings(extend_select=("LVS113", "LVS123")))
    assert optional <= {finding.code for finding in chosen}


@pytest.mark.parametrize("target", ["0.8.4", "0.8.6", "0.8.6-3", "0.8.6-7", "0.8.7"])
def test_each_release_has_its_own_findings(target: str) -> None:
    """For each release, exactly the features that it lacks are reported."""
    text = "syncd_id = 1\nhard_shutdown = 0\n" + service("sorry_server = 10.10.1.90")
    expected = {
        "0.8.4": ["`syncd_id`", "`hard_shutdown`", "sorry server"],
        "0.8.6": ["`hard_shutdown = 0`", "sorry server"],
        "0.8.6-3": ["`hard_shutdown = 0`"],
    }.get(target, [])

    found = lvscf.lint(lvscf.parse(text), settings=Settings(select=("LVS122",), target=target))
    assert len(found) == len(expected)
    assert all(said in one.message for said, one in zip(expected, found, strict=True))
