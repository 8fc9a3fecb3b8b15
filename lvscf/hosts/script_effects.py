"""The effects of commands that set up a host, one course of a script at a time.

Facts: ip(8), ifconfig(8), route(8), sysctl(8), modprobe(8).
"""

import re
from collections.abc import Callable, Sequence
from typing import Literal, cast

from attrs import evolve, field, frozen

from lvscf.findings.place import Place
from lvscf.firewall.language.command import UNSET
from lvscf.firewall.possible_states import NotedCommand
from lvscf.hosts.facts import Address, Device, KernelSetting, Route, Scope
from lvscf.hosts.kernel_setting_lines import dotted_name
from lvscf.hosts.kernel_settings import is_for
from lvscf.shared import ipv4
from lvscf.source import Source

_ASSIGNED = re.compile(r"\s*-?\s*([a-z][\w-]*(?:[./][^\s=]+)+)\s*=\s*(.*?)\s*")
_ROUTE_KINDS = ("unicast", "local", "blackhole", "unreachable", "prohibit", "throw", "broadcast")
_ROUTE_WORDS = (
    "via",
    "dev",
    "src",
    "metric",
    "table",
    "scope",
    "proto",
    "mtu",
    "advmss",
    "initcwnd",
)


_Key = tuple[str, int, str]
"""An address, the length of its prefix, and its device."""


@frozen
class Course:
    """What one course of a script leaves."""

    settings: dict[tuple[str, str], KernelSetting] = field(factory=dict)
    """By name and origin."""
    by_last_part: dict[str, dict[tuple[str, str], None]] = field(factory=dict)
    """The keys of `settings` by the last part of the name."""
    addresses: dict[_Key, Address] = field(factory=dict)
    keys: dict[tuple[str, str], dict[_Key, None]] = field(factory=dict)
    """The keys of `addresses` by what they have: an address, a device or a label."""
    routes: dict[tuple[object, ...], Route] = field(factory=dict)
    devices: dict[str, Device] = field(factory=dict)
    modules: dict[str, None] = field(factory=dict)
    loads: dict[str, Place] = field(factory=dict)
    """The files that `sysctl -p` reads; the empty name if the script itself has written them."""

    @property
    def size(self) -> tuple[int, int, int]:
        """How much it sets up: `start` does more than `stop`."""
        on = sum(line.value not in ("0", "") for line in self.settings.values())
        return len(self.addresses), len(self.routes), on


def course_of(commands: Sequence[NotedCommand], source: Source) -> Course:
    """What the commands of a course leave, in order."""
    course = Course()
    for command in commands:
        place = Place(command.start, command.end, source)
        if command.file is not None:
            _written(course, command.file, command.output, place)
        elif command.words:
            act = _ACTS.get(command.words[0])
            if act is not None:
                act(course, list(command.words[1:]), place)
    return course


# --- kernel settings -----------------------------------------------------------------------------


def _set(course: Course, name: str, value: str, place: Place, *, boot: bool = False) -> None:
    name = dotted_name(name)
    if name.startswith("net.ipv6."):
        return
    known = UNSET not in name and UNSET not in value
    name = re.sub(r"\0[^.]*", "*", name)
    origin: Literal["boot", "script"] = "boot" if boot else "script"
    if "*" in name and not boot:
        last = name.rpartition(".")[2]
        for key in list(course.settings if "*" in last else course.by_last_part.get(last, ())):
            if key in course.settings and key[1] != "boot" and is_for(name, key[0]):
                earlier = course.settings.pop(key)  # it has been set to this value
                if not known:
                    course.settings[key] = evolve(earlier, certain=False)
    line = KernelSetting(name, value.replace(UNSET, ""), origin, certain=known, place=place)
    course.settings.pop((name, origin), None)
    course.settings[name, origin] = line
    course.by_last_part.setdefault(name.rpartition(".")[2], {})[name, origin] = None


def _written(course: Course, file: str, output: str | None, place: Place) -> None:
    """Follow `echo VALUE > FILE`."""
    at = file.find("/proc/sys/")
    if at >= 0:
        value = UNSET if output is None else output.strip()
        _set(course, file[at:], value, place)
        return
    for line in (output or "").splitlines():
        found = _ASSIGNED.fullmatch(line)
        if found:
            _set(course, found[1], found[2], place, boot=True)
    if output is not None:
        course.loads[""] = place


def _sysctl(course: Course, words: list[str], place: Place) -> None:
    files = False
    for word in words:
        if word in ("-p", "--load", "--system") or word.startswith(("-p", "--load=")):
            files = True
            named = word.partition("=")[2] or (word[2:] if word[:2] == "-p" else "")
            wanted = [named] if named else [one for one in words if one[:1] not in ("-", "")]
            if word == "--system":
                wanted = ["/etc/sysctl.conf", "/etc/sysctl.d"]
            for name in wanted or ["/etc/sysctl.conf"]:
                if "" not in course.loads:
                    course.loads[name.replace(UNSET, "")] = place
    for word in () if files else words:
        name, equals, value = word.partition("=")
        if equals and not name.startswith("-"):
            _set(course, name.strip(), value.strip(), place)


