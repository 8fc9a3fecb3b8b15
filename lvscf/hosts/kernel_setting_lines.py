"""Kernel settings as sysctl, grep and cat print them, and as sysctl.conf holds them.

Facts: sysctl.conf(5), and measured with procps-ng 4.0 and Linux 6.18.  `net/ipv4/...` is
equivalent, a leading `-` only ignores errors, and the last line for a setting counts.  There are no
comments after values, but the kernel ignores what follows a number and a blank: `= 1 # on` sets 1,
while `= 1; on` is refused and sets nothing.  `*` stands for all names but those that have a line of
their own, before or after it, if only `-NAME` without a value.
"""

import re
from collections.abc import Iterator

from attrs import frozen

from lvscf.findings.place import Place
from lvscf.hosts.facts import KernelSetting
from lvscf.hosts.host import Host
from lvscf.hosts.kernel_settings import KernelSettings
from lvscf.shared.records import compared
from lvscf.source import Source

_LINE = re.compile(
    r"^[ \t]*(?P<minus>-[ \t]*)?(?P<root>(?:/proc/sys)?/)?"
    r"(?P<name>[a-z][\w-]*(?:[./][\w@*?-]+)+?)"
    r"(?:(?P<equals>[ \t]*=)(?P<value>[^\r\n]*)|[ \t]*:(?P<shown>[^=:\r\n]*))?\r?$",
    re.MULTILINE,
)
_FILE = re.compile(
    r"^[^\n]*?/proc/sys/(?P<name>[\w./@:-]{1,200})(?: <==)?[ \t]*\r?\n"
    r"(?P<value>[^\s/=>\[$#][^\r\n=/]*)\r?$",
    re.MULTILINE,
)
"""The name of a file, or a command with it, and below it what the file contains."""
_AFTER_NUMBER = re.compile(r"(-?\d+(?:[ \t]+\d+)*)[ \t]+[^\d\s].*")
_REFUSED = re.compile(r"-?\d+[;#,].*")
_NUMERIC = ("net.ipv4.ip_forward", "net.ipv4.conf.", "net.ipv4.vs.")
_COMMENT = re.compile(r"^[ \t]*(?:;|#(?!.*\bsysctl\b))", re.MULTILINE)
_MANY = 200
"""The fewest settings of a text that lists all that the kernel has: `sysctl -a` prints about 900,
and nobody sets so many."""


def read(source: Source) -> Host:
    """The settings in a text."""
    text = source.text
    found = sorted(_lines(text), key=lambda line: line.start)
    many = len(found) >= _MANY
    boots = not many and (
        source.filename.endswith(".conf")
        or any(line.typed for line in found)
        or _COMMENT.search(text) is not None
    )
    named = {line.name for line in found if line.value is not None}
    settings = []
    for line in found:
        value = line.value
        if value is None and line.name in named:
            continue  # it only says that no pattern counts
        value = value or ""
        if line.name.startswith(_NUMERIC):
            if _REFUSED.fullmatch(value):
                continue
            taken = _AFTER_NUMBER.fullmatch(value)
            value = taken[1] if taken else value
        place = Place(line.start, line.end, source)
        settings.append(
            KernelSetting(line.name, value, "boot" if boots else "running", place=place)
        )
    return Host(
        settings=KernelSettings(tuple(settings)),
        complete=frozenset(("settings",) if many else ()),
        sources=(source,),
    )


@compared
@frozen(eq=False, repr=False)
class _Found:
    """A line, or two, about a setting."""

    name: str
    value: str | None
    """None for `-NAME`, which excludes it from patterns."""
    start: int
    end: int
    typed: bool = False
    """Whether no command prints such a line."""


def _lines(text: str) -> Iterator[_Found]:
    for found in _FILE.finditer(text):
        if not found["name"].startswith("net/ipv6/"):
            end = found.end("name")
            value = found["value"].strip()
            yield _Found(dotted_name(found["name"]), value, found.start("name"), end)
    for found in _LINE.finditer(text):
        name = dotted_name(found["name"])
        if name.startswith("net.ipv6."):
            continue
        start, end = found.start("name"), found.end("name")
        if found["equals"] is not None:
            written = found["value"]
            end = found.start("value") + len(written.rstrip()) if written.strip() else end
            spaced = found["equals"] == " =" and (written[:1] in (" ", ""))
            typed = bool(found["minus"]) or "*" in name or not spaced or "/proc" in found[0]
            typed = typed or "/" in found["name"].partition(".")[0] or " #" in written
            yield _Found(name, written.strip(), start, end, typed)
        elif found["shown"] is not None:
            shown = found["shown"].strip()
            if found["root"] or re.fullmatch(r"-?\d+(?:[ \t]+-?\d+)*", shown):
                end = found.start("shown") + len(found["shown"].rstrip())
                yield _Found(name, shown, start, end)
        elif found["minus"]:
            yield _Found(name, None, start, end, True)


def dotted_name(name: str) -> str:
    """The name of a setting with dots, whatever separates its parts: `net/ipv4/ip_forward`."""
    return name.removeprefix("/proc/sys/").strip("/").replace("/", ".")
