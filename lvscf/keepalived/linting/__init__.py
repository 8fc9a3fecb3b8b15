"""The rules about hosts, for a keepalived.conf: what they need of it, and where they point."""
