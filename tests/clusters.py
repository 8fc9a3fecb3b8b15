"""Texts that hold an lvs.cf and the files of hosts, each behind a line that names its host.

Behind a last line `--- pair`, there is the lvs.cf of the other router.
"""

import re

import lvscf
from lvscf import hosts
from lvscf.cluster import Cluster, Evidence
from lvscf.findings.finding import Finding
from lvscf.hosts import Host, Role
from lvscf.piranha.releases import LATEST
from lvscf.source import Source

_HOST = re.compile(r"^--- (router|real-server)(?: (\S+))?(?: (\S+))?\n", re.MULTILINE)
_PAIR = "--- pair\n"
_TARGET = re.compile(r"^--- target (\S+)\n", re.MULTILINE)


def parted(text: str) -> tuple[str, Cluster | None]:
    """The lvs.cf, and the evidence behind it: `--- router HOST`, `--- real-server HOST [sysctl]`."""
    lvs_cf, *rest = _HOST.split(_TARGET.sub("", text.partition(_PAIR)[0]))
    if not rest:
        return lvs_cf, None
    evidence: list[Host | Evidence] = []
    for number in range(0, len(rest), 4):
        word, host, kind, content = rest[number : number + 4]
        role: Role = "router" if word == "router" else "real-server"
        name = f"{host or role}-{number // 4}.txt"
        if kind == "sysctl":
            evidence.append(Evidence(role, host, "sysctl", source=Source(content, name)))
        else:
            evidence.append(hosts.read(content, name).of(role, host))
    return lvs_cf, Cluster(tuple(evidence))


def pair_in(text: str) -> lvscf.Document | None:
    """The lvs.cf of the other router; None if there is none."""
    _, line, other = text.partition(_PAIR)
    return lvscf.parse(other, "other.cf") if line else None


def findings(text: str, *select: str) -> tuple[Finding, ...]:
    """What there is to say of an lvs.cf, with or without files of hosts and of the other router.

    A line `--- target RELEASE` at its end is a setting; `select` names optional rules.
    """
    lvs_cf, cluster = parted(text)
    target = _TARGET.search(text)
    settings = lvscf.Settings(extend_select=select, target=target[1] if target else LATEST)
    return lvscf.lint(lvscf.parse(lvs_cf, "lvs.cf"), cluster, settings, pair=pair_in(text))


def codes(text: str, *select: str) -> set[str]:
    """The codes of all findings."""
    return {finding.code for finding in findings(text, *select)}
