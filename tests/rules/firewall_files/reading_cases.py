"""Cases of the rules in `lvscf.linter.rules.firewall_files.reading`; see `tests.cases`."""

from tests.builders import ROUTERS
from tests.cases import Texts
from tests.hosts import CLOSED, HERE

FIRES: Texts = {
    "LVS701": {
        "option with one dash": ROUTERS + HERE + "iptables -A INPUT -p tcp ⟦-dport⟧ 80 -j ACCEPT\n",
    },
    "LVS702": {
        "table without COMMIT": ROUTERS + HERE + "⟦*nat⟧\n:PREROUTING ACCEPT [0:0]\n",
    },
    "LVS703": {
        "unknown match": ROUTERS + HERE + "iptables -A INPUT -m ⟦astrology⟧ --sign leo -j DROP\n",
    },
    "LVS704": {
        "list without interfaces": ROUTERS
        + HERE
        + "⟦Chain INPUT (policy ACCEPT)⟧\ntarget     prot opt source               destination\nACCEPT     tcp  --  0.0.0.0/0            0.0.0.0/0\n",
    },
    "LVS705": {
        "only one of two back ends was saved": ROUTERS
        + HERE
        + "⟦# Warning: iptables-legacy tables present, use iptables-legacy-save to see them⟧\n*nat\nCOMMIT\n",
    },
}

SILENT: Texts = {
    "LVS701": {
        "plain rules": ROUTERS + HERE + CLOSED,
    },
    "LVS702": {
        "plain rules": ROUTERS + HERE + CLOSED,
    },
    "LVS703": {
        "plain rules": ROUTERS + HERE + CLOSED,
    },
    "LVS704": {
        "plain rules": ROUTERS + HERE + CLOSED,
    },
    "LVS705": {
        "plain rules": ROUTERS + HERE + CLOSED,
    },
}
