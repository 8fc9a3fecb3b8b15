"""The release of the operating system: /etc/redhat-release, os-release, and `lsb_release -a`.

Facts: os-release(5), and the files of the releases themselves.
"""

import re

from lvscf.findings.place import Place
from lvscf.hosts.facts import Release
from lvscf.hosts.host import Host
from lvscf.hosts.text_lines import Line, lines
from lvscf.source import Source

_REBUILD = re.compile(
    r"(?:Red Hat Enterprise Linux|CentOS|Scientific Linux|Oracle Linux|Rocky Linux|AlmaLinux"
    r"|Enterprise Linux Enterprise Linux|CloudLinux|Springdale|Red Hat Linux Advanced Server)\b"
)
_RELEASE_LINE = re.compile(r".{2,100}? release (?P<major>\d{1,3})(?![\w])", re.IGNORECASE)
_VERSION = re.compile(r"(?:[^\d]{0,100})(?P<major>\d{1,3})(?![\w])")
_NAMED = re.compile(
    r"(?P<name>PRETTY_NAME|NAME|VERSION_ID|Description|Release)(?:=|:\s)[ \t]*"
    r"(?P<quote>[\"']?)(?P<value>.*?)(?P=quote)"
)


def read(source: Source) -> Host:
    """The release that a text names."""
    named: dict[str, tuple[str, Place]] = {}
    for line in lines(source):
        if found := _NAMED.fullmatch(line.text):
            value = found["value"]
            start = line.place.start + found.start("value")
            named.setdefault(found["name"], (value, Place(start, start + len(value), source)))
        elif not named and _RELEASE_LINE.match(line.text):
            return Host(release=_of_line(line), sources=(source,))
    for name, version in (("PRETTY_NAME", "VERSION_ID"), ("Description", "Release"), ("NAME", "")):
        if name in named:
            value, place = named[name]
            number = named[version][0] if version in named else value
            return Host(
                release=Release(value, _major(value, number), place=place), sources=(source,)
            )
    return Host(sources=(source,))


def _of_line(line: Line) -> Release:
    found = _RELEASE_LINE.match(line.text)
    return Release(line.text, _major(line.text, found["major"] if found else ""), place=line.place)


def _major(name: str, version: str) -> int | None:
    """The major version, if the name is that of Red Hat Enterprise Linux or a rebuild of it."""
    found = _VERSION.match(version)
    return int(found["major"]) if found and _REBUILD.match(name) else None
