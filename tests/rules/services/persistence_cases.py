"""Cases of the rules in `lvscf.linter.rules.services.persistence`; see `tests.cases`."""

from tests.builders import ROUTERS, server, service
from tests.cases import Defect, Defects, Texts
from tests.hosts import router

ON = "persistent = 300"

FTP = "port = 21"


def marking(ports: str, mark: str = "80", host: str = "10.10.1.21") -> str:
    """The rule of a router that marks ports of the VIP."""
    return router(
        f"-A PREROUTING -p tcp -d 10.10.1.20 {ports} -j MARK --set-mark {mark}", host=host
    )


BOTH = marking("-m multiport --dports 80,443")

QUIESCED = service(ON, "quiesce_server = ⟦1⟧")

SYSCTL = "net.ipv4.vs.expire_quiescent_template"

KNOWN = ROUTERS + QUIESCED.replace("⟦1⟧", "1")

PMASK = "     pmask = 255.255.255.255\n"

QUIESCE = "     quiesce_server = 0\n"

FIRES: Texts = {
    "LVS313": {
        "a netmask alone": service("pmask = ⟦255.255.255.0⟧"),
        "persistence turned off": service("persistent = 0", "pmask = ⟦255.255.0.0⟧"),
        "the default netmask": service("pmask = ⟦255.255.255.255⟧"),
    },
    "LVS314": {
        "4096 addresses": service(ON, "pmask = ⟦255.255.240.0⟧"),
        "512 addresses": service(ON, "pmask = ⟦255.255.254.0⟧"),
        "half of all addresses": service(ON, "pmask = ⟦128.0.0.0⟧"),
    },
    "LVS315": {
        "FTP by number": service("fwmark = ⟦21⟧", FTP),
        "FTP by name, persistence turned off": service(
            "fwmark = ⟦21⟧", "port = ftp", "persistent = 0", server()
        ),
        "rules mark two ports": ROUTERS + service("fwmark = ⟦80⟧") + BOTH,
        "rules mark a port and a range": ROUTERS
        + service("fwmark = ⟦80⟧")
        + marking("-m multiport --dports 80,8000:8010"),
        "the backup's rules mark a second port": ROUTERS
        + service("fwmark = ⟦80⟧")
        + marking("--dport 80")
        + marking("-m multiport --dports 80,443", host="10.10.1.22"),
        "two virtual servers with one mark": ROUTERS
        + "network = direct\n"
        + service("fwmark = ⟦80⟧")
        + service("fwmark = 80", "port = 443", name="b")
        + BOTH,
        "rules mark a range from the port on": ROUTERS
        + service("fwmark = ⟦80⟧", "port = 8000")
        + marking("--dport 8000:8010"),
        "rules mark a range around the port": ROUTERS
        + service("fwmark = ⟦80⟧", "port = 8005")
        + marking("--dport 8000:8010"),
        "rules mark a range over UDP": ROUTERS
        + service("fwmark = ⟦80⟧", "port = 5004", "protocol = udp")
        + marking("--dport 5004:5100").replace("tcp", "udp"),
        "rules mark all ports": ROUTERS + service("fwmark = ⟦80⟧") + marking(""),
        "rules mark all protocols": ROUTERS
        + service("fwmark = ⟦80⟧")
        + marking("").replace("-p tcp ", ""),
        "rules mark all ports but one": ROUTERS
        + service("fwmark = ⟦80⟧")
        + marking("! --dport 22"),
        "rules mark all ports of the system": ROUTERS
        + service("fwmark = ⟦80⟧")
        + marking("--dport 1:1023"),
    },
    "LVS316": {
        "FTP and one second": service("fwmark = 21", FTP, "persistent = ⟦1⟧"),
        "FTP and almost a minute": service("fwmark = 21", FTP, "persistent = ⟦59⟧"),
        "two marked ports and nine seconds": ROUTERS
        + service("fwmark = 80", "persistent = ⟦9⟧")
        + BOTH,
    },
    "LVS325": {
        "no kernel settings": QUIESCED,
        "the setting is zero": ROUTERS + QUIESCED + f"--- router 10.10.1.21 sysctl\n{SYSCTL} = 0\n",
        "the setting is commented out": ROUTERS
        + QUIESCED
        + f"--- router 10.10.1.21 sysctl\n#{SYSCTL} = 1\n",
        "the setting of one router only": ROUTERS
        + QUIESCED
        + f"--- router 10.10.1.21 sysctl\n{SYSCTL} = 1\n--- router 10.10.1.22 sysctl\nnet.ipv4.ip_forward = 1\n",
        "the setting of a real server": ROUTERS
        + service(ON, "quiesce_server = ⟦1⟧", server())
        + f"--- real-server one sysctl\n{SYSCTL} = 1\n",
    },
}

