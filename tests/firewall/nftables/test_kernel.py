"""Random rulesets of nftables, judged by the kernel of this machine and by the trace."""

import os
import random
import shutil
from collections.abc import Iterator
from itertools import product

import pytest

from lvscf.firewall import Outcome, Packet, parse
from lvscf.firewall.packets import Way
from tests.firewall.nftables import random_rulesets, two_hosts
from tests.firewall.nftables.two_hosts import FAR, LOCAL, OWN, SOURCES, VIPS, Seen

FIRST_PORT = 30000
"""Source ports are never used twice, so that every packet opens a connection."""


@pytest.fixture
def network() -> Iterator[None]:
    if os.geteuid() != 0:
        pytest.skip("network namespaces need root")
    for tool in ("ip", "nft"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed (apt-get install iproute2 nftables)")
    try:
        two_hosts.build()
    except RuntimeError as reason:
        two_hosts.remove()
        pytest.skip(f"no network namespaces here: {reason}")
    yield
    two_hosts.remove()


def _packets(pick: random.Random, count: int, port: int, way: Way) -> list[tuple[Packet, int]]:
    packets = []
    for number in range(count):
        source = pick.choice(
            OWN if way == "output" else list(SOURCES)[: 3 if way == "input" else 2]
        )
        packet = Packet(
            pick.choice(["tcp", "tcp", "udp"]),
            pick.choice(VIPS if way == "input" else FAR),
            pick.choice(random_rulesets.PORTS),
            source,
            SOURCES.get(source),
            outgoing=None if way == "input" else "eth1",
        )
        packets.append((packet, port + number))
    return packets


def _disagreement(
    forms: tuple[str, str], packets: list[tuple[Packet, int]], way: Way, *, exact: bool
) -> str:
    """Where kernel and trace do not agree, for a message; nothing if they do."""
    seen = two_hosts.through(packets, way)
    for text in forms:
        firewall = parse(text)
        if firewall.findings:
            return f"{firewall.findings[0].message}\n{text}"
        for (packet, port), known in product(packets, (OWN, None)):
            local = LOCAL[(packet.interface if way == "input" else packet.outgoing) or ""]
            outcomes = firewall.trace(packet, local, own_addresses=known, way=way)
            if not any(_is_kernels(outcome, seen.get(port)) for outcome in outcomes):
                return f"{seen.get(port)}; {packet}, {known}: {outcomes}\n{forms[0]}"
            if exact and known and len({_visible(outcome) for outcome in outcomes}) > 1:
                return f"undecided: {packet}: {outcomes}\n{forms[0]}"
    return ""


def _is_kernels(outcome: Outcome, seen: set[Seen] | None) -> bool:
    """Whether an outcome is what came through; nothing, if it was dropped or went another way."""
    if not seen or not outcome.accepted:
        return not seen and not outcome.accepted
    return any(
        (mark == outcome.mark or not outcome.mark_known)
        and outcome.destination in (None, address)
        and outcome.port in (None, port)
        and outcome.source in (None, source)
        for mark, source, address, port in seen
    )


def _visible(outcome: Outcome) -> tuple[object, ...]:
    if not outcome.accepted:
        return ()  # where it went, this test cannot see
    return outcome.mark, outcome.source, outcome.destination, outcome.port


@pytest.mark.slow
@pytest.mark.parametrize("unknown", [0, 0.3], ids=["exact", "open"])
@pytest.mark.parametrize("way", random_rulesets.FILTERING)
@pytest.mark.usefixtures("network")
def test_trace_agrees_with_the_kernel(way: Way, unknown: float) -> None:
    seed = int(os.environ.get("LVSCF_SEED", "0"))
    pick = random.Random(seed)
    for round_ in range(int(os.environ.get("LVSCF_RULESETS", "12"))):
        frame, rules = random_rulesets.ruleset(pick, unknown, way)
        forms = two_hosts.load(frame, rules)
        first = FIRST_PORT + round_ * 24 % 7000
        packets = _packets(pick, 24, first, way)
        if _disagreement(forms, packets, way, exact=not unknown):
            # A busy machine loses packets; what is really wrong is wrong again.
            forms = two_hosts.load(frame, rules)
            again = [(packet, own + 7500) for packet, own in packets]
            told = _disagreement(forms, again, way, exact=not unknown)
            assert not told, f"seed {seed}: {told}"
