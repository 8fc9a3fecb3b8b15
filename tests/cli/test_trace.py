"""`lvscf trace`, as a process: what it prints, and its exit status."""

import json
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE, Run
from tests.processes import one_sentence

FOLDER = EXAMPLE.parent
ROUTER = FOLDER / "lvs-d01" / "iptables"
REAL_SERVER = FOLDER / "lvs-d03" / "iptables"

SCRIPT = b"""\
iptables -t mangle -A PREROUTING -d 10.10.1.20 -p tcp --dport 80 -j MARK --set-mark 80
iptables -A INPUT -m limit --limit 5/s -j ACCEPT
iptables -A INPUT -p tcp --dport 80 -j REJECT
"""


def test_the_way_is_told_rule_by_rule(run: Run) -> None:
    """Every chain of the way, with place and rule; mark, destination and verdict at the end."""
    result = run(
        "trace", "lvs-d01/iptables", "--to", "10.10.1.20:443/tcp", "--from", "192.0.2.7:40000",
        "--in", "eth0", folder=FOLDER,
    )  # fmt: skip

    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.decode() == (
        "tcp packet to 10.10.1.20:443, from 192.0.2.7:40000, arriving on eth0\n"
        "\n"
        "  lvs-d01/iptables:15  mangle PREROUTING  -A PREROUTING -d 10.10.1.20/32 -p tcp -m multiport --dports 80,443 -j MARK --set-xmark 0x50/0xffffffff\n"
        "                       nat PREROUTING     no rule matches\n"
        "                       mangle INPUT       no rule matches\n"
        "  lvs-d01/iptables:29  filter INPUT       -A INPUT -d 10.10.1.20/32 -p tcp -m multiport --dports 80,443 -j ACCEPT\n"
        "  = mark 80 (0x50), to 10.10.1.20:443, accepted\n"
    )


def test_every_way_is_told(run: Run) -> None:
    """What a packet's fields or the file leave open is followed both ways, and said."""
    result = run("trace", "-", "--to", "10.10.1.20:80", stdin=SCRIPT)

    assert result.returncode == 0
    assert result.stdout.decode() == (
        "tcp packet to 10.10.1.20:80, from anywhere, arriving on any interface\n"
        "\n"
        "way 1 of 2, if not (--limit 5/sec) (line 2), which only the running kernel knows\n"
        "  <stdin>:1  mangle PREROUTING  -A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x50/0xffffffff\n"
        "             mangle INPUT       no rule matches\n"
        "  <stdin>:3  filter INPUT       -A INPUT -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable\n"
        "  = mark 80 (0x50), to 10.10.1.20:80, rejected at <stdin>:3, in chain INPUT of table filter\n"
        "\n"
        "way 2 of 2, if --limit 5/sec (line 2), which only the running kernel knows\n"
        "  <stdin>:1  mangle PREROUTING  -A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x50/0xffffffff\n"
        "             mangle INPUT       no rule matches\n"
        "  <stdin>:2  filter INPUT       -A INPUT -m limit --limit 5/sec -j ACCEPT\n"
        "  = mark 80 (0x50), to 10.10.1.20:80, accepted\n"
    )


@pytest.mark.parametrize(
    ("file", "arguments", "end"),
    [
        (REAL_SERVER, ("--to", "10.10.1.20:80", "--in", "eth0"),
         "no mark, redirected to port 80 of the host itself, accepted"),
        (REAL_SERVER, ("--to", "10.10.1.20:80", "--in", "eth0", "--local", "10.10.1.31"),
         "no mark, sent to 10.10.1.31:80 by REDIRECT, accepted"),
        (REAL_SERVER, ("--to", "10.10.1.20:80/udp", "--in", "eth0"),
         "no mark, to 10.10.1.20:80, dropped by the policy of chain INPUT in table filter"),
        (ROUTER, ("--to", "10.10.1.21:539/udp", "--from", "10.10.1.22", "--in", "eth0"),
         "no mark, to 10.10.1.21:539, accepted"),
        (ROUTER, ("--to", "10.10.1.21/icmp", "--in", "eth0"), "no mark, to 10.10.1.21, accepted"),
    ],
)  # fmt: skip
def test_ends(run: Run, file: Path, arguments: tuple[str, ...], end: str) -> None:
    """Mark, destination after NAT, and verdict."""
    result = run("trace", file, *arguments)

    assert result.returncode == 0
    assert result.stdout.decode().splitlines()[-1] == f"  = {end}"


