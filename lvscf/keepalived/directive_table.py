"""The table of directives: what becomes of each one in keepalived.conf.

The converter takes keepalived's keywords and words from here, and says with `kept` how much
survives.  docs/keepalived.md is made from it.  Facts: configurations run under keepalived on a
kernel with IPVS, next to what Piranha 0.8.6 does.
"""

from collections.abc import Mapping

from attrs import field

from lvscf.keepalived.values import Kept
from lvscf.piranha.directives import Scope
from lvscf.shared.records import record


@record
class Row:
    """What becomes of one directive."""

    scope: Scope
    directives: tuple[str, ...]
    becomes: str
    """What is written, in Markdown; empty if nothing is."""
    kept: Kept
    keyword: str = ""
    """The keyword of keepalived.conf that takes its value."""
    words: Mapping[str, str] = field(factory=dict)
    """The word of keepalived for each of Piranha's."""
    notes: tuple[str, ...] = ()
    """The codes of notes about it."""
    remark: str = ""


_G, _S, _R = Scope.GLOBAL, Scope.SERVICE, Scope.SERVER
_EXACT, _NEAR, _DROPPED = Kept.EXACT, Kept.NEAR, Kept.DROPPED

TABLE: tuple[Row, ...] = (
    Row(
        _G, ("primary", "backup"),
        "one folder per router: `vrrp_instance VI_1` with `state BACKUP`, `nopreempt`, priority "
        "150 or 100, `unicast_src_ip` and `unicast_peer`",
        _EXACT, keyword="unicast_src_ip", notes=("N01", "N33"),
        remark="lvs.cf names no interface: it is the one of the first VIP whose network has the "
        "router's address, or `--interface`",
    ),
    Row(
        _G, ("backup_active",),
        "without a backup router there is no VRRP: all addresses are in `static_ipaddress`",
        _NEAR, keyword="static_ipaddress", notes=("N02", "N05", "N18"),
    ),
    Row(
        _G, ("primary_private", "backup_private"), "", _DROPPED, notes=("N03", "N26"),
        remark="VRRP has one path",
    ),
    Row(
        _G, ("primary_shared", "backup_shared", "reservation_conflict_action"), "", _DROPPED,
        notes=("N24",), remark="keepalived knows no shared disks",
    ),
    Row(
        _G, ("service",), "`lvs`: virtual servers; `fos`: scripts that start and stop the services",
        _NEAR, notes=("N24", "N25", "N30"),
    ),
    Row(
        _G, ("keepalive", "deadtime"),
        "`advert_int`: a third of `deadtime`, in whole seconds", _NEAR,
        keyword="advert_int", notes=("N04",),
        remark="the backup router takes over after three intervals and 0.6 s; exact if `deadtime` "
        "is three times `keepalive`",
    ),
    Row(
        _G, ("heartbeat", "heartbeat_port"), "", _DROPPED, notes=("N05",),
        remark="VRRP is IP protocol 112; the firewall must accept it",
    ),
    Row(_G, ("hard_shutdown",), "", _DROPPED, notes=("N05",)),
    Row(
        _G, ("network",), "`lvs_method`", _EXACT, keyword="lvs_method",
        words={"direct": "DR", "nat": "NAT", "tunnel": "TUN"}, notes=("N06", "N18"),
    ),
    Row(
        _G, ("nat_router", "nat_nmask"),
        "one more address of `VI_1` (with `network = nat`)", _EXACT, keyword="virtual_ipaddress",
        notes=("N09", "N10", "N11", "N26", "N33"),
    ),
    Row(
        _G, ("monitor_links",),
        "`track_interface` with the devices of VIPs (with a backup router)", _NEAR,
        keyword="track_interface", notes=("N26",),
        remark="the instance's own interface is always tracked",
    ),
    Row(
        _G, ("active_cmd",), "`notify_master`", _NEAR, keyword="notify_master", notes=("N07",),
    ),
    Row(
        _G, ("inactive_cmd",), "`notify_backup`, `notify_fault` and `notify_stop`", _NEAR,
        keyword="notify_backup", notes=("N07",),
    ),
    Row(
        _G, ("syncdaemon", "syncd_iface", "syncd_id"),
        "`lvs_sync_daemon IFACE VI_1 id N` (with a backup router)", _EXACT,
        keyword="lvs_sync_daemon", notes=("N08",),
    ),
    Row(
        _G, ("tcp_timeout", "tcpfin_timeout", "udp_timeout"), "`lvs_timeouts`", _EXACT,
        keyword="lvs_timeouts",
        words={"tcp_timeout": "tcp", "tcpfin_timeout": "tcpfin", "udp_timeout": "udp"},
        notes=("N26", "N27"),
        remark="a script calls `ipvsadm --set` for releases that ignore it",
    ),
    Row(
        _G, ("rsh_command",), "", _DROPPED, notes=("N16",), remark="see `load_monitor`",
    ),
    Row(
        _G, ("ipvsadm",), "", _DROPPED, remark="keepalived talks to the kernel itself",
    ),
    Row(_G, ("serial_no", "debug_level", "sync"), "", _DROPPED, remark="no daemon uses it"),
    Row(
        _S, ("active",), "inactive blocks are left out; a comment names each", _EXACT,
        notes=("N14", "N25", "N29", "N30"),
    ),
    Row(
        _S, ("address", "vip_nmask"),
        "`virtual_ipaddress { VIP/LENGTH dev DEVICE label ALIAS }`, once for each VIP", _EXACT,
        keyword="virtual_ipaddress",
        notes=("N09", "N10", "N11", "N24", "N26", "N30", "N33"),
    ),
    Row(
        _S, ("port",), "`virtual_server VIP PORT`", _EXACT, keyword="virtual_server",
        notes=("N12", "N19", "N30"),
    ),
    Row(
        _S, ("protocol",), "`protocol`; nothing with a firewall mark", _EXACT, keyword="protocol",
        words={"tcp": "TCP", "udp": "UDP"}, notes=("N19",),
    ),
    Row(
        _S, ("fwmark",),
        "`virtual_server fwmark N`; real servers have no port, except for releases before 2.0.14",
        _EXACT, keyword="virtual_server fwmark", notes=("N06", "N12", "N30"),
    ),
    Row(
        _S, ("scheduler",), "`lvs_sched`, the same words", _EXACT, keyword="lvs_sched",
    ),
    Row(
        _S, ("persistent",), "`persistence_timeout`, if it is not 0", _EXACT,
        keyword="persistence_timeout", notes=("N30",),
    ),
    Row(
        _S, ("pmask",), "`persistence_granularity`, if clients are persistent and grouped", _EXACT,
        keyword="persistence_granularity", notes=("N26", "N28"),
    ),
    Row(
        _S, ("timeout",), "`delay_loop`, and the timeouts of the checks", _EXACT,
        keyword="delay_loop", notes=("N22", "N31", "N32"),
    ),
    Row(
        _S, ("reentry",), "", _DROPPED, notes=("N13", "N26"),
        remark="the first good check brings a server back",
    ),
    Row(
        _S, ("quiesce_server",), "`inhibit_on_failure` in every real server", _EXACT,
        keyword="inhibit_on_failure", notes=("N15",),
    ),
    Row(
        _S, ("sorry_server",), "`sorry_server`, with the virtual server's port", _EXACT,
        keyword="sorry_server", notes=("N26", "N31"),
    ),
    Row(
        _S, ("send", "expect", "use_regex"),
        "a script for `MISC_CHECK`; `TCP_CHECK` if no answer is expected; with `--checks native`, "
        "`HTTP_GET` where it fits",
        _EXACT, notes=("N19", "N21", "N22", "N23", "N34"),
    ),
    Row(
        _S, ("send_program",), "a script for `MISC_CHECK` that runs the program", _NEAR,
        notes=("N19", "N20"),
    ),
    Row(_S, ("load_monitor",), "", _DROPPED, notes=("N16",)),
    Row(_S, ("client_monitor",), "`TCP_CHECK`, if it is not nanny", _DROPPED, notes=("N17",)),
    Row(
        _S, ("start_cmd", "stop_cmd"),
        "scripts for `notify_master`, `notify_backup`, `notify_fault` and `notify_stop` (with "
        "`service = fos`)",
        _NEAR, keyword="notify_master", notes=("N24", "N26"),
    ),
    Row(_S, ("master", "dirs"), "", _DROPPED, remark="no daemon uses it"),
    Row(
        _R, ("active",), "inactive real servers are left out; a comment names each", _EXACT,
        notes=("N29",),
    ),
    Row(
        _R, ("address",), "`real_server ADDRESS PORT`", _EXACT, keyword="real_server",
        notes=("N14", "N18", "N31"),
    ),
    Row(
        _R, ("port",),
        "with NAT, the port of `real_server`; else only the port that is checked (`connect_port`)",
        _EXACT, keyword="connect_port", notes=("N06", "N14", "N19", "N31"),
    ),
    Row(
        _R, ("weight",), "`weight`, at least 1", _EXACT, keyword="weight", notes=("N13", "N31"),
    ),
)  # fmt: skip

_BY_NAME = {(row.scope, name): row for row in TABLE for name in row.directives}


def row(scope: Scope, directive: str) -> Row:
    """The row of a directive."""
    return _BY_NAME[scope, directive]


def keyword(directive: str, scope: Scope = Scope.SERVICE) -> str:
    """The keyword of keepalived.conf that takes the value of a directive."""
    return row(scope, directive).keyword


def word(directive: str, value: str, scope: Scope = Scope.SERVICE) -> str:
    """The word of keepalived for a word of Piranha."""
    return row(scope, directive).words.get(value, value)
