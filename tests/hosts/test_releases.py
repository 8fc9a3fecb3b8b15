"""The releases that files name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf import hosts
from lvscf.hosts.releases import read
from lvscf.source import Source

OS_RELEASE = """\
NAME="CentOS Linux"
VERSION="7 (Core)"
ID="centos"
VERSION_ID="7"
PRETTY_NAME="CentOS Linux 7 (Core)"
"""
LSB = """\
LSB Version:\t:core-4.0-amd64:core-4.0-noarch
Distributor ID:\tRedHatEnterpriseServer
Description:\tRed Hat Enterprise Linux Server release 6.5 (Santiago)
Release:\t6.5
Codename:\tSantiago
"""


@pytest.mark.parametrize(
    ("text", "name", "major"),
    [
        ("Red Hat Enterprise Linux Server release 5.11 (Tikanga)\n", None, 5),
        ("Red Hat Enterprise Linux AS release 4 (Nahant Update 9)\n", None, 4),
        ("Red Hat Enterprise Linux release 9.4 (Plow)\r\n", None, 9),
        ("CentOS release 6.10 (Final)", None, 6),
        ("CentOS Linux release 7.9.2009 (Core)\n", None, 7),
        ("Scientific Linux release 6.10 (Carbon)\n", None, 6),
        ("Enterprise Linux Enterprise Linux Server release 5.4 (Carthage)\n", None, 5),
        ("Oracle Linux Server release 6.10\n", None, 6),
        ("Fedora release 20 (Heisenbug)\n", None, None),
        (OS_RELEASE, "CentOS Linux 7 (Core)", 7),
        (OS_RELEASE.replace("CentOS", "Fedora"), "Fedora Linux 7 (Core)", None),
        ('PRETTY_NAME="Debian GNU/Linux 12"\nVERSION_ID="12"\n', "Debian GNU/Linux 12", None),
        ("PRETTY_NAME='Rocky Linux 9.3'\n", "Rocky Linux 9.3", 9),
        (LSB, "Red Hat Enterprise Linux Server release 6.5 (Santiago)", 6),
        (LSB.partition("\n")[2], "Red Hat Enterprise Linux Server release 6.5 (Santiago)", 6),
    ],
)
def test_release(text: str, name: str | None, major: int | None) -> None:
    """The name as written, and the major version of Red Hat's release and its rebuilds."""
    release = hosts.read(text).release

    assert release is not None
    assert (release.name, release.major) == (name or text.strip(), major)
    assert release.place is not None
    assert text[release.place.start : release.place.end] == release.name


@given(st.text(st.sampled_from("NAMEID_=\"' release 6.5:\n\r")))
def test_any_text_is_read(text: str) -> None:
    """No text makes the reader fail."""
    read(Source(text))
