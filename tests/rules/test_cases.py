"""Each rule fires where it must, underlines the right token, and is silent elsewhere."""

import pytest

import lvscf
from tests.rules import cluster_cases
from tests.rules.cases import FIRES, ROUTERS, SILENT, server, service
from tests.rules.clusters import codes, findings
from tests.rules.underlined import MARK, unmarked


@pytest.mark.parametrize(
    ("code", "marked"), FIRES + cluster_cases.FIRES, ids=lambda value: str(value)[:40]
)
def test_fires_and_underlines(code: str, marked: str) -> None:
    """The rule has exactly one finding, at the marked token."""
    text = unmarked(marked)
    spans = [finding.span for finding in findings(text) if finding.code == code]

    assert len(spans) == 1
    token = MARK.search(marked)
    assert token is not None
    assert (spans[0].start, text[spans[0].start : spans[0].end]) == (token.start(), token[1])


@pytest.mark.parametrize(
    ("code", "text"), SILENT + cluster_cases.SILENT, ids=lambda value: str(value)[:40]
)
def test_is_silent(code: str, text: str) -> None:
    """The rule has no finding."""
    assert code not in codes(unmarked(text))


def severities(text: str, code: str) -> list[str]:
    return [
        finding.severity.label for finding in lvscf.lint(lvscf.parse(text)) if finding.code == code
    ]


def test_severity_follows_the_margin() -> None:
    """Below twice the heartbeat interval is a warning, below three times a note."""
    assert severities(ROUTERS + "keepalive = 10\ndeadtime = 19\n", "LVS202") == ["warning"]
    assert severities(ROUTERS + "keepalive = 10\ndeadtime = 29\n", "LVS202") == ["info"]


def test_severity_follows_what_is_lost() -> None:
    """A second service of one mark is a warning if it is the same, else an error."""
    first = service("fwmark = 80", server())

    same = first + service("fwmark = 80", "port = 443", server(), name="b")
    assert severities(same, "LVS308") == ["warning"]
    other = first + service("fwmark = 80", server(address="10.10.1.39"), name="b")
    assert severities(other, "LVS308") == ["error"]


GUI_DEFAULTS = """\
serial_no = 1
primary = 10.10.1.21
service = lvs
backup_active = 1
backup = 10.10.1.22
heartbeat = 1
heartbeat_port = 539
keepalive = 6
deadtime = 18
network = direct
debug_level = NONE
monitor_links = 0
syncdaemon = 0
virtual web {
     active = 1
     address = 10.10.1.20 eth0:1
     vip_nmask = 255.255.255.255
     port = 80
     send = "GET / HTTP/1.0\\r\\n\\r\\n"
     expect = "HTTP"
     use_regex = 0
     load_monitor = none
     scheduler = wlc
     protocol = tcp
     timeout = 6
     reentry = 15
     quiesce_server = 0
     server one {
         address = 10.10.1.31
         active = 1
         weight = 1
     }
     server two {
         address = 10.10.1.32
         active = 1
         weight = 1
     }
}
"""

NAT = GUI_DEFAULTS.replace(
    "network = direct\n",
    "network = nat\nnat_router = 10.11.1.1 eth1:1\nnat_nmask = 255.255.255.0\n",
).replace("weight = 1", "weight = 1\n         port = 8080")

SINGLE_ROUTER = GUI_DEFAULTS.replace("backup_active = 1\nbackup = 10.10.1.22\n", "")

UDP = GUI_DEFAULTS.replace("protocol = tcp", "protocol = udp").replace("port = 80", "port = 53")

FAILOVER = """\
primary = 10.10.1.21
service = fos
backup_active = 1
backup = 10.10.1.22
keepalive = 6
deadtime = 18
failover db {
     address = 10.10.1.20 eth0:1
     vip_nmask = 255.255.255.0
     active = 1
     port = 5432
     timeout = 6
     start_cmd = "/etc/rc.d/init.d/postgresql start"
     stop_cmd = "/etc/rc.d/init.d/postgresql stop"
}
"""


