"""The rules of all hosts: nothing is missing in them, and no rule of them is in vain."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lvscf
from lvscf import hosts
from lvscf.cluster import Cluster
from lvscf.keepalived import Conversion, File, UnconvertibleError
from lvscf.rule_writing import write_missing_rules, write_rules
from lvscf.rule_writing.missing import judged
from tests.builders import ROUTERS, server, service
from tests.clusters import parted
from tests.good import GOOD, MARKS, NAT, TUNNEL
from tests.processes import in_namespace
from tests.rule_writing.generated import lvs_cfs
from tests.rule_writing.hosts_of import shown

WAYS = ("redirect", "arp", "arptables")
UNSEEN = re.compile(
    r"OUTPUT -p udp -d \S+ --dport (539|8848) |-d 224\.0\.0\.81 |-A (IN|OUT)PUT -p udp -[sd] .*|"
    r".*(--[sd]port (3306|5432)) .*|.*-[sd] 10\.10\.1\.3[12] --[sd]port 21 .*"
)
"""Rules that the linter does not ask for: heartbeats on their way out, the sync daemon's packets,
checks by UDP or by a program, and what a failover service needs."""


def written(text: str, form: str = "iptables", dr: str = "redirect") -> Conversion:
    return write_rules(lvscf.parse(text, "lvs.cf"), form, dr=dr)


@pytest.mark.parametrize("dr", WAYS)
@pytest.mark.parametrize("name", GOOD)
def test_nothing_is_missing(name: str, dr: str) -> None:
    """Hosts that drop all that the rules do not accept serve their clients."""
    document = lvscf.parse(GOOD[name], "lvs.cf")
    conversion = write_rules(document, dr=dr)

    assert not conversion.notes
    assert not judged(document, shown(document, conversion.files))


@pytest.mark.parametrize("dr", WAYS)
@pytest.mark.parametrize("name", GOOD)
def test_no_rule_is_in_vain(name: str, dr: str) -> None:
    """Without any one of the rules, something breaks."""
    document = lvscf.parse(GOOD[name], "lvs.cf")
    files = write_rules(document, dr=dr).files
    for path, file in files.items():
        lines = file.text.split("\n")
        for at, line in enumerate(lines):
            if not line.startswith("-A ") or UNSEEN.search(line) or path.startswith("backup"):
                continue
            fewer = File("\n".join([*lines[:at], *lines[at + 1 :]]))
            assert judged(document, shown(document, {**files, path: fewer})), (path, line)


@given(lvs_cfs(), st.sampled_from(WAYS))
@settings(max_examples=40)
def test_any_cluster(text: str, dr: str) -> None:
    """So it is for any lvs.cf, and the same lvs.cf gives the same bytes."""
    document = lvscf.parse(text, "lvs.cf")
    conversion = write_rules(document, dr=dr)

    assert not conversion.notes
    assert not judged(document, shown(document, conversion.files))
    assert conversion == write_rules(lvscf.parse(text, "lvs.cf"), dr=dr)


@pytest.mark.parametrize("name", GOOD)
def test_iptables_takes_the_rules(name: str, tmp_path: Path) -> None:
    """`iptables-restore --test` accepts each file, and the commands run."""
    if shutil.which("iptables-restore") is None:
        pytest.skip("iptables is needed")
    document = lvscf.parse(GOOD[name], "lvs.cf")
    for path, file in write_rules(document).files.items():
        if path.endswith("iptables.rules"):
            place = tmp_path / "rules"
            place.write_text(file.text)
            ran = in_namespace("iptables-restore", "--test", str(place))
            assert not subprocess.run(ran, check=False, capture_output=True).returncode, path
    for path, file in write_rules(document, commands=True).files.items():
        if path.endswith("iptables.sh"):
            ran = in_namespace("sh", "-ec", file.text)
            assert not subprocess.run(ran, check=False, capture_output=True).returncode, path


@pytest.mark.parametrize("name", GOOD)
def test_nft_takes_the_script(name: str, tmp_path: Path) -> None:
    """`nft -c -f` accepts each script, and loading it twice gives the same table."""
    if shutil.which("nft") is None:
        pytest.skip("nft is needed")
    for path, file in written(GOOD[name], "nftables").files.items():
        if path.endswith(".nft"):
            place = tmp_path / "lvs.nft"
            place.write_text(file.text)
            script = (
                f"nft -c -f {place}; nft -f {place}; nft list ruleset > {tmp_path}/one; "
                f"nft -f {place}; nft list ruleset | cmp - {tmp_path}/one"
            )
            ran = subprocess.run(
                in_namespace("sh", "-ec", script), check=False, capture_output=True
            )
            assert (ran.returncode, ran.stderr) == (0, b""), path


@pytest.mark.parametrize("form", ["iptables", "nftables", "firewalld"])
def test_the_same_rules_in_each_form(form: str) -> None:
    """The comments name the lines of the lvs.cf, whatever the form."""
    files = written(MARKS, form).files

    for path in ("primary", "backup", "real-servers/10.10.1.31", "real-servers/10.10.1.32"):
        texts = [file.text for name, file in files.items() if name.startswith(path)]
        assert any("# lvs.cf:14 virtual web_and_tls" in text for text in texts) or any(
            "of lvs.cf:14 virtual web_and_tls" in text for text in texts
        )


def test_marks_are_for_all_services_that_share_them() -> None:
    """Of two blocks with one mark, lvsd starts the first; the mark is for the ports of both."""
    two = ROUTERS + "".join(
        service("fwmark = 80", "persistent = 300", f"port = {port}", server(), name=name)
        for port, name in ((443, "tls"), (80, "web"))
    )
    rules = written(two).files["primary/iptables.rules"].text

    assert "-m multiport --dports 80,443 -j MARK --set-mark 80\n" in rules


def test_more_ports_than_a_rule_can_name() -> None:
    """Fifteen, and a range takes the room of two."""
    many = ROUTERS + "".join(
        service("fwmark = 80", "persistent = 300", f"port = {port}", server(), name=f"v{port}")
        for port in range(1000, 1020)
    )
    rules = written(many).files["primary/iptables.rules"].text

    assert rules.count("-j MARK --set-mark 80\n") == 2
    assert not written(many).notes


def test_keepalived_on_the_routers() -> None:
    """VRRP replaces heartbeats."""
    rules = write_rules(lvscf.parse(MARKS, "lvs.cf"), vrrp=True).files["primary/iptables.rules"]

    assert "-A INPUT -p vrrp -s 10.10.1.22 -j ACCEPT\n" in rules.text
    assert "539" not in rules.text


def test_what_the_networks_need_besides_rules() -> None:
    """Kernel settings, addresses, routes, and the modules for tunnels."""
    nat, tunnel = written(NAT).files, written(TUNNEL).files

    assert "net.ipv4.ip_forward = 1\n" in nat["primary/sysctl.conf"].text
    assert (
        "ip route replace default via 10.11.1.1\n"
        in nat["real-servers/10.11.1.31/addresses.sh"].text
    )
    assert "dev tunl0\n" in tunnel["real-servers/198.51.100.31/addresses.sh"].text
    assert "tunl0.rp_filter = 0\n" in tunnel["real-servers/198.51.100.31/sysctl.conf"].text


def test_contradictions_are_told() -> None:
    """Two services cannot have the same packets: the linter's finding is a note."""
    twice = ROUTERS + "".join(
        service(f"fwmark = {mark}", "persistent = 300", server(), name=f"m{mark}")
        for mark in (80, 81)
    )
    assert {note.code for note in written(twice).notes} >= {"LVS402"} or {
        note.code for note in written(twice).notes
    } >= {"LVS403"}


