"""LVS2: the two LVS routers, and how they watch each other."""
