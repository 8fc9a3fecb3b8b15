"""The kernel modules that are loaded, as `lsmod` and /proc/modules show them.

What is built into the kernel is not among them.
"""

import re

from lvscf.hosts.host import Host
from lvscf.hosts.text_lines import lines
from lvscf.source import Source

_HEADER = re.compile(r"Module\s+Size\s+Used by\b")
_MODULE = re.compile(r"(?P<name>[A-Za-z_][\w-]*)\s+\d+\s+-?\d+(?:\s+[\w,\[\]().-]+.*)?")
_WANTED = re.compile(r"ip_|ipt_|nf_|nft_|xt_|arpt|table|conntrack|dummy|tun|ipip")
"""What one would filter the list by."""


def read(source: Source) -> Host:
    """The modules in a text.

    A list without the header of `lsmod` is complete only if it names modules that do not concern
    IPVS: otherwise `grep` may have left out the rest.
    """
    names: dict[str, None] = {}
    complete = False
    for line in lines(source):
        if _HEADER.match(line.text):
            complete = True
        elif found := _MODULE.fullmatch(line.text):
            names[found["name"]] = None
            complete = complete or not _WANTED.search(line.text)
    return Host(
        modules=tuple(names),
        complete=frozenset({"modules"}) if complete else frozenset(),
        sources=(source,),
    )
