"""`lvscf lint` with evidence and settings, as a process: options, files and what is told of them."""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE, Run
from tests.processes import one_sentence, substitute, told

FOLDER = EXAMPLE.parent
ROUTERS = ("--router", "10.10.1.21=lvs-d01/iptables", "--router", "10.10.1.22=lvs-d02/iptables")
REAL_SERVERS = (
    "--real-server", "lvs-d03=lvs-d03/iptables", "--real-server", "10.10.1.32=lvs-d04/iptables",
)  # fmt: skip
LINT = ("lint", "--format", "concise")


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    """A copy of the example cluster, which a test may spoil, with its settings."""
    return Path(shutil.copytree(FOLDER, tmp_path / "cluster"))


@pytest.fixture
def bare(cluster: Path) -> Path:
    """The same without settings."""
    (cluster / "lvscf.toml").unlink()
    return cluster


# --- options ------------------------------------------------------------------------------------


def test_all_evidence_by_options(run: Run, bare: Path) -> None:
    """With the files of all hosts there is nothing left to say; hosts go by name or address."""
    result = run(*LINT, "lvs.cf", *ROUTERS, *REAL_SERVERS, folder=bare)

    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


def test_what_was_not_given_is_told(run: Run, bare: Path) -> None:
    """Missing evidence is one note, which names hosts and options; the exit status stays 0."""
    nothing = run(*LINT, "lvs.cf", folder=bare)
    assert (nothing.returncode, told(nothing.stdout)) == (0, ["LVS400"])
    for words in ("routers 10.10.1.21 and 10.10.1.22", "servers lvs-d03 and lvs-d04", "(80)"):
        assert words in nothing.stdout.decode()

    some = run("lint", "lvs.cf", *ROUTERS, "--real-server", "lvs-d03=lvs-d03/iptables", folder=bare)
    text = " ".join(some.stdout.decode().split())
    assert "on real server lvs-d04, whether the virtual addresses are held" in text
    assert "router" not in text.partition("= help")[0]
    assert "`--real-server lvs-d04=FILE`" in text


def test_bare_router_file_stands_for_both(run: Run, bare: Path) -> None:
    """`--router FILE` is for both routers."""
    substitute(bare / "lvs-d01" / "iptables", "-s 10.10.1.22/32", "-s 10.10.1.0/24")
    result = run(*LINT, "lvs.cf", "--router", "lvs-d01/iptables", *REAL_SERVERS, folder=bare)

    assert (result.returncode, result.stdout) == (0, b"")


def test_evidence_from_standard_input(run: Run, bare: Path) -> None:
    """`ssh router iptables-save | lvscf lint lvs.cf --router -`."""
    rules = (bare / "lvs-d01" / "iptables").read_bytes()
    options = (*ROUTERS[2:], *REAL_SERVERS)

    result = run(*LINT, "lvs.cf", "--router", "10.10.1.21=-", *options, folder=bare, stdin=rules)
    assert (result.returncode, result.stdout) == (0, b"")
    twice = run(*LINT, "-", "--router", "10.10.1.21=-", folder=bare, stdin=rules)
    assert "standard input can be read only once" in one_sentence(twice)


