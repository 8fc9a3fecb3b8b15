"""What a kernel holds under keepalived with a file: a small reader, independent of what writes it.

It knows no lvs.cf: only words, braces, and what keepalived 2.2 does with those used here.
"""

import re
from typing import Any

Block = list[tuple[list[str], "Block | None"]]

_FORWARDING = {"NAT": "-m", "DR": "-g", "TUN": "-i"}


def parsed(text: str) -> Block:
    """The lines of a file: words, and the block that follows them in braces."""
    root: Block = []
    stack = [root]
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip()
        if line == "}":
            stack.pop()
        elif line.endswith("{"):
            inner: Block = []
            stack[-1].append((_words(line[:-1]), inner))
            stack.append(inner)
        elif line:
            stack[-1].append((_words(line), None))
    assert len(stack) == 1, "a brace is not closed"
    return root


def _words(line: str) -> list[str]:
    return [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|(\S+)', line)]


def values(block: Block) -> dict[str, str]:
    """The lines of one keyword and its value."""
    return {words[0]: " ".join(words[1:]) for words, inner in block if inner is None}


def blocks(block: Block, keyword: str) -> list[tuple[list[str], Block]]:
    """The blocks with a keyword: the words after it, and what is inside."""
    return [
        (words[1:], inner)
        for words, inner in block
        if inner is not None and words and words[0] == keyword
    ]


def table(root: Block, *, is_up: bool = True) -> list[str]:
    """`ipvsadm -Sn`, sorted, with all real servers up or down."""
    lines = []
    for head, inner in blocks(root, "virtual_server"):
        here = values(inner)
        if head[0] == "fwmark":
            name = f"-f {head[1]}"
            assert "protocol" not in here, "keepalived rejects it with a mark"
        else:
            letter = {"TCP": "-t", "UDP": "-u"}[here["protocol"]]
            name = f"{letter} {head[0]}:{head[1]}"
        line = f"-A {name} -s {here['lvs_sched']}"
        if "persistence_timeout" in here:
            line += f" -p {here['persistence_timeout']}"
            if "persistence_granularity" in here:
                line += f" -M {here['persistence_granularity']}"
        lines.append(line)
        method = _FORWARDING[here["lvs_method"]]
        servers = blocks(inner, "real_server")
        assert servers, "keepalived rejects a virtual server without real servers"
        for where, server in servers:
            weight = values(server)["weight"]
            if not is_up:
                if ["inhibit_on_failure"] not in [words for words, _ in server]:
                    continue
                weight = "0"
            lines.append(f"-a {name} -r {_destination(where)} {method} -w {weight}")
        if not is_up and "sorry_server" in here:
            sorry = here["sorry_server"].split()
            lines.append(f"-a {name} -r {_destination(sorry)} {method} -w 1")
    return sorted(lines)


def _destination(where: list[str]) -> str:
    return ":".join(where if len(where) == 2 else [where[0], "0"])


def addresses(root: Block) -> list[str]:
    """The addresses of the active router: label, address and prefix length."""
    found = []
    held = [inner for _, inner in blocks(root, "static_ipaddress")]
    for _, instance in blocks(root, "vrrp_instance"):
        for keyword in ("virtual_ipaddress", "virtual_ipaddress_excluded"):
            held += [inner for _, inner in blocks(instance, keyword)]
    for inner in held:
        for words, _ in inner:
            options = dict(zip(words[1::2], words[2::2], strict=True))
            found.append(f"{options.get('label', options['dev'])} {words[0]}")
    return sorted(found)


def timeouts(root: Block) -> list[int]:
    """The timeouts for TCP, FIN and UDP; 0 leaves the kernel's."""
    ((_, definitions),) = blocks(root, "global_defs")
    words = values(definitions).get("lvs_timeouts", "").split()
    found = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    return [found.get(name, 0) for name in ("tcp", "tcpfin", "udp")]


def sync_daemon(root: Block) -> dict[str, Any] | None:
    """Device and id of the sync daemon on the master."""
    ((_, definitions),) = blocks(root, "global_defs")
    words = values(definitions).get("lvs_sync_daemon", "").split()
    return {"iface": words[0], "id": int(words[3])} if words else None


def check_commands(root: Block) -> list[str]:
    """The distinct commands of checks."""
    found = set()
    for _, virtual in blocks(root, "virtual_server"):
        for _, server in blocks(virtual, "real_server"):
            for _, check in blocks(server, "MISC_CHECK"):
                found.add(values(check)["misc_path"])
    return sorted(found)


def without_mark_ports(lines: list[str]) -> list[str]:
    """A table without what may differ: ports of a mark's destinations, and the tunnel's type."""
    plain = (line.replace(" --tun-type ipip", "") for line in lines)
    return sorted(re.sub(r"( -f \d+ -r [\d.]+):\d+", r"\1", line) for line in plain)
