"""Firewall evidence: iptables, nftables and arptables rules, and what they do to a packet.

>>> from lvscf import firewall
>>> rules = firewall.parse("iptables -t mangle -A PREROUTING -d 10.0.0.1 -j MARK --set-mark 80")
>>> [outcome.mark for outcome in rules.trace(firewall.Packet("tcp", "10.0.0.1", 80))]
[80]
"""

from lvscf.firewall.firewall import Firewall
from lvscf.firewall.model import (
    Bits,
    Chain,
    Endpoint,
    Match,
    Network,
    Ranges,
    Rule,
    Setting,
    Table,
    Target,
)
from lvscf.firewall.packets import Assumption, Outcome, Packet
from lvscf.firewall.reader import parse

__all__ = [
    "Assumption",
    "Bits",
    "Chain",
    "Endpoint",
    "Firewall",
    "Match",
    "Network",
    "Outcome",
    "Packet",
    "Ranges",
    "Rule",
    "Setting",
    "Table",
    "Target",
    "parse",
]
