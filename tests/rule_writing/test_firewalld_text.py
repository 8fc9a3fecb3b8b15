"""Commands for firewalld."""

import shlex

import lvscf
from lvscf.rule_writing import write_rules
from lvscf.rule_writing.applying import rule_edit
from lvscf.rule_writing.firewalld_text import command
from tests.good import GOOD, MARKS, TUNNEL


def lines(text: str, name: str = "primary/firewalld.sh") -> list[str]:
    """The commands of a host."""
    script = write_rules(lvscf.parse(text, "lvs.cf"), "firewalld").files[name].text
    return [line for line in script.split("\n") if line and not line.startswith("#")]


def test_direct_and_rich_rules() -> None:
    """Marks are direct rules; the way in is both, because nftables ignores direct ones."""
    found = lines(MARKS)

    assert found[0] == (
        "firewall-cmd --permanent --direct --add-rule ipv4 mangle PREROUTING 0 -p tcp "
        "-d 10.10.1.20 --dport 80 -j MARK --set-mark 80"
    )
    assert (
        'firewall-cmd --permanent --add-rich-rule=\'rule family="ipv4" destination '
        'address="10.10.1.20" port port="80" protocol="tcp" accept\'' in found
    )
    assert found[-1] == "firewall-cmd --reload"


def test_every_line_is_a_command() -> None:
    """A shell reads each as `firewall-cmd` with whole words."""
    for text in GOOD.values():
        for name in ("primary/firewalld.sh", "backup/firewalld.sh"):
            if name.startswith("backup") and "backup = 0.0.0.0" in text:
                continue
            assert {shlex.split(line)[0] for line in lines(text, name)} == {"firewall-cmd"}


def test_nothing_about_output() -> None:
    """Firewalld drops nothing that a host sends."""
    assert not any(" OUTPUT " in line for line in lines(TUNNEL))


def test_ip_in_ip() -> None:
    """A rich rule names protocols as /etc/protocols does."""
    found = lines(TUNNEL, "real-servers/198.51.100.31/firewalld.sh")

    assert any('protocol value="ipencap" accept' in line for line in found)


def test_changes_of_direct_rules() -> None:
    """The chain is the one that the rule is for; removing names the same words."""
    added = rule_edit("iptables -t mangle -A PREROUTING_direct -p tcp -j MARK --set-mark 1")
    removed = rule_edit("iptables -D INPUT_direct -m comment --comment 'a b' -j DROP")
    assert added is not None
    assert removed is not None

    assert command(added) == (
        "firewall-cmd --permanent --direct --add-rule ipv4 mangle PREROUTING 0 "
        "-p tcp -j MARK --set-mark 1"
    )
    assert command(removed) == (
        "firewall-cmd --permanent --direct --remove-rule ipv4 filter INPUT 0 "
        "-m comment --comment 'a b' -j DROP"
    )
