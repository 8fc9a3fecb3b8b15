r"""Hosts: what is known of the LVS routers and real servers, from files that were collected there.

>>> from lvscf import hosts
>>> host = hosts.read("net.ipv4.ip_forward = 0\n", "sysctl.txt")
>>> host.settings.value("net.ipv4.ip_forward")
'0'

Nothing here asks a running system, resolves a name, or runs anything.
"""

from lvscf.hosts.facts import (
    Address,
    BootService,
    Device,
    IpvsDestination,
    IpvsListing,
    IpvsListingService,
    KernelSetting,
    ListeningSocket,
    Release,
    Route,
)
from lvscf.hosts.host import Fact, Host, Role, joined
from lvscf.hosts.kernel_settings import KernelSettings
from lvscf.hosts.reading import UnknownTextError, read

__all__ = [
    "Address",
    "BootService",
    "Device",
    "Fact",
    "Host",
    "IpvsDestination",
    "IpvsListing",
    "IpvsListingService",
    "KernelSetting",
    "KernelSettings",
    "ListeningSocket",
    "Release",
    "Role",
    "Route",
    "UnknownTextError",
    "joined",
    "read",
]