def test_arptables_and_sysctl_are_told_apart_by_content(run: Run, bare: Path) -> None:
    """A real server may hide its VIP from ARP instead; what a file is shows its content."""
    (bare / "arp").write_text(
        "*filter\n:IN ACCEPT\n:OUT ACCEPT\n-A IN -d 10.10.1.20 -j DROP\n"
        "-A OUT -s 10.10.1.20 -j mangle --mangle-ip-s 10.10.1.31\n"
    )
    (bare / "sysctl.conf").write_text("# ARP\n\nnet.ipv4.conf.all.arp_ignore = 1\n")
    rules = (bare / "lvs-d03" / "iptables").read_text().replace("-A PREROUTING", "#")
    (bare / "lvs-d03" / "iptables").write_text(rules)

    without = run(*LINT, "lvs.cf", *ROUTERS, *REAL_SERVERS, folder=bare)
    assert "LVS501" in told(without.stdout)
    for path in ("arp", "sysctl.conf"):
        option = ("--real-server", f"lvs-d03={path}")
        result = run(*LINT, "lvs.cf", *ROUTERS, *REAL_SERVERS, *option, folder=bare)
        assert "LVS701" not in told(result.stdout)
    hidden = run(
        *LINT, "lvs.cf", *ROUTERS, *REAL_SERVERS, "--real-server", "lvs-d03=arp", folder=bare
    )
    assert "LVS501" not in told(hidden.stdout)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (("--real-server", "lvs-d03/iptables"), "--real-server lvs-d03=iptables.txt"),
        (("--real-server", "=lvs-d03/iptables"), "--real-server lvs-d03=iptables.txt"),
        (("--router", "10.10.1.21="), "--router 10.10.1.21=iptables.txt"),
        (("--router", "nowhere"), "nowhere: there is no such file"),
        (("--router", "."), "is a directory; name the file of a host"),
        (("--router", "/dev/zero"), "larger than 32 MiB"),
        (("--cluster", "nowhere.toml"), "nowhere.toml: there is no such file"),
    ],
)
def test_options_that_cannot_be_followed(
    run: Run, bare: Path, option: tuple[str, str], message: str
) -> None:
    """Each is told in one sentence, and exit status 2."""
    assert message in one_sentence(run(*LINT, "lvs.cf", *option, folder=bare))


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"primary = 10.10.1.21\n", 2),
        (b"table inet filter {\n  chain input {\n  }\n}\n", 2),
        (b". /etc/firewall.sh\n", 2),
        (b"", 1),
        (b"# saved by nobody\n\n", 1),
        (b"iptables -F\n", 1),
        (b"-P INPUT ACCEPT\n", 1),
        (b"iptables -t mangle-A PREROUTING\n", 1),
        (b"net.ipv4.ip_forward = 1\n", 0),
    ],
)
def test_files_without_rules(run: Run, bare: Path, content: bytes, status: int) -> None:
    """A file without rules means a host without rules only if it is empty or all comments."""
    (bare / "saved").write_bytes(content)
    result = run(*LINT, "lvs.cf", "--router", "saved", folder=bare)

    assert result.returncode == status
    if status == 2:
        sentence = one_sentence(result)
        assert "saved contains" in sentence
        assert "`iptables-save > FILE`" in sentence


def test_a_directory_of_a_host(run: Run, bare: Path) -> None:
    """Each file in it is read by its content; one that is not does not hide the others.

    An empty file means a host without rules only if it is one of iptables.
    """
    for name, text in (
        ("ip-addr", "2: eth0: <UP> mtu 1500\n    inet 10.10.1.21/24 scope global eth0\n"),
        ("arptables", ""),
        ("sysctl.conf", "# nothing\n"),
        ("notes", "---\nrules:\n  - port: 80\n"),
    ):
        (bare / "lvs-d01" / name).write_text(text)
    shutil.copy(bare / "lvs.cf", bare / "lvs-d01" / "lvs.cf")
    (bare / "lvscf.toml").write_text(
        '[cluster.routers]\n"10.10.1.21" = "lvs-d01/"\n"10.10.1.22" = "lvs-d02/"\n'
        '[cluster.real-servers]\nlvs-d03 = "lvs-d03"\nlvs-d04 = "lvs-d04"\n'
    )
    result = run(*LINT, "lvs.cf", folder=bare)

    assert (result.returncode, told(result.stdout)) == (2, [])
    assert result.stderr.count(b"\n") == 1
    assert b"lvs-d01/notes contains YAML" in result.stderr
    (bare / "lvs-d01" / "notes").unlink()
    substitute(bare / "lvs-d01" / "iptables", "--dports 80,443", "--dports 80,444")
    assert "LVS409" in told(run(*LINT, "lvs.cf", folder=bare).stdout)


def test_equals_sign_in_a_file_name(run: Run, bare: Path) -> None:
    """A `=` after a slash is part of the file's name."""
    shutil.copy(bare / "lvs-d01" / "iptables", bare / "a=b")

    result = run(*LINT, "lvs.cf", "--router", "./a=b", folder=bare)
    assert "LVS513" not in told(result.stdout)


def test_findings_in_evidence_are_shown_with_their_lines(run: Run, cluster: Path) -> None:
    """A finding may lie in, or relate to, another file than the lvs.cf."""
    path = cluster / "lvs-d01" / "iptables"
    substitute(path, "COMMIT\n# Completed on Mon Mar  3 10:14:52 2014\n# Generated", "# Generated")
    result = run("lint", "lvs.cf", folder=cluster)

    assert result.returncode == 1
    assert "error[LVS702 firewall-truncated]: " in result.stdout.decode()
    assert " --> lvs-d01/iptables:2:1\n" in result.stdout.decode()
    assert "2 | *nat\n" in result.stdout.decode()


