"""Addresses and devices, as `ip addr` and `ifconfig` print them.

Facts: iproute2's and net-tools' output formats, tried on a running system.  `ip addr` without
further words prints every device, `lo` first; an output without `lo` was limited to some.
`ifconfig` prints one address for each device and each alias, so it hides an address that was added
by `ip addr add` without a label, even with `-a`: it never shows that a host lacks an address.
"""

import re
from collections.abc import Iterator
from typing import Literal, cast

from attrs import evolve, field

from lvscf.findings.place import Place
from lvscf.hosts.facts import Address, Device
from lvscf.hosts.host import Fact, Host
from lvscf.hosts.text_lines import Line, lines, parts
from lvscf.shared import ipv4
from lvscf.shared.records import record
from lvscf.source import Source

_DEVICE = re.compile(
    r"(?P<number>\d+):[ ]+(?P<name>[^\s:@]+)(?:@[^\s:]*)?:?[ ]+<(?P<flags>[\w,-]*)>(?P<rest>.*)"
)
_ONE_LINE = re.compile(r"\d+:[ ]+(?P<name>[^\s:@]+)(?:@\S*)?[ ]+(?P<rest>inet6? .*)")
_BRIEF = re.compile(
    r"(?P<name>[^\s:@]+)(?:@\S*)?[ ]+"
    r"(?P<state>UNKNOWN|UP|DOWN|LOWERLAYERDOWN|DORMANT|NOTPRESENT|TESTING)(?![^ ])(?P<rest>.*)"
)
_INET = re.compile(
    r"inet[ ]+(?P<address>[\d.]+)(?:/(?P<prefix>\d{1,2}))?"
    r"(?:[ ]+peer[ ]+(?P<peer>[\d.]+)(?:/(?P<network>\d{1,2}))?)?(?![^ ])(?P<rest>.*)"
)
_BRIEF_ADDRESS = re.compile(
    r"(?<![^ ])(?P<address>\d[\d.]+)(?:[ ]+peer[ ]+(?P<peer>[\d.]+))?/(?P<prefix>\d{1,2})(?![^ ])"
)
_HARDWARE = re.compile(r"(?<![^ /])(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?![^ ])")
_LINK = re.compile(r"link/\w+(?=[ ]|$)(?P<rest>.*)")
_MTU = re.compile(r"\bmtu[ :](\d{1,9})\b", re.IGNORECASE)
_FLAGS = re.compile(r"<(?P<flags>[\w,-]*)>")
_NOT_A_LABEL = frozenset(
    {"secondary", "temporary", "tentative", "deprecated", "dadfailed", "home", "nodad", "dynamic",
     "permanent", "mngtmpaddr", "noprefixroute", "optimistic", "autojoin", "managetempaddr",
     "stable-privacy"}
)  # fmt: skip

_OLD_BLOCK = re.compile(r"(?P<name>\S+)[ \t]+Link encap:(?P<rest>.*)")
_NEW_BLOCK = re.compile(r"(?P<name>\S+):[ ]+flags=\d+<(?P<flags>[\w,-]*)>(?P<rest>.*)")
_OLD_FLAGS = re.compile(r"(?P<flags>(?:[A-Z]+ )*)[ ]*MTU:(?P<mtu>\d{1,9})\b")
_SHOWN_ADDRESS = re.compile(
    r"inet[ ](?:addr:)?(?P<address>\d[\d.]+)(?![^ ])"
    r"(?=.*?(?:Mask:|netmask[ ])(?P<mask>[\d.]+|0x[0-9a-f]{8})(?![^ ]))"
    r"(?:.*?(?:P-t-P:|destination[ ])(?P<peer>[\d.]+)(?![^ ]))?"
)


def read(source: Source) -> Host:
    """The addresses and devices in a text."""
    for line in lines(source):
        if not line.text.startswith(("#", ";")):
            found = _Found(source)
            if _OLD_BLOCK.match(line.text) or _NEW_BLOCK.match(line.text):
                return _of_ifconfig(found)
            return _of_ip(found)
    return Host(sources=(source,))


@record(frozen=False)
class _Found:
    """What was found so far."""

    source: Source
    addresses: list[Address] = field(init=False, factory=list)
    devices: dict[str, Device] = field(init=False, factory=dict)
    has_links: bool = field(init=False, default=False)
    """Whether there are devices with their hardware address, which `ip -4` does not print."""
    has_others: bool = field(init=False, default=False)
    """Whether there are devices without IPv4 addresses, or IPv6 addresses: no `ip -4 -br`."""

    def device(self, device: Device) -> None:
        """Add a device, or what another line says of it."""
        known = self.devices.get(device.name)
        if known is None:
            self.devices[device.name] = device
            return
        self.devices[device.name] = known.with_more(device)

    def address(
        self,
        place: Place,
        device: str,
        address: str,
        prefix: int | None,
        **others: object,
    ) -> None:
        """Add an address, if it is one."""
        if prefix is None or prefix > 32 or not device or ipv4.number(address) is None:
            return
        if others.get("peer") is not None and ipv4.number(str(others["peer"])) is None:
            return
        made = Address(address, prefix, device, place=place, **others)  # type: ignore[arg-type]
        self.addresses.append(made)

    def host(self, complete: frozenset[Fact]) -> Host:
        return Host(
            addresses=tuple(self.addresses),
            devices=tuple(self.devices.values()),
            complete=complete,
            sources=(self.source,),
        )


# --- ip ------------------------------------------------------------------------------------------