def test_no_rule_matches(run: Run) -> None:
    """A packet that no rule concerns."""
    result = run("trace", ROUTER, "--to", "10.10.1.21:25", "--from", "192.0.2.7", "--in", "eth0")

    assert result.stdout.count(b"  no rule matches\n") == 3
    assert b"filter INPUT       no rule matches, policy DROP\n  = no mark, to" in result.stdout


def test_no_chain_is_there(run: Run) -> None:
    """A script that makes no rule for the way."""
    result = run("trace", "-", "--to", "10.10.1.20", stdin=b"iptables -t raw -A OUTPUT -j ACCEPT\n",
                 folder=FOLDER)  # fmt: skip

    assert (
        b"  raw PREROUTING  no rule matches\n  = no mark, to 10.10.1.20, accepted" in result.stdout
    )


WAYS_OUT = b"""\
iptables -P FORWARD DROP
iptables -N REPLIES
iptables -A FORWARD -i eth1 -j REPLIES
iptables -A REPLIES -o eth0 -m state --state ESTABLISHED -j ACCEPT
iptables -A OUTPUT -m state --state UNTRACKED -j REJECT
iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
"""


@pytest.mark.parametrize(
    ("arguments", "first", "end"),
    [
        (("--out", "eth0", "--in", "eth1", "--reply"),
         "tcp packet to 192.0.2.7:80, from anywhere, a reply, arriving on eth1, leaving by eth0",
         "no mark, to 192.0.2.7:80, forwarded"),
        (("--out", "eth0", "--in", "eth1", "--state", "INVALID"),
         "tcp packet to 192.0.2.7:80, from anywhere, in state INVALID, arriving on eth1, leaving by eth0",
         "no mark, to 192.0.2.7:80, dropped by the policy of chain FORWARD in table filter"),
        (("--from-host", "--out", "eth0", "--local", "10.10.1.21"),
         "tcp packet to 192.0.2.7:80, from anywhere, sent by this host, leaving by eth0",
         "no mark, to 192.0.2.7:80, from 10.10.1.21 by MASQUERADE, sent"),
        (("--from-host", "--out", "eth0", "--local", "10.10.1.21", "--established"),
         "tcp packet to 192.0.2.7:80, from anywhere, a later packet of its connection, sent by this host, leaving by eth0",
         "no mark, to 192.0.2.7:80, from 10.10.1.21 by MASQUERADE, sent"),
        (("--from-host", "--state", "UNTRACKED"),
         "tcp packet to 192.0.2.7:80, from anywhere, in state UNTRACKED, sent by this host, leaving by any interface",
         "no mark, to 192.0.2.7:80, rejected at <stdin>:5, in chain OUTPUT of table filter"),
    ],
)  # fmt: skip
def test_ways_out(run: Run, arguments: tuple[str, ...], first: str, end: str) -> None:
    """Forwarded packets leave by an interface, and the host sends packets of its own."""
    lines = run("trace", "-", "--to", "192.0.2.7:80", *arguments, stdin=WAYS_OUT).stdout.decode()

    head, _, rest = lines.partition("\n\n")
    assert head.replace("\n", " ") == first
    assert rest.splitlines()[-1] == f"  = {end}"


