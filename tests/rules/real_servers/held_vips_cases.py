"""Cases of the rules in `lvscf.linter.rules.real_servers.held_vips`; see `tests.cases`."""

from tests.cases import Texts
from tests.hosts import DROP, MANGLE, SERVED, real

_DEVICE = """\
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
{lo}2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    link/ether 02:00:00:00:00:31 brd ff:ff:ff:ff:ff:ff
    inet 10.10.1.31/24 brd 10.10.1.255 scope global eth0
{eth0}"""


def addresses(device: str = "", vip: str = "10.10.1.20/32") -> str:
    """The addresses of the real server `one`, with the VIP on a device, `lo` or `eth0`."""
    line = f"    inet {vip} scope global {device}\n"
    on = {name: line if name == device else "" for name in ("lo", "eth0")}
    return "--- real-server one\n" + _DEVICE.format(**on)


def settings(*, ignore: int, announce: int, device: str = "all") -> str:
    """The ARP settings of the real server `one`: all that the running kernel has."""
    values = {
        (one, name): value if one == device else 0
        for one in ("all", "default", "eth0", "lo")
        for name, value in (("arp_ignore", ignore), ("arp_announce", announce))
    }
    lines = (f"net.ipv4.conf.{one}.{name} = {value}\n" for (one, name), value in values.items())
    return "--- real-server one sysctl\n" + "".join(lines)


NO_HIDING = settings(ignore=0, announce=0)

FIRES: Texts = {
    "LVS514": {
        "arp_announce is 0": SERVED + addresses("lo") + settings(ignore=1, announce=0),
        "arp_announce is 1, and clients are in the VIP's network": SERVED
        + addresses("lo")
        + settings(ignore=1, announce=1),
        "arp_announce is set for lo": SERVED
        + addresses("lo")
        + settings(ignore=1, announce=0).replace("lo.arp_announce = 0", "lo.arp_announce = 2"),
    },
    "LVS515": {
        "the VIP": SERVED + addresses("lo", "10.10.1.20/24"),
        "another address of its network": SERVED + addresses("lo", "10.10.1.77/25"),
    },
    "LVS516": {
        "for all": SERVED + settings(ignore=8, announce=2),
        "for the device with its own address": SERVED
        + addresses("lo")
        + settings(ignore=8, announce=2, device="eth0"),
    },
    "LVS517": {
        "the rule for answers alone": SERVED + addresses("lo") + NO_HIDING + real(DROP),
        "the rule of older manuals": SERVED
        + addresses("lo")
        + NO_HIDING
        + real(DROP, MANGLE.replace("OUT -s", "OUT -d")),
        "requests are dropped": SERVED
        + addresses("eth0")
        + NO_HIDING
        + real(DROP, "arptables -A OUT -s 10.10.1.20 -j DROP"),
        "a policy": SERVED + addresses("lo") + NO_HIDING + real("arptables -P IN DROP"),
        "requests are dropped, and no file shows more": SERVED
        + real(DROP, "arptables -A OUT -s 10.10.1.20 -j DROP"),
    },
    "LVS518": {
        "chains of both versions": SERVED + real(DROP, MANGLE.replace("OUT", "OUTPUT")),
    },
    "LVS519": {
        "a rule for all": SERVED + real("arptables -A IN -j DROP", MANGLE),
        "a policy": SERVED + real("arptables -P IN DROP", MANGLE),
        "a rule for its device": SERVED
        + addresses("lo")
        + real("arptables -A IN -i eth0 -j DROP", MANGLE),
    },
}

SILENT: Texts = {
    "LVS514": {
        "arp_announce is 2": SERVED + addresses("lo") + settings(ignore=1, announce=2),
        "arp_announce is 2 for its device": SERVED
        + addresses("lo")
        + settings(ignore=1, announce=2, device="eth0"),
        "a rule changes the requests": SERVED
        + addresses("lo")
        + settings(ignore=1, announce=0)
        + real(MANGLE),
        "no settings are known": SERVED + addresses("lo"),
        "arp_announce is 1, and clients are elsewhere": SERVED
        + addresses("lo").replace("10.10.1.31/24", "10.10.1.31/29")
        + settings(ignore=1, announce=1),
        "no VIP": SERVED + addresses() + settings(ignore=1, announce=0),
    },
    "LVS515": {
        "a single address": SERVED + addresses("lo"),
        "a network on eth0": SERVED + addresses("eth0", "10.10.1.20/24"),
        "only 127.0.0.1/8": SERVED + addresses(),
    },
    "LVS516": {
        "arp_ignore is 1": SERVED + settings(ignore=1, announce=2),
        "for another device": SERVED
        + addresses("lo")
        + settings(ignore=8, announce=2, device="lo"),
    },
    "LVS517": {
        "both rules": SERVED + addresses("lo") + NO_HIDING + real(DROP, MANGLE),
        "arp_announce chooses another address": SERVED
        + addresses("lo")
        + settings(ignore=0, announce=2)
        + real(DROP),
        "no settings are known": SERVED + addresses("lo") + real(DROP),
        "requests are dropped, and arp_announce chooses another address": SERVED
        + settings(ignore=1, announce=2)
        + real("arptables -A OUT -s 10.10.1.20 -j DROP"),
    },
    "LVS519": {
        "a rule for the VIP": SERVED + real(DROP, MANGLE),
        "a rule for a device, and no file shows which one it is": SERVED
        + real("arptables -A IN -i eth0 -j DROP"),
        "a policy, and a rule for its own address": SERVED
        + real("arptables -P IN DROP", "arptables -A IN -d 10.10.1.31 -j ACCEPT"),
    },
    "LVS518": {
        "older chains only": SERVED + real(DROP, MANGLE),
        "present chains only": SERVED
        + real(DROP.replace("IN", "INPUT"), MANGLE.replace("OUT", "OUTPUT")),
    },
}
