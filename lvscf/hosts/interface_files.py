"""The files with which Red Hat's releases set up the network when they boot.

That is `ifcfg-eth0` and `route-eth0` in /etc/sysconfig/network-scripts, and
/etc/sysconfig/network.  Facts: sysconfig.txt of initscripts.  Its scripts source the files, so
values have the shell's quotes and the last line for a name counts.  PREFIX comes before NETMASK,
and without either an address has the mask of its class.  ONBOOT does not count for an alias.

They show what is set at boot; what was set since, only the running host shows.
"""

import re
from collections.abc import Iterable, Iterator

from attrs import field

from lvscf.hosts.facts import Address, Device, Route
from lvscf.hosts.host import Host
from lvscf.hosts.text_lines import Line, lines
from lvscf.shared import ipv4
from lvscf.shared.records import record
from lvscf.source import Source

_SETTING = re.compile(r"(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)=(?P<value>.*)")
_HEADING = re.compile(r"==> (?P<name>.+) <==")
"""What `head` and `tail` print above each of several files."""
_WORD = re.compile(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"|\\.|[^\s'\"\\;&|<>()]")
_ADDRESS_NAME = re.compile(r"IPADDR(?P<number>\d{0,4})")
_DYNAMIC = ("dhcp", "bootp")


@record(frozen=False)
class _File:
    """One of the files in a text."""

    filename: str
    settings: dict[str, tuple[str | None, Line]] = field(init=False, factory=dict)
    """Each with its line; None for a value that only a shell knows."""

    def value(self, name: str) -> str | None:
        """A value; None if it is not set, or not known."""
        return self.settings[name][0] if name in self.settings else None

    def is_no(self, name: str) -> bool:
        return (self.value(name) or "").lower() in ("no", "n", "false", "off", "0")

    @property
    def device(self) -> str:
        """The device or alias; empty if the file does not name it."""
        if "DEVICE" in self.settings:
            return self.value("DEVICE") or ""
        found = re.search(r"(?:ifcfg|route)-([\w.:-]+)\Z", self.filename)
        return found[1] if found else ""


def read(source: Source) -> Host:
    """What the files in a text set up."""
    addresses: list[Address] = []
    devices: list[Device] = []
    routes: list[Route] = []
    name = None
    for file in _files(source):
        name = name or file.value("HOSTNAME") or None
        routes += _static_routes(file)
        if not _is_interface(file):
            routes += _default_route(file, file.value("GATEWAYDEV"))
            continue
        device = file.device.partition(":")[0]
        if not device:
            continue
        if device == file.device:
            devices.append(_device(file, device))
        if _starts(file):
            addresses += _addresses(file, device)
            routes += _default_route(file, device)
    return Host(
        name=name,
        addresses=tuple(addresses),
        devices=tuple(devices),
        routes=tuple(routes),
        sources=(source,),
    )


def _is_interface(file: _File) -> bool:
    """Whether it is an ifcfg file: /etc/sysconfig/network names no device and no address."""
    names = file.settings.keys()
    if names & {"DEVICE", "BOOTPROTO", "ONBOOT", "HWADDR"}:
        return True
    return any(_ADDRESS_NAME.fullmatch(name) for name in names)


def _starts(file: _File) -> bool:
    """Whether the addresses in the file are set at boot."""
    if (file.value("BOOTPROTO") or "").lower() in _DYNAMIC:
        return False
    return not file.is_no("ONPARENT" if ":" in file.device else "ONBOOT")


def _device(file: _File, name: str) -> Device:
    hardware = file.value("MACADDR") or file.value("HWADDR")
    mtu = file.value("MTU") or ""
    return Device(
        name,
        arp=False if file.is_no("ARP") else None,
        hardware_address=hardware.lower() if hardware else None,
        mtu=int(mtu) if re.fullmatch("[0-9]{1,9}", mtu) else None,
        place=next(iter(file.settings.values()))[1].place,
    )