def test_chains_come_in_the_order_of_the_way(run: Run) -> None:
    """The rules of other chains are below the rule that jumps to them; JSON has the chains, too."""
    arguments = ("trace", "-", "--to", "192.0.2.7", "--in", "eth1", "--out", "eth0", "--reply")
    text = run(*arguments, stdin=WAYS_OUT).stdout.decode()
    report = json.loads(run(*arguments, "--format", "json", stdin=WAYS_OUT).stdout)

    assert [" ".join(line[11:].split()[:2]) for line in text.splitlines()[2:-1]] == [
        "nat PREROUTING", "filter FORWARD", "filter REPLIES", "nat POSTROUTING",
    ]  # fmt: skip
    assert report["way"] == "forward"
    assert report["chains"] == [
        {"table": "nat", "chain": "PREROUTING", "policy": "ACCEPT"},
        {"table": "filter", "chain": "FORWARD", "policy": "DROP"},
        {"table": "nat", "chain": "POSTROUTING", "policy": "ACCEPT"},
    ]
    assert report["packet"]["turn"] == "reply"
    assert report["outcomes"][0]["source_translated_by"] is None


def test_redirect_delivers_what_was_to_be_forwarded(run: Run) -> None:
    """It never comes to FORWARD."""
    stdin = b"iptables -t nat -A PREROUTING -p tcp -j REDIRECT\n"
    text = run("trace", "-", "--to", "192.0.2.7:80", "--out", "eth0", stdin=stdin).stdout

    assert b"the host itself, delivered to this host without passing FORWARD" in text


def test_json(run: Run) -> None:
    """The same for programs: version 1, rows and columns from 1."""
    result = run("trace", "-", "--to", "10.10.1.20:80", "--format", "json", stdin=SCRIPT)
    report = json.loads(result.stdout)

    assert (result.returncode, result.stderr) == (0, b"")
    assert list(report) == [
        "version", "filename", "way", "packet", "chains", "outcomes", "findings",
    ]  # fmt: skip
    assert report["packet"] == {
        "protocol": "tcp", "destination": "10.10.1.20", "port": 80, "source": None,
        "source_port": None, "interface": None, "outgoing": None, "state": None, "turn": "first",
        "local_address": None,
    }  # fmt: skip
    rejected, accepted = report["outcomes"]
    assert (accepted["mark"], accepted["accepted"], accepted["uncertain"]) == (80, True, True)
    assert accepted["path"][0] == {
        "table": "mangle",
        "chain": "PREROUTING",
        "text": "-A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x50/0xffffffff",
        "filename": "<stdin>",
        "location": {"row": 1, "column": 1},
        "end_location": {"row": 1, "column": 87},
    }
    assert rejected["decided_by"]["location"]["row"] == 3
    assert rejected["decided_in"] == {"table": "filter", "chain": "INPUT"}
    assert [one["holds"] for one in rejected["assumptions"]] == [False]
    assert [finding["code"] for finding in report["findings"]] == ["LVS703"]


def test_what_dnat_sends_to_another_host_is_forwarded(run: Run) -> None:
    """It never comes to INPUT; only the host knows if the new destination is its own."""
    stdin = b"iptables -t nat -A PREROUTING -p tcp -j DNAT --to-destination 10.10.1.9\n"
    text = run("trace", "-", "--to", "10.10.1.20:80", stdin=stdin).stdout
    report = run("trace", "-", "--to", "10.10.1.20:80", "--format", "json", stdin=stdin).stdout

    assert b"way 2 of 2, if 10.10.1.9 belongs to another host (line 1)" in text
    assert b"sent to 10.10.1.9:80 by DNAT, forwarded to another host without passing INPUT" in text
    ends = [(one["accepted"], one["forwarded"]) for one in json.loads(report)["outcomes"]]
    assert ends == [(True, False), (False, True)]


