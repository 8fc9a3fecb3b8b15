"""Tracing: the way of a packet through chains, with what is known of it and what is not."""
