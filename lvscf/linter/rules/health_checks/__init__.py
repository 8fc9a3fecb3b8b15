"""LVS6: health checks: what nanny sends, what it expects, and what then happens."""