def test_a_mark_that_only_the_kernel_knows(run: Run) -> None:
    """HMARK computes it."""
    hmark = b"-j HMARK --hmark-tuple src --hmark-mod 999 --hmark-rnd 1"
    stdin = b"iptables -t mangle -A PREROUTING " + hmark + b"\n"
    text = run("trace", "-", "--to", "10.10.1.20:80", stdin=stdin).stdout
    report = run("trace", "-", "--to", "10.10.1.20:80", "--format", "json", stdin=stdin).stdout

    assert b"= a mark that only the running kernel knows, to 10.10.1.20:80, accepted" in text
    assert [one["mark_known"] for one in json.loads(report)["outcomes"]] == [False]


def test_findings_of_the_file_are_told(run: Run) -> None:
    """What iptables would refuse is said beside the way, which goes on without it."""
    stdin = b"iptables -t mangle-A PREROUTING -p tcp -j MARK --set-mark 1\n"
    result = run("trace", "-", "--to", "10.10.1.20:80", stdin=stdin)

    assert result.returncode == 0
    assert result.stderr.startswith(b"<stdin>:1:")
    assert b" error LVS701 firewall-syntax: " in result.stderr
    report = json.loads(
        run("trace", "-", "--to", "10.10.1.20:80", "--format", "json", stdin=stdin).stdout
    )
    assert [finding["code"] for finding in report["findings"]] == ["LVS701"]


def test_colours(run: Run) -> None:
    """Colours are for terminals, unless asked for."""
    arguments = ("trace", ROUTER, "--to", "10.10.1.20:80")

    assert b"\x1b" not in run(*arguments).stdout
    assert b"\x1b[" in run(*arguments, "--color", "always").stdout


def test_control_characters_do_not_reach_the_terminal(run: Run) -> None:
    """What a file holds cannot change the terminal."""
    stdin = b"iptables -A INPUT -m comment --comment '\x1b[31m' -j ACCEPT\n"
    for format in ("full", "json"):
        result = run("trace", "-", "--to", "10.10.1.20:80", "--format", format, stdin=stdin)
        assert result.returncode == 0
        assert b"\x1b" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--to", "nonsense"),
            "--to `nonsense` is not a valid destination; write it as 10.10.1.20:80/tcp",
        ),
        (("--to", "10.10.1.20:80/tpc"), "write it as 10.10.1.20:80/tcp"),
        (("--to", "10.10.1.20:80/"), "write it as 10.10.1.20:80/tcp"),
        (("--to", "10.10.1.20:65536/tcp"), "write it as 10.10.1.20:80/tcp"),
        (("--to", "10.10.1.256:80/tcp"), "write it as 10.10.1.20:80/tcp"),
        (("--to", "\x1b[31m"), "write it as 10.10.1.20:80/tcp"),
        (("--to", "10.10.1.20:80", "--from", "anybody"), "--from `anybody` is not a valid source"),
        (("--to", "10.10.1.20:80", "--in", "eth0:1"), "arrive on the device itself, `eth0`"),
        (("--to", "10.10.1.20:80", "--out", "eth0:1"), "leave by the device itself, `eth0`"),
        (("--to", "10.10.1.20:80", "--in", "eth0", "--from-host"), "leave out --in"),
        (("--to", "10.10.1.20:80", "--local", "here"), "--local `here` is not an IPv4 address"),
    ],
)
def test_packets_that_are_none(run: Run, arguments: tuple[str, ...], message: str) -> None:
    """A packet that cannot be is told with an example of one that can."""
    assert message in one_sentence(run("trace", ROUTER, *arguments))


def test_files_that_are_none(run: Run, tmp_path: Path) -> None:
    """Files that cannot be read, or hold no rules for packets."""
    to = ("--to", "10.10.1.20:80")
    (tmp_path / "empty").touch()
    (tmp_path / "arp").write_text("*filter\n:IN ACCEPT\n:OUT ACCEPT\n-A IN -d 10.10.1.20 -j DROP\n")

    assert "nowhere: there is no such file" in one_sentence(run("trace", "nowhere", *to))
    assert "arp contains arptables rules" in one_sentence(run("trace", tmp_path, *to))
    (tmp_path / "bare").mkdir()
    assert "no files of a host" in one_sentence(run("trace", tmp_path / "bare", *to))
    assert "empty contains no iptables or nftables rules" in one_sentence(
        run("trace", "empty", *to)
    )
    assert "arp contains arptables rules" in one_sentence(run("trace", "arp", *to))
    assert "larger than 32 MiB" in one_sentence(run("trace", "/dev/zero", *to))