# --- addresses -----------------------------------------------------------------------------------


def _ip(course: Course, words: list[str], place: Place) -> None:
    while words and words[0].startswith("-"):
        if words[0] in ("-6", "-batch", "-b", "-n", "-netns") or words[:2] == ["-f", "inet6"]:
            return
        del words[: 2 if words[0] in ("-f", "-family") else 1]
    if len(words) < 2:
        return
    what, how, *rest = words
    if "address".startswith(what) or what == "addr":
        _ip_address(course, how, rest, place)
    elif "route".startswith(what):
        _ip_route(course, how, rest, place)
    elif "link".startswith(what) and "set".startswith(how):
        _link(course, rest, place)


def _options(words: list[str]) -> tuple[dict[str, str], list[str]]:
    """The words after known names, and the others."""
    found: dict[str, str] = {}
    others: list[str] = []
    at = 0
    while at < len(words):
        word = {"brd": "broadcast"}.get(words[at], words[at])
        if word in (*_ROUTE_WORDS, "label", "broadcast", "peer", "local") and at + 1 < len(words):
            found[word] = words[at + 1]
            at += 2
        else:
            others.append(words[at])
            at += 1
    return found, others


def _ip_address(course: Course, how: str, words: list[str], place: Place) -> None:
    options, others = _options(words)
    device = options.get("dev", "").partition(":")[0]
    if "flush".startswith(how) and len(how) > 0:
        _remove(course, "device", device)
        return
    written = options.get("local") or (others[0] if others else "")
    address, slash, length = written.partition("/")
    peer, _, peer_length = options.get("peer", "").partition("/")
    prefix = _prefix(length if slash else peer_length or "32")
    if ipv4.number(address) is None or prefix is None or not device or UNSET in device:
        return
    if how[:1] == "d":
        wanted = (address, prefix, device)
        _remove(course, "address", address, lambda one: not slash or one == wanted, device)
    elif "add".startswith(how) or "replace".startswith(how) or "change".startswith(how):
        _add(
            course,
            Address(
                address,
                prefix,
                device,
                options.get("label") or device,
                _scope(address, options.get("scope")),
                peer=peer if ipv4.number(peer) is not None else None,
                origin="script",
                place=place,
            ),
        )


def _scope(address: str, written: str | None) -> Scope:
    if written in ("site", "link", "host"):
        return cast(Scope, written)
    return "host" if address.startswith("127.") else "global"


def _add(course: Course, address: Address) -> None:
    key = (address.address, address.prefix, address.device)
    if key not in course.addresses:
        course.addresses[key] = address
        for part in (
            ("address", address.address),
            ("device", address.device),
            ("label", address.label),
        ):
            course.keys.setdefault(part, {})[key] = None


def _remove(
    course: Course,
    what: str,
    value: str,
    wanted: Callable[[_Key], bool] = lambda _: True,
    device: str | None = None,
) -> None:
    """Remove the addresses that have a value, and a device if one is given."""
    keys = course.keys.get((what, value), {})
    for key in list(keys):
        if key in course.addresses and device in (None, key[2]) and wanted(key):
            label = course.addresses.pop(key).label
            for part in (("address", key[0]), ("device", key[2]), ("label", label)):
                course.keys[part].pop(key, None)


def _prefix(written: str) -> int | None:
    """The length of a prefix, from a length or a netmask."""
    if written.isdecimal() and len(written) <= 2:
        return int(written) if int(written) <= 32 else None
    if written[:2] == "0x" and re.fullmatch(r"0x[0-9a-fA-F]{8}", written):
        mask: int | None = int(written, 16)
    else:
        mask = ipv4.number(written)
    if mask is None:
        return None
    length = bin(mask).count("1")
    return length if ipv4.mask_of(length) == mask else None


def _ifconfig(course: Course, words: list[str], place: Place) -> None:
    if not words or words[0].startswith("-") or UNSET in words[0]:
        return
    label, *rest = words
    device = label.partition(":")[0]
    if "down" in rest:
        _remove(course, "label" if label != device else "device", label)
        if label == device:
            course.devices[device] = evolve(_device(course, device), up=False, place=place)
        return
    if "-arp" in rest or "arp" in rest:
        course.devices[device] = evolve(
            _device(course, device), arp="-arp" not in rest, place=place
        )
    written = rest[1] if rest[:1] in (["add"], ["inet"]) and len(rest) > 1 else "".join(rest[:1])
    if rest[:1] == ["del"] and len(rest) > 1:
        _remove(course, "address", rest[1], device=device)
        return
    address, slash, length = written.partition("/")
    number = ipv4.number(address)
    if number is None:
        return
    prefix: int | None
    if "netmask" in rest[:-1]:
        prefix = _prefix(rest[rest.index("netmask") + 1])
    elif slash:
        prefix = _prefix(length)
    else:
        classful = ipv4.classful_network(number)
        prefix = bin(classful[1]).count("1") if classful else None
    if prefix is None:
        return
    if rest[:1] != ["add"]:
        _remove(course, "label", label)
    _add(
        course,
        Address(
            address, prefix, device, label, _scope(address, None), origin="script", place=place
        ),
    )


