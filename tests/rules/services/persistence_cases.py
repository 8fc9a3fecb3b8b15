"""LVS3: persistence.  See the package for the marks."""

from tests.builders import ROUTERS, server, service
from tests.rules.cluster_cases import router

FTP = "port = 21"
ON = "persistent = 300"
SYSCTL = "net.ipv4.vs.expire_quiescent_template"
QUIESCED = service(ON, "quiesce_server = ⟦1⟧")
KNOWN = ROUTERS + QUIESCED.replace("⟦1⟧", "1")


def marking(ports: str, mark: str = "80", host: str = "10.10.1.21") -> str:
    """The rule of a router that marks ports of the VIP."""
    return router(
        f"-A PREROUTING -p tcp -d 10.10.1.20 {ports} -j MARK --set-mark {mark}", host=host
    )


BOTH = marking("-m multiport --dports 80,443")

FIRES: list[tuple[str, str]] = [
    ("LVS313", service("pmask = ⟦255.255.255.0⟧")),
    ("LVS313", service("persistent = 0", "pmask = ⟦255.255.0.0⟧")),
    ("LVS313", service("pmask = ⟦255.255.255.255⟧")),
    ("LVS314", service(ON, "pmask = ⟦255.255.240.0⟧")),
    ("LVS314", service(ON, "pmask = ⟦255.255.254.0⟧")),
    ("LVS314", service(ON, "pmask = ⟦128.0.0.0⟧")),
    ("LVS315", service("fwmark = ⟦21⟧", FTP)),
    ("LVS315", service("fwmark = ⟦21⟧", "port = ftp", "persistent = 0", server())),
    ("LVS315", ROUTERS + service("fwmark = ⟦80⟧") + BOTH),
    ("LVS315", ROUTERS + service("fwmark = ⟦80⟧") + marking("-m multiport --dports 80,8000:8010")),
    ("LVS315", ROUTERS + service("fwmark = ⟦80⟧") + marking("--dport 80") + marking("-m multiport --dports 80,443", host="10.10.1.22")),
    ("LVS315", ROUTERS + "network = direct\n" + service("fwmark = ⟦80⟧") + service("fwmark = 80", "port = 443", name="b") + BOTH),
    ("LVS315", ROUTERS + service("fwmark = ⟦80⟧", "port = 8000") + marking("--dport 8000:8010")),
    ("LVS315", ROUTERS + service("fwmark = ⟦80⟧", "port = 8005") + marking("--dport 8000:8010")),
    ("LVS315", ROUTERS + service("fwmark = ⟦80⟧", "port = 5004", "protocol = udp") + marking("--dport 5004:5100").replace("tcp", "udp")),
    ("LVS315", ROUTERS + service("fwmark = ⟦80⟧") + marking("")),
    ("LVS315", ROUTERS + service("fwmark = ⟦80⟧") + marking("").replace("-p tcp ", "")),
    ("LVS315", ROUTERS + service("fwmark = ⟦80⟧") + marking("! --dport 22")),
    ("LVS315", ROUTERS + service("fwmark = ⟦80⟧") + marking("--dport 1:1023")),
    ("LVS316", service("fwmark = 21", FTP, "persistent = ⟦1⟧")),
    ("LVS316", service("fwmark = 21", FTP, "persistent = ⟦59⟧")),
    ("LVS316", ROUTERS + service("fwmark = 80", "persistent = ⟦9⟧") + BOTH),
    ("LVS325", QUIESCED),
    ("LVS325", ROUTERS + QUIESCED + f"--- router 10.10.1.21 sysctl\n{SYSCTL} = 0\n"),
    ("LVS325", ROUTERS + QUIESCED + f"--- router 10.10.1.21 sysctl\n#{SYSCTL} = 1\n"),
    ("LVS325", ROUTERS + QUIESCED + f"--- router 10.10.1.21 sysctl\n{SYSCTL} = 1\n--- router 10.10.1.22 sysctl\nnet.ipv4.ip_forward = 1\n"),
    ("LVS325", ROUTERS + service(ON, "quiesce_server = ⟦1⟧", server()) + f"--- real-server one sysctl\n{SYSCTL} = 1\n"),
]  # fmt: skip