# --- settings -----------------------------------------------------------------------------------


def test_settings_are_found_upward(run: Run, cluster: Path) -> None:
    """The nearest lvscf.toml upward from the linted file counts, wherever lvscf is run."""
    (cluster / "deeper" / "still").mkdir(parents=True)
    (cluster / "lvs.cf").rename(cluster / "deeper" / "still" / "lvs.cf")

    for folder, path in (
        (cluster, "deeper/still/lvs.cf"),
        (cluster / "deeper" / "still", "lvs.cf"),
    ):
        result = run(*LINT, path, folder=folder)
        assert (result.returncode, result.stdout) == (0, b"")


def test_settings_for_standard_input(run: Run, cluster: Path) -> None:
    """Standard input belongs where its name says, or to the present folder."""
    content = (cluster / "lvs.cf").read_bytes()

    assert run(*LINT, "-", folder=cluster, stdin=content).stdout == b""
    named = run(*LINT, "--stdin-filename", cluster / "lvs.cf", "-", stdin=content)
    assert named.stdout == b""
    assert told(run(*LINT, "-", stdin=content).stdout) == ["LVS400"]


def test_pyproject(run: Run, bare: Path) -> None:
    """`[tool.lvscf]` in pyproject.toml does the same; without it the search goes on."""
    (bare / "pyproject.toml").write_text("[tool.lvscf]\nignore = ['LVS400']\n")
    (bare / "deeper").mkdir()
    (bare / "deeper" / "pyproject.toml").write_text("[tool.other]\nname = 'lvscf'\n")
    shutil.copy(bare / "lvs.cf", bare / "deeper" / "lvs.cf")

    assert run(*LINT, "deeper/lvs.cf", folder=bare).stdout == b""
    (bare / "lvscf.toml").touch()
    assert told(run(*LINT, "deeper/lvs.cf", folder=bare).stdout) == ["LVS400"]


def test_cluster_option_names_the_settings(run: Run, cluster: Path, tmp_path: Path) -> None:
    """`--cluster` takes another settings file than the nearest; its paths are relative to it."""
    shutil.copy(cluster / "lvs.cf", tmp_path / "lvs.cf")

    result = run(*LINT, "lvs.cf", "--cluster", "cluster/lvscf.toml")
    assert (result.returncode, result.stdout) == (0, b"")


def test_options_come_before_settings(run: Run, cluster: Path) -> None:
    """What is said on the command line counts in place of what the file says."""
    settings = cluster / "lvscf.toml"
    settings.write_text("ignore = ['LVS4']\nfail-on = 'info'\n" + settings.read_text())
    (cluster / "other").write_text("*mangle\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n")
    other = ("--router", "10.10.1.21=other")

    assert run(*LINT, "lvs.cf", *other, folder=cluster).returncode == 0
    result = run(*LINT, "lvs.cf", *other, "--ignore", "LVS5", folder=cluster)
    assert "LVS401" in told(result.stdout)


