"""LVS0: what the reader refuses or misreads, in words."""
