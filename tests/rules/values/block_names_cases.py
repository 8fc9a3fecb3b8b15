"""Cases of the rules in `lvscf.linter.rules.values.block_names`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Defect, Defects, Texts

INACTIVE = "virtual web {\nactive = 0\n"

FIRES: Texts = {
    "LVS111": {
        "a virtual server that is not active": "virtual ⟦[server_name]⟧ {\nactive = 0\naddress = 0.0.0.0 eth0:1\n}\n",
        "a virtual server that is active": "virtual ⟦[server_name]⟧ {\nactive = 1\naddress = 0.0.0.0 eth0:1\n}\n",
        "a failover service": "failover ⟦[server_name]⟧ {\nactive = 0\n}\n",
        "a real server": service("server ⟦[unnamed]⟧ {\nactive = 0\naddress = 0.0.0.0\n}"),
        "an active VIP": service(address="⟦0.0.0.0⟧ eth0:1"),
        "an active real server": service(server(address="⟦0.0.0.0⟧")),
    },
    "LVS120": {
        "a virtual server": service(name="⟦50%share⟧"),
        "a real server with a name in quotes": service(server(name='⟦"a %s"⟧')),
        "a failover service": "service = fos\nfailover ⟦%n⟧ {\nactive = 1\n}\n",
    },
}

SILENT: Texts = {
    "LVS111": {
        "addresses of blocks that are not active": INACTIVE
        + "address = 0.0.0.0 eth0:1\nserver one {\naddress = 0.0.0.0\n}\n}\n",
        "a netmask and a sorry server": service(
            "vip_nmask = 0.0.0.0", "sorry_server = 0.0.0.0", server()
        ),
        "a backup, and a name without brackets": "backup = 0.0.0.0\n" + service(name="server_name"),
        "a real server that is not active": service(server("active = 0", address="0.0.0.0")),
    },
    "LVS120": {
        "blocks that are not active": "virtual 50% {\nactive = 0\nserver %s {\nactive = 1\n}\n}\n",
        "a string to send": service('send = "%s"', server()),
        "a failover service that is not in force": "failover %n {\nactive = 1\n}\n",
    },
}

DEFECTS: Defects = {
    "LVS111": {
        "the name of an inactive virtual server": Defect(
            "several services", "virtual retired", "virtual [server_name]"
        ),
        "the address of a real server": Defect(
            "direct routing", "address = 10.10.1.31\n", "address = 0.0.0.0\n"
        ),
        "the address of a virtual server": Defect(
            "direct routing", "address = 10.10.1.20 eth0:1\n", "address = 0.0.0.0 eth0:1\n"
        ),
    },
    "LVS120": {
        "a real server": Defect("direct routing", "server one", "server one%s"),
    },
}
