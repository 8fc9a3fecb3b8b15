"""What findings advise: the right remedy for the mistake that was made."""

import pytest

import lvscf
from tests.builders import server, service


@pytest.mark.parametrize(
    ("text", "code", "help"),
    [
        ("heartbeat_dev = eth0\n", "LVS001", "only old releases know `heartbeat_dev`"),
        ("keepalve = 6\n", "LVS001", "Write `keepalive`."),
        ("weight = 6\n", "LVS001", "`weight` belongs in a server block."),
        ("keepalive 6\n", "LVS002", "Write `keepalive = 6`."),
        ("nat_router 10.0.0.1 eth1:1\n", "LVS002", "Write `nat_router = 10.0.0.1 eth1:1`."),
        ("virtual = x {\n}\n", "LVS003", "Write `virtual NAME {`."),
        ("virtual a b {\n}\n", "LVS003", 'Write `virtual "a b" {`'),
        ("active_cmd = /bin/a b\n", "LVS004", 'Put the value in quotes: `"/bin/a b"`.'),
        (service("send = “GET /”"), "LVS004", 'Put the value in quotes: `"GET /"`.'),
        (service("address = 10.0.0.1 eth0:1 255.0.0.0"), "LVS004", "`vip_nmask`"),
        ("keepalive = 6 # " + "x " * 120 + "\n", "LVS005", "Move the comment"),
        ('virtual "a" {\n}\n', "LVS006", "Write `a`, without quotes."),
        (service('send = "say \\"hi\\" x"'), "LVS006", "a backslash does not protect a quote"),
        (service("persistent = 5m"), "LVS007", "Write `300`"),
        ("keepalive = 2sec\n", "LVS007", "Write `2`"),
        ("keepalive = 500ms\n", "LVS007", "Write an integer, without a unit"),
        ("keepalive = 1.5\n", "LVS007", "Write an integer, without a unit"),
        ("keepalive = –6\n", "LVS007", "Write `-6` in plain characters."),
        ("heartbeat_port = HTTP\n", "LVS007", "Write `http`"),
        ("heartbeat_port = 80/tcp\n", "LVS007", "Write a port number, or the name"),
        (service(server("port = https")), "LVS007", "Write `443`"),
        (service(server("weight = x")), "LVS007", "Write an integer"),
        ("primary = fe80::1\n", "LVS009", "does not support IPv6"),
        ("primary = 10.0.0.1:539\n", "LVS009", "Write `10.0.0.1`; the port has a directive"),
        ("nat_router = eth1:1 10.0.0.1\n", "LVS009", "Write the address first"),
        ("primary = 10.0.0.1/24\n", "LVS009", "Write `10.0.0.1`, and the netmask"),
        ("nat_nmask = /26\n", "LVS010", "Write `255.255.255.192`."),
        (service("scheduler = wcl"), "LVS011", "Use `wlc`"),
        ("keepalive ＝ 6\n", "LVS019", "Write a plain `=`."),
    ],
)
def test_help(text: str, code: str, help: str) -> None:
    """The finding says what to write instead."""
    (finding,) = (one for one in lvscf.lint(lvscf.parse(text)) if one.code == code)

    assert finding.help is not None
    assert help in finding.help


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "serial_no = 1\r\nx = 1\r\n",
            "silently skips line 2. It uses its defaults for whatever it does not read.",
        ),
        ("x=1\r\ny = 1\r\n", 'Piranha then rejects the file ("unknown command")'),
        (
            "serial_no = 1\nsync = 0\r\n",
            "reads lines 1 to 2 as one long line. Piranha then rejects",
        ),
        (
            "serial_no = 1\rsync = 0\r",
            "end in CR alone, which hardly any program other than Piranha",
        ),
    ],
)
def test_carriage_returns_have_their_true_consequence(text: str, message: str) -> None:
    """What Piranha makes of the file follows from its own verdict on it."""
    (finding,) = (one for one in lvscf.parse(text).findings if one.code == "LVS014")

    assert message in finding.message


def test_another_programs_block_is_no_service() -> None:
    """A block of keepalived in an lvs.cf is said to be unknown, and has no duties."""
    text = "keepalive = 6\nvrrp_instance a {\n}\n"
    found = [
        one.code
        for one in lvscf.lint(
            lvscf.parse(text), settings=lvscf.Settings(ignore=("LVS208", "LVS116"))
        )
    ]

    assert found == ["LVS001"]
