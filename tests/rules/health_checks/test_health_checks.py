"""What rules about health checks say beyond their cases: severities, consequences, ways out."""

import pytest

import lvscf
from tests.builders import server, service
from tests.clusters import findings


@pytest.mark.parametrize(
    ("lines", "code", "severity"),
    [
        (("timeout = 0",), "LVS606", "error"),
        (("timeout = 90",), "LVS606", "info"),
        (("reentry = 0",), "LVS607", "warning"),
        (("timeout = 9", "reentry = 8"), "LVS607", "info"),
        (("send_program = /c%h", "expect = x"), "LVS603", "error"),
        (("send_program = /c", "expect = x", server(), server()), "LVS603", "warning"),
        (("expect = x", "use_regex = 1", "send = x"), "LVS613", ""),
        (("expect = (", "use_regex = 1", "send = x"), "LVS613", "error"),
        ((r"expect = \\d", "use_regex = 1", "send = x"), "LVS613", "warning"),
        (("send = x", "expect = " + "x" * 255), "LVS615", "warning"),
        (("send_program = /" + "x" * 254, "expect = x"), "LVS615", "error"),
        (("load_monitor = x",), "LVS616", "warning"),
        (("expect = x",), "LVS619", "error"),
        (("port = 8080", "expect = x"), "LVS619", "warning"),
        (("expect = *", "send = x"), "LVS621", "info"),
        (("expect = *", "send_program = /c"), "LVS621", "warning"),
    ],
)
def test_severities(lines: tuple[str, ...], code: str, severity: str) -> None:
    """Some rules have more than one, by what happens."""
    found = lvscf.lint(lvscf.parse(service(*lines)))

    assert {one.severity.label for one in found if one.code == code} == {severity} - {""}


def test_the_end_of_nanny_is_told_by_what_it_ends() -> None:
    """With lvsd everything stops, with fos the other router takes over."""
    virtual = service("timeout = 0")
    failover = "service = fos\n" + virtual.replace("virtual", "failover")

    for text, said in ((virtual, "lvsd then stops every service"), (failover, "router takes over")):
        (message,) = (o.message for o in lvscf.lint(lvscf.parse(text)) if o.code == "LVS606")
        assert said in message


def test_a_load_command_that_gets_no_uptime_is_an_error() -> None:
    """The command is where it has to be changed; the first that needs it is named."""
    text = "rsh_command = remsh\n" + service("load_monitor = uptime", server("weight = 9"))

    (found,) = (one for one in lvscf.lint(lvscf.parse(text)) if one.code == "LVS616")
    assert found.severity.label == "error"
    assert [text[part.span.start : part.span.end] for part in found.related] == ["uptime"]


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        (r"\d\.\\", r"\\d\\.\\"),
        (r"HTTP/1\.1 \[", r"HTTP/1\\.1 \\["),
        (r"quit \\ \r\n", None),
        ("a b\\", "a b\\\\"),
    ],
)
def test_all_backslashes_of_a_string_are_doubled(text: str, fixed: str | None) -> None:
    """One finding for a string, at its first bad backslash; its fix mends the whole string."""
    source = service(f'send = "{text}"', "port = 25")
    found = [one for one in findings(source) if one.code == "LVS614"]

    assert len(found) == (fixed is not None)
    for one in found:
        assert one.fix is not None
        assert one.fix.applicability == "unsafe"
        for edit in reversed(one.fix.edits):
            source = source[: edit.span.start] + edit.text + source[edit.span.end :]
        assert f'send = "{fixed}"' in source


def test_an_own_monitor_is_left_alone() -> None:
    """Where another program than nanny checks the servers, none of this is known to be true."""
    text = service(
        "client_monitor = /opt/check", "timeout = 0", "reentry = 0", "send = \\x", "port = 443",
        "protocol = udp", "use_regex = 1", "load_monitor = x", "send_program = c",
    )  # fmt: skip

    assert not {one.code for one in findings(text) if one.code.startswith("LVS6")}


@pytest.mark.parametrize(
    ("hard_shutdown", "target", "said"),
    [
        ("", "", "lvsd then stops every service"),
        ("hard_shutdown = 1\n", "", "lvsd then stops every service"),
        ("hard_shutdown = 0\n", "--- target 0.8.6-6\n", "lvsd then stops every service"),
        ("hard_shutdown = 0\n", "", "with `hard_shutdown = 0` this server is no longer checked"),
    ],
)
def test_what_the_end_of_a_nanny_does(hard_shutdown: str, target: str, said: str) -> None:
    """`hard_shutdown = 0` keeps the other services, where the release knows how to."""
    text = hard_shutdown + service("timeout = 0") + target
    (message,) = [one.message for one in findings(text) if one.code == "LVS606"]

    assert said in message