def _addresses(file: _File, device: str) -> Iterator[Address]:
    networks = set()
    for name, (value, line) in file.settings.items():
        found = _ADDRESS_NAME.fullmatch(name)
        number = ipv4.number(value) if found and value else None
        if found is None or value is None or number is None:
            continue
        prefix = _prefix(file, found["number"], number)
        if prefix is None:
            continue
        network = (number & ipv4.mask_of(prefix), prefix)
        yield Address(
            value,
            prefix,
            device,
            file.device,
            "host" if value.startswith("127.") else "global",
            network in networks,
            origin="boot",
            place=line.place,
        )
        networks.add(network)


def _prefix(file: _File, number: str, address: int) -> int | None:
    """The prefix length of an address; None if it is not known."""
    if f"PREFIX{number}" in file.settings:
        prefix = file.value(f"PREFIX{number}") or ""
        return int(prefix) if re.fullmatch("[0-9]{1,2}", prefix) and int(prefix) <= 32 else None
    if f"NETMASK{number}" in file.settings:
        mask = ipv4.number(file.value(f"NETMASK{number}") or "")
        return None if mask is None else ipv4.prefix_of(mask)
    network = ipv4.classful_network(address)
    return None if network is None else ipv4.prefix_of(network[1])


def _default_route(file: _File, device: str | None) -> Iterator[Route]:
    gateway = file.value("GATEWAY")
    if gateway and ipv4.number(gateway) is not None and not file.is_no("DEFROUTE"):
        place = file.settings["GATEWAY"][1].place
        yield Route((0, 0), gateway, device or None, origin="boot", place=place)


def _static_routes(file: _File) -> Iterator[Route]:
    """Routes of a `route-eth0` file, in the form with numbers."""
    for name, (value, line) in file.settings.items():
        number = name.removeprefix("ADDRESS")
        if number == name or not number.isdecimal():
            continue
        address, mask = ipv4.number(value or ""), ipv4.number(file.value(f"NETMASK{number}") or "")
        gateway = file.value(f"GATEWAY{number}")
        if address is None or mask is None or ipv4.prefix_of(mask) is None:
            continue
        if gateway is not None and ipv4.number(gateway) is None:
            continue
        device = file.device.partition(":")[0] or None
        yield Route((address & mask, mask), gateway, device, origin="boot", place=line.place)


# --- the shell's lines ---------------------------------------------------------------------------


def _files(source: Source) -> Iterable[_File]:
    """The files in a text.

    Where several follow each other, as `cat ifcfg-*` prints them, the next one begins with a name
    that its predecessor has set.  In a text with one DEVICE, the shell's rule holds instead: the
    last line for a name counts.
    """
    files = list(_separated(source))
    if len({file.value("DEVICE") for file in files if "DEVICE" in file.settings}) > 1:
        return files
    if len({file.filename for file in files}) > 1:
        return files
    one = _File(source.filename)
    for file in files:
        one.settings.update(file.settings)
    return (one,) if one.settings else ()


def _separated(source: Source) -> Iterator[_File]:
    file = _File(source.filename)
    for line in lines(source):
        if heading := _HEADING.fullmatch(line.text):
            yield file
            file = _File(heading["name"])
        elif setting := _SETTING.match(line.text):
            if setting["name"] in file.settings:
                yield file
                file = _File(file.filename)
            file.settings[setting["name"]] = (_shell_value(setting["value"]), line)
    yield file


def _shell_value(text: str) -> str | None:
    """The value of an assignment; None if only a shell knows it."""
    value = []
    at = 0
    while word := _WORD.match(text, at):
        at = word.end()
        piece = word[0]
        if piece[0] != "'" and re.search(r"(?<!\\)[$`]", piece):
            return None
        if piece[0] == "'":
            value.append(piece[1:-1])
        elif piece[0] == '"':
            value.append(re.sub(r'\\([\\"$`])', r"\1", piece[1:-1]))
        else:
            value.append(piece[-1])
    rest = text[at : at + 1]
    return None if rest and rest not in " \t;" else "".join(value)