@pytest.mark.parametrize(
    "text",
    [GUI_DEFAULTS, NAT, SINGLE_ROUTER, UDP, FAILOVER],
    ids=["gui defaults", "nat", "single router", "udp", "failover"],
)
def test_good_configurations_are_clean(text: str) -> None:
    """Configurations as people run them have no finding, but that evidence is missing."""
    assert {finding.code for finding in lvscf.lint(lvscf.parse(text))} <= {"LVS400"}


@pytest.mark.parametrize(
    ("good", "bad", "code"),
    [
        ("keepalive = 6\n", "keepalve = 6\n", "LVS001"),
        ("keepalive = 6\n", "keepalive=6\n", "LVS002"),
        ("keepalive = 6\n", "keepalive =\n", "LVS003"),
        ("virtual web {", "virtual web{", "LVS003"),
        ("keepalive = 6\n", "keepalive = 6 s\n", "LVS004"),
        ("keepalive = 6\n", "keepalive = 6 # s\n", "LVS005"),
        ('expect = "HTTP"\n', 'expect = "HTTP" \n', "LVS006"),
        ('expect = "HTTP"\n', 'expect = "HTTP\n', "LVS006"),
        ("deadtime = 18\n", "deadtime = 18s\n", "LVS007"),
        ("backup_active = 1\n", "backup_active = on\n", "LVS008"),
        ("primary = 10.10.1.21\n", "primary = 10.10.1.321\n", "LVS009"),
        ("backup = 10.10.1.22\n", "backup = 10.10.1.22/24\n", "LVS009"),
        ("vip_nmask = 255.255.255.255\n", "vip_nmask = /32\n", "LVS010"),
        ("network = direct\n", "network = dr\n", "LVS011"),
        ("scheduler = wlc\n", "scheduler = WLC\n", "LVS011"),
        ("debug_level = NONE\n", "debug_level = NONE\r\n", "LVS014"),
        ("         weight = 1\n     }\n}\n", "         weight = 1\n     }\n", "LVS015"),
        ("     }\n}\n", "     }\n}\n}\n", "LVS016"),
        ("     }\n}\n", "     } one\n}\n", "LVS017"),
        ("serial_no", "\ufeffserial_no", "LVS018"),
        ("keepalive = 6\n", "keepalive\u00a0= 6\n", "LVS019"),
        ("     }\n}\n", "     }\n}\n\0", "LVS020"),
        ("keepalive = 6\n", "keepalive = 6\nkeepalive = 6\n", "LVS101"),
        ("server two", "server one", "LVS102"),
        ("timeout = 6\n", "timeout = 010\n", "LVS103"),
        ("         active = 1\n", "", "LVS112"),
        ("     active = 1\n", "     active = 0\n", "LVS116"),
        ("keepalive = 6\n", "keepalive = 20\n", "LVS201"),
        ("keepalive = 6\n", "keepalive = 10\n", "LVS202"),
        ("keepalive = 6\n", "keepalive = 0\n", "LVS203"),
        ("backup_active = 1\n", "", "LVS204"),
        ("backup = 10.10.1.22\n", "", "LVS205"),
        ("primary = 10.10.1.21\n", "", "LVS208"),
        ("     address = 10.10.1.20 eth0:1\n", "", "LVS301"),
        ("         address = 10.10.1.31\n", "", "LVS301"),
        ("eth0:1", "eth0", "LVS303"),
        ("     port = 80\n", "     port = 80\n     port = 81\n", "LVS101"),
    ],
)  # fmt: skip
def test_a_single_defect_is_a_single_finding(good: str, bad: str, code: str) -> None:
    """One defect in a good file fires the rule that it belongs to, and no other."""
    assert good in GUI_DEFAULTS
    text = GUI_DEFAULTS.replace(good, bad, 1)

    found = {finding.code for finding in lvscf.lint(lvscf.parse(text))}
    assert found - {"LVS400"} == {code}