def test_routers_without_addresses() -> None:
    """What is not known of them is left out, and nothing is made up."""
    conversion = written(service(server()))

    assert not conversion.notes
    assert "# Rules of the primary router, made by " in (
        conversion.files["primary/iptables.rules"].text
    )
    assert "0.0.0.0" not in "".join(file.text for file in conversion.files.values())


def test_one_host() -> None:
    """By its role, its name or its address."""
    document = lvscf.parse(MARKS, "lvs.cf")
    for host, folder in (
        ("primary", "primary"),
        ("10.10.1.22", "backup"),
        ("one", "real-servers/10.10.1.31"),
        ("10.10.1.32", "real-servers/10.10.1.32"),
    ):
        assert set(write_rules(document, host=host).files) == {f"{folder}/iptables.rules"}
    assert len(write_rules(document, host="real-servers").files) == 2
    with pytest.raises(UnconvertibleError, match="did you mean `backup`"):
        write_rules(document, host="bakcup")


@pytest.mark.parametrize("arguments", [{"form": "pf"}, {"dr": "magic"}])
def test_mistaken_arguments(arguments: dict[str, str]) -> None:
    """Each is named in the error."""
    with pytest.raises(ValueError, match="is not one of"):
        write_rules(lvscf.parse(MARKS, "lvs.cf"), **arguments)  # type: ignore[arg-type]


BLOCKED = (
    MARKS + "--- router 10.10.1.21\n*filter\n:INPUT ACCEPT [0:0]\n:OWN - [0:0]\n-A INPUT -j OWN\n"
    "-A OWN -i lo -j ACCEPT\n-A OWN -j REJECT\nCOMMIT\n"
)


def test_missing_rules_go_where_they_work() -> None:
    """Right before the rule that drops the packets, not before everything."""
    lvs_cf, cluster = parted(BLOCKED)
    assert cluster is not None
    conversion = write_missing_rules(lvscf.parse(lvs_cf, "lvs.cf"), cluster)
    script = conversion.files["primary/missing.sh"].text

    assert set(conversion.files) == {"primary/missing.sh"}
    assert not conversion.notes
    assert "\niptables -I OWN 2 -p udp -s 10.10.1.22 --dport 539 -j ACCEPT\n" in script
    assert (
        "\niptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20/32 --dport 80 "
        "-j MARK --set-mark 80\n" in script
    )
    assert "# LVS401 (lvs.cf:18): " in script


def test_missing_rules_of_iptables_are_not_for_nft() -> None:
    """Nft must not change the tables of iptables."""
    lvs_cf, cluster = parted(BLOCKED)
    assert cluster is not None
    with pytest.raises(UnconvertibleError, match="rules of iptables"):
        write_missing_rules(lvscf.parse(lvs_cf, "lvs.cf"), cluster, "nftables")


def test_scripts_run_nothing_that_a_file_holds(tmp_path: Path) -> None:
    """A comment in a host's rules is only a word of the script that removes the rule."""
    trap = tmp_path / "trap"
    rules = (
        "*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp "
        f'--dport 443 -m comment --comment "it\'s $(touch {trap}) `touch {trap}`" '
        "-j MARK --set-xmark 0x7/0xffffffff\nCOMMIT\n"
    )
    cluster = Cluster((hosts.read(rules, "rules").of("router", "10.10.1.21"),))
    document = lvscf.parse(MARKS, "lvs.cf")
    script = write_missing_rules(document, cluster).files["primary/missing.sh"].text

    assert "-D PREROUTING" in script
    fake = "iptables() { printf '%s\\n' \"$@\"; }\n"
    ran = subprocess.run(["sh", "-c", fake + script], capture_output=True, check=True, text=True)
    assert not trap.exists()
    assert f"it's $(touch {trap}) `touch {trap}`\n" in ran.stdout
