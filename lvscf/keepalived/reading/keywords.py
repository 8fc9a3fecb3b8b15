"""The words of keepalived.conf that may stand around and in virtual servers.

Facts: keepalived.conf(5) of 1.2 to 2.3.  Of most, only that they are known matters: they change
neither the table nor the addresses.
"""

SAME = {"lb_algo": "lvs_sched", "lb_kind": "lvs_method"}
"""Older words, each with the usual one."""

TOP_LEVEL = frozenset(
    (
        "global_defs",
        "virtual_server",
        "virtual_server_group",
        "vrrp_instance",
        "vrrp_sync_group",
        "vrrp_script",
        "vrrp_track_process",
        "vrrp_track_file",
        "track_file",
        "static_ipaddress",
        "static_routes",
        "static_rules",
        "track_group",
        "garp_group",
        "interface_up_down_delays",
        "linkbeat_interfaces",
        "linkbeat_use_polling",
        "net_namespace",
        "net_namespace_ipvs",
        "namespace_with_ipsets",
        "instance",
        "use_pid_dir",
        "child_wait_time",
        "bfd_instance",
        "SSL",
    )
)

VIRTUAL_SERVER = frozenset(
    (
        "lvs_sched",
        "lvs_method",
        "protocol",
        "persistence_timeout",
        "persistence_granularity",
        "persistence_engine",
        "delay_loop",
        "delay_before_retry",
        "retry",
        "warmup",
        "ops",
        "alpha",
        "omega",
        "quorum",
        "hysteresis",
        "quorum_up",
        "quorum_down",
        "virtualhost",
        "ip_family",
        "ha_suspend",
        "sorry_server",
        "sorry_server_inhibit",
        "sorry_server_lvs_method",
        "inhibit_on_failure",
        "connect_timeout",
        "smtp_alert",
        "weight",
        "hashed",
        "flag-1",
        "flag-2",
        "flag-3",
        "sh-port",
        "sh-fallback",
        "mh-port",
        "mh-fallback",
        "snmp_name",
        "nat_mask",
        "real_server",
    )
)

SCHEDULER_FLAGS = (
    "sh-port", "sh-fallback", "mh-port", "mh-fallback", "flag-1", "flag-2", "flag-3",
)  # fmt: skip

TCP_CHECKS = frozenset(("TCP_CHECK", "HTTP_GET", "SSL_GET", "SMTP_CHECK"))
"""Checks that connect to the server, to its own port unless they name another."""

CHECKS = TCP_CHECKS | {
    "MISC_CHECK", "DNS_CHECK", "BFD_CHECK", "UDP_CHECK", "PING_CHECK", "FILE_CHECK"
}  # fmt: skip

REAL_SERVER = frozenset(
    (
        "weight",
        "lvs_method",
        "inhibit_on_failure",
        "notify_up",
        "notify_down",
        "uthreshold",
        "lthreshold",
        "alpha",
        "delay_loop",
        "delay_before_retry",
        "retry",
        "warmup",
        "smtp_alert",
        "virtualhost",
        "snmp_name",
        "connect_timeout",
    )
)
