"""Consequences that many rules have to tell, in the same words."""

CASCADE = "nanny ends, and with it lvsd stops every service of the router"
"""What the end of one nanny does (unless `hard_shutdown = 0` on release 0.8.6-7 or later).

Facts: pulse then takes the VIPs down and does not activate again before it hears a running partner.
A router alone stays down until somebody restarts pulse; a pair hands the failure back and forth.
"""
