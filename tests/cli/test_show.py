"""`lvscf show`, as a process, and the pictures it draws."""

import json
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given

import lvscf
from lvscf.config.cluster_tree import Node, picture
from lvscf.report import cluster_drawing, effective
from tests.conftest import Run
from tests.good import DIRECT, FAILOVER, SEVERAL
from tests.hosts import HOST_FILES
from tests.strategies import ANYTHING


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """A file with an inactive service and a sorry server."""
    path = tmp_path / "lvs.cf"
    path.write_text(SEVERAL)
    return path


def test_tree(run: Run, several: Path) -> None:
    """The tree goes from routers to real servers."""
    done = run("show", "lvs.cf")

    assert done.returncode == 0
    assert (
        done.stdout.decode().splitlines()
        == """\
lvs.cf  direct routing
├── router primary 10.10.1.21  heartbeat every 6 s, declared dead after 18 s, UDP port 539
├── router backup 10.10.1.22
├── VIP 10.10.1.20  eth0:1, netmask 255.255.255.255
│   └── virtual server web  tcp port 80, scheduler wlc
│       ├── check sends "GET / HTTP/1.0\\r\\n\\r\\n"  expects "HTTP", every 6 s, back after 15 s
│       ├── real server one  10.10.1.31:80, weight 1
│       └── real server two  10.10.1.32:80, weight 1
├── VIP 10.10.1.25  eth0:2, netmask 255.255.255.255
│   └── virtual server mail  tcp port 25, scheduler rr, persistent for 60 s
│       ├── check sends "quit\\r\\n"  expects "220", every 10 s, back after 60 s
│       ├── real server one  10.10.1.31:25, weight 1
│       ├── real server two  10.10.1.32:25, weight 1
│       └── sorry server 10.10.1.90
└── VIP 10.10.1.26  eth0:3
    └── virtual server retired  tcp port 25, scheduler wlc, inactive
        └── check connects  every 10 s, back after 180 s
""".splitlines()
    )


def test_what_is_not_in_force_is_dimmed(run: Run, several: Path) -> None:
    """On a terminal, inactive services recede."""
    lines = run("show", "--color", "always", several).stdout.decode().splitlines()

    (retired,) = (line for line in lines if "retired" in line)
    assert "\x1b[2m" in retired.split("virtual server")[0][-5:]
    (web,) = (line for line in lines if "web" in line)
    assert "\x1b[1m" in web


def parts(part: Node) -> list[Node]:
    return [part, *(one for inner in part.parts for one in parts(inner))]


def test_failover_services() -> None:
    """The other kind of service has commands, and blocks of the wrong kind are not in force."""
    drawn = parts(picture(lvscf.loads(FAILOVER), "x"))
    assert {part.kind for part in drawn} >= {"failover service", "start command", "stop command"}
    assert all(part.in_force for part in drawn)

    wrong = parts(picture(lvscf.loads(FAILOVER.replace("service = fos", "service = lvs")), "x"))
    assert not any(part.in_force for part in wrong if part.kind in ("vip", "failover service"))


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("port = 25", "connects"),
        ("port = 80", "asks for / by HTTP"),
        ("protocol = udp\nport = 80", "asks for / by HTTP"),
        ("protocol = udp\nport = 53", "sends nothing"),  # and waits for an answer
        ("expect = OK", "sends nothing"),
        ("send = PING", "sends PING"),
        ("send_program = /bin/probe\nsend = PING", "runs /bin/probe"),
        ("client_monitor = /opt/monitor", "by /opt/monitor in place of nanny"),
    ],
)
def test_checks(said: str, title: str) -> None:
    """A check is told as nanny makes it."""
    drawn = picture(lvscf.loads(f"virtual web {{\nactive = 1\n{said}\n}}\n"), "x")
    (check,) = (part for part in parts(drawn) if part.kind == "check")

    assert check.title == title


def test_json(run: Run, several: Path) -> None:
    """Programs get the same parts."""
    data = json.loads(run("show", "--format", "json", several).stdout)

    assert data["version"] == 1
    assert data["picture"] == cluster_drawing.plain(picture(lvscf.loads(SEVERAL), str(several)))


def test_svg(run: Run, several: Path) -> None:
    """The image is XML, holds the names, and fetches nothing from elsewhere."""
    image = run("show", "--format", "svg", several).stdout.decode()

    ElementTree.fromstring(image)
    assert "retired" in image
    assert "http" not in image.replace("http://www.w3.org/2000/svg", "").replace("HTTP", "")


def test_dot_is_understood(run: Run, several: Path) -> None:
    """Graphviz draws the graph, where there is one."""
    graph = run("show", "--format", "dot", several).stdout

    assert (
        graph.count(b"->")
        == len([p for p in parts(picture(lvscf.loads(SEVERAL), "x")) if p.kind != "check"]) - 1
    )
    if not shutil.which("dot"):
        pytest.skip("Graphviz is not installed (apt-get install graphviz)")
    subprocess.run(["dot", "-Tsvg"], input=graph, stdout=subprocess.DEVNULL, check=True)


def test_mermaid(run: Run, several: Path) -> None:
    """Inactive parts are of a class of their own."""
    chart = run("show", "--format", "mermaid", several).stdout.decode()

    assert chart.startswith("flowchart LR\n")
    assert 'n3["VIP 10.10.1.20<br>eth0:1<br>netmask 255.255.255.255"]' in chart
    assert "inactive" in chart.splitlines()[-1]


