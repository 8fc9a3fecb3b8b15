"""The reader of nftables: recognises its two forms, and reads them into a firewall."""

import re

from lvscf.firewall.firewall import Firewall
from lvscf.firewall.nftables.building import Building
from lvscf.source import Source

_JSON = re.compile(r'\s*\{\s*"nftables"\s*:\s*\[')
_TEXT = re.compile(
    r"^[ \t]*(?:(?:add|create)[ \t]+)?table[ \t]+(?:(?:ip6?|inet|arp|bridge|netdev)[ \t]+)?[\w.+-]+"
    r"[ \t]*\{[^\n]*$"
    r"|^[ \t]*(?:nft[ \t]+)?flush[ \t]+ruleset\b"
    r"|^[ \t]*(?:nft[ \t]+)?(?:add|insert|create)[ \t]+(?:table|chain|rule)[ \t]+"
    r"(?:(?:ip6?|inet|arp|bridge|netdev)[ \t]+)?[\w.+-]+",
    re.MULTILINE,
)
_OTHER = re.compile(
    r"^(?:\*\w|Chain \w|-[AP] \w|[ \t]*(?:sudo[ \t]+)?(?:/\S*/)?(?:ip|arp)tables(?:-\w+)*[ \t]+-)",
    re.MULTILINE,
)


def is_nftables(text: str) -> bool:
    """Whether a text is a ruleset of nftables, in either form."""
    if _JSON.match(text):
        return True
    return _TEXT.search(text) is not None and _OTHER.search(text) is None


def read(source: Source) -> Firewall:
    """Read `nft list ruleset`, `nft -j list ruleset`, or a script for `nft -f`.

    No content raises an exception: what lvscf does not understand is in `Firewall.findings`.
    """
    building = Building(source)
    if _JSON.match(source.text):
        from lvscf.firewall.nftables.ruleset_json import read_json

        read_json(building)
    else:
        from lvscf.firewall.nftables.ruleset_text import read_text

        read_text(building)
    tables = building.finished()
    findings = sorted(building.findings, key=lambda finding: (finding.span.start, finding.code))
    return Firewall(source, "nftables", tables, findings=tuple(findings), partial=building.partial)
