"""Rules about keywords and blocks: what may begin a line, and where a block ends."""

from lvscf.config import places
from lvscf.faults import phrases
from lvscf.faults.fault_rule import fault_rule
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Change, Problem
from lvscf.piranha.directives import Scope
from lvscf.shared import suggestions
from lvscf.source import quoted
from lvscf.syntax.faults import Fault, FaultKind
from lvscf.syntax.nodes import Line
from lvscf.syntax.reading import Reading

KEEPALIVED = frozenset({
    "global_defs", "include", "lvs_sync_daemon", "real_server", "static_ipaddress",
    "static_routes", "virtual_server", "virtual_server_group", "vrrp_instance", "vrrp_script",
    "vrrp_sync_group",
})  # fmt: skip
"""Words that begin a block in keepalived.conf."""

_OBSOLETE = {
    "mode": "Remove the line: only old releases know `mode`, and now each block's own keyword, "
    "`virtual` or `failover`, decides.",
    "nmask": "Write `vip_nmask` in the virtual block: only old releases and the GUI know `nmask`.",
    "heartbeat_dev": "Remove the line: only old releases know `heartbeat_dev`, and now the routers' "
    "addresses decide.",
    "log_file": "Remove the line: only old releases know `log_file`, and now all messages go to "
    "syslog.",
    "debug": "Write `debug_level`: `debug` exists only in lvs.cf(5).",
    "expect_program": "Remove the line: only the GUI knows `expect_program`.",
}
"""What to do about directives that other releases and programs know."""


@fault_rule("LVS001", "unknown-directive", Severity.ERROR)
def unknown_directive(reading: Reading, fault: Fault) -> Problem:
    """A keyword that Piranha does not know here.

    What:
        The first word of the line is neither a directive nor a block of this scope.  It is misspelt,
        in the wrong case, belongs in another scope, or the block before it is not closed.

    Why:
        Piranha's reader stops at the first unknown command and rejects the whole file: pulse does
        not start, and a running pair fails over to a node that cannot start either.

    Example:
          serial_no = 1
        - keepalve = 6
        + keepalive = 6

    Fix:
        Unsafe: the keyword becomes the known one with the closest spelling, or the block before it
        is closed.
    """
    if fault.kind is FaultKind.UNCLOSED_BEFORE:
        return _unclosed_before(reading, fault)
    word = phrases.keyword(fault)
    if fault.kind is FaultKind.GLUED_BRACE:
        return Problem(
            at=phrases.place(fault),
            message=f"{quoted(word)} does not close the block: `}}` must be a word of its own. "
            f"{phrases.verdict(reading, fault)}",
            help="Write `}` alone on the line.",
        )
    message = (
        f"Unknown directive {quoted(word)} {phrases.SCOPE_NAMES[fault.scope]}. "
        f"{phrases.verdict(reading, fault)}"
    )
    change = None
    if elsewhere := phrases.other_scopes(word, fault.scope):
        help = f"`{word}` belongs {' or '.join(elsewhere)}."
    elif word in _OBSOLETE:
        help = _OBSOLETE[word]
    elif meant := suggestions.nearest(word, phrases.known_here(fault.scope)):
        help = f"Write `{meant}`."
        change = Change(f"Write `{meant}`", "unsafe", ((phrases.place(fault), meant),))
    else:
        help = "Remove the line, or comment it out with `#`."
    return Problem(phrases.place(fault), message, help, change=change)


def _unclosed_before(reading: Reading, fault: Fault) -> Problem:
    *_, header = fault.headers
    block = header.content.strip().rstrip("{").strip()
    word = reading.source.text[fault.start : fault.end]
    insert = Place(fault.line.start, fault.line.start) if fault.line else phrases.place(fault)
    braces = "".join(_indent(line) + "}\n" for line in reversed(fault.headers))
    return Problem(
        at=phrases.place(fault),
        message=f"{quoted(word)} cannot be inside the block {quoted(block)}, which has not been "
        f"closed. {phrases.verdict(reading, fault)}",
        help="Close the block with `}` on a line of its own above this line.",
        related=tuple((places.whole(line), "this block is not closed") for line in fault.headers),
        change=Change("Close the block above this line", "unsafe", ((insert, braces),)),
    )


