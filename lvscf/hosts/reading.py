"""Reading one file of a host, whatever it is: its content tells."""

import re
from importlib import import_module
from typing import Protocol, cast

from attrs import evolve, frozen

from lvscf.firewall.reader import parse
from lvscf.hosts.host import Host, joined, of_firewall
from lvscf.source import Source, displayable

_SILENT = re.compile(r"[ \t]*(?:[#;].*)?\r?(?:\n|\Z)")
"""A line that is blank or a comment."""


_SETTING_UP = re.compile(r"/proc/sys/net|\b(?:sysctl|ifconfig|modprobe|insmod|route|ip)[ \t]")
"""In every text with commands that set up more than rules, and in few others."""


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


_PROMPT = r"(?:(?:\[[^\]\n]*\]|[\w.-]+@[^\n#$]*)[ \t]*[#$]|\$)[ \t]*(?:sudo )?(?:/\S*/)?"
_NETWORK = r"(?:default|\d[\d.]*\.\d+(?:/\d+)?|[\da-f:]*::[\da-f:]*(?:/\d+)?)"
_ROUTE_KINDS = (
    "(?:unicast|local|broadcast|multicast|anycast|unreachable|prohibit|blackhole|throw|none)"
)
_ASSIGNMENT = r"(?:[ \t]*(?:(?:export[ ]+)?[A-Za-z_]\w*=|[#;]|==> |\r)[^\n]*|[ \t]*)"

_KINDS: tuple[_Kind, ...] = (
    _Kind(
        r"[ \t]*-?[ \t]*(?:/proc/sys/)?[a-z][\w-]*(?:[./][\w@*-]+)+[ \t]*="
        r"|-[a-z]+(?:[./][\w*-]+)+[ \t]*\r?\n"
        r"|(?:==> |[ \t]*)/proc/sys/[^\s:]+(?: <==|:| =)"
        r"|sysctl: |[a-z]+(?:\.[\w-]+)+: -?\d"
        r"|" + _PROMPT + r"(?:sysctl\b(?! +-w)(?![^\n]*=)|(?:cat|grep|head|tail) [^\n]*/proc/sys/)"
        r"(?![\s\S]*tables(?:-\w+)? -)"  # else it is a terminal with commands for rules
        r"|(?:cat )?/proc/sys/\S+[ \t]*\r?\n-?\d",
        "lvscf.hosts.kernel_setting_lines",
    ),
    _Kind(
        r"(?:create|add) \S+ (?:hash|bitmap|list):|create \S+ (?:hash|bitmap|list):"
        r"|-N \S+ (?:ip|net|port|mac|set|ipport)\w*(?:hash|map|list)\b"
        r"|Name: \S+[ \t]*\r?\nType: (?:(?:hash|bitmap|list):|\w+(?:hash|map|list)\b)",
        "lvscf.hosts.ip_set_lines",
        name="sets of addresses or ports, as printed by `ipset save`",
    ),
    _Kind(
        r"(?:ipv4|ipv6|eb) +(?:(?:filter|nat|mangle|raw|security|broute) \S+|-)"
        r"|" + _PROMPT + r"firewall-cmd +(?:--permanent +)?--direct +(?:--permanent +)?--get-all-",
        "lvscf.hosts.firewalld_listing",
        name="direct rules of firewalld, as printed by `firewall-cmd --direct --get-all-rules`",
    ),
    _Kind(
        r"(?s)(?:<\?xml[^<>]{0,200}\?>\s*)?(?:<!--.{0,5000}?-->\s*)*<direct[\s/>]",
        "lvscf.hosts.firewalld_xml",
        name="direct rules of firewalld, as in `direct.xml`",
    ),
    _Kind(
        r"[ \t]*[^\s:]+[ \t]+0:\S+[ \t]+1:\S+|Note: This output shows SysV services only"
        r"|UNIT FILE +STATE|[\w@.\\:+-]+\.(?:service|socket|target|mount|path|timer|scope|slice"
        r"|swap|automount|device)[ \t:=]+(?:enabled|disabled|masked|static|indirect|generated"
        r"|transient|alias|linked|bad)\b"
        r"|[\w@.-]+(?:[ \t]*[:=])?[ \t]+(?:enabled|disabled|masked|static)[ \t]*\r?(?:\n|\Z)"
        r"|" + _PROMPT + r"(?:chkconfig +--list|systemctl +(?:is-enabled|list-unit-files))",
        "lvscf.hosts.boot_service_lines",
        name="a list of services, as printed by `chkconfig --list`",
    ),
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
    has_rules = bool(firewall.tables or firewall.arp_tables)
    set_up = _set_up(source)
    if set_up is not None:
        beside.append(set_up)
    if beside and has_rules:
        return joined((of_firewall(firewall), *beside))
    if beside:
        # A file without rules says nothing about the host's rules.
        host = joined(beside)
        return evolve(host, findings=(*firewall.findings, *host.findings))
    if start is not None and not has_rules and not firewall.findings:
        raise UnknownTextError(f"{displayable(filename)} contains nothing that lvscf reads")
    return of_firewall(firewall)


def _set_up(source: Source) -> Host | None:
    """What a script sets up apart from rules; None if it is nothing."""
    if _SETTING_UP.search(source.text) is None:
        return None
    from lvscf.hosts import script_commands

    host = script_commands.read(source)
    known = (host.addresses, host.routes, host.devices, host.settings, host.modules, host.findings)
    return host if any(known) else None


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
