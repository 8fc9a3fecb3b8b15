"""The language server: what an editor asks about an lvs.cf, and the protocol in which it asks."""
