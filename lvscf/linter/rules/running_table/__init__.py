"""LVS44: the IPVS table of a running router beside the one that lvs.cf asks for."""
