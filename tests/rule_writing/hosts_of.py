"""The files of a conversion as what is known of the hosts."""

from collections.abc import Mapping

import lvscf
from lvscf import hosts
from lvscf.cluster import Cluster
from lvscf.hosts import Host
from lvscf.keepalived import File


def closed(text: str) -> str:
    """Rules in whose filter table only what they accept comes through."""
    before, table, rest = text.partition("*filter")
    return before + table + rest.replace(" ACCEPT [0:0]", " DROP [0:0]")


def shown(document: lvscf.Document, files: Mapping[str, File]) -> Cluster:
    """The hosts that have what the files hold, and drop everything else."""
    known: list[Host] = []
    for name, file in files.items():
        folder, _, kind = name.rpartition("/")
        text = closed(file.text) if kind == "iptables.rules" else file.text
        if folder in ("primary", "backup"):
            address = getattr(document.config, folder)
            known.append(hosts.read(text, name).of("router", address))
        else:
            known.append(hosts.read(text, name).of("real-server", folder.rpartition("/")[2]))
    return Cluster(tuple(known))