def _device(course: Course, name: str) -> Device:
    return course.devices.get(name) or Device(name)


def _link(course: Course, words: list[str], place: Place) -> None:
    """Follow `ip link set DEV up` and `arp off`."""
    words = [word for word in words if word != "dev"]
    if not words or UNSET in words[0]:
        return
    name, *rest = words
    device = _device(course, name)
    for state in ("up", "down"):
        if state in rest:
            device = evolve(device, up=state == "up", place=place)
    if "arp" in rest[:-1] and (state := rest[rest.index("arp") + 1]) in ("on", "off"):
        device = evolve(device, arp=state == "on", place=place)
    if device != Device(name):
        course.devices[name] = device


# --- routes --------------------------------------------------------------------------------------


def _ip_route(course: Course, how: str, words: list[str], place: Place) -> None:
    kind = "unicast"
    options, others = _options(words)
    if others and others[0] in _ROUTE_KINDS:
        kind = others.pop(0)
    network = _network(others[0] if others else "", host=True)
    gateway = options.get("via")
    if network is None or (gateway is not None and ipv4.number(gateway) is None):
        return
    table = options.get("table", "main")
    key = (network, table)
    if how[:1] == "d":
        course.routes.pop(key, None)
        return
    if not ("add".startswith(how) or how.startswith(("rep", "app", "ch", "pre"))):
        return
    metric = options.get("metric", "0")
    _route_added(
        course,
        key,
        Route(
            network,
            gateway,
            _device_name(options.get("dev")),
            options.get("src"),
            int(metric) if metric.isdecimal() and len(metric) < 11 else 0,
            kind,
            table,
            origin="script",
            place=place,
        ),
    )


def _route_added(course: Course, key: tuple[object, ...], route: Route) -> None:
    if UNSET not in f"{route.device}{route.source}{route.table}":
        course.routes[key] = route


def _device_name(written: str | None) -> str | None:
    return written.partition(":")[0] if written else None


def _network(written: str, *, host: bool) -> ipv4.Network | None:
    """The network of `default`, `10.0.0.0/8` or a single address."""
    if written in ("default", "0/0", "0.0.0.0/0") or (written == "0.0.0.0" and not host):
        return 0, 0
    address, slash, length = written.partition("/")
    number, prefix = ipv4.number(address), _prefix(length if slash else "32")
    if number is None or prefix is None:
        return None
    mask = ipv4.mask_of(prefix)
    return number & mask, mask


def _route(course: Course, words: list[str], place: Place) -> None:
    """Follow `route add -net NETWORK netmask MASK gw GATEWAY dev DEVICE`."""
    words = [word for word in words if word not in ("-n", "-4", "-A", "inet")]
    if not words or words[0] not in ("add", "del"):
        return
    how, *rest = words
    options: dict[str, str] = {}
    others: list[str] = []
    at = 0
    while at < len(rest):
        if rest[at] in ("netmask", "gw", "metric", "dev") and at + 1 < len(rest):
            options[rest[at]] = rest[at + 1]
            at += 2
        else:
            others.append(rest[at])
            at += 1
    host = "-host" in others
    rejects = "reject" in others
    named = [word for word in others if not word.startswith("-") and word != "reject"]
    if not named:
        return
    network = _network(named[0], host=host)
    if network is not None and "netmask" in options:
        prefix = _prefix(options["netmask"])
        mask = ipv4.mask_of(prefix) if prefix is not None else 0
        network = None if prefix is None else (network[0] & mask, mask)
    elif network is not None and "-net" in others and "/" not in named[0]:
        network = ipv4.classful_network(network[0]) if network[0] else network
    if network is None:
        return
    key = (network, "main")
    if how == "del":
        course.routes.pop(key, None)
        return
    gateway = options.get("gw")
    if gateway is not None and ipv4.number(gateway) is None:
        return
    device = options.get("dev") or (named[1] if len(named) > 1 else None)
    metric = options.get("metric", "0")
    _route_added(
        course,
        key,
        Route(
            network,
            gateway,
            _device_name(device),
            metric=int(metric) if metric.isdecimal() and len(metric) < 11 else 0,
            kind="unreachable" if rejects else "unicast",
            origin="script",
            place=place,
        ),
    )


# --- modules -------------------------------------------------------------------------------------


def _modprobe(course: Course, words: list[str], _place: Place) -> None:
    names = [word for word in words if not word.startswith("-") and "=" not in word]
    if any(word in ("-r", "--remove") for word in words):
        for name in names:
            course.modules.pop(_module(name), None)
        return
    every = "-a" in words or "--all" in words
    for name in names if every else names[:1]:
        if UNSET not in name:
            course.modules[_module(name)] = None


def _module(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".gz").removesuffix(".ko").replace("-", "_")


_ACTS: dict[str, Callable[[Course, list[str], Place], None]] = {
    "sysctl": _sysctl,
    "ip": _ip,
    "ifconfig": _ifconfig,
    "route": _route,
    "modprobe": _modprobe,
    "insmod": _modprobe,
}
