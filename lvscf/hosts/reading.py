"""Reading one file of a host, whatever it is: its content tells."""

import re
from importlib import import_module
from typing import Protocol, cast

from attrs import frozen

from lvscf.firewall.reader import parse
from lvscf.hosts.host import Host, joined, of_firewall
from lvscf.source import Source, displayable

_SILENT = re.compile(r"[ \t]*(?:[#;].*)?\r?(?:\n|\Z)")
"""A line that is blank or a comment."""


class UnknownTextError(ValueError):
    """A text is nothing that lvscf reads."""


class _Reader(Protocol):
    """What every module that reads a kind of text offers."""

    def read(self, source: Source) -> Host:
        """The host, as far as the text shows it."""


@frozen
class _Kind:
    """A kind of text."""

    pattern: str
    """Matches the first line that is not blank or a comment; with `(?m)`, it may look further."""
    module: str
    """The module that reads it, imported only for such a text."""
    name: str = ""
    """What it is, for a file that was given in the wrong place."""
    anywhere: bool = False
    """Whether the pattern is searched for: such lines may come after or between others."""

    def fits(self, text: str, start: int) -> bool:
        """Whether the text that starts at `start` is of this kind."""
        pattern = re.compile(self.pattern)
        found = pattern.search(text, start) if self.anywhere else pattern.match(text, start)
        return found is not None


_NETWORK = r"(?:default|\d[\d.]*\.\d+(?:/\d+)?|[\da-f:]*::[\da-f:]*(?:/\d+)?)"
_ROUTE_KINDS = (
    "(?:unicast|local|broadcast|multicast|anycast|unreachable|prohibit|blackhole|throw|none)"
)
_ASSIGNMENT = r"(?:[ \t]*(?:(?:export[ ]+)?[A-Za-z_]\w*=|[#;]|==> |\r)[^\n]*|[ \t]*)"

_KINDS: tuple[_Kind, ...] = (
    _Kind(r"[ \t]*-?[a-z]\w*(?:[./][\w*-]+)+[ \t]*=", "lvscf.hosts.kernel_setting_lines"),
    _Kind(
        r"\d+:[ ]+[^\s:]+:?[ ]+(?:<|inet6? )|[ \t]+inet [\d.]+/.* scope |\S+[ \t]+Link encap:"
        r"|\S+:[ ]+flags=\d+<|[\w.@-]+[ ]+(?:UNKNOWN|UP|DOWN)[ ]+(?:[\da-f]+[.:]|[\r\n])",
        "lvscf.hosts.address_lists",
        name="a list of addresses, as printed by `ip addr` or `ifconfig`",
    ),
    _Kind(
        r"Kernel IP routing table|Destination[ \t]+Gateway[ \t]"
        rf"|(?:{_ROUTE_KINDS}[ ]+)?"
        rf"(?:{_NETWORK}[ ]+(?:via|dev|proto|nhid|table|scope|metric|src)[ ]"
        rf"|{_NETWORK}[ ]*\\?\s*nexthop[ ])"
        rf"|{_ROUTE_KINDS}[ ]+{_NETWORK}[ ]*(?:[\r\n]|\Z)",
        "lvscf.hosts.route_tables",
        name="a routing table, as printed by `ip route`",
    ),
    _Kind(
        r"(?ms)[A-Z_]+=.*?^(?:PRETTY_NAME|VERSION_ID)=|PRETTY_NAME=|LSB Version:|Distributor ID:"
        r"|[A-Z][^\n]{2,100} release \d[\d.]*(?: Beta)?(?: \([^\n]*\))?[ \t]*\r?(?:\n|\Z)",
        "lvscf.hosts.releases",
        name="the release of an operating system",
    ),
    _Kind(
        # Nothing but assignments: a script may set such variables as well.
        r"(?m)(?=(?s:.*?)^[ \t]*(?:export[ ]+)?(?:DEVICE|BOOTPROTO|ONBOOT|IPADDR\d*|NETWORKING"
        r"|HOSTNAME|GATEWAY\d*|ADDRESS\d+)=)"
        rf"(?:{_ASSIGNMENT}\n)*{_ASSIGNMENT}\Z",
        "lvscf.hosts.interface_files",
        name="settings of the network, as in `ifcfg-eth0`",
    ),
    _Kind(
        r"Module[ ]+Size[ ]+Used by|[a-zA-Z_][\w-]*[ ]+\d+[ ]+-?\d+(?:[ ]+[a-zA-Z\[(-][^\n]*)?"
        r"[ ]*(?:\r|\n|\Z)",
        "lvscf.hosts.kernel_modules",
        name="a list of kernel modules, as printed by `lsmod`",
    ),
    _Kind(
        r"(?:Netid[ \t]+)?State[ \t]+Recv-Q[ \t]|Active Internet connections"
        r"|Proto[ \t]+Recv-Q[ \t]",
        "lvscf.hosts.listening_sockets",
        name="a list of sockets, as printed by `ss` or `netstat`",
    ),
    _Kind(
        r"(?m)^[ \t]*(?:IP Virtual Server version|Prot LocalAddress:Port|-A[ \t]+-[tuf][ \t]"
        r"|(?:TCP|UDP|FWM)[ \t]+\S+[ \t]+[a-z]+[ \t]*$)|(?:ipvsadm|IPVSADM\}?)[ \t]+(?:-A|--add-s)",
        "lvscf.hosts.ipvs_listings",
        name="an IPVS table, as printed by ipvsadm",
        anywhere=True,
    ),
)
"""All kinds of text but firewall rules and scripts.  No iptables line begins like any of them."""


def read(content: bytes | str, filename: str = "<string>") -> Host:
    """Read a file that was collected from a host: what it is, its content tells.

    A file without anything but blank lines and comments means a host without firewall rules, for
    which `iptables-save` prints nothing.

    Args:
        content: the file's content.
        filename: its name, for places in findings.

    Returns:
        A host without role, as far as this file shows it; see `Host.of` and `joined`.  It has a
        name if the file is /etc/sysconfig/network.

    Raises:
        UnknownTextError: it is nothing that lvscf reads.
        TypeError: the content is neither bytes nor str.
    """
    source = Source.of(content, filename)
    start = first_words(source.text)
    beside: list[Host] = []
    if start is not None:
        for kind in _KINDS:
            if kind.fits(source.text, start):
                host = cast(_Reader, import_module(kind.module)).read(source)
                if not kind.anywhere:
                    return host
                beside.append(host)
    firewall = parse(source.text, filename)
    has_rules = firewall.tables or firewall.arp_tables
    if beside:
        return joined(
            (of_firewall(firewall), *beside) if has_rules or firewall.findings else beside
        )
    if start is not None and not has_rules and not firewall.findings:
        raise UnknownTextError(f"{displayable(filename)} contains nothing that lvscf reads")
    return of_firewall(firewall)


def name_of(text: str) -> str | None:
    """What a text is, if it is of a host but no firewall rules, for messages; None if it is not."""
    start = first_words(text)
    if start is None:
        return None
    return next((kind.name for kind in _KINDS if kind.name and kind.fits(text, start)), None)


def first_words(text: str) -> int | None:
    """The offset of the first line that is not blank or a comment; None if there is none."""
    position = 0
    while position < len(text):
        silent = _SILENT.match(text, position)
        if silent is None:
            return position
        position = silent.end()
    return None
