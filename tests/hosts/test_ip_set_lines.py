"""Sets of ipset: saved and listed, of all versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf import hosts
from lvscf.hosts.ip_set_lines import read
from lvscf.source import Source

SAVED = """create banned hash:net family inet hashsize 1024 maxelem 65536
add banned 192.0.2.0/24
add banned 192.0.2.7 nomatch
add banned 198.51.100.1 comment "a timeout 5 of theirs"
create web hash:ip,port family inet hashsize 1024 maxelem 65536
add web 10.10.1.20,tcp:80
create six hash:ip family inet6
add six fd00::1
create both list:set size 8
add both web
"""
LISTED = """Name: banned
Type: hash:net
Revision: 7
Header: family inet hashsize 1024 maxelem 65536
Size in memory: 520
References: 1
Number of entries: 3
Members:
192.0.2.0/24
192.0.2.7 nomatch
198.51.100.1 comment "a timeout 5 of theirs"

Name: web
Type: hash:ip,port
Header: family inet hashsize 1024 maxelem 65536
Members:
10.10.1.20,tcp:80

Name: six
Type: hash:ip
Header: family inet6 hashsize 1024 maxelem 65536
Members:
fd00::1

Name: both
Type: list:set
Header: size 8
Members:
web
"""
OLD = """-N banned nethash --hashsize 1024 --probes 4
-A banned 192.0.2.0/24
-A banned 192.0.2.7 nomatch
-A banned 198.51.100.1
-N web ipporthash --from 10.10.1.0 --to 10.10.1.255
-A web 10.10.1.20,tcp:80
-N both setlist --size 8
-A both web
"""


@pytest.mark.parametrize("text", [SAVED, LISTED, OLD, SAVED.replace("\n", "\r\n")])
def test_sets(text: str) -> None:
    """IPv6 sets are left out, and comments are not options."""
    found = hosts.read(text).ip_sets

    assert [(one.name, one.type, one.settled) for one in found] == [
        ("banned", "hash:net", True),
        ("web", "hash:ip,port", True),
        ("both", "list:set", True),
    ]
    assert [entry.nomatch for entry in found[0].entries] == [False, True, False]
    assert found[1].entries[0].parts == ((0x0A0A0114, 0x0A0A0114), (6, 80, 80))
    assert found[2].sets == ("web",)


@pytest.mark.parametrize(
    "text",
    [
        "create a hash:ip timeout 300\n",
        "create a hash:ip timeout 0\nadd a 10.0.0.1 timeout 20\n",
        "create a hash:mac\nadd a 01:02:03:04:05:06\n",
        "create a hash:ip\nadd a somewhere\n",
        "create a hash:ip,port\nadd a 10.0.0.1\n",
        "create a hash:ip,port\nadd a 10.0.0.1,tcp:http\n",
        "Name: a\nType: hash:ip\nHeader: timeout 600\nMembers:\n",
    ],
)
def test_what_is_not_settled(text: str) -> None:
    """Entries that expire, and what cannot be read."""
    (one,) = hosts.read(text).ip_sets

    assert not one.settled


@pytest.mark.parametrize(
    ("entry", "numbers"),
    [
        ("10.0.0.1", (0x0A000001, 0x0A000001)),
        ("10.0.0.0/30", (0x0A000000, 0x0A000003)),
        ("10.0.0.1-10.0.0.9", (0x0A000001, 0x0A000009)),
    ],
)
def test_addresses(entry: str, numbers: tuple[int, int]) -> None:
    """Single ones, networks and ranges."""
    (one,) = hosts.read(f"create a hash:ip\nadd a {entry}\n").ip_sets

    assert one.entries[0].parts == (numbers,)


def test_a_mask_of_the_set() -> None:
    """Each entry then stands for a network."""
    (one,) = hosts.read("create a bitmap:ip range 10.0.0.0/16 netmask 24\nadd a 10.0.3.0\n").ip_sets

    assert one.entries[0].parts == ((0x0A000300, 0x0A0003FF),)


@given(
    st.lists(st.sampled_from([*SAVED.split(), *LISTED.split("\n"), "\n", "-", "é"])).map(" ".join)
)
def test_no_text_raises_and_places_hold_the_names(text: str) -> None:
    """Every set is where it is made."""
    for one in read(Source(text)).ip_sets:
        assert one.name in text[one.start : one.end]