@fault_rule("LVS015", "unclosed-block", Severity.WARNING)
def unclosed_block(reading: Reading, fault: Fault) -> Problem:
    """The file ends inside a block.

    What:
        A `virtual`, `failover` or `server` block has no `}` before the end of the file.

    Why:
        Piranha silently accepts the end of the file as the end of the block.  But the file may have
        been truncated, and the next block that is added below ends up inside this one: then Piranha
        rejects the file.

    Example:
          virtual http {
              active = 0
        + }

    Fix:
        Safe: the missing braces are added at the end of the file.
    """
    text = reading.source.text.partition("\0")[0]
    end = Place(len(text), len(text))
    braces = "".join(_indent(line) + "}\n" for line in reversed(fault.headers))
    glue = "" if text.endswith(("\n", "\r")) else "\n"
    return Problem(
        at=phrases.place(fault),
        message="The file ends before this block is closed. Piranha accepts that silently, even "
        "if the file was truncated.",
        help="Check that nothing is missing, and close the block with `}` on a line of its own.",
        related=tuple((places.whole(line), "inside this block, which is not closed either")
                      for line in fault.headers[:-1]),
        change=Change("Add what is missing at the end", "safe", ((end, glue + braces),)),
    )  # fmt: skip


@fault_rule("LVS016", "stray-brace", Severity.ERROR)
def stray_brace(reading: Reading, fault: Fault) -> Problem:
    """A `}` that closes nothing.

    What:
        There is a closing brace at top level, where no block is open.

    Why:
        To Piranha it is an unknown command, and it rejects the whole file.  Often the extra brace is
        further up, and the directives after it have ended up in the wrong scope.

    Example:
          virtual http {
              active = 0
          }
        - }

    Fix:
        Unsafe: the brace is removed.
    """
    line = fault.line
    change = None
    if line is not None:
        place = Place(line.start, line.start + len(line.text))
        change = Change("Remove the brace", "unsafe", ((place, ""),))
    return Problem(
        at=phrases.place(fault),
        message=f"This brace closes nothing: no block is open. {phrases.verdict(reading, fault)}",
        help="Remove it, or look for an extra brace further up.",
        change=change,
    )


@fault_rule("LVS017", "text-after-brace", Severity.INFO)
def text_after_brace(reading: Reading, fault: Fault) -> Problem:
    """Text after a closing brace is ignored.

    What:
        There is something after the `}` of a block, on the same line.

    Why:
        Piranha ignores it, whatever it is.  A comment is harmless there; a directive has no effect.

    Example:
          virtual http {
              active = 0
        - } scheduler = rr
        +     scheduler = rr
        + }
    """
    return Problem(
        at=phrases.place(fault),
        message="Piranha ignores everything after a closing brace.",
        help="Move it to a line of its own: above the brace if it belongs to the block.",
    )


@fault_rule("LVS021", "keepalived-syntax", Severity.ERROR, means_other_program=True)
def keepalived_syntax(reading: Reading, fault: Fault) -> Problem:
    """The file is written for keepalived, not for Piranha.

    What:
        The file has blocks of keepalived.conf, such as `global_defs` or `vrrp_instance`, and nothing
        that Piranha knows.  This is reported once, not for every line.

    Why:
        Piranha rejects the file at its first line.  The two programs have the same purpose, but
        their configurations have nothing in common.

    Example:
        - global_defs {
        -     router_id lvs1
        + primary = 10.10.1.21
        + virtual http {
        +     active = 0
          }
    """
    return Problem(
        at=phrases.place(fault),
        message=f"This is a keepalived configuration: Piranha does not know "
        f"{quoted(phrases.keyword(fault))}. {phrases.verdict(reading, fault)}",
        help="Give Piranha an lvs.cf, and keep this file in /etc/keepalived/keepalived.conf. "
        "`lvscf lint --as keepalived` checks its hosts.",
    )


def is_keepalived(reading: Reading, fault: Fault) -> bool:
    """Whether a fault shows that the whole file is written for keepalived."""
    return (
        fault.kind is FaultKind.UNKNOWN_KEYWORD
        and fault.scope is Scope.GLOBAL
        and phrases.keyword(fault) in KEEPALIVED
    )


def _indent(line: Line) -> str:
    return line.text[: len(line.text) - len(line.text.lstrip(" \t"))]
