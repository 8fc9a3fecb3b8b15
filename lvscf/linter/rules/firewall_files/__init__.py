"""LVS7: the files of firewall rules themselves."""
