"""Firewall rules that an lvs.cf needs on its hosts, and what is missing there."""

from lvscf.rule_writing.conversion import write_missing_rules, write_rules

__all__ = ["write_missing_rules", "write_rules"]
