"""Listening sockets, as `ss -lnt` and `netstat -lnt` print them (also with `-u` and `-p`)."""

import re
from collections.abc import Iterator

from lvscf.findings.place import Place
from lvscf.hosts.facts import ListeningSocket
from lvscf.hosts.host import Fact, Host
from lvscf.shared import ipv4
from lvscf.source import Source

_SS = re.compile(
    r"^(?:(?P<protocol>[a-z_]+)[ \t]+)?(?P<state>LISTEN|UNCONN)[ \t]+\d+[ \t]+\d+[ \t]+"
    r"(?P<local>\S+)[ \t]",
    re.MULTILINE,
)
_NETSTAT = re.compile(
    r"^(?P<protocol>tcp|udp)6?[ \t]+\d+[ \t]+\d+[ \t]+(?P<local>\S+)[ \t]+\S+"
    r"(?:[ \t]+(?P<state>[A-Z]\w+))?",
    re.MULTILINE,
)
_STATES = {"LISTEN": "tcp", "UNCONN": "udp"}
_ALL_IPV4 = ("0.0.0.0", "*")
_ALL_IPV6 = ("::", "[::]")


def read(source: Source) -> Host:
    """The sockets in a text.

    Both programs list a protocol completely or not at all.  Without `-n`, they print names of
    ports, which are not looked up: sockets of that protocol are then not complete.
    """
    sockets = []
    complete: dict[Fact, bool] = {}
    for protocol, line in _lines(source):
        kind: Fact = "tcp sockets" if protocol == "tcp" else "udp sockets"
        address, _, port = line["local"].rpartition(":")
        if not (port.isascii() and port.isdecimal() and len(port) <= 5):
            complete[kind] = False
            continue
        complete.setdefault(kind, True)
        bound = address.partition("%")[0].removeprefix("[::ffff:").removesuffix("]")
        if address in _ALL_IPV6 or bound in _ALL_IPV4 or ipv4.number(bound) is not None:
            known = "::" if address in _ALL_IPV6 else None if bound in _ALL_IPV4 else bound
            place = Place(*line.span("local"), source)
            sockets.append(ListeningSocket(protocol, known, int(port), place=place))
    return Host(
        listening=tuple(sockets),
        complete=frozenset(kind for kind, whole in complete.items() if whole),
        sources=(source,),
    )


def _lines(source: Source) -> Iterator[tuple[str, re.Match[str]]]:
    """The lines of TCP and UDP sockets, each with its protocol."""
    for line in _SS.finditer(source.text):
        if line["protocol"] in (None, _STATES[line["state"]]):
            yield _STATES[line["state"]], line
    for line in _NETSTAT.finditer(source.text):
        if line["state"] == "LISTEN" or line["protocol"] == "udp":
            yield line["protocol"], line
