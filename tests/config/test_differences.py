"""What differs in meaning, and what only looks different."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lvscf
from lvscf.config.differences import differences
from tests.good import DIRECT, GOOD, NAT
from tests.strategies import FILES

Told = tuple[str, tuple[str, ...], str | None]


def told(left: str, right: str, *, counters: bool = False) -> list[Told]:
    found = differences(lvscf.loads(left), lvscf.loads(right), counters=counters)
    return [(one.kind, one.block, one.directive) for one in found]


SPELLINGS = [
    ("keepalive = 6\ndeadtime = 18\n", "deadtime = 18\nkeepalive = 6\n"),
    ("keepalive = 6\n", "# six\n\n\tkeepalive\t=   0x6 \n"),
    ("serial_no = 7\n", "serial_no = 8\n"),
    ("debug_level = NONE\n", "keepalive = 2\n"),
    ("keepalive = 4\nkeepalive = 6\n", "keepalive = 6\n"),
    ("primary = 10.10.1.21\n", "primary = 10.10.1.21\nprimary_private = 10.10.1.21\n"),
    ("monitor_links = 1\n", "monitor_links = 2\n"),
    ("virtual a {\nfwmark = 0x50\n}\n", "virtual a {\nfwmark = 80\n}\n"),
    ('virtual a {\nexpect = "OK"\n}\n', "virtual a {\nexpect = OK\n}\n"),
    ("virtual a {\nload_monitor = none\n}\n", "virtual a {\nscheduler = wlc\n}\n"),
    ("virtual a {\npmask = 255.255.255.255\n}\n", "virtual a {\n}\n"),
    ("virtual a {\nport = http\n}\nvirtual b {\n}\n", "virtual b {\n}\nvirtual a {\n}\n"),
    ("virtual a {\nport = 81\nserver b {\n}\n}\n", "virtual a {\nport = 81\nserver b {\nport = 81\n}\n}\n"),
]  # fmt: skip

MEANINGS: list[tuple[str, str, list[Told]]] = [
    ("keepalive = 6\n", "keepalive = 7\n", [("changed", (), "keepalive")]),
    ("keepalive = 6\n", "\n", [("changed", (), "keepalive")]),
    (
        "virtual a {\nexpect = 'OK'\n}\n",
        'virtual a {\nexpect = "OK"\n}\n',
        [("changed", ("virtual a",), "expect")],
    ),
    (
        "virtual a {\nserver b {\n}\nport = 81\n}\n",
        "virtual a {\nport = 81\nserver b {\n}\n}\n",
        [("changed", ("virtual a", "server b"), "port")],
    ),
    ("virtual a {\n}\n", "failover a {\n}\n", [("only left", ("virtual a",), None), ("only right", ("failover a",), None)]),
    ("virtual a {\n}\n", "virtual a {\n}\nvirtual a {\n}\n", [("only right", ("virtual a",), None)]),
    (DIRECT, DIRECT.replace("virtual web", "virtual www"), [("renamed", ("virtual web",), None)]),
    (
        DIRECT,
        DIRECT.replace("server two", "server deux").replace("timeout = 6", "timeout = 7"),
        [("changed", ("virtual web",), "timeout"), ("renamed", ("virtual web", "server two"), None)],
    ),
    (
        DIRECT,
        DIRECT.replace("server two", "server three").replace("10.10.1.32", "10.10.1.33"),
        [("only left", ("virtual web", "server two"), None), ("only right", ("virtual web", "server three"), None)],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), SPELLINGS)
def test_spelling_is_no_difference(left: str, right: str) -> None:
    """What Piranha holds in memory is the same."""
    assert told(left, right) == []


@pytest.mark.parametrize(("left", "right", "expected"), MEANINGS)
def test_meaning_is(left: str, right: str, expected: list[Told]) -> None:
    """Each difference is told once, with its place."""
    assert told(left, right) == expected


def test_counters_are_told_if_asked_for() -> None:
    """`serial_no` counts only for who wants it."""
    assert told("serial_no = 7\n", "serial_no = 8\n", counters=True) == [
        ("changed", (), "serial_no")
    ]


def test_values_and_defaults() -> None:
    """A difference holds both values, and whether they were written."""
    (one,) = differences(lvscf.loads("keepalive = 6\n"), lvscf.loads("deadtime = 5\n"))

    assert (one.values, one.written) == ((6, 2), (True, False))


@given(FILES)
def test_nothing_differs_from_itself(text: str) -> None:
    """A configuration does not differ from itself, nor from what Piranha makes of it."""
    config = lvscf.parse(text).config

    assert differences(config, config) == ()
    assert differences(config, config.effective) == ()


@given(FILES, FILES)
def test_sides_can_be_swapped(one: str, other: str) -> None:
    """Seen from the other side, there are as many differences."""
    left, right = lvscf.parse(one).config, lvscf.parse(other).config
    there, back = differences(left, right), differences(right, left)

    assert len(there) == len(back)
    assert (
        bool(there)
        or lvscf.to_dict(left.effective)["keepalive"]
        == (lvscf.to_dict(right.effective)["keepalive"])
    )


@given(st.sampled_from(sorted(GOOD)), st.sampled_from([3, 77]))
def test_one_change_is_one_difference(name: str, seconds: int) -> None:
    """Whatever value is changed, that is told and nothing else."""
    config = lvscf.loads(GOOD[name])
    changed = attrs.evolve(config, deadtime=seconds)

    (one,) = differences(config, changed)
    assert (one.directive, one.values) == ("deadtime", (18, seconds))


@pytest.mark.slow
def test_many_blocks_take_no_more_than_their_time() -> None:
    """Thousands of blocks that are all renamed are matched."""
    blocks = "".join(
        f"virtual v{n} {{\naddress = 10.{n // 250}.{n % 250}.1 eth0:{n}\n}}\n" for n in range(5000)
    )
    assert {kind for kind, *_ in told(blocks, blocks.replace("virtual v", "virtual w"))} == {
        "renamed"
    }


def test_two_forms_of_one_cluster() -> None:
    """The table of a whole file: an example with several blocks."""
    other = NAT.replace("8080", "8081", 1).replace(
        "nat_router = 10.11.1.1 eth1:1", "nat_router = 10.11.1.1 eth2:1"
    )

    assert told(NAT, other) == [
        ("changed", (), "nat_router"),
        ("changed", ("virtual web", "server one"), "port"),
    ]
