"""LVS8: what changes when the GUI writes the file: order, length, and what it does not know."""

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
        A directive or header, as the GUI writes it, has more than 80 bytes, its indentation and its
        end included.  The limit is 300 bytes for `send`, `expect`, `use_regex` and `send_program` of
        virtual servers.

    Why:
        The GUI cuts the line there, end and all: the value loses its tail, and the next line is glued
        to it.  Piranha then refuses the file, or runs another command.

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
        message=f"This {what} has {length} bytes, and the GUI has room for {most}: it cuts off the "
        "rest and the end of the line, and glues the next line to it.",
        help=f"Shorten it to {most} bytes"
        + (", such as by a script with a shorter path." if what == "value" else "."),
    )


@rule("LVS812", "gui-failover-server", Severity.ERROR, optional=True)
def gui_failover_server(case: Case) -> Iterator[Problem]:
    """A server in a failover block, which replaces another pool's server.

    What:
        A `failover` block holds a `server` block.

    Why:
        Piranha reads such servers and never uses them.  The GUI stores them with the virtual server
        above, in place of its servers, from the first one on.

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
                effect = f"the GUI puts it in the place of server {quoted(lost.name)}"
            elif virtual is not None:
                effect = "the GUI adds it"
            if virtual is not None:
                effect += (
                    f" of `virtual {virtual.name}`" if lost else f" to `virtual {virtual.name}`"
                )
            yield Problem(
                at=places.name_in(server),
                message=f"A failover service has no servers: Piranha never uses this one, and {effect}.",
                help="Remove the block.",
                related=((places.name_in(lost), "the server that is lost"),) if lost else (),
            )


@rule("LVS813", "gui-port-order", Severity.ERROR, optional=True)
def gui_port_order(case: Case) -> Iterator[Problem]:
    """A port behind the servers, which the GUI moves above them.

    What:
        A virtual server sets `port` behind a `server` block that has no port of its own, and that
        server has another port so far.

    Why:
        A real server takes the port that its virtual server has at that line.  The GUI writes `port`
        above all servers: after the next save they have another port than before.

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
    for virtual in case.config.virtual_servers:
        at = places.value_of(virtual, "port")
        if at is None:
            continue
        moved = [
            (places.name_of(server) or at, f"has port {server.port} now")
            for server in virtual.servers
            if server.port != virtual.port and not case.is_written(server, "port")
        ]
        if moved:
            yield Problem(
                at=at,
                message="The GUI writes this line above the servers, and those without a port of "
                f"their own then have port {virtual.port}.",
                help="Move the line above the first `server`, or give each server its own `port`.",
                related=tuple(moved),
            )


@rule("LVS814", "gui-unknown-directive", Severity.WARNING, optional=True)
def gui_unknown_directive(case: Case) -> Iterator[Problem]:
    """A directive that the GUI does not know, and deletes.

    What:
        One of `hard_shutdown`, `ipvsadm`, `sync`, `client_monitor`, `master` and `dirs`;
        `start_cmd` or `stop_cmd` in a virtual server; anything but the usual ten directives in a
        failover service.  Also, by release: `syncd_*` and `*_timeout` before 0.8.6, `active_cmd` and
        `inactive_cmd` from 0.8.6 on (as far as its writer is known).

    Why:
        The GUI writes what it knows.  Everything else is gone after its next save, without a word,
        and Piranha's default is in force.

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
            f"{where.get(kind, '')}, and deletes the line when it saves{effect}.",
            help="Do not open this file with the GUI, or do without the directive.",
        )


@rule("LVS815", "gui-fos", Severity.WARNING, optional=True)
def gui_fos(case: Case) -> Iterator[Problem]:
    """A fos cluster, which the GUI turns into one for lvs.

    What:
        `service = fos`.

    Why:
        Merely opening the page GLOBAL SETTINGS writes `service = lvs`.  All failover services are
        out of force from then on.

    Example:
        - service = fos
        + service = lvs
    """
    at = places.value_of(case.as_written, "service")
    if at is not None and case.as_written.service == "fos":
        yield Problem(
            at=at,
            message="As soon as somebody opens the page GLOBAL SETTINGS, the GUI writes "
            "`service = lvs`: the failover services are no longer in force.",
            help="Keep the GUI away from this file.",
        )


@rule("LVS816", "gui-form-reset", Severity.WARNING, optional=True)
def gui_form_reset(case: Case) -> Iterator[Problem]:
    """A value that the GUI's forms do not offer.

    What:
        A virtual server has no `scheduler`, a `load_monitor` other than none, rup and ruptime, or a
        netmask that is not among the GUI's choices: /31, shorter than /16, /23 before 0.8.6, or in
        another spelling than four numbers.  Also such a `nat_nmask`.

    Why:
        A form without a fitting choice sends its first one.  With the next ACCEPT on the page, the
        scheduler becomes rr (it was wlc), the load monitor none, a mask unused and `nat_nmask`
        255.255.255.255, whatever was changed there.

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
                "on its page in the GUI makes it rr.",
                help="Write `scheduler = wlc`.",
            )
        at = places.value_of(virtual, "load_monitor")
        if at is not None and virtual.load_monitor not in ("none", "rup", "ruptime"):
            yield Problem(
                at=at,
                message="The GUI does not offer this load monitor: the next ACCEPT on the page of "
                "this virtual server makes it `none`.",
                help="Write `none`, `rup` or `ruptime`, or keep the GUI away from this file.",
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
            message="The GUI does not offer this netmask: the next ACCEPT on its page makes it "
            f"{becomes}.",
            help="Use a mask that it offers, in four numbers: /16 to /30, or /32.",
        )


@rule("LVS817", "gui-comment", Severity.INFO, optional=True)
def gui_comment(case: Case) -> Iterator[Problem]:
    """Comments, which the GUI deletes.

    What:
        The file has comments.  It is said once, at the first of them.

    Why:
        The GUI reads values and writes values.  Comments are gone after its next save.

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
            message=f"This comment{more} will be gone when the GUI next saves the file.",
            help="Keep notes elsewhere if the GUI is in use.",
        )


@rule("LVS818", "gui-serial-base", Severity.WARNING, optional=True)
def gui_serial_base(case: Case) -> Iterator[Problem]:
    """A serial number that the GUI and Piranha read differently.

    What:
        `serial_no` has a leading 0 or `0x`, quotes, or is too large for 32 bits.

    Why:
        The GUI counts in decimals, where Piranha reads octal and hexadecimal numbers.  It makes 11 of
        `010`, and 1 of what is no number for it.

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
            message=f"Piranha reads this number as {number}. The GUI reads it otherwise, and counts on "
            "from another one.",
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
