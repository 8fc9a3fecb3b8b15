"""Generated clusters: an lvs.cf of any kind of network, and rules that its hosts may have."""

from hypothesis import strategies as st

VIPS = ("10.10.1.20", "10.10.1.30")
SERVERS = ("10.10.1.31", "10.10.1.32")
_CHAINS = {
    "mangle": ("PREROUTING", "INPUT"),
    "nat": ("PREROUTING",),
    "filter": ("INPUT", "FORWARD", "OUTPUT", "OWN"),
}


@st.composite
def virtual_servers(draw: st.DrawFn, number: int) -> str:
    """A block whose port no other one has, so that no two of them contradict each other."""
    port = draw(st.sampled_from((80, 21, 53, 5060))) + 1000 * number
    if number == 0 and draw(st.booleans()):
        port = draw(st.sampled_from((80, 21)))
    mark = draw(st.sampled_from((0, 0, 80 + number, 80)))
    protocol = draw(st.sampled_from(("tcp", "tcp", "udp")))
    lines = [
        f"virtual v{number} {{",
        "active = 1",
        f"address = {draw(st.sampled_from(VIPS))} eth0:1",
        "vip_nmask = 255.255.255.0",
        f"port = {port}",
        f"protocol = {protocol}",
        f"persistent = {draw(st.sampled_from((0, 300)))}",
    ]
    if mark:
        lines.append(f"fwmark = {mark}")
    if protocol == "udp":
        lines += ['send = "x"', 'expect = "*"']
    for address in SERVERS[: draw(st.integers(1, 2))]:
        lines += [
            f"server s{address[-2:]} {{",
            "active = 1",
            f"address = {address}",
            *draw(st.sampled_from(((), (f"port = {port + 1}",)))),
            "}",
        ]
    return "\n".join([*lines, "}"]) + "\n"


@st.composite
def lvs_cfs(draw: st.DrawFn, most: int = 3) -> str:
    """An lvs.cf that is in order."""
    head = (
        "primary = 10.10.1.21\nbackup = 10.10.1.22\nkeepalive = 6\ndeadtime = 18\n"
        f"backup_active = {draw(st.integers(0, 1))}\n"
        f"network = {draw(st.sampled_from(('direct', 'direct', 'nat', 'tunnel')))}\n"
        "nat_router = 10.10.1.1 eth0:9\nnat_nmask = 255.255.255.0\n"
        f"syncdaemon = {draw(st.integers(0, 1))}\n"
    )
    return head + "".join(draw(virtual_servers(at)) for at in range(draw(st.integers(1, most))))


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Saved rules, some of which mark, redirect, accept or drop what a cluster needs."""
    lines = []
    for table, chains in _CHAINS.items():
        lines.append(f"*{table}")
        for chain in chains:
            policy = draw(st.sampled_from(("ACCEPT", "DROP"))) if table == "filter" else "ACCEPT"
            lines.append(f":{chain} {'-' if chain == 'OWN' else policy} [0:0]")
        lines += draw(st.lists(_rules(table), max_size=4))
        lines.append("COMMIT")
    return "\n".join(lines) + "\n"


@st.composite
def _rules(draw: st.DrawFn, table: str) -> str:
    chain = draw(st.sampled_from(_CHAINS[table]))
    words = [f"-A {chain}"]
    if draw(st.booleans()):
        words.append(f"-d {draw(st.sampled_from((*VIPS, *SERVERS, '10.10.1.0/24')))}")
    if draw(st.integers(0, 3)) == 0:
        words.append(f"-s {draw(st.sampled_from(('10.10.1.101', '10.10.1.22')))}")
    protocol = draw(st.sampled_from(("tcp", "udp", "")))
    if protocol:
        words.append(f"-p {protocol}")
        port = draw(
            st.sampled_from(("", "--dport 80", "-m multiport --dports 80,1080,21", "--sport 80"))
        )
        words.append(port)
    if table != "nat" and draw(st.integers(0, 2)) == 0:
        state = draw(st.sampled_from(("NEW", "INVALID", "RELATED,ESTABLISHED")))
        words.append(f"-m state --state {state}")
    targets = {
        "mangle": ("MARK --set-mark 80", "MARK --set-mark 81", "ACCEPT", "DROP", "RETURN"),
        "nat": ("REDIRECT", "ACCEPT", "RETURN", "DNAT --to-destination 10.10.1.40"),
        "filter": ("ACCEPT", "DROP", "REJECT", "RETURN", "OWN"),
    }[table]
    if chain == "OWN":
        targets = targets[:-1]
    words.append(f"-j {draw(st.sampled_from(targets))}")
    return " ".join(word for word in words if word)
