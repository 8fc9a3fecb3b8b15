"""The language of iptables commands: options, their values, and what iptables rejects."""
