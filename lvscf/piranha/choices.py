"""What the words mean that a directive accepts: for editors, which show them.

The words themselves are in the table of `directives`, except those of `load_monitor`, which takes
the name of any program.
"""

from collections.abc import Mapping

MEANINGS: Mapping[str, Mapping[str, str]] = {
    "service": {
        "lvs": "Balance traffic: Piranha uses the `virtual` blocks.",
        "fos": "Failover services: Piranha uses the `failover` blocks.",
    },
    "network": {
        "direct": "Direct routing: real servers answer clients directly, and must accept packets "
        "to the VIP without answering ARP requests for it.",
        "nat": "NAT: requests and answers both pass the LVS router, so it must be the gateway of "
        "the real servers.",
        "tunnel": "IP in IP tunnels to the real servers, which answer clients directly.",
    },
    "reservation_conflict_action": {
        "nothing": "Leave the reservation to the other router.",
        "preempt": "Take the reservation from the other router.",
    },
    "protocol": {
        "tcp": "TCP connections.",
        "udp": "UDP datagrams.",
    },
    "scheduler": {
        "rr": "Round robin: each real server in turn; weights do not count.",
        "wrr": "Weighted round robin: in turn, in proportion to the weights.",
        "lc": "Least connections: the real server with the fewest connections.",
        "wlc": "Weighted least connections: the fewest connections in relation to the weight.",
        "lblc": "Locality-based least connections, by destination address: for cache clusters.",
        "lblcr": "Locality-based least connections with replication: a set of servers for each "
        "destination address, for cache clusters.",
        "dh": "Destination hashing: the destination address decides.",
        "sh": "Source hashing: the client's address decides.",
    },
    "load_monitor": {
        "none": "Do not ask for the load: weights stay as they are written.",
        "uptime": "Run `uptime` on the real server by `rsh_command`.",
        "rup": "Run `rup`, which asks rstatd on the real server.",
        "ruptime": "Run `ruptime`, which asks rwhod.",
    },
}
"""By directive and word."""