def test_the_destination_is_needed(run: Run) -> None:
    """Wrong usage is told with the usage."""
    result = run("trace", ROUTER)

    assert result.returncode == 2
    assert result.stderr.startswith(b"usage: lvscf trace")


# --- the other files of a host ------------------------------------------------------------------

ADDRESSES = """\
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP
    inet 10.10.1.21/24 brd 10.10.1.255 scope global eth0
    inet 10.10.1.20/32 scope global eth0:1
3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP
    inet 10.11.1.1/24 brd 10.11.1.255 scope global eth1
"""
ROUTES = """\
10.10.1.0/24 dev eth0 proto kernel scope link src 10.10.1.21
10.11.1.0/24 dev eth1 proto kernel scope link src 10.11.1.1
"""
SETTINGS = (
    "net.ipv4.ip_forward = 0\nnet.ipv4.conf.all.rp_filter = 1\nnet.ipv4.conf.eth1.rp_filter = 1\n"
)
RULES = """\
*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.10.1.20:8080
-A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp --dport 81 -j DNAT --to-destination 10.11.1.9:80
-A PREROUTING -p tcp -m tcp --dport 82 -j REDIRECT --to-ports 80
COMMIT
*filter
:OUTPUT DROP [0:0]
-A OUTPUT -o eth1 -j ACCEPT
COMMIT
"""


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """A directory with files of an LVS router."""
    folder = tmp_path / "lvs1"
    folder.mkdir()
    files = {"ip-addr": ADDRESSES, "ip-route": ROUTES, "sysctl": SETTINGS, "rules": RULES}
    for name, text in files.items():
        (folder / name).write_text(text)
    (folder / "lvs.cf").write_text("serial_no = 1\n")
    return folder


def ends(run: Run, *arguments: str | Path) -> list[str]:
    """The last line of each way."""
    result = run("trace", *arguments)
    assert (result.returncode, result.stderr) == (0, b"")
    return [line for line in result.stdout.decode().splitlines() if line.startswith("  = ")]


@pytest.mark.parametrize(
    ("port", "end"),
    [
        ("80", "sent to 10.10.1.20:8080 by DNAT, accepted"),
        (
            "81",
            "sent to 10.11.1.9:80 by DNAT, discarded by the kernel: `net.ipv4.ip_forward` is 0 "
            "(lvs1/sysctl:1)",
        ),
        ("82", "sent to 10.10.1.21:80 by REDIRECT, accepted"),
    ],
)
def test_addresses_decide_what_is_local(run: Run, host: Path, port: str, end: str) -> None:
    """With all addresses there is one way, and REDIRECT sends to the first one of the device."""
    asked = ("--to", f"10.10.1.20:{port}", "--in", "eth0")

    assert ends(run, "lvs1", *asked) == [f"  = no mark, {end}"]


def test_routes_decide_by_which_device_packets_leave(run: Run, host: Path) -> None:
    """Files that were named one by one say the same as their directory."""
    named = (host / "rules", host / "ip-route")

    for files in ((host,), named):
        assert ends(run, *files, "--to", "10.11.1.31:80", "--from-host")[0].endswith("sent")
        (dropped,) = ends(run, *files, "--to", "10.10.1.9:80", "--from-host")
        assert "dropped by the policy of chain OUTPUT" in dropped
    assert len(ends(run, host / "rules", "--to", "10.10.1.9:80", "--from-host")) == 2


