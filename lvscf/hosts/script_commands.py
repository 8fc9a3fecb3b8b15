"""What a script leaves behind: addresses, routes, kernel settings, modules.

A script may take several courses (`start` and `stop`): what all of them leave is certain, the rest
is possible.  Nothing is run.
"""

from collections.abc import Iterator
from typing import TypeVar

from attrs import evolve

from lvscf.findings.finding import Finding
from lvscf.firewall import refusals
from lvscf.firewall.scripts.notes import courses
from lvscf.hosts.facts import KernelSetting
from lvscf.hosts.host import Host
from lvscf.hosts.kernel_settings import KernelSettings, together
from lvscf.hosts.script_effects import Course, course_of
from lvscf.source import Source, quoted

_T = TypeVar("_T")


def read(source: Source) -> Host:
    """What a script sets up, as far as its text shows it; a host without facts if it is nothing."""
    found = courses(source)
    followed = sorted(
        (course_of(commands, source) for commands in found.commands), key=lambda one: one.size
    )
    if not followed:
        return Host(sources=(source,))
    if not found.whole:
        followed.insert(0, Course())  # nothing is certain
    return Host(
        addresses=tuple(
            evolve(one, certain=certain)
            for one, certain in _merged([list(one.addresses.values()) for one in followed])
        ),
        routes=tuple(
            evolve(one, certain=certain)
            for one, certain in _merged([list(one.routes.values()) for one in followed])
        ),
        devices=tuple(
            one for one, certain in _merged([list(c.devices.values()) for c in followed]) if certain
        ),
        modules=tuple(
            one for one, certain in _merged([list(c.modules) for c in followed]) if certain
        ),
        settings=together((KernelSettings(_settings(followed)),)),
        findings=tuple(_loads(followed, source)),
        sources=(source,),
    )


def _settings(followed: list[Course]) -> tuple[KernelSetting, ...]:
    return tuple(
        evolve(one, certain=certain and one.certain)
        for one, certain in _merged([list(one.settings.values()) for one in followed])
    )


def _merged(several: "list[list[_T]]") -> list[tuple[_T, bool]]:
    """The facts of all courses, each once, and whether all have it; the largest's come last."""
    counts: dict[_T, int] = {}
    for facts in several:
        for fact in facts:
            counts[fact] = counts.get(fact, 0) + 1
    last = dict.fromkeys(several[-1])
    ordered = [fact for fact in counts if fact not in last] + list(last)
    return [(fact, counts[fact] == len(several)) for fact in ordered]


def _loads(followed: list[Course], source: Source) -> Iterator[Finding]:
    loads = {name: place for course in followed for name, place in course.loads.items()}
    for name, place in loads.items():
        if not name:
            continue
        yield refusals.unsupported(
            source,
            place.start,
            place.end,
            f"sysctl sets here what {quoted(name)} says, which is not in this file.",
            "Give that file as well, or save all settings on the host with `sysctl -a > FILE`.",
        )
