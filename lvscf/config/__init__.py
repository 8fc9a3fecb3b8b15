"""The typed view of an lvs.cf, and what its values alone imply."""