def test_kernel_settings_discard_packets(run: Run, host: Path) -> None:
    """Nothing is forwarded while `ip_forward` is 0, and `rp_filter` wants the way back."""
    reply = ("--to", "10.10.1.9", "--from", "10.11.1.31:80", "--out", "eth0", "--reply")
    (end,) = ends(run, "lvs1", *reply, "--in", "eth1")
    assert end.endswith("discarded by the kernel: `net.ipv4.ip_forward` is 0 (lvs1/sysctl:1)")

    asked = ("--to", "10.10.1.20:22", "--in", "eth1")
    (end,) = ends(run, "lvs1", *asked, "--from", "10.10.1.9")
    assert "`rp_filter` is 1 for eth1, and the way to 10.10.1.9 is another" in end
    assert ends(run, "lvs1", *asked, "--from", "10.11.1.31")[0].endswith("accepted")
    (end,) = ends(run, host / "rules", host / "sysctl", *asked, "--from", "10.10.1.9")
    assert end.endswith("accepted")  # without routes, the way back is not known


def test_discarded_packets_as_json(run: Run, host: Path) -> None:
    """The verdict of the rules stays, and the setting that discards the packet is with it."""
    asked = ("--to", "10.11.1.31:99", "--in", "eth0", "--out", "eth1", "--format", "json")
    (outcome,) = json.loads(run("trace", "lvs1", *asked).stdout)["outcomes"]

    assert outcome["accepted"] is True
    (discard,) = outcome["discarded_by"]
    assert discard["setting"] == "net.ipv4.ip_forward"
    assert discard["place"]["filename"] == "lvs1/sysctl"
    assert discard["place"]["location"]["row"] == 1


def test_destinations_of_other_hosts_are_pointed_out(run: Run, host: Path) -> None:
    """By default, a packet is taken for one of the host's own."""
    foreign = b"10.10.1.99 is not an address of this host"

    assert foreign in run("trace", "lvs1", "--to", "10.10.1.99:443").stdout
    assert foreign not in run("trace", "lvs1", "--to", "10.10.1.20:443").stdout
    assert foreign not in run("trace", "lvs1", "--to", "10.10.1.99:82").stdout
    assert foreign not in run("trace", "lvs1/rules", "--to", "10.10.1.99:443").stdout


def test_what_cannot_be_used(run: Run, host: Path) -> None:
    """A file of a directory is reported and left out; one that was named ends the command."""
    to = ("--to", "10.10.1.20:80")
    (host / "noise").write_text("nothing that anything reads\n")
    result = run("trace", "lvs1", *to, "--in", "eth0")
    assert (result.returncode, b"noise contains nothing" in result.stderr) == (2, True)
    assert b"by DNAT, accepted" in result.stdout
    assert "noise contains nothing" in one_sentence(run("trace", host / "noise", *to))

    (host / "noise").write_text(RULES)
    assert "hold rules of the same table" in one_sentence(run("trace", "lvs1", *to))
    assert "nor do the other files" in one_sentence(
        run("trace", "lvs1/sysctl", "lvs1/ip-addr", *to)
    )
    assert "only once" in one_sentence(run("trace", "-", "-", *to))


def test_nat_of_a_later_packet_is_that_of_the_first(run: Run) -> None:
    """No rule of the table nat is consulted, and the line does not say that none matches."""
    result = run(
        "trace", "lvs-d03/iptables", "--to", "10.10.1.20:80", "--in", "eth0", "--established",
        folder=FOLDER,
    )  # fmt: skip
    lines = result.stdout.decode().splitlines()

    assert "nat PREROUTING  not consulted: the connection's first packet decided" in lines[2]
    assert "redirected to port 80 of the host itself, accepted" in lines[-1]


def test_a_directory_without_files_of_a_host(run: Run, tmp_path: Path) -> None:
    (tmp_path / "host").mkdir()
    sentence = one_sentence(run("trace", "host", "--to", "10.10.1.20:80", folder=tmp_path))

    assert sentence.endswith("host contains no files of a host")