def test_select_in_settings(run: Run, cluster: Path) -> None:
    """select, extend-select, ignore and fail-on, as the options have them."""
    substitute(cluster / "lvs.cf", "deadtime = 18", "deadtime = 15")
    (cluster / "lvscf.toml").write_text(
        "select = ['LVS4']\nextend-select = ['deadtime-too-tight']\nfail-on = 'info'\n"
    )
    both = run(*LINT, "lvs.cf", folder=cluster)
    assert (both.returncode, told(both.stdout)) == (1, ["LVS202", "LVS400"])

    (cluster / "lvscf.toml").write_text(
        "select = ['ALL']\nignore = ['LVS400', 'LVS202', 'LVS123', 'LVS612', 'LVS8']\n"
    )
    assert run(*LINT, "lvs.cf", folder=cluster).stdout == b""


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("\nselct = []\n", "lvscf.toml:2: unknown setting `selct`; did you mean `select`?"),
        ("severities = {}\n", "lvscf.toml:1: unknown setting `severities`; did you mean `severity`?"),
        ("select = 'LVS2'\n", "lvscf.toml:1: `select` must be a list of rules"),
        ("select = [2]\n", "lvscf.toml:1: `select` must be a list of rules"),
        ("# LSV2\nignore = ['LSV201']\n", "lvscf.toml:2: there is no rule or family `LSV201`; did you mean `LVS201`?"),
        ("fail-on = 'eror'\n", 'lvscf.toml:1: `fail-on` must be "info", "warning" or "error"'),
        ("fail-on = []\n", 'lvscf.toml:1: `fail-on` must be "info", "warning" or "error"'),
        ("cluster = 1\n", "lvscf.toml:1: `cluster` must be a table"),
        ("[cluster.router]\n", "lvscf.toml:1: unknown setting `router`; did you mean `routers`?"),
        ("[cluster.real_servers.a]\n", "did you mean `real-servers`?"),
        ("[cluster.routers]\na = 1\n", "lvscf.toml:2: `a` must be a table or the name of a directory"),
        ("[cluster.routers]\na = 'lvs.cf'\n", "lvscf.toml:2: `lvs.cf` is not a directory"),
        ("[cluster.routers.a]\niptable = 'x'\n", "lvscf.toml:2: unknown setting `iptable`; did you mean `iptables`?"),
        ("[cluster.routers.a]\niptables = ['x']\n", "lvscf.toml:2: `iptables` must be a file name"),
        ("[cluster.routers.a]\niptables = 'x'\n", "x: there is no such file"),
        ("select = [\n", "lvscf.toml: this is not valid TOML: "),
        ("select = '\udce9'\n", "lvscf.toml is not UTF-8 text"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_followed(
    run: Run, bare: Path, settings: str, message: str
) -> None:
    """Each is told in one sentence with its place, and exit status 2."""
    (bare / "lvscf.toml").write_bytes(settings.encode("utf-8", "surrogateescape"))

    assert message in one_sentence(run(*LINT, "lvs.cf", folder=bare))


# --- hosts and their files ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "place", "words"),
    [
        (("--router", "10.10.1.211={}"), "lvs.cf:4:11", "the router `10.10.1.211`, but"),
        (("--router", "gateway={}"), "lvs.cf:3:1", "the router `gateway`, but"),
        (("--real-server", "lvs-d05={}"), "lvs.cf:35:13", "the real server `lvs-d05`, but"),
        (("--real-server", "10.10.1.21={}"), "lvs.cf:4:11", "`10.10.1.21` is a router"),
    ],
)
def test_unknown_hosts(
    run: Run, bare: Path, option: tuple[str, str], place: str, words: str
) -> None:
    """A host that lvs.cf does not have is an error, at the host that was probably meant."""
    name, host = option
    given = (name, host.format("lvs-d03/iptables"))
    result = run(*LINT, "--select", "LVS513", "lvs.cf", *given, folder=bare)

    assert result.returncode == 1
    assert told(result.stdout) == ["LVS513"]
    assert result.stdout.decode().startswith(f"{place}: error LVS513 unknown-host: ")
    assert words in result.stdout.decode()


def test_nearest_host_is_suggested(run: Run, bare: Path) -> None:
    """The help names the host that was probably meant."""
    option = ("--real-server", "lvs_d04=lvs-d04/iptables")
    result = run("lint", "--select", "LVS513", "--format", "json", "lvs.cf", *option, folder=bare)

    assert json.loads(result.stdout)["findings"][0]["help"] == "Did you mean `lvs-d04`?"


def test_files_that_two_lvs_cf_share_are_told_once(run: Run, cluster: Path) -> None:
    """What is wrong in a host's file is said once, however many lvs.cf files it is evidence for."""
    shutil.copy(cluster / "lvs.cf", cluster / "second.cf")
    substitute(cluster / "lvs-d03" / "iptables", "--dport 22", "-dport 22")
    result = run(*LINT, "--select", "LVS7", "lvs.cf", "second.cf", folder=cluster)

    assert told(result.stdout) == ["LVS701"]
    assert result.stdout.startswith(b"lvs-d03/iptables:17:")


# --- each single defect in the example, found by the right rule ---------------------------------

D01, D02, D03 = "lvs-d01/iptables", "lvs-d02/iptables", "lvs-d03/iptables"
MARKING = "-A PREROUTING -d 10.10.1.20/32 -p tcp -m multiport --dports 80,443 -j MARK --set-xmark 0x50/0xffffffff \n"
ENTERING = "-A INPUT -d 10.10.1.20/32 -p tcp -m multiport --dports 80,443 -j ACCEPT \n"
HEARTBEAT = '-A INPUT -s 10.10.1.22/32 -p udp -m udp --dport 539 -m comment --comment "heartbeat" -j ACCEPT \n'
GUI = "-A INPUT -s 10.10.1.0/24 -p tcp -m state --state NEW -m tcp --dport 3636"
REDIRECT = "-A PREROUTING -d 10.10.1.20/32 -p tcp -m multiport --dports 80,443 -j REDIRECT \n"
SERVING = "-A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT \n"

