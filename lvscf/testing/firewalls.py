"""Texts that look like firewall rules, sound rulesets, and packets for them."""

from hypothesis import strategies as st

from lvscf.firewall import Packet, parse

WORDS = st.sampled_from(
    [
        "iptables",
        "arptables",
        "-t",
        "mangle",
        "nat",
        "filter",
        "-A",
        "-I",
        "-D",
        "-R",
        "-F",
        "-P",
        "-N",
        "-X",
        "-E",
        "PREROUTING",
        "INPUT",
        "LVS",
        "-p",
        "tcp",
        "udp",
        "-d",
        "-s",
        "10.0.0.1",
        "10.0.0.0/8",
        "!",
        "--dport",
        "--dports",
        "80",
        "80,443",
        ":",
        "1:2",
        "-m",
        "multiport",
        "state",
        "--state",
        "NEW",
        "mark",
        "--mark",
        "0x50/0xff",
        "-j",
        "-g",
        "MARK",
        "--set-mark",
        "--or-mark",
        "REDIRECT",
        "--to-ports",
        "DNAT",
        "--to-destination",
        "1.2.3.4:80",
        "ACCEPT",
        "DROP",
        "-i",
        "eth0",
        "-o",
        "eth+",
        "'",
        '"',
        "\\",
        "$A",
        "${A}",
        "A=x",
        "`x`",
        "#",
        ";",
        "&&",
        "|",
        "<",
        ">",
        "(",
        ")",
        "-c",
        "1",
        "2",
        "*filter",
        ":INPUT",
        "COMMIT",
        "[0:0]",
        "Chain",
        "(policy",
        "-L",
        "–j",
        "--syn",
        "--comment",
        "limit",
        "0",
        "\x00",
        "\r",
        "�",
    ]
)
LINES = st.lists(st.lists(WORDS, max_size=12).map(" ".join), max_size=8).map("\n".join)

CONDITIONS = st.sampled_from(
    [
        "",
        "-d 10.0.0.1",
        "! -d 10.0.0.0/24",
        "-s 10.1.0.0/16 -i eth+",
        "-p tcp --dport 80:90",
        "-p udp -m multiport --dports 53,100:200",
        "-p tcp --syn",
        "-m mark ! --mark 0x1/0x3",
        "-m state --state NEW,ESTABLISHED",
        "-m limit --limit 3/min",
        '-m comment --comment "it\'s"',
        "-m conntrack --ctstate DNAT",
        "-m addrtype --dst-type LOCAL",
        "-f",
        "-d 10.0.0.1/255.0.255.255",
    ]
)
TARGETS = st.sampled_from(
    [
        "MARK --set-mark 80",
        "MARK --xor-mark 3",
        "ACCEPT",
        "DROP",
        "RETURN",
        "LVS",
        "LOG",
        "CONNMARK --save-mark",
        "CONNMARK --restore-mark --mask 0xff",
        "NFQUEUE --queue-num 1",
    ]
)
COMMANDS = st.lists(st.tuples(st.sampled_from(["-A", "-I"]), CONDITIONS, TARGETS), max_size=8).map(
    lambda rules: "\n".join(
        [
            "iptables -t mangle -N LVS",
            *(
                f"iptables -t mangle {how} PREROUTING {condition} -j {target}"
                for how, condition, target in rules
            ),
        ]
    )
)
PACKETS = st.builds(
    Packet,
    st.sampled_from(["tcp", "udp", "icmp"]),
    st.sampled_from(["10.0.0.1", "10.0.1.1", None]),
    st.sampled_from([80, 53, 9999, None]),
    st.sampled_from(["10.1.2.3", None]),
    st.sampled_from(["eth0", "lo", None]),
)
RULESETS = st.one_of(COMMANDS, COMMANDS.map(lambda commands: str(parse(commands))))
