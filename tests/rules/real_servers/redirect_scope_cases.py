"""Cases of the rules in `lvscf.linter.rules.real_servers.redirect_scope`; see `tests.cases`."""

from tests.cases import Texts
from tests.hosts import BOTH, REDIRECT, ROUTERS, SERVED, VIP, marked, one, real

FIRES: Texts = {
    "LVS506": {
        "no address": SERVED + real("-A PREROUTING -p tcp --dport 80 -j REDIRECT"),
        "a network instead of the VIP": SERVED + real(REDIRECT.replace("1.20", "1.20/24")),
    },
    "LVS507": {
        "another address of the VIP's network": SERVED
        + real(REDIRECT, "-A PREROUTING -p tcp -d 10.10.1.77 --dport 80 -j REDIRECT"),
        "another port of the VIP": SERVED
        + real(REDIRECT, f"-A PREROUTING {VIP} --dport 25 -j REDIRECT"),
    },
    "LVS512": {
        "NAT": (SERVED + real(REDIRECT)).replace("network = direct", "network = nat"),
    },
}

SILENT: Texts = {
    "LVS506": {
        "a translation to another host is not the one for the VIP": SERVED
        + real("-A PREROUTING -p tcp -j DNAT --to-destination 10.10.1.40"),
        "the VIP": SERVED + real(REDIRECT),
        "a variable for the address": SERVED + real(REDIRECT.replace("10.10.1.20", "$VIP")),
    },
    "LVS507": {
        "the VIP and its port": SERVED + real(REDIRECT),
        "the ports of a mark": ROUTERS
        + marked("80", one())
        + real(f"-A PREROUTING {BOTH} -j REDIRECT"),
    },
    "LVS512": {
        "direct routing": SERVED + real(REDIRECT),
    },
}
