"""LVS4: firewall marks, and the way of packets through the routers to IPVS."""
