"""Firewall rules that an lvs.cf needs on its hosts, and what is missing there."""