DEFECTS = [
    # --- the routers --------------------------------------------------------------------------
    (D01, HEARTBEAT, "", {"LVS213"}),
    (D01, HEARTBEAT, HEARTBEAT.replace("ACCEPT", "DROP"), {"LVS213"}),
    (D01, HEARTBEAT, HEARTBEAT.replace("10.10.1.22", "10.10.1.23"), {"LVS213"}),
    (D01, HEARTBEAT, HEARTBEAT.replace("539", "593"), {"LVS213"}),
    (D01, HEARTBEAT, HEARTBEAT.replace("udp", "tcp"), {"LVS213", "LVS215"}),
    (D01, GUI, GUI.replace("-s 10.10.1.0/24 ", ""), {"LVS214"}),
    (D01, GUI, HEARTBEAT.replace("udp", "tcp") + GUI, {"LVS215"}),
    # --- marks --------------------------------------------------------------------------------
    (D01, MARKING, "", {"LVS401"}),
    (D01, "0x50/", "0x80/", {"LVS402"}),
    (D01, MARKING, MARKING.replace("-d 10.10.1.20/32", "-d 10.10.1.0/24"), {"LVS405"}),
    (D01, MARKING, MARKING + MARKING.replace("0x50", "0x51"), {"LVS403"}),
    (D01, MARKING, MARKING.replace("-p", "-i eth0:1 -p"), {"LVS410"}),
    (D01, MARKING, MARKING.replace("0xffffffff", "0xff"), {"LVS415"}),
    (D01, MARKING, MARKING.replace("-p tcp", "-p udp"), {"LVS414"}),
    (D01, ENTERING, "", {"LVS411"}),
    # --- real servers -------------------------------------------------------------------------
    (D03, REDIRECT, "", {"LVS501"}),
    (D03, REDIRECT, REDIRECT.replace("80,443", "80"), {"LVS501"}),
    (D03, REDIRECT, REDIRECT.replace("10.10.1.20", "10.10.1.25"), {"LVS504"}),
    (D03, REDIRECT, REDIRECT.replace("-p tcp", "-i eth1 -p tcp"), {"LVS505"}),
    (D03, REDIRECT, REDIRECT.replace("-d 10.10.1.20/32 ", ""), {"LVS506"}),
    (D03, SERVING, "", {"LVS511", "LVS536"}),
    # --- hosts and files ----------------------------------------------------------------------
    ("lvscf.toml", "lvs-d03]", "lvs-d30]", {"LVS400", "LVS513"}),
    ("lvscf.toml", "10.10.1.21", "10.10.1.12", {"LVS400", "LVS513"}),
    (D01, "--dport 22", "--destport 22", {"LVS701"}),
    (D03, "-A INPUT -p icmp", "-A INPUT -p icmp -m astrology --sign leo", {"LVS703"}),
    (D02, "*nat", "# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n*nat", {"LVS705"}),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "codes"), DEFECTS)
def test_each_defect_is_found(
    run: Run, cluster: Path, file: str, old: str, new: str, codes: set[str]
) -> None:
    """One defect in the clean example is found by the rule that it is for, and by no other."""
    substitute(cluster / file, old, new)
    result = run(*LINT, "lvs.cf", folder=cluster)

    assert set(told(result.stdout)) == codes


