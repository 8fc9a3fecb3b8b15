"""Listening sockets in the outputs of ss and netstat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf import hosts
from lvscf.hosts.listening_sockets import read
from lvscf.source import Source

SS = """\
State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
LISTEN 0      128          0.0.0.0:80        0.0.0.0:*    users:(("httpd",pid=812,fd=4))
LISTEN 0      128       10.10.1.31:443       0.0.0.0:*
LISTEN 0      128             [::]:22           [::]:*
"""
SS_OF_BOTH = """\
Netid  State   Recv-Q  Send-Q  Local Address:Port  Peer Address:Port
udp    UNCONN  0       0             0.0.0.0:539        0.0.0.0:*
tcp    LISTEN  0       5      127.0.0.53%lo:53          0.0.0.0:*
"""
NETSTAT = """\
Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
tcp        0      0 10.10.1.31:80           0.0.0.0:*               LISTEN      2143/httpd
tcp6       0      0 :::22                   :::*                    LISTEN      1999/sshd
udp        0      0 0.0.0.0:539             0.0.0.0:*                           1733/pulse
"""


@pytest.mark.parametrize(
    ("text", "protocol", "address", "port", "listens"),
    [
        (SS, "tcp", "10.10.1.20", 80, True),
        (SS, "tcp", "10.10.1.31", 443, True),
        (SS, "tcp", "10.10.1.20", 443, False),
        (SS, "tcp", "10.10.1.20", 22, None),
        (SS, "udp", "10.10.1.20", 80, None),
        (SS_OF_BOTH, "udp", "10.10.1.21", 539, True),
        (SS_OF_BOTH, "tcp", "10.10.1.21", 53, False),
        (SS_OF_BOTH, "tcp", "127.0.0.53", 53, True),
        (NETSTAT, "tcp", "10.10.1.31", 80, True),
        (NETSTAT, "tcp", "10.10.1.20", 80, False),
        (NETSTAT, "udp", "10.10.1.20", 539, True),
        (NETSTAT, "udp", "10.10.1.20", 53, False),
        (SS.replace(":443", ":https"), "tcp", "10.10.1.20", 8080, None),
        (SS.splitlines()[0] + "\n", "tcp", "10.10.1.20", 80, None),
    ],
)
def test_who_listens(
    text: str, protocol: str, address: str, port: int, listens: bool | None
) -> None:
    """A socket gets packets for its address; nothing is certain of what is not shown."""
    assert hosts.read(text).listens(protocol, address, port) is listens


def test_places() -> None:
    """A socket is at its address and port."""
    first = hosts.read(SS).listening[0].place

    assert first is not None
    assert SS[first.start : first.end] == "0.0.0.0:80"


@given(st.text(st.sampled_from("tcpudLISTEN 0.:*[]%\n")))
def test_any_text_is_read(text: str) -> None:
    """No text makes the reader fail."""
    read(Source(text))
