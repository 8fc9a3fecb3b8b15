"""Services at boot: chkconfig of all languages, and systemd."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf import hosts
from lvscf.hosts.boot_service_lines import read
from lvscf.source import Source

LEVELS = "\t0:{0}\t1:{0}\t2:{1}\t3:{1}\t4:{1}\t5:{1}\t6:{0}\n"
ON = {
    "English": "pulse" + LEVELS.format("off", "on"),
    "German": "pulse" + LEVELS.format("Aus", "Ein"),
    "Japanese": "pulse" + LEVELS.format("オフ", "オン"),
    "French": "pulse" + LEVELS.format("arrêt", "marche"),
    "a language that lvscf does not know": "pulse" + LEVELS.format("vypnuto", "zapnuto"),
    "of Windows": "pulse" + LEVELS.format("off", "on").replace("\n", "\r\n"),
    "native services are elsewhere": "Note: This output shows SysV services only.\n\npulse"
    + LEVELS.format("off", "on"),
    "after its command": "[root@lvs1 ~]# chkconfig --list pulse\npulse"
    + LEVELS.format("off", "on"),
    "a unit": "pulse.service   enabled\n",
    "a unit with its preset": "UNIT FILE      STATE   VENDOR PRESET\npulse.service enabled disabled\n",
    "a pair": "pulse enabled\n",
    "a pair with a colon": "pulse.service: enabled\n",
    "asked on a terminal": "[root@lvs1 ~]# systemctl is-enabled pulse.service\nenabled\n",
}


@pytest.mark.parametrize("form", ON)
def test_a_service_that_starts(form: str) -> None:
    """The name has no suffix."""
    assert [(one.name, one.enabled) for one in hosts.read(ON[form]).boot_services] == [
        ("pulse", True)
    ]


@pytest.mark.parametrize(
    ("line", "enabled"),
    [
        ("pulse" + LEVELS.format("off", "off"), False),
        ("pulse" + LEVELS.format("Aus", "Aus"), False),
        ("pulse 0:off 1:off 2:off 3:on 4:off 5:off 6:off\n", None),
        ("pulse 0:off 1:off 2:off 3:on 4:off 5:on 6:off\n", True),
        ("pulse.service disabled enabled\n", False),
        ("pulse.service masked\n", False),
        ("pulse.service static -\n", None),
        ("pulse.service indirect\n", None),
        ("pulse.service enabled-runtime\n", None),
        ("pulse.service generated\n", None),
    ],
)
def test_whether_it_starts(line: str, enabled: bool | None) -> None:
    """What differs between the usual runlevels, or depends on other units, is open."""
    assert [one.enabled for one in hosts.read(line).boot_services] == [enabled]


def test_services_of_xinetd() -> None:
    """They are listed below the others, in a form of their own."""
    text = (
        "iptables" + LEVELS.format("off", "on")
        + "\nxinetd based services:\n\trsync:         \toff\n\ttftp:          \ton\n"
    )  # fmt: skip
    found = {one.name: one.enabled for one in hosts.read(text).boot_services}

    assert found == {"iptables": True, "rsync": False, "tftp": True}


def test_only_services_count() -> None:
    """Mounts and sockets are units, too."""
    text = "boot.mount generated -\npulse.socket enabled disabled\npulse.service disabled -\n"

    assert [one.name for one in hosts.read(text).boot_services] == ["pulse"]


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("".join(f"s{at}{LEVELS.format('off', 'on')}" for at in range(20)), True),
        ("pulse" + LEVELS.format("off", "on"), False),
        ("a.mount static\nb.service enabled\n\n2 unit files listed.\n", True),
        ("b.service enabled\n\n2 unit files listed.\n", False),
        (
            "Note: systemd services are not here: see systemctl.\n"
            + "".join(f"s{at}{LEVELS.format('off', 'on')}" for at in range(20)),
            False,
        ),
    ],
)
def test_a_whole_list(text: str, complete: bool) -> None:
    """Services that were asked for by name are not all of them."""
    assert ("boot services" in read(Source(text)).complete) is complete


@given(
    st.lists(
        st.one_of(
            st.text(max_size=30),
            st.from_regex(r"[a-z@.]{1,9} (enabled|static|masked)( -)?", fullmatch=True),
            st.from_regex(r"[a-z]{1,9}(\t[0-6]:(on|off|x)){1,7}", fullmatch=True),
        )
    ).map("\n".join)
)
def test_no_text_raises_and_places_hold_the_names(text: str) -> None:
    """Every service is where its place says."""
    for service in read(Source(text)).boot_services:
        assert service.place is not None
        assert service.name in text[service.place.start : service.place.end]
