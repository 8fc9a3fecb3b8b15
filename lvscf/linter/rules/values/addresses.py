"""LVS1: addresses and netmasks that Piranha accepts, but does not read as intended."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import Owner, VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.spellings import ADDRESSES, NETMASKS
from lvscf.piranha.values import C_BLANKS, UNSET_ADDRESS, AddressOnDevice, inet_aton
from lvscf.shared import ipv4
from lvscf.source import quoted
from lvscf.syntax import words
from lvscf.syntax.nodes import Directive


@rule("LVS107", "unusual-address", Severity.WARNING, also=(Severity.INFO,))
def unusual_address(case: Case) -> Iterator[Problem]:
    """An address that is not four decimal numbers.

    What:
        An address or netmask is written with fewer than four parts, with octal or hexadecimal
        parts, or with further text after it inside the quotes.  This is a warning, or an info where
        each part has the value that it seems to have, as in `10.01.1.20`.

    Why:
        Piranha reads addresses as C's inet_aton does: `10.1` is 10.0.0.1, a leading zero makes a
        part octal (`010.1.1.1` is 8.1.1.1), and text after a blank is ignored.

    Example:
        - primary = 10.10.1.021
        + primary = 10.10.1.21
    """
    for _, definition, line, word in case.peculiar:
        if definition.unused or definition.kind not in ADDRESSES + NETMASKS:
            continue
        address = _address(line)
        if inet_aton(word.text) is None:
            continue  # a host name
        if definition.kind in NETMASKS and _has_holes(address):
            continue  # LVS108, where it matters
        first = C_BLANKS.split(word.text, 1)[0]
        if first == address:
            message = f"Piranha reads {address} and ignores the text after it."
        else:
            message = f"Piranha reads {quoted(word.text)} as {address}."
        yield Problem(
            at=places.word(line, 2),
            message=message,
            help=f"Write four decimal numbers: `{address}`, if that is the intended value.",
            severity=Severity.INFO if _as_it_seems(word.text, address) else None,
        )


@rule("LVS108", "netmask-holes", Severity.ERROR)
def netmask_holes(case: Case) -> Iterator[Problem]:
    """A value that is not a valid netmask.

    What:
        A netmask in use is not a run of ones followed by zeros; often it is a prefix length or a
        wildcard mask.  Or Piranha cannot read a `pmask` at all.

    Why:
        `vip_nmask = 24` is 0.0.0.24.  ifconfig rejects such a mask ("Invalid argument"), and the
        address keeps its classful mask, with a route to that whole network.  A `pmask` with holes
        groups unrelated clients for persistence; one that Piranha cannot read is silently ignored.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
        -     vip_nmask = 24
        +     vip_nmask = 255.255.255.0
          }
    """
    classful = "ifconfig rejects it, and {} gets the classful mask and its route"
    config = case.config
    if config.service == "lvs" and config.network == "nat" and config.nat_router:
        yield from _holes(config, "nat_nmask", classful.format("the NAT router address"))
    for service in case.services:
        yield from _holes(service, "vip_nmask", classful.format("the VIP"))
    for virtual in case.virtual_servers:
        if (virtual.persistent or 0) > 0:
            yield from _holes(
                virtual, "pmask", "persistence sends unrelated clients to the same real server"
            )
    if "pmask" in case.source.text:
        for virtual in case.virtual_servers:
            yield from _unreadable_pmask(case, virtual)


def _holes(owner: Owner, name: str, consequence: str) -> Iterator[Problem]:
    mask: str = getattr(owner, name)
    line = places.written(owner, name)
    if line is None or not _has_holes(mask):
        return
    number = ipv4.number(mask) or 0
    word = line.words[2].text
    held = f", read as {mask}," if word != mask else ""
    what, meant = f"{quoted(word)}{held} has holes, so it is not a valid netmask", ""
    if 0 < number <= 32:
        what = f"Piranha does not accept prefix lengths, and reads {quoted(word)} as {mask}"
        meant = ipv4.dotted(ipv4.mask_of(number))
    elif not _has_holes(ipv4.dotted(number ^ ipv4.ALL_ONES)):
        what = f"{quoted(word)}{held} is the inverse of a netmask"
        meant = ipv4.dotted(number ^ ipv4.ALL_ONES)
    yield Problem(
        at=places.value(line),
        message=f"{what}: {consequence}.",
        help=f"Write `{name} = {meant}`."
        if meant
        else "Write a valid netmask, such as `255.255.255.0`.",
    )


def _unreadable_pmask(case: Case, virtual: VirtualServer) -> Iterator[Problem]:
    for line in case.items_of(virtual):
        if not isinstance(line, Directive) or line.name != "pmask" or line.value is not None:
            continue
        found = words.split(line.content)
        texts = [word.text for word in found.words]
        if found.broken_at is not None or texts[1:2] != ["="] or len(texts) != 3:
            continue  # the line has a fault, and a finding of its own
        prefix = texts[2].removeprefix("/")
        meant = "255.255.255.255"
        if prefix.isdecimal() and len(prefix) < 3 and 0 < int(prefix) <= 32:
            meant = ipv4.dotted(ipv4.mask_of(int(prefix)))
        yield Problem(
            at=places.value(line),
            message=f"{quoted(texts[2])} is not a valid netmask: Piranha silently ignores this line.",
            help=f"Write `pmask = {meant}`, or remove the line.",
        )


@rule("LVS109", "host-name-address", Severity.WARNING)
def host_name_address(case: Case) -> Iterator[Problem]:
    """A host name instead of an address.

    What:
        An address is given as a host name, anywhere in the file: Piranha resolves names in inactive
        blocks as well.

    Why:
        The name is resolved whenever a daemon reads the file.  While DNS is down, Piranha rejects
        the file, and the router cannot take over.  While DNS is slow, pulse gives up, because it
        waits only ten seconds for lvsd to start.  If the name gets another address, Piranha uses
        the old one until its next start.

    Example:
        - primary = lvs1.example.com
        + primary = 10.10.1.21
    """
    for _, definition, line, word in case.peculiar:
        if definition.kind in ADDRESSES and inet_aton(word.text) is None:
            yield Problem(
                at=places.word(line, 2),
                message=f"Piranha resolves {quoted(word.text)} whenever it reads the file. If DNS "
                "is down, Piranha rejects the file and will not start; if DNS is slow, pulse gives up "
                "on lvsd after 10 seconds.",
                help="Write the address instead.",
            )


def _address(line: Directive) -> str:
    """The address that Piranha holds."""
    value = line.value
    return value.address if isinstance(value, AddressOnDevice) else str(value)


def _as_it_seems(word: str, address: str) -> bool:
    """Whether the parts of `word`, read as decimal numbers, are those of `address`."""
    parts = word.split(".")
    if address == UNSET_ADDRESS and not word.strip("0."):
        return True  # "not set", in any spelling
    return len(parts) == 4 and [part.lstrip("0") or "0" for part in parts] == address.split(".")


def _has_holes(mask: str) -> bool:
    """Whether a netmask is anything but a run of ones followed by zeros."""
    hosts = (ipv4.number(mask) or 0) ^ ipv4.ALL_ONES
    return bool(hosts & (hosts + 1))


RULES: tuple[CaseRule, ...] = (unusual_address, netmask_holes, host_name_address)
