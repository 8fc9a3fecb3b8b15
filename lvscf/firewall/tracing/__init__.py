"""Tracing: following a packet through chains, whatever is known of it."""
