"""Which checker stands in for each check of nanny."""

import pytest

import lvscf
from lvscf.keepalived.checks import Check, Form, HttpCheck, check_of
from lvscf.keepalived.targets import target
from tests.builders import server, service


def check(*lines: str, native: bool = False, release: str = "2.2") -> Check:
    (virtual,) = lvscf.loads(service(*lines, server())).effective.virtual_servers
    return check_of(virtual, native, target(release))


@pytest.mark.parametrize(
    ("lines", "form"),
    [
        ((), Form.SCRIPT),
        (("port = 8080",), Form.TCP),
        (('send = "x"',), Form.TCP),
        (("port = 25", 'expect = "220"'), Form.SCRIPT),
        (("protocol = udp", 'send = "x"', 'expect = "*"'), Form.SCRIPT),
        (("protocol = udp",), Form.SCRIPT),
        (("protocol = udp", "port = 53"), Form.NONE),
        (("send_program = /bin/x", "expect = OK", "protocol = udp"), Form.SCRIPT),
        (("client_monitor = /sbin/nanny",), Form.SCRIPT),
        (("client_monitor = /sbin/other",), Form.TCP),
        (("client_monitor = /sbin/other", "protocol = udp"), Form.NONE),
    ],
)
def test_form(lines: tuple[str, ...], form: Form) -> None:
    """A connection is keepalived's own check, an exchange is a script."""
    assert check(*lines).form is form


@pytest.mark.parametrize(
    ("lines", "http"),
    [
        ((), HttpCheck("1.0", "/", None, "100-599")),
        (
            (
                'send = "GET /a?b=c HTTP/1.1\\r\\nHost: www.example.com\\r\\nConnection: close\\r\\n\\r\\n"',
                'expect = "HTTP/1.1 200"',
            ),
            HttpCheck("1.1", "/a?b=c", "www.example.com", "200"),
        ),
        (('send = "HEAD / HTTP/1.0\\r\\n\\r\\n"', 'expect = "HTTP"'), None),
        (('send = "GET / HTTP/1.0\\r\\n\\r\\n"', 'expect = "HTTP/1"'), None),
        (('send = "GET / HTTP/1.0\\r\\n\\r\\n"', 'expect = "HTTP"', "use_regex = 1"), None),
        (('send = "GET /#x HTTP/1.0\\r\\n\\r\\n"', 'expect = "HTTP"'), None),
        (('send = "GET / HTTP/1.0\\r\\nCookie: a\\r\\n\\r\\n"', 'expect = "HTTP"'), None),
        (('send = "GET / HTTP/1.0\\r\\nHost: a b\\r\\n\\r\\n"', 'expect = "HTTP"'), None),
        (("protocol = udp",), None),
    ],
)
def test_native(lines: tuple[str, ...], http: HttpCheck | None) -> None:
    """HTTP_GET is used where it asks the same; the rest are scripts."""
    found = check(*lines, native=True)

    assert found.http == http
    assert found.form is (Form.HTTP if http else Form.SCRIPT)
    assert check(*lines).form is Form.SCRIPT
    assert check(*lines, native=True, release="2.0").form is Form.SCRIPT