SILENT: Texts = {
    "LVS313": {
        "persistence and a netmask": service(ON, "pmask = 255.255.255.0"),
        "persistence and the default netmask": service(ON, "pmask = 255.255.255.255"),
        "a netmask of zero": service("pmask = 0.0.0.0"),
        "a timeout that Piranha refuses": service("pmask = 255.255.255.0", "persistent = 5m"),
        "a netmask that Piranha refuses": service("pmask = garbage"),
        "a virtual server that is not active": service("pmask = 255.255.255.0").replace(
            "active = 1", "active = 0"
        ),
    },
    "LVS314": {
        "256 addresses": service(ON, "pmask = 255.255.255.0"),
        "one address": service(ON, "pmask = 255.255.255.255"),
        "a netmask of zero": service(ON, "pmask = 0.0.0.0"),
        "no persistence: LVS313": service("pmask = 255.255.0.0"),
        "a netmask with a gap: LVS108": service(ON, "pmask = 255.0.255.0"),
    },
    "LVS315": {
        "port 80, and no rules": service("fwmark = 80"),
        "FTP without a mark": service(FTP),
        "FTP with persistence": service("fwmark = 21", FTP, ON),
        "FTP over UDP": service("fwmark = 21", FTP, "protocol = udp"),
        "FTP with a timeout that Piranha refuses": service("fwmark = 21", FTP, "persistent = 5m"),
        "a mark of zero: LVS106": service("fwmark = 0", FTP),
        "rules mark one port": ROUTERS + service("fwmark = 80") + marking("--dport 80"),
        "rules set another mark": ROUTERS
        + service("fwmark = 80")
        + marking("-m multiport --dports 80,443", mark="81"),
        "rules mark two ports, with persistence": ROUTERS + service("fwmark = 80", ON) + BOTH,
        "kernel settings only": ROUTERS + service("fwmark = 80") + "--- router 10.10.1.21 sysctl\n",
        "rules mark a range, with persistence": ROUTERS
        + service("fwmark = 80", "port = 8000", ON)
        + marking("--dport 8000:8010"),
        "rules set another mark for all ports": ROUTERS
        + service("fwmark = 80")
        + marking("", mark="81"),
        "rules of both routers mark one port": ROUTERS
        + service("fwmark = 80")
        + marking("--dport 80")
        + marking("--dport 80", host="10.10.1.22"),
        "a variable for the port": ROUTERS + service("fwmark = 80") + marking("--dport $PORT"),
        "a range of one port": ROUTERS + service("fwmark = 80") + marking("--dport 80:80"),
        "one port over TCP and UDP": ROUTERS
        + service("fwmark = 80", "port = 53")
        + router(
            "-A PREROUTING -d 10.10.1.20 -p tcp --dport 53 -j MARK --set-mark 80",
            "-A PREROUTING -d 10.10.1.20 -p udp --dport 53 -j MARK --set-mark 80",
        ),
        "a chain that one port leads to": ROUTERS
        + service("fwmark = 80")
        + router(
            "-N L",
            "-A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j L",
            "-A L -j MARK --set-mark 80",
        ),
    },
    "LVS316": {
        "FTP and a minute": service("fwmark = 21", FTP, "persistent = 60"),
        "all ports are marked": ROUTERS + service("fwmark = 80", "persistent = 5") + marking(""),
        "no rules": service("fwmark = 80", "persistent = 5"),
        "FTP without a mark": service(FTP, "persistent = 5"),
        "one port is marked": ROUTERS
        + service("fwmark = 80", "persistent = 5")
        + marking("--dport 80"),
    },
    "LVS325": {
        "no persistence": service("quiesce_server = 1"),
        "servers are not quiesced": service(ON, "quiesce_server = 0"),
        "a later line sets it to one": KNOWN
        + f"--- router 10.10.1.21 sysctl\n{SYSCTL} = 0\n{SYSCTL}=1\n",
        "with a dash and slashes": KNOWN
        + "--- router sysctl\n- net/ipv4/vs/expire_quiescent_template = 1\n".replace(
            "router sysctl", "router 10.10.1.22 sysctl"
        ),
    },
}

DEFECTS: Defects = {
    "LVS313": {
        "the timeout is removed": Defect(
            "several services", f"     persistent = 60\n{PMASK}", "     pmask = 255.255.255.0\n"
        ),
    },
    "LVS314": {
        "65536 addresses": Defect("several services", PMASK, "     pmask = 255.255.0.0\n"),
    },
    "LVS315": {
        "FTP loses its persistence": Defect("ftp with a mark", "     persistent = 900\n", ""),
    },
    "LVS316": {
        "one second": Defect("ftp with a mark", "persistent = 900", "persistent = 1"),
        "half a minute": Defect("ftp with a mark", "persistent = 900", "persistent = 30"),
    },
    "LVS325": {
        "quiescing is turned on": Defect("marks", QUIESCE, QUIESCE.replace("0", "1")),
    },
}
