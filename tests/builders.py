"""Pieces that cases are made of.  Lines begin at the margin for brevity; the reader does not care."""

ROUTERS = "primary = 10.10.1.21\nbackup = 10.10.1.22\nbackup_active = 1\n"


def service(*lines: str, name: str = "web", address: str = "10.10.1.20 eth0:1") -> str:
    """A virtual server that is in order, with further lines."""
    body = "".join(f"{line}\n" for line in lines)
    return f"virtual {name} {{\nactive = 1\naddress = {address}\n{body}}}\n"


def server(*lines: str, name: str = "one", address: str = "10.10.1.31") -> str:
    """A real server that is in order, with further lines."""
    return "\n".join([f"server {name} {{", "active = 1", f"address = {address}", *lines, "}"])


def at(address: str, *lines: str, name: str = "one") -> str:
    """A real server at an address."""
    return server(*lines, name=name, address=address)


def failover_service(*lines: str, name: str = "db", address: str = "10.10.1.20 eth0:1") -> str:
    """A failover service, without the line that puts these in force."""
    return service(*lines, name=name, address=address).replace("virtual", "failover")


def failover(*lines: str) -> str:
    """A failover service that is in order, with further lines, under `service = fos`."""
    return "service = fos\n" + failover_service(*lines)
