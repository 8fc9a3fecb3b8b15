"""Files for the tests of linting a keepalived.conf."""

from lvscf.cluster import Cluster
from lvscf.files.keepalived_files import parsed
from lvscf.hosts.reading import read
from lvscf.keepalived.linting.examination import KeepalivedExamination, examine
from lvscf.keepalived.reading.model import KeepalivedConf
from lvscf.linter.settings import Settings
from lvscf.source import Source

INSTANCE = """\
vrrp_instance VI_1 {
    interface eth0
    unicast_src_ip 10.10.1.21
    unicast_peer {
        10.10.1.22
    }
    virtual_ipaddress {
        10.10.1.20/24 dev eth0 label eth0:1
    }
}
"""
MARKED = (
    INSTANCE
    + """\
virtual_server fwmark 80 {
    lvs_method DR
    real_server 10.10.1.31 {
        TCP_CHECK {
            connect_port 80
        }
    }
}
"""
)
PLAIN = (
    INSTANCE
    + """\
virtual_server 10.10.1.20 80 {
    lvs_method DR
    protocol TCP
    real_server 10.10.1.31 80 {
        TCP_CHECK {
        }
    }
}
"""
)
ROUTER = "*mangle\n:PREROUTING ACCEPT [0:0]\n{}\nCOMMIT\n"
MARKING = "-A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp --dport 80 -j MARK --set-mark 80"
REDIRECTING = (
    "*nat\n:PREROUTING ACCEPT [0:0]\n"
    "-A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp --dport 80 -j REDIRECT\nCOMMIT\n"
)
NOTHING = "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n"


def conf(text: str) -> KeepalivedConf:
    """A keepalived.conf without a folder."""
    return parsed(Source(text, "keepalived.conf"), is_stream=True)


def cluster(router: str | None = None, **real_servers: str) -> Cluster:
    """Rules of the router, and of real servers by the last part of their address: `s31=...`."""
    hosts = []
    if router is not None:
        hosts.append(read(router, "router.txt").of("router", None))
    for name, text in real_servers.items():
        address = f"10.10.1.{name[1:]}"
        hosts.append(read(text, f"{name}.txt").of("real-server", address))
    return Cluster(hosts)


def examined(text: str, hosts: Cluster | None, **settings: object) -> KeepalivedExamination:
    """What linting finds."""
    return examine(conf(text), hosts, Settings(**settings))  # type: ignore[arg-type]


def codes(found: KeepalivedExamination) -> list[str]:
    """The rules that found something, in order."""
    return [finding.code for finding in found.findings]
