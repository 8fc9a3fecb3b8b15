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

_RENAMED = {
    "mode": "old releases; today every block says it by its keyword, `virtual` or `failover`",
    "nmask": "old releases and the GUI; today it is `vip_nmask`, in the virtual block",
    "heartbeat_dev": "old releases; today the addresses decide",
    "log_file": "old releases; today syslog gets all messages",
    "debug": "lvs.cf(5); the reader knows `debug_level`",
    "expect_program": "the GUI only",
}


@fault_rule("LVS001", "unknown-directive", Severity.ERROR)
def unknown_directive(reading: Reading, fault: Fault) -> Problem:
    """A keyword that Piranha does not know at this place.

    What:
        The first word of the line is neither a directive nor a block of this scope: it is misspelt,
        written in another case, belongs to another scope, or the block before it lacks its `}`.

    Why:
        Piranha's reader stops at the first unknown command and refuses the whole file: pulse does
        not start, and a running pair fails over to a node that cannot start either.

    Example:
          serial_no = 1
        - keepalve = 6
        + keepalive = 6

    Fix:
        Unsafe: the keyword becomes the one that is spelt most like it.
    """
    if fault.kind is FaultKind.UNCLOSED_BEFORE:
        return _unclosed_before(reading, fault)
    word = phrases.keyword(fault)
    if fault.kind is FaultKind.GLUED_BRACE:
        return Problem(
            at=phrases.place(fault),
            message=f"{quoted(word)} does not close the block: the brace must be a word of "
            f"its own. {phrases.verdict(reading, fault)}",
            help="Write `}` alone on the line.",
        )
    message = (
        f"Piranha knows no {quoted(word)} {phrases.SCOPE_NAMES[fault.scope]}. "
        f"{phrases.verdict(reading, fault)}"
    )
    change = None
    if elsewhere := phrases.other_scopes(word, fault.scope):
        help = f"`{word}` belongs {' or '.join(elsewhere)}."
    elif word in _RENAMED:
        help = f"`{word}` is known to {_RENAMED[word]}."
    elif meant := suggestions.nearest(word, phrases.known_here(fault.scope)):
        help = f"Write `{meant}`."
        change = Change(f"Write `{meant}`", "unsafe", ((phrases.place(fault), meant),))
    else:
        help = "Remove the line, or make it a comment that begins with `#`."
    return Problem(phrases.place(fault), message, help, change=change)


def _unclosed_before(reading: Reading, fault: Fault) -> Problem:
    *_, header = fault.headers
    block = header.content.strip().rstrip("{").strip()
    word = reading.source.text[fault.start : fault.end]
    insert = Place(fault.line.start, fault.line.start) if fault.line else phrases.place(fault)
    braces = "".join(_indent(line) + "}\n" for line in reversed(fault.headers))
    return Problem(
        at=phrases.place(fault),
        message=f"{quoted(word)} cannot stand inside the block {quoted(block)}, "
        f"which has not been closed. {phrases.verdict(reading, fault)}",
        help="Close the block with a `}` on a line of its own above this line.",
        related=tuple((places.whole(line), "this block lacks its `}`") for line in fault.headers),
        change=Change("Close the block above this line", "unsafe", ((insert, braces),)),
    )


@fault_rule("LVS015", "unclosed-block", Severity.WARNING)
def unclosed_block(reading: Reading, fault: Fault) -> Problem:
    """The file ends inside a block.

    What:
        A `virtual`, `failover` or `server` block has no `}` before the end of the file.

    Why:
        Piranha takes the end of the file for the end of the block and says nothing.  But the file
        may have been cut short on its way, and the next block that is added below ends up inside of
        this one: then Piranha refuses the file.

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
        message="The file ends before this block is closed. Piranha takes the end of the file for "
        "the end of the block, also when the file was cut short by accident.",
        help="Close the block with `}` on a line of its own.",
        related=tuple((places.whole(line), "inside this block, which is open, too")
                      for line in fault.headers[:-1]),
        change=Change("Add what is missing at the end", "safe", ((end, glue + braces),)),
    )  # fmt: skip


@fault_rule("LVS016", "stray-brace", Severity.ERROR)
def stray_brace(reading: Reading, fault: Fault) -> Problem:
    """A `}` that closes nothing.

    What:
        A closing brace stands at top level, where no block is open.

    Why:
        Piranha takes it for an unknown command and refuses the whole file.  Often the brace too many
        is further up, and directives behind it have ended up in the wrong scope.

    Example:
          virtual http {
              active = 0
          }
        - }
    """
    line = fault.line
    change = None
    if line is not None:
        place = Place(line.start, line.start + len(line.text))
        change = Change("Remove the brace", "unsafe", ((place, ""),))
    return Problem(
        at=phrases.place(fault),
        message=f"This brace closes nothing: no block is open. {phrases.verdict(reading, fault)}",
        help="Remove it, or look for a brace too many further up.",
        change=change,
    )


@fault_rule("LVS017", "text-after-brace", Severity.INFO)
def text_after_brace(reading: Reading, fault: Fault) -> Problem:
    """Text behind a closing brace is ignored.

    What:
        Something stands behind the `}` of a block, on the same line.

    Why:
        Piranha does not look at it, whatever it is.  A comment does no harm there; a directive has
        no effect.

    Example:
          virtual http {
              active = 0
        - } scheduler = rr
        +     scheduler = rr
        + }
    """
    return Problem(
        at=phrases.place(fault),
        message="Piranha ignores everything behind a closing brace.",
        help="Move it to a line of its own.",
    )


@fault_rule("LVS021", "keepalived-syntax", Severity.ERROR, means_other_program=True)
def keepalived_syntax(reading: Reading, fault: Fault) -> Problem:
    """The file is written for keepalived, not for Piranha.

    What:
        The file has blocks of keepalived.conf, such as `global_defs` or `vrrp_instance`, and nothing
        that Piranha would know.  It is said once, not for every line.

    Why:
        Piranha refuses the file at its first line.  The two programs have nothing in common but
        their purpose.

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
        message=f"This is a configuration for keepalived: Piranha knows no "
        f"{quoted(phrases.keyword(fault))}. {phrases.verdict(reading, fault)}",
        help="Give Piranha an lvs.cf; keepalived reads /etc/keepalived/keepalived.conf.",
    )


def is_keepalived(reading: Reading, fault: Fault) -> bool:
    """Whether a fault shows that the whole file is keepalived's."""
    return (
        fault.kind is FaultKind.UNKNOWN_KEYWORD
        and fault.scope is Scope.GLOBAL
        and phrases.keyword(fault) in KEEPALIVED
    )


def _indent(line: Line) -> str:
    return line.text[: len(line.text) - len(line.text.lstrip(" \t"))]
