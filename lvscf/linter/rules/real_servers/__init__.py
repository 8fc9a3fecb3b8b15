"""LVS5: real servers, and whether they accept what the routers forward."""
