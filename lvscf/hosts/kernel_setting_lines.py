"""Kernel settings as `sysctl -a` prints them, and as sysctl.conf holds them.

Facts: sysctl.conf(5).  `net/ipv4/...` is equivalent, a leading `-` only ignores errors, and the
last line for a setting counts.
"""

import re

from lvscf.findings.place import Place
from lvscf.hosts.facts import KernelSetting
from lvscf.hosts.host import Host
from lvscf.hosts.kernel_settings import KernelSettings
from lvscf.source import Source

_LINE = re.compile(
    r"^[ \t]*-?[ \t]*(?P<name>[a-z][\w-]*(?:[./][\w@:*-]+)+)[ \t]*=[ \t]*"
    r"(?P<value>[^\r\n]*?)[ \t]*\r?$",
    re.MULTILINE,
)


def read(source: Source) -> Host:
    """The settings in a text."""
    lines = tuple(
        KernelSetting(
            found["name"].replace("/", "."),
            found["value"],
            place=Place(found.start("name"), found.end("value"), source),
        )
        for found in _LINE.finditer(source.text)
    )
    return Host(settings=KernelSettings(lines), sources=(source,))
