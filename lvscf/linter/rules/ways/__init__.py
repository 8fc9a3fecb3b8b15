"""The ways of packets beyond IPVS: what is sent on, what comes back, and what nanny asks."""
