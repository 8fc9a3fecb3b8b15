"""Pieces of clusters for the rules about ways: routers, routes and addresses."""

from tests.hosts import one, plain

NAT = "primary = 10.10.1.21\nnetwork = nat\nnat_router = 10.11.1.1 eth1:1\nnat_nmask = 255.255.255.0\n"
"""A router between the clients in 10.10.1.0/24 and the real servers in 10.11.1.0/24."""
DIRECT = "primary = 10.10.1.21\nnetwork = direct\n"
TUNNEL = "primary = 10.10.1.21\nnetwork = tunnel\n"
BEHIND = one("10.11.1.31")
BESIDE = one("10.10.1.31")
CHECKED_ONLY_BY_PROGRAM = 'send_program = "/bin/true"'


def served(network: str, server: str = BEHIND, name: str = "web", *lines: str) -> str:
    """A virtual server on port 80 with one real server."""
    return network + plain("port = 80", *lines, server, name=name)


def at_server(network: str, address: str = "10.11.1.31", *lines: str) -> str:
    """The same, with the address of the real server underlined."""
    return served(network, one(f"⟦{address}⟧"), "web", *lines)


def router(*lines: str) -> str:
    """A file of the router."""
    return "--- router 10.10.1.21\n" + "".join(f"{line}\n" for line in lines)


def real(*lines: str) -> str:
    """A file of the real server `one`."""
    return "--- real-server one\n" + "".join(f"{line}\n" for line in lines)


def conntrack(value: int) -> str:
    """The router's `net.ipv4.vs.conntrack`."""
    return router(f"net.ipv4.vs.conntrack = {value}")


def routes(*gateways: str, own: str = "10.11.1.0/24", device: str = "eth0") -> tuple[str, ...]:
    """A routing table with its networks, given as `default via 10.11.1.1`, and its own one."""
    address = own.partition("/")[0].removesuffix("0") + "31"
    return (
        *(f"{gateway} dev {device}" for gateway in gateways),
        f"{own} dev {device} proto kernel scope link src {address}",
    )


def addresses(*on_lo: str, eth0: str = "10.11.1.31/24", mtu: int = 1500) -> tuple[str, ...]:
    """The output of `ip addr`, with further addresses on lo."""
    return (
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN",
        "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00",
        "    inet 127.0.0.1/8 scope host lo",
        *(f"    inet {one} scope global lo" for one in on_lo),
        f"2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu {mtu} qdisc mq state UP",
        "    link/ether 02:00:00:00:00:31 brd ff:ff:ff:ff:ff:ff",
        f"    inet {eth0} scope global eth0",
    )
