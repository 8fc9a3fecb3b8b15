"""The typed view of an lvs.cf, and what follows from its values alone."""