SILENT: list[tuple[str, str]] = [
    ("LVS313", service(ON, "pmask = 255.255.255.0")),
    ("LVS313", service(ON, "pmask = 255.255.255.255")),
    ("LVS313", service("pmask = 0.0.0.0")),
    ("LVS313", service("pmask = 255.255.255.0", "persistent = 5m")),
    ("LVS313", service("pmask = garbage")),
    ("LVS313", service("pmask = 255.255.255.0").replace("active = 1", "active = 0")),
    ("LVS314", service(ON, "pmask = 255.255.255.0")),
    ("LVS314", service(ON, "pmask = 255.255.255.255")),
    ("LVS314", service(ON, "pmask = 0.0.0.0")),
    ("LVS314", service("pmask = 255.255.0.0")),  # LVS313
    ("LVS314", service(ON, "pmask = 255.0.255.0")),  # LVS108
    ("LVS315", service("fwmark = 80")),
    ("LVS315", service(FTP)),
    ("LVS315", service("fwmark = 21", FTP, ON)),
    ("LVS315", service("fwmark = 21", FTP, "protocol = udp")),
    ("LVS315", service("fwmark = 21", FTP, "persistent = 5m")),
    ("LVS315", service("fwmark = 0", FTP)),
    ("LVS315", ROUTERS + service("fwmark = 80") + marking("--dport 80")),
    ("LVS315", ROUTERS + service("fwmark = 80") + marking("-m multiport --dports 80,443", mark="81")),
    ("LVS315", ROUTERS + service("fwmark = 80", ON) + BOTH),
    ("LVS315", ROUTERS + service("fwmark = 80") + "--- router 10.10.1.21 sysctl\n"),
    ("LVS315", ROUTERS + service("fwmark = 80", "port = 8000", ON) + marking("--dport 8000:8010")),
    ("LVS315", ROUTERS + service("fwmark = 80") + marking("", mark="81")),
    ("LVS315", ROUTERS + service("fwmark = 80") + marking("--dport 80") + marking("--dport 80", host="10.10.1.22")),
    ("LVS315", ROUTERS + service("fwmark = 80") + marking("--dport $PORT")),
    ("LVS315", ROUTERS + service("fwmark = 80") + marking("--dport 80:80")),
    # The same port of another protocol arrives where it should.
    ("LVS315", ROUTERS + service("fwmark = 80", "port = 53") + router("-A PREROUTING -d 10.10.1.20 -p tcp --dport 53 -j MARK --set-mark 80", "-A PREROUTING -d 10.10.1.20 -p udp --dport 53 -j MARK --set-mark 80")),
    # Later rules of the chain leave one port of all.
    ("LVS315", ROUTERS + service("fwmark = 80") + router("-N L", "-A PREROUTING -p tcp -d 10.10.1.20 --dport 80 -j L", "-A L -j MARK --set-mark 80")),
    ("LVS316", service("fwmark = 21", FTP, "persistent = 60")),
    ("LVS316", ROUTERS + service("fwmark = 80", "persistent = 5") + marking("")),
    ("LVS316", service("fwmark = 80", "persistent = 5")),
    ("LVS316", service(FTP, "persistent = 5")),
    ("LVS316", ROUTERS + service("fwmark = 80", "persistent = 5") + marking("--dport 80")),
    ("LVS325", service("quiesce_server = 1")),
    ("LVS325", service(ON, "quiesce_server = 0")),
    ("LVS325", KNOWN + f"--- router 10.10.1.21 sysctl\n{SYSCTL} = 0\n{SYSCTL}=1\n"),
    ("LVS325", KNOWN + "--- router sysctl\n- net/ipv4/vs/expire_quiescent_template = 1\n".replace("router sysctl", "router 10.10.1.22 sysctl")),
]  # fmt: skip

_PMASK = "     pmask = 255.255.255.255\n"
_QUIESCE = "     quiesce_server = 0\n"

DEFECTS: list[tuple[str, str, str, str]] = [
    ("several services", f"     persistent = 60\n{_PMASK}", "     pmask = 255.255.255.0\n", "LVS313"),
    ("several services", _PMASK, "     pmask = 255.255.0.0\n", "LVS314"),
    ("ftp with a mark", "     persistent = 900\n", "", "LVS315"),
    ("ftp with a mark", "persistent = 900", "persistent = 1", "LVS316"),
    ("ftp with a mark", "persistent = 900", "persistent = 30", "LVS316"),
    ("marks", _QUIESCE, _QUIESCE.replace("0", "1"), "LVS325"),
]  # fmt: skip
