"""ldirectord.cf."""

import lvscf
from lvscf.keepalived import Conversion, convert_to_ldirectord
from tests.builders import ROUTERS, at, failover, server, service

MASK = "vip_nmask = 255.255.255.0"


def converted(text: str) -> Conversion:
    return convert_to_ldirectord(lvscf.parse(text, "lvs.cf"))


def virtuals(text: str) -> list[str]:
    """The blocks of virtual servers, without comments."""
    written = converted(text).files["ldirectord.cf"].text
    lines = [line for line in written.splitlines() if not line.startswith("#")]
    return [block.strip() for block in "\n".join(lines).split("\n\n") if "virtual = " in block]


def test_a_virtual_server() -> None:
    """Everything that lvs.cf says about it."""
    text = "network = direct\n" + service(
        MASK, "persistent = 60", "pmask = 255.255.0.0", "sorry_server = 10.10.1.9",
        "scheduler = rr", "quiesce_server = 1", "timeout = 6", "port = 8080", server("weight = 3"),
    )  # fmt: skip

    assert virtuals(text) == [
        "virtual = 10.10.1.20:8080\n\treal = 10.10.1.31:8080 gate 3\n"
        "\tfallback = 10.10.1.9:8080 gate\n\tprotocol = tcp\n\tscheduler = rr\n"
        "\tpersistent = 60\n\tnetmask = 255.255.0.0\n\tquiescent = yes\n\tcheckinterval = 6\n"
        "\tchecktimeout = 6\n\tchecktype = connect"
    ]


def test_marks_and_scripts() -> None:
    """A script gets the VIP and its port before address and port."""
    text = service(MASK, "fwmark = 80", "port = 81", 'expect = "220"', server())
    (virtual,) = virtuals(text)

    assert virtual.startswith("virtual = 80\n\treal = 10.10.1.31:81 masq 1\n\tprotocol = fwm\n")
    assert virtual.endswith('\tchecktype = external\n\tcheckcommand = "/etc/ha.d/checks/web"')
    script = converted(text).files["checks/web"]
    assert script.mode == 0o755
    assert "\nshift 2" in script.text


def test_checks_on_another_port() -> None:
    """One port for all servers can be named; several cannot, and that is an error."""
    direct = "network = direct\n"
    one = direct + service(MASK, "port = 443", server("port = 8443"))
    assert virtuals(one)[0].endswith("\tchecktype = connect\n\tcheckport = 8443")
    scripted = direct + service(MASK, "port = 443", 'expect = "x"', server("port = 8443"))
    assert 'set -- "$1" 8443' in converted(scripted).files["checks/web-port-8443"].text
    mixed = direct + service(MASK, "port = 443", server("port = 8443"), at("10.10.1.32", name="b"))
    assert "N19" in {note.code for note in converted(mixed).notes}


def test_servers_without_a_check() -> None:
    """They are always up."""
    text = service(MASK, "protocol = udp", "port = 53", server())
    assert virtuals(text)[0].endswith("\tchecktype = on")


def test_notes() -> None:
    """What ldirectord does not do, and nothing about keepalived."""
    text = ROUTERS + "syncdaemon = 1\ntcp_timeout = 9\n" + service(
        MASK, "quiesce_server = 1", "persistent = 9", "send_program = /bin/x", "expect = OK",
        server("weight = 0"),
    )  # fmt: skip
    notes = converted(text).notes

    assert {note.code for note in notes} == {"N02", "N08", "N13", "N15", "N20", "N27"}
    assert not [note for note in notes if "keepalived" in f"{note.message} {note.help}"]
    assert "N24" in {note.code for note in converted(failover(MASK)).notes}


def test_addresses_are_listed() -> None:
    """For the cluster manager, which moves them."""
    text = converted(service(MASK, server())).files["ldirectord.cf"].text
    assert "\n#   ip=10.10.1.20 cidr_netmask=24 nic=eth0 iflabel=1\n" in text
