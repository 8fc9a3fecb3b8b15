"""Texts that may be a keepalived.conf, for laws."""

from hypothesis import strategies as st

TEXTS = st.text(st.sampled_from('ab #!"\\{}$=\n\r\t@~1'), max_size=60)
"""Any characters that mean something."""
_LINES = (
    "virtual_server 10.0.0.9 80 {",
    "virtual_server group g {",
    "virtual_server_group g {",
    "10.0.0.1-9 80",
    "fwmark 1",
    "virtual_server fwmark 1 {",
    "}",
    "real_server 10.0.0.1 80 {",
    "weight 3",
    "lvs_method DR",
    "vrrp_instance V {",
    "virtual_ipaddress {",
    "10.0.0.9/24 dev eth0 label eth0:1",
    "$A=10.0.0.1",
    "$A $A",
    "static_ipaddress {",
    "TCP_CHECK {",
    "connect_port",
    "persistence_timeout",
    "{",
    "include x",
    "@a protocol TCP",
    "lvs_sched",
    "sorry_server",
    "unicast_peer {",
    "interface",
    "protocol TCP",
    "persistence_granularity",
)
LINES = st.lists(st.sampled_from(_LINES), max_size=14)
"""Lines of a keepalived.conf, in any order."""
