"""Kernel settings in the files collected from hosts."""

from collections.abc import Iterable

from lvscf.source import Source


def setting(sources: Iterable[Source], name: str) -> str | None:
    """The value of a setting such as `net.ipv4.vs.expire_nodest_conn`; the last line counts.

    Facts: sysctl.conf(5).  `net/ipv4/...` is equivalent, and a leading `-` only ignores errors.
    """
    found = None
    for source in sources:
        for line in source.text.splitlines():
            key, equals, value = line.partition("=")
            if equals and key.strip().removeprefix("-").strip().replace("/", ".") == name:
                found = value.strip()
    return found
