"""The addresses that keepalived brings up, and the routers that its VRRP names."""

from collections.abc import Callable
from itertools import pairwise

from lvscf.findings.place import Place
from lvscf.keepalived.reading.model import HeldAddress, Router
from lvscf.keepalived.reading.statements import Statement
from lvscf.keepalived.reading.words import Word
from lvscf.shared import ipv4
from lvscf.source import quoted

_LISTS = ("virtual_ipaddress", "virtual_ipaddress_excluded")


class Reader:
    """Reads `vrrp_instance` and `static_ipaddress` blocks."""

    def __init__(self, gap: Callable[[str, Place], None]) -> None:
        self.held: list[HeldAddress] = []
        self.routers: list[Router] = []
        self._gap = gap

    def read(self, one: Statement) -> None:
        """Read a block of either kind."""
        body = one.body or ()
        if one.keyword == "static_ipaddress":
            for line in body:
                self._address(line, None, is_virtual=False)
            return
        named = {inner.keyword: inner for inner in body}
        interface = _first(named.get("interface"))
        own = _first(named.get("unicast_src_ip"))
        peers = named.get("unicast_peer")
        self.routers.append(
            Router(
                own,
                tuple(line.words[0] for line in (peers.body or () if peers else ())),
                interface.text if interface else None,
            )
        )
        for inner in body:
            if inner.keyword in _LISTS:
                for line in inner.body or ():
                    self._address(line, interface.text if interface else None, is_virtual=True)

    def _address(self, line: Statement, device: str | None, *, is_virtual: bool) -> None:
        address, slash, length = line.keyword.partition("/")
        if ":" in address:
            return  # IPv6, of which lvscf knows nothing
        prefix = int(length) if length.isascii() and length.isdecimal() and len(length) < 3 else 32
        number = ipv4.number(address) if address.count(".") == 3 else None
        if number is None or prefix > 32 or (slash and not length):
            self._gap(f"{quoted(line.keyword)} is no address", line.place)
            return
        words = [word.text for word in line.values]
        options = dict(pairwise(words))
        self.held.append(
            HeldAddress(
                address,
                prefix,
                options.get("dev", device),
                options.get("label"),
                is_virtual,
                line.words[0].place,
            )
        )


def _first(line: Statement | None) -> Word | None:
    return line.values[0] if line is not None and line.values else None