def _of_ip(found: _Found) -> Host:
    device = ""
    brief = False
    for line in parts(found.source):
        text = line.text
        if header := _DEVICE.match(text):
            device = header["name"]
            found.device(_device(device, header["flags"], text, line.place))
        elif single := _ONE_LINE.match(text):
            device = single["name"]
            found.device(Device(device, place=line.place))
            _inet(found, line, device, single["rest"])
        elif link := _LINK.match(text):
            hardware = _hardware(link["rest"])
            if device:
                found.has_links = True
                found.device(Device(device, hardware_address=hardware, place=line.place))
        elif text.startswith("inet "):
            _inet(found, line, device, text)
        elif not line.indented and (row := _BRIEF.match(text)):
            brief = True
            _brief(found, line, row)
    if brief:
        found.addresses = list(_with_secondaries(found.addresses))
    return found.host(_complete(found, brief))


def _complete(found: _Found, brief: bool) -> frozenset[Fact]:
    """What an output of `ip` shows completely: one that is limited to some devices lacks `lo`.

    `ip addr show lo` and `ip link` have `lo` as well, but no other device, or no address for it.
    """
    devices = {one.device for one in found.addresses} | found.devices.keys()
    if len(devices) < 2 or not any(one.device == "lo" for one in found.addresses):
        return frozenset()
    if "lo" in found.devices and (found.has_links or (brief and found.has_others)):
        return frozenset({"addresses", "devices"})
    return frozenset({"addresses"})


def _device(name: str, flags: str, text: str, place: Place) -> Device:
    words = flags.split(",")
    mtu = _MTU.search(text)
    return Device(
        name,
        up="UP" in words,
        arp="NOARP" not in words,
        hardware_address=_hardware(text),
        mtu=int(mtu[1]) if mtu else None,
        place=place,
    )


def _hardware(text: str) -> str | None:
    found = _HARDWARE.search(text.partition(" brd ")[0])
    return found[0].lower() if found else None


def _inet(found: _Found, line: Line, device: str, text: str) -> None:
    inet = _INET.match(text)
    if inet is None:
        return
    words = inet["rest"].split()
    after = words[words.index("scope") + 1 :] if "scope" in words[:-1] else []
    scope = after[0] if after else "global"
    label = after[-1] if len(after) > 1 and after[-1] not in _NOT_A_LABEL else ""
    prefix = inet["network"] if inet["peer"] else inet["prefix"]
    found.address(
        line.place,
        device or label.partition(":")[0],
        inet["address"],
        int(prefix) if prefix else 32,
        label=label or device,
        scope=_scope(scope),
        secondary="secondary" in after,
        peer=inet["peer"],
    )


def _scope(word: str) -> Literal["global", "site", "link", "host"]:
    if word in ("site", "link", "host"):
        return cast(Literal["site", "link", "host"], word)
    return "global"


def _brief(found: _Found, line: Line, row: re.Match[str]) -> None:
    """A row of `ip -br addr` or `ip -br link`.

    The state is that of the link: `DOWN` may be a device that is up and has no carrier.
    """
    name = row["name"]
    flags = _FLAGS.search(row["rest"])
    if flags:
        found.device(_device(name, flags["flags"], row["rest"], line.place))
        return
    found.device(Device(name, up=True if row["state"] == "UP" else None, place=line.place))
    if ":" in row["rest"] or not _BRIEF_ADDRESS.search(row["rest"]):
        found.has_others = True
    for address in _BRIEF_ADDRESS.finditer(row["rest"]):
        start = line.place.start + row.start("rest") + address.start()
        found.address(
            Place(start, start + len(address[0]), found.source),
            name,
            address["address"],
            int(address["prefix"]),
            label=name,
            scope="host" if address["address"].startswith("127.") else "global",
            peer=address["peer"],
        )


# --- ifconfig ------------------------------------------------------------------------------------


def _of_ifconfig(found: _Found) -> Host:
    label = ""
    for line in lines(found.source):
        text = line.text
        name = label.partition(":")[0]
        if block := _OLD_BLOCK.match(text):
            label = block["name"]
            hardware = _hardware(block["rest"].replace("HWaddr", "HWaddr "))
            name = label.partition(":")[0]
            found.device(Device(name, hardware_address=hardware, place=line.place))
        elif block := _NEW_BLOCK.match(text):
            label = block["name"]
            found.device(_device(label.partition(":")[0], block["flags"], text, line.place))
        elif not name:
            continue
        elif address := _SHOWN_ADDRESS.match(text):
            found.address(
                line.place,
                name,
                address["address"],
                _prefix(address["mask"]),
                label=label,
                scope="host" if address["address"].startswith("127.") else "global",
                peer=address["peer"],
            )
        elif text.startswith("ether "):
            hardware = _hardware(text)
            found.device(Device(name, hardware_address=hardware, place=line.place))
        elif flags := _OLD_FLAGS.match(text):
            words = ",".join(flags["flags"].split())
            found.device(_device(name, words, text, line.place))
    found.addresses = list(_with_secondaries(found.addresses))
    # `ifconfig` without `-a` leaves out the devices that are down.
    all_devices = "lo" in found.devices and any(one.up is False for one in found.devices.values())
    return found.host(frozenset({"devices"}) if all_devices else frozenset())


def _prefix(mask: str) -> int | None:
    number = int(mask, 16) if mask.startswith("0x") else ipv4.number(mask)
    return None if number is None else ipv4.prefix_of(number)


def _with_secondaries(addresses: list[Address]) -> Iterator[Address]:
    """The addresses, with those marked that have an earlier one in their network."""
    networks: set[tuple[str, ipv4.Network]] = set()
    for one in addresses:
        network = (one.device, one.network)
        yield evolve(one, secondary=True) if network in networks else one
        networks.add(network)
