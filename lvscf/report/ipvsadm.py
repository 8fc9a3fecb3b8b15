"""An IPVS table exactly as `ipvsadm -ln` prints it."""

from functools import cmp_to_key

from lvscf.config.ipvs_table import Destination, IpvsService, IpvsTable
from lvscf.shared import ipv4

_TITLE = """\
IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
"""


def render(table: IpvsTable) -> str:
    """The listing of a table before the first connection."""
    lines = [_TITLE]
    for service in sorted(table.services, key=cmp_to_key(_in_order)):
        lines.append(_service(service))
        lines.extend(map(_destination, sorted(service.destinations, key=cmp_to_key(_by_address))))
    return "".join(lines)


def _service(service: IpvsService) -> str:
    if service.fwmark:
        name = f"FWM  {service.fwmark}"
    else:
        name = f"{service.protocol.upper()}  {service.address}:{service.port}"
    flags = ""
    if service.persistent:
        flags = f" persistent {service.persistent}"
        if service.netmask != "255.255.255.255":
            flags += f" mask {service.netmask}"
    return f"{name} {service.scheduler}{flags}\n"


def _destination(one: Destination) -> str:
    there = f"{one.address}:{one.port}"
    return f"  -> {there:<28} {one.method:<7} {one.weight:<6} {0:<10} {0:<10}\n"


# ipvsadm sorts by differences of unsigned numbers, which it treats as signed.


def _in_order(one: IpvsService, other: IpvsService) -> int:
    return (
        _signed(one.fwmark - other.fwmark)
        or (one.protocol > other.protocol) - (one.protocol < other.protocol)
        or _signed(_number(one.address) - _number(other.address))
        or one.port - other.port
    )


def _by_address(one: Destination, other: Destination) -> int:
    return _signed(_number(one.address) - _number(other.address)) or one.port - other.port


def _number(address: str) -> int:
    return ipv4.number(address) or 0  # a host name, whose place is unknown


def _signed(difference: int) -> int:
    return (difference + 2**31) % 2**32 - 2**31