KINDS = [
    (b"*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", "iptables rules", None),
    (b"#!/bin/sh\nIPT=/sbin/iptables\n$IPT -F\n", "iptables rules", None),
    (b"-P INPUT ACCEPT\n", "iptables rules", None),
    (b"net.ipv4.ip_forward = 1\n", "kernel settings", None),
    (b"# Generated by ebtables-save v1\n*filter\n:INPUT ACCEPT\n", "ebtables", "iptables-save"),
    (b"-A -f 80 -s wlc\n-a -f 80 -r 10.10.1.31:80 -g -w 1\n", "IPVS", None),
    (b"table ip x {\n  chain y {\n  }\n}\n", "nftables", "iptables-save"),
    (b"default via 10.10.1.1 dev eth0\n", "ip route", None),
    (b"2: eth0: <BROADCAST,UP> mtu 1500\n    inet 10.10.1.21/24\n", "ip addr", None),
    (b"lo        Link encap:Local Loopback\n", "ifconfig", None),
    (b"DEVICE=eth0\nIPADDR=10.10.1.21\n", "ifcfg-eth0", None),
    (b"CentOS release 6.10 (Final)\n", "release of an operating system", None),
    (b"Module                  Size  Used by\nip_vs 1 0\n", "lsmod", None),
    (b"#!/bin/sh\necho 1 >/proc/sys/net/ipv4/conf/lo/arp_ignore\n", "settings", None),
    (b"create web hash:ip,port\n", "ipset save", None),
    (b"pulse 0:off 1:off 2:on 3:on 4:on 5:on 6:off\n", "chkconfig", None),
    (b"ipv4 filter INPUT 0 -p tcp -j ACCEPT\n", "--get-all-rules", None),
    (b"<?xml version='1.0'?>\n<direct>\n</direct>\n", "direct.xml", None),
    (b"#!/bin/sh\nfirewall-cmd --permanent --add-service=http\n", "firewalld", "iptables-save"),
    (b"public (active)\n  target: default\n  services: ssh\n", "list-all", "iptables-save"),
    (b"<?xml version='1.0'?>\n<zone>\n</zone>\n", "a zone of firewalld", "iptables-save"),
    (b"---\nrules:\n  - port: 80\n", "YAML", "iptables-save"),
    (b"primary: 10.10.1.21\nbackup: 10.10.1.22\n", "YAML", "iptables-save"),
    (b'{"primary": "10.10.1.21"}\n', "JSON", "iptables-save"),
    (b"<!DOCTYPE html>\n<html></html>\n", "HTML", "iptables-save"),
    (gzip.compress(b"*filter\nCOMMIT\n", mtime=0), "gzip", "gunzip"),
    (bytes(257) + b"ustar" + bytes(300), "tar", "tar xf"),
    (bytes(range(32)) * 40, "binary", None),
]


@pytest.mark.parametrize(("content", "name", "advice"), KINDS)
def test_other_files_are_named(
    run: Run, bare: Path, content: bytes, name: str, advice: str | None
) -> None:
    """One sentence says what a file is, given as lvs.cf or as evidence, and what to give."""
    (bare / "odd").write_bytes(content)
    for command in (("lint", "odd"), ("show", "odd"), ("fmt", "--check", "odd")):
        assert name in one_sentence(run(*command, folder=bare))
    if advice is not None:
        sentence = one_sentence(run(*LINT, "lvs.cf", "--router", "odd", folder=bare))
        assert name in sentence
        assert advice in sentence


YAML = "---\nrules:\n  - port: 80\n"


@pytest.mark.parametrize("content", [YAML, None], ids=["of another kind", "missing"])
def test_evidence_that_cannot_be_used_does_not_hide_the_rest(
    run: Run, bare: Path, content: str | None
) -> None:
    """Its sentence, exit status 2, and the findings of the lvs.cf and of the other files."""
    if content is not None:
        (bare / "route").write_text(content)
    substitute(bare / "lvs.cf", "deadtime = 18", "deadtime = 3")
    substitute(bare / "lvs-d01/iptables", "--dports 80,443", "--dports 80,444")
    options = ("--real-server", "lvs-d03=route", "--real-server", "lvs-d04=route")
    result = run(*LINT, *ROUTERS, *options, "lvs.cf", folder=bare)

    assert result.returncode == 2
    assert result.stderr.decode().count("\n") == 1
    assert b"route" in result.stderr
    assert "LVS201" in told(result.stdout)
    assert "LVS409" in told(result.stdout)
    # What it would have shown is unknown.
    (unknown,) = (line for line in result.stdout.decode().splitlines() if "LVS400" in line)
    assert "lvs-d03" in unknown
    assert "lvs-d01" not in unknown


def test_half_of_what_a_host_was_to_show_is_not_taken_for_all(run: Run, bare: Path) -> None:
    """The table that is missing may hold the rules that the other one lacks."""
    (bare / "filter").write_text("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n")
    options = ("--router", "filter", "--router", "mangle")
    result = run(*LINT, *options, "lvs.cf", folder=bare)

    assert result.returncode == 2
    assert "LVS401" not in told(result.stdout)
    assert "LVS400" in told(result.stdout)


def test_no_baseline_without_all_evidence(run: Run, bare: Path) -> None:
    """What the file would have shown would be new the next time."""
    options = ("--router", "missing", "--write-baseline", "known.json")
    result = run(*LINT, *options, "lvs.cf", folder=bare)

    assert result.returncode == 2
    assert not (bare / "known.json").exists()
