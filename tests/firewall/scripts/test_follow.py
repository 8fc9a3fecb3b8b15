"""Shell scripts: what is read exactly, what is left open, and what is never an error."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from lvscf.findings.finding import Severity
from lvscf.firewall import Firewall, Packet, parse

NAMESPACE = f"lvscf-s{os.getpid()}"
MARK = "iptables -t mangle -A PREROUTING -d 10.10.1.20 -p tcp --dport {} -j MARK --set-mark 80"
ALLOW = "iptables -A INPUT -p tcp --dport {} -j ACCEPT"

EXACT = {
    "redirections": "\n".join(
        MARK.format(f"{80 + at} ").rstrip() + f" {text}"
        for at, text in enumerate(
            (
                "2>/dev/null", ">/dev/null 2>&1", "2>&1 | logger -t fw", "&>/dev/null",
                ">>/dev/null", "</dev/null", "2> /dev/null || true", "|| :", "; echo done", ">&2",
                "2>&-", "&> /dev/null &\nwait", "2>/dev/null # why", "&& echo set",
            )
        )
    ),
    "redirection first": "2>/dev/null " + ALLOW.format(80),
    "redirection within": "iptables -A INPUT 2>/dev/null -p tcp --dport 80 -j ACCEPT",
    "deleted before added": "\n".join(
        f"{line.replace('-A', '-D', 1)} 2>/dev/null\n{line.replace('-A', '-D', 1)}\n{line}"
        for line in (ALLOW.format(80), MARK.format(80), ALLOW.format(80))
    ),
    "asked before added": "\n".join(
        f"{line.replace('-A', '-C', 1)} 2>/dev/null || {line}"
        for line in (ALLOW.format(80), ALLOW.format(81), ALLOW.format(80))
    ),
    "if not there": f"if ! {ALLOW.format(80).replace('-A', '-C')} 2>/dev/null; then\n"
    f"  {ALLOW.format(80)}\nfi\n" * 2,
    "if there, else": f"if {ALLOW.format(80).replace('-A', '-C')} >/dev/null 2>&1\nthen\n  echo yes\n"
    f"else\n  {ALLOW.format(80)}\nfi\n" * 2,
    "while there": f"{ALLOW.format(80)}\n{ALLOW.format(80)}\n"
    f"while {ALLOW.format(80).replace('-A', '-C')}; do {ALLOW.format(80).replace('-A', '-D')}; done\n{ALLOW.format(81)}",
    "made or flushed": "iptables -N LVS 2>/dev/null || iptables -F LVS\niptables -A LVS -j ACCEPT\n"
    * 2 + "iptables -F NONE 2>/dev/null\niptables -X NONE\niptables -A INPUT -j LVS",
    "listed or made": "iptables -nL X >/dev/null 2>&1 || iptables -N X\n" * 2 + "iptables -A X -j DROP",
    "searched": f'iptables-save | grep -q "dport 80" || {ALLOW.format(80)}\n' * 2,
    "from scratch": "iptables -F\niptables -X\niptables -t nat -F\niptables -N A\n"
    "iptables -A INPUT -j A\niptables -A A -j RETURN\niptables -P INPUT DROP",
    "loops": f"PORTS='21 22'\nfor p in $PORTS 80; do {ALLOW.format('$p')}; done\n"
    f'for p in {{90..92}}; do {ALLOW.format("$p")}; done\nfor p in $(seq 95 96)\ndo\n'
    f'{ALLOW.format(chr(34) + "$p" + chr(34))}\ndone\nfor a in 1 2; do for b in 3 4; do\n'
    f"{ALLOW.format('$a$b')}\ndone; done\nfor ((i=7; i<=8; i++)); do {ALLOW.format('$i')}; done",
    "counted": f"i=80\nwhile [ $i -le 82 ]; do {ALLOW.format('$i')}; i=$((i+1)); done\n"
    f"((i++))\n{ALLOW.format('$i')}\nlet i+=5\n{ALLOW.format('$i')}",
    "left early": f"for p in 1 2 3 4; do\n[ $p = 2 ] && continue\n[ $p = 4 ] && break\n"
    f"{ALLOW.format('$p')}\ndone",
    "lists": f'P=(80 443)\nP+=(8080)\nfor p in "${{P[@]}}"; do {ALLOW.format("$p")}; done',
    "functions": "IPT=/sbin/iptables\nallow() {\n  local port=$1\n  $IPT -A INPUT -p tcp --dport $port "
    '-j ${2:-ACCEPT}\n}\nallow 80\nallow 81 DROP\nfunction each {\n  shift\n  for p in "$@"; do allow '
    '$p; done\n}\neach x 90 91\nrun() { "$@"; }\nrun iptables -A INPUT -j DROP',
    "variables": 'IPT="iptables -w"\n$IPT -A INPUT -p tcp --dport 1 -j ACCEPT\nFW=`which iptables`\n'
    '$FW -A INPUT -p tcp --dport 2 -j ACCEPT\nA="-A INPUT"\niptables $A -p tcp --dport 3 -j ACCEPT\n'
    'ports=80\nports="$ports,443"\niptables $A -p tcp -m multiport --dports "$ports" -j ACCEPT',
    "other names": "".join(
        f"{before} -A INPUT -p tcp --dport {at} -j ACCEPT\n"
        for at, before in enumerate(
            ("/sbin/iptables", "/usr/sbin/iptables", "env LANG=C iptables", "command iptables",
             "true && iptables", "false || iptables", "! iptables", "eval iptables",
             "A=b iptables"), 1
        )
    ),
    "known tests": f'E=yes\nif [ "$E" = "yes" ]; then {ALLOW.format(1)}; else {ALLOW.format(2)}; fi\n'
    f"D=0\n[ $D -eq 1 ] && {ALLOW.format(3)}\nV=\nif [ -n \"$V\" ]; then {ALLOW.format(4)}\n"
    f"elif [ -z \"$V\" ]; then {ALLOW.format(5)}; fi\ncase $E in\n n*) {ALLOW.format(6)} ;;\n"
    f" y*|j*) {ALLOW.format(7)} ;;\n *) iptables -F ;;\nesac",
    "guards": "[ -x /sbin/iptables ] || exit 1\nif [ \"$(id -u)\" != 0 ]; then\n  echo root only\n"
    f"  exit 1\nfi\n{ALLOW.format(80)}\nexit 0\n{ALLOW.format(81)}",
    "here-documents": f"{ALLOW.format(1)}\nVIP=10.0.0.1\niptables-restore -n <<EOF\n*filter\n"
    "-A INPUT -d $VIP -p tcp --dport 2 -j ACCEPT\nCOMMIT\nEOF\n"
    "iptables-restore --noflush -w 5 <<'END'\n*filter\n-A INPUT -p tcp --dport 3 -j ACCEPT\nCOMMIT\n"
    "END\ncat <<-EOF | iptables-restore -n && echo ok\n\t*filter\n\t-A INPUT -p tcp --dport 4 -j "
    f"ACCEPT\n\tCOMMIT\n\tEOF\n{ALLOW.format(5)}",
    "flushing restore": f"{ALLOW.format(1)}\n{MARK.format(1)}\niptables-restore -c << EOF\n*filter\n"
    f":INPUT DROP [0:0]\n[1:60] -A INPUT -p tcp --dport 2 -j ACCEPT\nCOMMIT\nEOF\n{ALLOW.format(3)}",
    "restore of one table": f"{ALLOW.format(1)}\n{MARK.format(1)}\niptables-restore -T mangle <<EOF\n"
    "*filter\n-A INPUT -j DROP\nCOMMIT\n*mangle\n-A PREROUTING -j MARK --set-mark 5\nCOMMIT\nEOF",
    "restore for a test": f"{ALLOW.format(1)}\niptables-restore -t <<EOF\n*filter\n-A INPUT -j DROP\n"
    "COMMIT\nEOF",
    "rows": "while read vip port; do\niptables -A INPUT -d $vip -p tcp --dport $port -j ACCEPT\n"
    "done <<EOF\n10.0.0.1 80\n10.0.0.2 443\nEOF",
    "quotes": "iptables -A INPUT -m comment --comment \"web & 'mail' # x\" -p tcp \\\n --dport 81 -j "
    "ACCEPT\nawk 'BEGIN {\n if (1) { print 1 }\n}' </dev/null\n# don't\necho \"usage: iptables -A "
    f"INPUT\nmore\" >/dev/null\n{ALLOW.format(85)}",
    "only said": f"echo iptables -A INPUT -j DROP\n# iptables -A INPUT -j DROP\n{ALLOW.format(80)}",
}  # fmt: skip
"""Scripts that leave one state on every host."""

OPEN = {
    "init script": f'#!/bin/sh\ncase "$1" in\nstart)\n  {MARK.format(80)}\n  ;;\nstop)\n'
    "  iptables -t mangle -F\n  ;;\n*)\n  echo \"Usage: $0 {start|stop}\"\n  exit 1\nesac\n",
    "init script of functions": f"start() {{\n  {MARK.format(80)}\n}}\nstop() {{\n  iptables -t mangle"
    " -F\n}\ncase \"$1\" in\n  start) start ;;\n  stop) stop ;;\n  restart) stop; start ;;\nesac\n",
    "if": f"if [ -f /etc/sysconfig/lvs ]; then\n  {MARK.format(80)}\nfi\n",
    "else": f"if [ \"$(hostname)\" = lvs2 ]; then\n  iptables -F\nelse\n  {MARK.format(80)}\nfi\n",
    "and": f"[ -n \"$LVS\" ] && {MARK.format(80)}\n",
    "or": f"grep -q lvs /etc/hosts || {MARK.format(80)}\n",
    "loop": f"for x in $(cat /etc/ports); do {MARK.format(80)}; done\n",
    "while": f"while read x; do {MARK.format(80)}; done </etc/ports\n",
    "function that is not called": f"lvs_marks() {{\n  {MARK.format(80)}\n}}\n",
}  # fmt: skip
"""Scripts whose rule may be there, or not."""


def rules(firewall: Firewall) -> dict[tuple[str, str], list[str]]:
    return {
        (table.name, chain.name): [str(rule) for rule in chain.rules]
        for table in firewall.tables.values()
        for chain in table.chains.values()
        if chain.rules
    }


def policies(firewall: Firewall) -> set[tuple[str, str, str | None]]:
    return {
        (table.name, chain.name, chain.policy)
        for table in firewall.tables.values()
        for chain in table.chains.values()
        if chain.policy != "ACCEPT"
    }


def errors(firewall: Firewall) -> list[str]:
    return [one.message for one in firewall.findings if one.severity is Severity.ERROR]


@pytest.fixture(scope="module")
def namespace() -> Iterator[str]:
    if os.geteuid() != 0:
        pytest.skip("network namespaces need root")
    for tool in ("ip", "iptables", "iptables-restore", "bash"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed (apt-get install iptables iproute2 bash)")
    made = subprocess.run(["ip", "netns", "add", NAMESPACE], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"no network namespaces here: {made.stderr.decode()}")
    yield NAMESPACE
    subprocess.run(["ip", "netns", "del", NAMESPACE], capture_output=True, check=False)


def run(namespace: str, *command: str, text: str = "") -> str:
    done = subprocess.run(
        ["ip", "netns", "exec", namespace, *command],
        input=text, capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize("name", EXACT)
def test_scripts_leave_what_they_leave_in_the_kernel(name: str, namespace: str) -> None:
    """The script is run, and what iptables then saves is what lvscf has read from the script."""
    script = EXACT[name]
    empty = "".join(f"*{table}\nCOMMIT\n" for table in ("filter", "nat", "mangle", "raw"))
    run(namespace, "iptables-restore", text=empty)
    for chain in ("INPUT", "FORWARD", "OUTPUT"):
        run(namespace, "iptables", "-P", chain, "ACCEPT")
    run(namespace, "bash", "-c", script)
    saved = parse(run(namespace, "iptables-save"))
    read = parse(script)

    assert (rules(read), policies(read)) == (rules(saved), policies(saved))
    for port in (1, 2, 3, 80, 81, 443, 8080):
        packet = Packet("tcp", "10.10.1.20", port)
        assert [(one.mark, one.verdict, one.uncertain) for one in read.trace(packet)] == [
            (one.mark, one.verdict, one.uncertain) for one in saved.trace(packet)
        ]


@pytest.mark.parametrize("name", EXACT)
def test_what_is_read_exactly_is_certain(name: str) -> None:
    read = parse(EXACT[name])
    assert not read.is_open
    assert errors(read) == []
    assert rules(read)
    assert not any(one.uncertain for one in read.trace(Packet("tcp", "10.10.1.20", 80)))


@pytest.mark.parametrize("name", OPEN)
def test_branches_are_alternatives(name: str) -> None:
    """The rule may be there: both is followed, and nothing is certain."""
    read = parse(OPEN[name])
    outcomes = read.trace(Packet("tcp", "10.10.1.20", 80))
    assert {one.mark for one in outcomes} == {0, 80}
    assert all(one.uncertain for one in outcomes)
    assert errors(read) == []
    assert "LVS703" in [one.code for one in read.findings]
    others = read.trace(Packet("tcp", "10.10.1.20", 25))
    assert {(one.mark, one.uncertain) for one in others} == {(0, False)}


def test_what_all_branches_do_is_certain() -> None:
    marks = MARK.format(80)
    read = parse(f"if [ -f /etc/x ]; then\n{marks}\n{ALLOW.format(1)}\nelse\n{marks}\nfi\n")
    assert len(read.states) == 2
    outcomes = read.trace(Packet("tcp", "10.10.1.20", 80))
    assert [(one.mark, one.uncertain) for one in outcomes] == [(80, False)]


def test_too_many_branches_are_not_followed_and_not_forgotten() -> None:
    """There is an end to the states, and what comes after it counts as unknown."""
    text = "".join(f"[ -f /etc/{at} ] && {ALLOW.format(at)}\n" for at in range(1, 40))
    read = parse(text)
    assert read.partial
    assert len(read.states) < 100
    assert not any(one.complete for one in read.trace(Packet("tcp", "10.10.1.20", 30)))


@pytest.mark.parametrize(
    "text",
    [
        "iptables-restore < /etc/sysconfig/iptables",
        "iptables-restore /etc/iptables/rules.v4",
        "sh -c 'iptables -A INPUT -j DROP'",
        "ssh lvs2 iptables -A INPUT -j DROP",
        "iptables -A DOCKER-USER -j DROP",
        "iptables -I RH-Firewall-1-INPUT 3 -p tcp --dport 80 -j ACCEPT",
        "iptables -A MARKS -j DROP",
        "iptables -I INPUT 5 -p tcp --dport 80 -j ACCEPT",
        "iptables -A INPUT -j f2b-sshd",
        "firewall-cmd --add-service=http",
    ],
)
def test_what_others_made_on_the_host_is_not_certain(text: str) -> None:
    """No absence is certain, and there is one note that says why."""
    read = parse(text)
    assert read.partial
    assert not any(one.complete for one in read.trace(Packet("tcp", "10.10.1.20", 80)))
    assert [(one.code, one.severity) for one in read.findings] == [("LVS703", Severity.INFO)]


def test_firewalld_direct_rules_are_read() -> None:
    read = parse(
        "systemctl enable firewalld && firewall-cmd --permanent --direct --add-rule ipv4 nat "
        "PREROUTING 0 -d 10.10.1.20 -p tcp --dport 80 -j REDIRECT && firewall-cmd --reload\n"
    )
    (outcome,) = read.trace(Packet("tcp", "10.10.1.20", 80), "10.10.1.31")
    assert (outcome.destination, outcome.complete) == ("10.10.1.31", False)


@pytest.mark.parametrize(
    "prose",
    [
        "You don't need this (see iptables(8)).\nFor example, if you want it:\n{}\nwhile others don't\n",
        "if it is so, run\n{}\ncase of doubt\nfor the rest, see below\n{{ and so on\n",
        "case of things in\n{}\n(see below)\n",
        "for things\n{}\n",
        "until then\n{}\n",
        "the chain's rules:\n{}\nthat's it\n",
    ],
)
def test_prose_round_commands_is_no_script(prose: str) -> None:
    read = parse(prose.format(ALLOW.format(80)))
    assert rules(read) == {("filter", "INPUT"): ["-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT"]}
    assert not read.is_open


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("iptables -A PREROUTNG -j ACCEPT", "Did you mean PREROUTING, of table mangle?"),
        ("iptables -t nat -I PRERUOTING -j ACCEPT", "Did you mean PREROUTING?"),
        ("iptables -P INPT DROP", "Did you mean INPUT?"),
        ("-P PREROUTNG ACCEPT\n", "Did you mean PREROUTING, of table mangle?"),
        ("*mangle\n:PREROUTNG ACCEPT [0:0]\nCOMMIT\n", "Did you mean PREROUTING?"),
        ("*mangle\n-A POSTROUTIN -j ACCEPT\nCOMMIT\n", "Did you mean POSTROUTING?"),
        ("iptables -N LVSMARK\niptables -A LVSMRK -j ACCEPT", "Did you mean LVSMARK?"),
    ],
)
def test_misspelt_chains(line: str, help: str) -> None:
    """The help never suggests making a chain of that name."""
    (finding,) = parse(line).findings
    assert (finding.code, finding.severity, finding.help) == ("LVS701", Severity.ERROR, help)


@pytest.mark.parametrize(
    "prompt", ["[root@lvs1 ~]# ", "root@lvs1:~# ", "$ ", "$ sudo ", "% ", "[lvs@lvs1 etc]$ sudo "]
)
def test_lines_copied_from_a_terminal_are_read(prompt: str) -> None:
    """They have run there; one note says what they would do in a script."""
    read = parse(f"{prompt}{ALLOW.format(80)}\nsome output\n{prompt}{ALLOW.format(81)}\n")
    assert len(rules(read)["filter", "INPUT"]) == 2
    assert [(one.code, one.severity) for one in read.findings] == [("LVS701", Severity.INFO)]
    script = parse(f"#!/bin/sh\n{prompt}{ALLOW.format(80)}\n")
    assert rules(script) == {}
    assert len(errors(script)) == 1


@pytest.mark.parametrize("prompt", ["#>", "#$ ", "# > ", "#[root@lvs1 ~]# ", "# root@lvs1:~# "])
def test_a_prompt_may_make_a_comment_of_a_command(prompt: str) -> None:
    read = parse(f"{ALLOW.format(80)}\n{prompt}{ALLOW.format(81)}\n")
    assert len(rules(read)["filter", "INPUT"]) == 1
    (finding,) = read.findings
    assert (finding.code, finding.severity) == ("LVS701", Severity.INFO)
    assert "does not run" in finding.message


@pytest.mark.parametrize("comment", ["# ", "#", "## ", "#$IPT -v; #", "# was: "])
def test_commands_in_comments_are_left_alone(comment: str) -> None:
    assert parse(f"{ALLOW.format(80)}\n{comment}{ALLOW.format(81)}\n").findings == ()


@pytest.mark.slow
def test_hostile_scripts_take_no_time() -> None:
    """Loops within loops, calls within calls and quotes without end are cut off."""
    many = " ".join(map(str, range(100)))
    loops = "".join(f"for a{at} in {many}; do " for at in range(8))
    texts = [
        loops + ALLOW.format("$a1") + "; done" * 8,
        "f() { f; f; iptables -F; }\nf\n",
        "if x; then " * 3000 + "iptables -F",
        "'\n" * 20000 + '"\n' * 20000,
        "cat <<A\n" * 20000,
        "case x in\n" * 5000,
        "A=1\n" + "A=$A$A\n" * 1000,
    ]
    for text in texts:
        parse(text)
