"""Services at boot, as `chkconfig --list` and `systemctl list-unit-files` print them.

Facts: chkconfig(8) and systemctl(1).  chkconfig translates `on` and `off`, so what the runlevels 0
and 6 say, in which next to nothing starts, is taken as `off`.  A unit that is static starts if
another one needs it, which the file does not show.
"""

import re
from collections import Counter
from collections.abc import Iterator

from lvscf.findings.place import Place
from lvscf.hosts.facts import BootService
from lvscf.hosts.host import Fact, Host
from lvscf.source import Source

_LEVELS = re.compile(
    r"^[ \t]*(?P<name>[^\s:]+)[ \t]+0:(?P<off>\S+)(?P<levels>(?:[ \t]+[1-6]:\S+)+)[ \t]*\r?$",
    re.MULTILINE,
)
_LEVEL = re.compile(r"([35]):(\S+)")
_XINETD = re.compile(r"^[ \t]+(?P<name>[\w.+-]+):[ \t]+(?P<state>\S+)[ \t]*\r?$", re.MULTILINE)
_NATIVE = re.compile(r"systemctl|systemd")
_ON = frozenset(["on", "ein", "marche", "activado", "activo", "attivo", "sim", "ligado", "オン"])
_OFF = frozenset(["off", "aus", "arrêt", "desactivado", "disattivo", "desligado", "オフ"])
_STATES: dict[str, bool | None] = {
    "enabled": True,
    "disabled": False,
    "masked": False,
    "static": None,
    "indirect": None,
    "generated": None,
    "transient": None,
    "alias": None,
    "linked": None,
    "bad": None,
    "enabled-runtime": None,
    "masked-runtime": None,
    "linked-runtime": None,
    "not-found": False,
}
_STATE = "|".join(sorted(_STATES, key=len, reverse=True))
_UNIT = re.compile(
    r"^[ \t]*(?P<name>[\w@.\\:+-]+?)(?P<kind>\.[a-z]+)?(?:[ \t]*[:=][ \t]*|[ \t]+)"
    rf"(?P<state>{_STATE})(?:[ \t]+\S+)?[ \t]*\r?$",
    re.MULTILINE,
)
_ASKED = re.compile(
    rf"^[^\n]{{0,200}}\bis-enabled[ \t]+(?P<name>[\w@.-]+)[ \t]*\r?\n(?P<state>{_STATE})\b",
    re.MULTILINE,
)
_LISTED = re.compile(r"^(?P<count>\d+) unit files listed\.", re.MULTILINE)
_ALL = 12
"""The fewest lines of chkconfig that cannot be some services that were asked for."""


def read(source: Source) -> Host:
    """The services in a text."""
    text = source.text
    levels = list(_LEVELS.finditer(text))
    if levels:
        services = list(_by_level(levels, source))
        services += _of_xinetd(source, levels[-1].end())
        whole = len(levels) >= _ALL and _NATIVE.search(text) is None
    else:
        units = list(_UNIT.finditer(text))
        services = [*_of_systemd(units, source), *_asked(source)]
        said = _LISTED.search(text)
        whole = said is not None and int(said["count"][:9]) == len(units)
    complete: tuple[Fact, ...] = ("boot services",) if whole else ()
    return Host(
        boot_services=tuple(dict.fromkeys(services)),
        complete=frozenset(complete),
        sources=(source,),
    )


def _by_level(lines: list[re.Match[str]], source: Source) -> Iterator[BootService]:
    off = Counter(line["off"].lower() for line in lines).most_common(1)[0][0]
    if off in _ON:
        off = "off"
    for line in lines:
        starts = {_is_on(word, off) for _, word in _LEVEL.findall(line["levels"])}
        yield BootService(
            line["name"],
            starts.pop() if len(starts) == 1 else None,
            place=Place(line.start("name"), line.end("levels"), source),
        )


def _is_on(word: str, off: str) -> bool:
    return word.lower() in _ON or (word.lower() != off and word.lower() not in _OFF)


def _of_xinetd(source: Source, start: int) -> Iterator[BootService]:
    """The services that xinetd starts, which are listed below the others."""
    for line in _XINETD.finditer(source.text, start):
        word = line["state"].lower()
        known = word in _ON or word in _OFF
        yield BootService(
            line["name"],
            word in _ON if known else None,
            place=Place(line.start("name"), line.end("state"), source),
        )


def _of_systemd(units: list[re.Match[str]], source: Source) -> Iterator[BootService]:
    for unit in units:
        if unit["kind"] in (None, ".service"):
            place = Place(unit.start("name"), unit.end("state"), source)
            yield BootService(unit["name"], _STATES[unit["state"]], place=place)


def _asked(source: Source) -> Iterator[BootService]:
    """The answers of `systemctl is-enabled NAME`, each below its command."""
    for found in _ASKED.finditer(source.text):
        yield BootService(
            found["name"].removesuffix(".service"),
            _STATES[found["state"]],
            place=Place(found.start("name"), found.end("state"), source),
        )