def test_table(run: Run, several: Path) -> None:
    """`--as ipvsadm` prints the table, and tells on the side what will be missing in it."""
    several.write_text(DIRECT.replace("10.10.1.32", "10.10.1.31"))
    done = run("show", "--as", "ipvsadm", several)

    assert done.stdout.splitlines()[-1].split() == b"-> 10.10.1.31:80 Route 1 0 0".split()
    assert (
        b"real server two of virtual server web is not in the table: lvsd does not" in done.stderr
    )
    assert done.returncode == 0


def test_effective_values(run: Run, several: Path) -> None:
    """Every value is there, with the place that it comes from; Piranha reads it back the same."""
    shown = run("show", "--effective", several).stdout.decode()

    assert "deadtime = 18" in shown
    assert [
        line.split("  ")[-1].strip() for line in shown.splitlines() if "hard_shutdown" in line
    ] == ["Piranha's default"]
    assert [line.split("  ")[-1].strip() for line in shown.splitlines() if "keepalive" in line] == [
        "line 8"
    ]
    text = "\n".join(line for line, _ in effective.lines(lvscf.parse(SEVERAL)))
    assert lvscf.loads(text).effective == lvscf.loads(SEVERAL).effective


def test_effective_values_of_a_misread_file(run: Run, tmp_path: Path) -> None:
    """Of a file with CRLF line ends, they are those that Piranha sees, each with its line."""
    (tmp_path / "lvs.cf").write_bytes(b"keepalive = 6\r\ndeadtime = 18\r\n")
    done = run("show", "--effective", "lvs.cf")

    places = {
        line.split()[0]: line.split("  ")[-1].strip() for line in done.stdout.decode().splitlines()
    }
    assert done.returncode == 0
    assert (places["keepalive"], places["deadtime"]) == ("line 1", "Piranha's default")


@pytest.mark.parametrize("arguments", ["--effective --as ipvsadm", "--format dot --effective"])
def test_views_exclude_each_other(run: Run, several: Path, arguments: str) -> None:
    """One question, one answer."""
    done = run("show", *arguments.split(), several)

    assert (done.returncode, done.stdout) == (2, b"")


@given(ANYTHING)
def test_everything_can_be_drawn(text: str) -> None:
    """Whatever a file says, every form is drawn."""
    document = lvscf.parse(text)
    part = picture(document.config, "x")

    boxes = cluster_drawing.mermaid(part).count('["')
    assert (
        cluster_drawing.dot(part).count("\n    n") == 2 * boxes
    )  # boxes, arrows, and their common look
    json.dumps(cluster_drawing.plain(part))
    list(effective.lines(document))


def test_hosts_are_drawn_under_the_tree(run: Run, several: Path) -> None:
    """What is known of each host follows the tree, and what is not is named with its command."""
    given = []
    for name in ("rules", "ip-addr", "ip-route", "sysctl", "release"):
        (several.parent / name).write_text(HOST_FILES[name])
        given += ["--router", f"10.10.1.21={name}"]
    (several.parent / "one").write_text("net.ipv4.conf.lo.arp_ignore = 1\n")
    done = run("show", "lvs.cf", *given, "--real-server", "one=one")

    assert (done.returncode, done.stderr) == (0, b"")
    text = " ".join(done.stdout.decode().partition("router 10.10.1.21  CentOS")[2].split())
    for known in (
        "release 5.11 (Final)",
        "device eth0 10.10.1.21/24, 10.10.1.20/32 (VIP)",
        "default gateway 10.10.1.254 by eth0",
        "kernel settings ip_forward 1, rp_filter 2 on eth0",
        "iptables rules 2 in rules tables nat, filter",
        "not known IPVS table (`ipvsadm -Ln`), services at boot (`chkconfig --list`)",
        "real server one",
        "kernel settings none that matters here",
    ):
        assert known in text.replace("│ ", "").replace("├── ", "").replace("└── ", "")


def test_hosts_as_json(run: Run, several: Path) -> None:
    """The JSON form holds the hosts as parts of the cluster."""
    (several.parent / "rules").write_text(HOST_FILES["rules"])
    done = run("show", "lvs.cf", "--router", "rules", "--format", "json")
    host = json.loads(done.stdout)["picture"]["parts"][-1]

    assert (host["kind"], host["title"]) == ("host", "both routers")
    assert [one["kind"] for one in host["parts"]] == ["iptables rules", "not known"]


def test_hosts_of_the_settings_are_drawn(run: Run, several: Path) -> None:
    """As for `lint`, the nearest lvscf.toml names them; graphs leave them out."""
    (several.parent / "rules").write_text(HOST_FILES["rules"])
    (several.parent / "lvscf.toml").write_text(
        '[cluster.routers."10.10.1.21"]\nfiles = ["rules"]\n'
    )

    assert b"iptables rules 2 in rules" in run("show", "lvs.cf").stdout
    assert b"iptables" not in run("show", "lvs.cf", "--format", "dot").stdout
    assert b"iptables" not in run("show", "lvs.cf", "--as", "ipvsadm").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--effective", "--router", "rules"), b"leave out the files of the hosts"),
        (("--router", "nowhere"), b"nowhere: there is no such file"),
        (("--real-server", "rules"), b"needs a host and a file"),
    ],
)
def test_files_of_hosts_that_cannot_be_shown(
    run: Run, several: Path, arguments: tuple[str, ...], message: bytes
) -> None:
    """One sentence says why, and the exit status is 2."""
    done = run("show", "lvs.cf", *arguments)

    assert (done.returncode, message in done.stderr) == (2, True)
