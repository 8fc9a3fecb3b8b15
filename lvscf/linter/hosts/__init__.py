"""How the hosts' files treat the cluster's traffic: what rules about hosts ask."""
