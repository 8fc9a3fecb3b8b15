"""The cluster's tree with what is known of its hosts."""

from lvscf.cluster import Cluster
from lvscf.config.cluster_tree import Node
from lvscf.config.model import Config
from lvscf.hosts.host_tree import known_of


def with_hosts(tree: Node, config: Config, cluster: Cluster) -> Node:
    """The tree with a node for each host that files were given for, after all others."""
    vips = [one.address.address for one in config.services if one.address is not None]
    gateway = config.nat_router.address if config.nat_router is not None else None
    hosts = tuple(known_of(host, vips, gateway) for host in cluster.hosts)
    return Node(tree.kind, tree.title, tree.facts, tree.in_force, (*tree.parts, *hosts))
