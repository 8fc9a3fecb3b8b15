"""Direct rules as `firewall-cmd --direct` lists them."""

from lvscf.firewall.direct_rule_files import read_listing
from lvscf.hosts.host import Host, of_firewall
from lvscf.source import Source


def read(source: Source) -> Host:
    """The rules in a text."""
    return of_firewall(read_listing(source))
