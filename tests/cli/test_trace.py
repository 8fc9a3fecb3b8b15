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
    assert "is a directory; name the firewall file" in one_sentence(run("trace", tmp_path, *to))
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
