"""What Piranha holds in memory, from lvscf's effective values, in the shape of the vectors."""

from typing import Any

import lvscf


def in_memory(config: lvscf.Config) -> dict[str, Any]:
    """`config.effective` as the daemon's structure: two-word values parted, services in one list.

    Services are sorted by kind, since the typed view holds the kinds apart.
    """
    plain = lvscf.to_dict(config.effective)
    del plain["version"]
    failover = plain.pop("failover_services")
    virtual = plain.pop("virtual_servers")
    _part(plain, "nat_router", "nat_router", "nat_router_dev")
    for service in (*virtual, *failover):
        _part(service, "address", "address", "device")
    return plain | {
        "virtuals": [service | {"failover": False} for service in virtual]
        + [service | {"failover": True} for service in failover]
    }


def _part(values: dict[str, Any], name: str, address: str, device: str) -> None:
    both = values.pop(name)
    values[address] = both["address"] if both else "0.0.0.0"
    values[device] = both["device"] if both else None


def by_kind(config: dict[str, Any]) -> dict[str, Any]:
    """A configuration in the daemon's structure with its services sorted by kind."""
    return config | {"virtuals": sorted(config["virtuals"], key=lambda one: bool(one["failover"]))}
