"""From keepalived.conf to its virtual servers and addresses, each with its place."""
