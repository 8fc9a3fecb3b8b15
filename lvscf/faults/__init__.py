"""LVS0: what Piranha's reader rejects or misreads, explained."""
