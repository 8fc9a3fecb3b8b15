"""The IPVS table and the addresses as commands: for tests and emergencies.

`ipvsadm-restore` reads the table as Piranha has it once all real servers are up.  Nothing checks
the servers, and nothing moves the addresses.
"""

from collections.abc import Iterator

from lvscf.config.ipvs_table import Destination, IpvsService, effective_table
from lvscf.config.model import Config
from lvscf.document import Document
from lvscf.keepalived.addresses import addresses
from lvscf.keepalived.conversion import check_addresses, in_order, readable
from lvscf.keepalived.maker import made_from
from lvscf.keepalived.notes import NoteMaker
from lvscf.keepalived.plan import TIMEOUTS, Options, plan
from lvscf.keepalived.provenance import provenance
from lvscf.keepalived.router_notes import address_notes
from lvscf.keepalived.service_notes import omission_notes
from lvscf.keepalived.services import FROM_THE_TABLE
from lvscf.keepalived.targets import target
from lvscf.keepalived.values import SCRIPT_MODE, Conversion, File
from lvscf.piranha.limits import LONGEST_SECONDS
from lvscf.shared.records import evolved

_METHODS = {"nat": "-m", "direct": "-g", "tunnel": "-i"}


def convert_to_ipvsadm(document: Document | Config) -> Conversion:
    """Return the table for `ipvsadm-restore`, and a script with the addresses and the timeouts.

    Args:
        document: the lvs.cf.

    Raises:
        RefusedError: Piranha's reader would reject the file.
        UnconvertibleError: an address in use is a host name.
        TypeError: `document` is neither a document nor a configuration.
    """
    config, source = readable(document)
    known = provenance(config, source)
    check_addresses(config, known)
    effective = config.effective
    head = made_from(known.name)
    files = {
        "ipvsadm.rules": File("".join(f"{line}\n" for line in table_lines(effective))),
        "addresses.sh": File("\n".join(_commands(effective, head)) + "\n", SCRIPT_MODE),
    }
    make = NoteMaker(known)
    made = plan(config, Options(target("1.2")))
    omitted = tuple(one for one in made.services.omitted if one.reason in FROM_THE_TABLE)
    made = evolved(made, services=evolved(made.services, omitted=omitted))
    notes = in_order((*address_notes(made, make), *omission_notes(made, make)))
    filename = source.filename if source is not None else known.name
    return Conversion(files, notes, "", filename)


def table_lines(config: Config) -> Iterator[str]:
    """The table as `ipvsadm -Sn` prints it, in the order of the lvs.cf; of effective values."""
    method = _METHODS[config.network or "nat"]
    for service in effective_table(config).services:
        yield _service(service)
        for one in service.destinations:
            yield _destination(service, one, method)


def _named(service: IpvsService) -> str:
    if service.fwmark:
        return f"-f {service.fwmark}"
    letter = "-u" if service.protocol == "udp" else "-t"
    return f"{letter} {service.address}:{service.port}"


def _service(service: IpvsService) -> str:
    line = f"-A {_named(service)} -s {service.scheduler}"
    if service.persistent:
        line += f" -p {service.persistent}"
        if service.netmask != "255.255.255.255":
            line += f" -M {service.netmask}"
    return line


def _destination(service: IpvsService, one: Destination, method: str) -> str:
    return f"-a {_named(service)} -r {one.address}:{one.port} {method} -w {one.weight}"


def _commands(config: Config, head: str) -> Iterator[str]:
    yield "#!/bin/sh"
    yield f"# Addresses and timeouts of the active router, {head}"
    for one in addresses(config)[0]:
        label = f" label {one.label}" if one.label else ""
        yield f"ip addr add {one.address}/{one.length} brd + dev {one.device}{label}"
    seconds = [getattr(config, name) or 0 for name in TIMEOUTS]
    wanted = any(seconds) and all(0 <= one <= LONGEST_SECONDS for one in seconds)
    if wanted and config.service == "lvs":
        yield f"ipvsadm --set {' '.join(map(str, seconds))}"
    if config.service == "lvs":
        yield "ipvsadm -C"
        yield 'ipvsadm-restore < "$(dirname "$0")/ipvsadm.rules"'
