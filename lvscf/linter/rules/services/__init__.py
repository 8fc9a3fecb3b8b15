"""LVS3: virtual servers, their real servers, and failover services."""
