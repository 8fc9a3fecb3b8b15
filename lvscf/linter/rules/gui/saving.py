"""LVS8: what the GUI changes when it writes the file: order, lengths, unknown directives."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.rules.gui.in_force import directives, kept_directives, owners
from lvscf.piranha import gui
from lvscf.piranha.directives import DEFAULTS, Scope
from lvscf.source import encode, quoted
from lvscf.syntax.nodes import Block, Comment, lines

_SURELY_SHORT = 66
"""A line of this length in ASCII is never too long, however the GUI indents it."""


@rule("LVS811", "gui-line-length", Severity.ERROR, optional=True)
def gui_line_length(case: Case) -> Iterator[Problem]:
    """A line that is too long for the GUI to write.

    What:
        A directive or header, as the GUI writes it, has more than 80 bytes, including its
        indentation and line end.  The limit is 300 bytes for `send`, `expect`, `use_regex` and
        `send_program` of virtual servers.

    Why:
        The GUI cuts off the rest, including the line end: the value loses its tail, and the next
        line is joined to it.  Piranha then rejects the file, or runs a different command.

    Example:
          failover db {
              active = 1
        -     start_cmd = "/opt/very/long/installation/prefix/for/hooks/start-the-service-now"
        +     start_cmd = "/opt/hooks/start-the-service-now"
          }
    """
    for kind, owner in owners(case):
        at = places.name_of(owner) if kind != "global" else None
        name = "" if kind == "global" else getattr(owner, "name", "")
        most = gui.most_name_bytes(kind) if at is not None else 0
        if at is not None and len(encode(name)) > most:
            yield _too_long(at, "name", len(encode(name)), most)
    for kind, line in kept_directives(case):
        if len(line.text) <= _SURELY_SHORT and line.text.isascii():
            continue
        if gui.is_too_long(line.content):
            continue  # LVS819
        at = places.value(line)
        length = len(encode(case.source.text[at.start : at.end]))
        most = gui.most_value_bytes(kind, line.name)
        if length > most:
            yield _too_long(at, "value", length, most)


def _too_long(at: Place, what: str, length: int, most: int) -> Problem:
    return Problem(
        at=at,
        message=f"This {what} has {length} bytes, but the GUI has room for {most}: it cuts off the "
        "rest and the line end, and joins the next line to this one.",
        help=f"Shorten it to {most} bytes"
        + (", for example with a script that has a shorter path." if what == "value" else "."),
    )


@rule("LVS812", "gui-failover-server", Severity.ERROR, optional=True)
def gui_failover_server(case: Case) -> Iterator[Problem]:
    """A server in a failover block, which replaces another pool's server.

    What:
        A `failover` block contains a `server` block.

    Why:
        Piranha reads such servers but never uses them.  The GUI stores them in the virtual server
        above, in place of its servers, beginning with the first.

    Example:
          failover db {
              active = 0
        -     server stray {
        -         active = 1
        -     }
          }
    """
    virtual: Block | None = None
    for block in case.reading.items:
        if not isinstance(block, Block):
            continue
        if block.keyword == "virtual":
            virtual = block
            continue
        number = 0
        for server in block.items:
            if not isinstance(server, Block):
                continue
            lost = None
            if virtual is not None:
                pool = [item for item in virtual.items if isinstance(item, Block)]
                lost = pool[number] if number < len(pool) else None
            number += 1
            effect = "the GUI loses this server when it saves"
            if lost is not None:
                effect = f"the GUI replaces server {quoted(lost.name)} with it"
            elif virtual is not None:
                effect = "the GUI adds it"
            if virtual is not None:
                effect += (
                    f" in `virtual {virtual.name}`" if lost else f" to `virtual {virtual.name}`"
                )
            yield Problem(
                at=places.name_in(server),
                message="Failover services have no servers: Piranha never uses this one, and "
                f"{effect}.",
                help="Remove the block.",
                related=((places.name_in(lost), "the server that is lost"),) if lost else (),
            )


@rule("LVS813", "gui-port-order", Severity.ERROR, optional=True)
def gui_port_order(case: Case) -> Iterator[Problem]:
    """A port after the servers, which the GUI moves above them.

    What:
        A virtual server sets `port` after a `server` block that has no port of its own, and the
        port that the server has there differs.

    Why:
        A real server takes the port that its virtual server has at that point of the file.  The GUI
        writes `port` above all servers: after its next save, their port has changed.

    Example:
          virtual http {
              active = 1
              server web1 {
                  active = 1
        +         port = 80
              }
              port = 8080
          }
    """
    for virtual, at in case.written(case.config.virtual_servers, "port"):
        moved = [
            (places.name_of(server) or at, f"has port {server.port} now")
            for server in virtual.servers
            if server.port != virtual.port and not case.is_written(server, "port")
        ]
        if moved:
            yield Problem(
                at=at,
                message="When the GUI saves, it writes this line above the servers: those without "
                f"their own port then change to port {virtual.port}.",
                help="Move the line above the first `server`, or give each server its own `port`.",
                related=tuple(moved),
            )


@rule("LVS814", "gui-unknown-directive", Severity.WARNING, optional=True)
def gui_unknown_directive(case: Case) -> Iterator[Problem]:
    """A directive that the GUI does not know and deletes.

    What:
        The file contains `hard_shutdown`, `ipvsadm`, `sync`, `client_monitor`, `master` or `dirs`;
        `start_cmd` or `stop_cmd` in a virtual server; or anything but the usual ten directives in a
        failover service.  Depending on the release, also `syncd_*` and `*_timeout` (before 0.8.6),
        or `active_cmd` and `inactive_cmd` (from 0.8.6 on, as far as is known of its GUI).

    Why:
        The GUI writes only what it knows.  Everything else silently disappears when it next saves,
        and Piranha's defaults apply.

    Example:
        - hard_shutdown = 0
        + keepalive = 6
    """
    scopes = {"global": Scope.GLOBAL, "server": Scope.SERVER}
    for kind, line in directives(case):
        if gui.knows(kind, line.name, case.target):
            continue
        default = DEFAULTS[scopes.get(kind, Scope.SERVICE)].get(line.name)
        if isinstance(default, bool):
            default = int(default)
        effect = f"; Piranha then uses {quoted(str(default))}" if default not in (None, "") else ""
        where = {
            "global": "",
            "virtual": " in a virtual server",
            "failover": " in a failover service",
        }
        yield Problem(
            at=places.word(line, 0),
            message=f"The GUI of Piranha {case.target} does not know `{line.name}`"
            f"{where.get(kind, '')} and deletes the line when it saves{effect}.",
            help="Do not use the GUI on this file, or do without the directive.",
        )


@rule("LVS815", "gui-fos", Severity.WARNING, optional=True)
def gui_fos(case: Case) -> Iterator[Problem]:
    """A fos cluster, which the GUI turns into an lvs cluster.

    What:
        `service = fos`.

    Why:
        Merely opening the page GLOBAL SETTINGS writes `service = lvs`.  From then on, no failover
        service is in force.

    Example:
        - service = fos
        + service = lvs
    """
    at = places.value_of(case.as_written, "service")
    if at is not None and case.as_written.service == "fos":
        yield Problem(
            at=at,
            message="As soon as the page GLOBAL SETTINGS is opened, the GUI writes `service = "
            "lvs`: the failover services are no longer in force.",
            help="Do not use the GUI on this file.",
        )


@rule("LVS816", "gui-form-reset", Severity.WARNING, optional=True)
def gui_form_reset(case: Case) -> Iterator[Problem]:
    """A value that the GUI's forms do not offer.

    What:
        A virtual server has no `scheduler`, a `load_monitor` other than none, rup and ruptime, or a
        netmask that the GUI does not offer: /31, shorter than /16, /23 before 0.8.6, or not written
        as four numbers.  The same applies to `nat_nmask`.

    Why:
        A form that does not offer the current value sends its first choice instead.  With the next
        ACCEPT on the page, whatever was changed there, the scheduler becomes rr (it was wlc), the
        load monitor none, a netmask unused, and `nat_nmask` 255.255.255.255.

    Example:
          virtual http {
              active = 1
        +     scheduler = wlc
          }
    """
    for virtual in case.as_written.virtual_servers:
        if case.is_missing(virtual, "scheduler"):
            yield Problem(
                at=case.name_of(virtual),
                message="This virtual server has no `scheduler`, which means wlc. The next ACCEPT "
                "on its page in the GUI changes it to rr.",
                help="Write `scheduler = wlc`.",
            )
        at = places.value_of(virtual, "load_monitor")
        if at is not None and virtual.load_monitor not in ("none", "rup", "ruptime"):
            yield Problem(
                at=at,
                message="The GUI does not offer this load monitor: the next ACCEPT on the page of "
                "this virtual server changes it to `none`.",
                help="Write `none`, `rup` or `ruptime`, or do not use the GUI on this file.",
            )
        for name in ("vip_nmask", "pmask"):
            yield from _mask(case, places.value_of(virtual, name), getattr(virtual, name), "unused")
    at = places.value_of(case.as_written, "nat_nmask")
    yield from _mask(case, at, case.as_written.nat_nmask, "255.255.255.255")


def _mask(case: Case, at: Place | None, mask: str | None, becomes: str) -> Iterator[Problem]:
    if at is None or mask is None or mask == "0.0.0.0":
        return
    if not gui.offers_mask(case.source.text[at.start : at.end], case.target):
        yield Problem(
            at=at,
            message="The GUI does not offer this netmask: the next ACCEPT on its page changes it "
            "to "
            f"{becomes}.",
            help="Use a mask that it offers, written as four numbers: /16 to /30, or /32.",
        )


@rule("LVS817", "gui-comment", Severity.INFO, optional=True)
def gui_comment(case: Case) -> Iterator[Problem]:
    """Comments, which the GUI deletes.

    What:
        The file has comments.  Only the first one is reported.

    Why:
        The GUI reads and writes values only.  Its next save deletes all comments.

    Example:
        - # changed by the night shift
          keepalive = 6
    """
    comments = [line for line in lines(case.reading.items) if isinstance(line, Comment)]
    if comments:
        others = len(comments) - 1
        more = f" and {others} more" if others else ""
        yield Problem(
            at=places.whole(comments[0]),
            message=f"The GUI deletes this comment{more} when it next saves the file.",
            help="Keep notes elsewhere if the GUI is in use.",
        )


@rule("LVS818", "gui-serial-base", Severity.WARNING, optional=True)
def gui_serial_base(case: Case) -> Iterator[Problem]:
    """A serial number that the GUI and Piranha read differently.

    What:
        `serial_no` has a leading 0 or `0x`, quotes, or is too large for 32 bits.

    Why:
        Piranha also reads octal and hexadecimal numbers, the GUI only decimal ones.  When it adds
        1, `010` becomes 11, and what it cannot read becomes 1.

    Example:
        - serial_no = 010
        + serial_no = 8
    """
    at = places.value_of(case.as_written, "serial_no")
    number = case.as_written.serial_no
    if at is None or number is None:
        return
    text = case.source.text[at.start : at.end]
    if text not in (str(number), f"+{number}"):
        yield Problem(
            at=at,
            message=f"Piranha reads this number as {number}. The GUI may read a different one, and "
            "then counts on from that.",
            help=f"Write `serial_no = {number}`.",
        )


RULES: tuple[CaseRule, ...] = (
    gui_line_length,
    gui_failover_server,
    gui_port_order,
    gui_unknown_directive,
    gui_fos,
    gui_form_reset,
    gui_comment,
    gui_serial_base,
)
