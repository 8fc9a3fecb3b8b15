"""Networks, compared with the standard library's."""

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from lvscf.shared import ipv4

ADDRESSES = st.integers(1, 2**32 - 1)
NETMASKS = st.integers(1, 32).map(lambda length: 2**32 - 2 ** (32 - length))


def dotted(number: int) -> str:
    return str(ipaddress.IPv4Address(number))


@given(ADDRESSES)
def test_a_number_is_a_dotted_quad(address: int) -> None:
    """Reading gives the number back."""
    assert ipv4.number(dotted(address)) == address


def test_a_host_name_is_no_number() -> None:
    """Names of four labels are no addresses."""
    for name in ("localhost", "www.example.com", "a.b.c.d", "1.2.3.a"):
        assert ipv4.number(name) is None


@given(ADDRESSES, st.integers(1, 29), ADDRESSES)
def test_networks_are_those_of_ipaddress(address: int, length: int, other: int) -> None:
    """First and last address, membership and notation agree with `ipaddress`."""
    model = ipaddress.ip_network((address, length), strict=False)

    found = ipv4.network_of(dotted(address), str(model.netmask))
    assert found is not None
    assert found[0] == int(model.network_address)
    assert ipv4.broadcast(found) == int(model.broadcast_address)
    assert ipv4.shown(found) == str(model)
    assert ipv4.contains(found, address)
    assert ipv4.contains(found, other) == (ipaddress.ip_address(other) in model)
    assert not ipv4.contains(found, None)


@given(ADDRESSES, NETMASKS | ADDRESSES)
def test_masks_that_tell_nothing(address: int, mask: int) -> None:
    """A mask tells a network if `ipaddress` takes it for one of more than two addresses."""
    try:
        model = ipaddress.ip_network(f"0.0.0.0/{dotted(mask)}")
        # `ipaddress` also takes the inverse of a mask, as routers write it.
        tells = model.prefixlen <= 30 and str(model.netmask) == dotted(mask)
    except ValueError:
        tells = False

    assert (ipv4.network_of(dotted(address), dotted(mask)) is not None) == tells


def test_classes() -> None:
    """The bounds of the classes, and what is in none."""
    known = {
        "0.0.0.1": "0.0.0.0/8",
        "10.1.2.3": "10.0.0.0/8",
        "127.255.255.255": "127.0.0.0/8",
        "128.0.0.1": "128.0.0.0/16",
        "172.16.5.4": "172.16.0.0/16",
        "191.255.0.1": "191.255.0.0/16",
        "192.0.0.1": "192.0.0.0/24",
        "223.255.255.1": "223.255.255.0/24",
    }
    for address, network in known.items():
        found = ipv4.classful_network(ipv4.number(address) or 0)
        assert found is not None
        assert ipv4.shown(found) == network
    assert ipv4.classful_network(ipv4.number("224.0.0.1") or 0) is None
    assert ipv4.classful_network(0xFFFFFFFF) is None


@given(st.integers(0, 32))
def test_prefix_of_a_mask(length: int) -> None:
    """Every mask has the length that it was made of; one with a hole has none."""
    mask = ipv4.mask_of(length)

    assert ipv4.prefix_of(mask) == length
    if length >= 2:
        assert ipv4.prefix_of(mask & ~(1 << 31)) is None
