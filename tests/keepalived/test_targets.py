"""What each release of keepalived can read."""

import pytest

from lvscf.keepalived.targets import PLATFORMS, target


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("1.2", (1, 2, 13)), ("1.3", (1, 3, 5)), ("2.0", (2, 0, 10)), ("2.1", (2, 1, 0)),
        ("2.2", (2, 2, 0)), ("2.2.8", (2, 2, 8)), ("3.0", (3, 0, 0)), ("rhel7", (1, 3, 5)),
    ],
)  # fmt: skip
def test_names(name: str, release: tuple[int, int, int]) -> None:
    """A version without a patch level is the first that was shipped."""
    assert target(name).release == release


@pytest.mark.parametrize(
    "name", ["", "2", "1.1", "1.1.20", "v2.2", "2.2.", "2.2-1", "rhel5", "RHEL7", "٢.٢", " 2.2"]
)
def test_unknown_names(name: str) -> None:
    """The error says what can be named."""
    with pytest.raises(ValueError, match="rhel6, rhel7, rhel8, rhel9, debian12"):
        target(name)


def test_platforms_are_targets() -> None:
    """Each is one, and keeps its name."""
    assert [target(name).name for name in PLATFORMS] == list(PLATFORMS)


def test_what_releases_can_do() -> None:
    """The four levels differ as keepalived's history says."""
    one_two, one_three, two, two_one = (target(name) for name in ("1.2", "1.3", "2.0", "2.1"))

    assert [one.secures_scripts for one in (one_two, one_three)] == [False, True]
    assert [one.wants_ports_with_marks for one in (one_three, two, two_one)] == [True, True, False]
    assert not target("2.0.14").wants_ports_with_marks
    assert [one.groups_clients for one in (one_two, one_three, two)] == [True, False, True]
    assert target("1.4.3").groups_clients
    assert [one.sets_timeouts_alone for one in (two, target("2.2"))] == [False, True]
    assert (one_two.most_addresses, target("1.2.20").most_addresses) == (20, None)
    assert [one.may_crash_on_scripts for one in (one_two, target("1.2.20"))] == [True, False]
    assert [one.tests_files for one in (one_three, two)] == [False, True]
