"""Rules about values that Piranha cannot read."""

import re
from unicodedata import normalize

from lvscf.faults import phrases
from lvscf.faults.fault_rule import fault_rule
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Change, Problem
from lvscf.piranha import values
from lvscf.piranha.directives import PORT, PORT_NUMBER, SECONDS
from lvscf.piranha.tcp_services import TCP_SERVICES
from lvscf.piranha.values import Complaint
from lvscf.shared import ipv4, suggestions
from lvscf.source import quoted
from lvscf.syntax.faults import Fault, FaultKind
from lvscf.syntax.reading import Reading

_SECONDS_IN = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_YES = frozenset({"yes", "true", "on", "y", "enable", "enabled"})
_NO = frozenset({"no", "false", "off", "n", "disable", "disabled"})


@fault_rule("LVS007", "not-an-integer", Severity.ERROR)
def not_an_integer(reading: Reading, fault: Fault) -> Problem:
    """A value that is not an integer, where Piranha needs one.

    What:
        The value of a numeric directive is not an integer as C reads it.  It has a unit (`3s`), a
        fraction or a letter, or it has a leading zero, which makes it octal, and an 8 or a 9.  The
        `port` of a virtual server may also be the name of a TCP service; that of a real server may
        not.

    Why:
        Piranha rejects the whole file and will not start.

    Example:
        - keepalive = 6s
        + keepalive = 6
    """
    word = _word(reading, fault)
    name = _directive(fault)
    needs = f"`{name}` must be an integer, not {quoted(word)}."
    if fault.definition and fault.definition.kind is PORT:
        needs = f"{quoted(word)} is neither a port number nor the name of a TCP service."
    return Problem(
        at=phrases.place(fault),
        message=f"{needs} {phrases.verdict(reading, fault)}",
        help=_integer_help(word, fault),
    )


def _integer_help(word: str, fault: Fault) -> str:
    """What to write instead of a word that is not an integer."""
    definition = fault.definition
    assert definition is not None
    if definition.kind is PORT and word.lower() in TCP_SERVICES:
        return f"Write `{word.lower()}`: service names are in lower case."
    if definition.kind is PORT_NUMBER and word in TCP_SERVICES:
        number = TCP_SERVICES[word]
        return f"Write `{number}`: a server block does not accept service names."
    if re.fullmatch(r"0[0-9]+", word, re.ASCII):
        return f"Write `{word.lstrip('0') or '0'}`: a leading zero makes a number octal."
    duration = re.fullmatch(r"([1-9][0-9]{0,8})([smhd])[a-z]*", word, re.ASCII)
    if definition.kind is SECONDS and duration and not word.endswith("ms"):
        seconds = int(duration[1]) * _SECONDS_IN[duration[2]]
        return f"Write `{seconds}`: the value is in seconds and has no unit."
    plain = normalize("NFKC", word).translate(_DASHES)
    if plain != word and values.INTEGER.fullmatch(plain):
        return f"Write `{plain}` in plain characters."
    if definition.kind is PORT:
        return "Write a port number, or the name of a TCP service in /etc/services, such as `http`."
    return "Write an integer, without a unit or a fraction, such as `6`."


@fault_rule("LVS008", "not-a-boolean", Severity.ERROR)
def not_a_boolean(reading: Reading, fault: Fault) -> Problem:
    """A switch that is neither 0 nor 1.

    What:
        A directive that switches something on or off has a value other than `0` or `1`, such as
        `yes` or `2`.

    Why:
        Piranha rejects the whole file and will not start.

    Example:
        - backup_active = yes
        + backup_active = 1

    Fix:
        Unsafe: words such as `yes` and `off` become `1` and `0`.
    """
    word = _word(reading, fault)
    meant = "1" if word.lower() in _YES else "0" if word.lower() in _NO else None
    change = None
    if meant is not None:
        change = Change(f"Write `{meant}`", "unsafe", ((phrases.place(fault), meant),))
    return Problem(
        at=phrases.place(fault),
        message=f"`{_directive(fault)}` must be 0 or 1, not {quoted(word)}. "
        f"{phrases.verdict(reading, fault)}",
        help=f"Write `{meant}`." if meant else "Write `0` for off or `1` for on.",
        change=change,
    )


@fault_rule("LVS009", "bad-address", Severity.ERROR)
def bad_address(reading: Reading, fault: Fault) -> Problem:
    """A value that is neither a valid IPv4 address nor a host name.

    What:
        An address has too many parts, a part over 255 or a prefix length, or is IPv6.  Or it is
        0.0.0.0 where Piranha does not accept that, or a host name where Piranha does not resolve
        names (`sorry_server`).

    Why:
        Piranha rejects the whole file and will not start.  It supports IPv4 only; netmasks have
        directives of their own.

    Example:
        - primary = 10.10.1.256
        + primary = 10.10.1.25
    """
    word = _word(reading, fault)
    name = _directive(fault)
    message = f"{quoted(word)} is not a valid IPv4 address."
    help = "Write an IPv4 address of four parts from 0 to 255, such as `10.10.1.20`."
    if fault.complaint is Complaint.INVALID_HOST and values.inet_aton(word):
        message = f"`{name}` cannot be {quoted(word)}."
        help = "Write the router's own address, or remove the line."
    elif re.fullmatch(r"[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*(%.*)?", word, re.ASCII):
        help = "Write an IPv4 address: Piranha does not support IPv6."
    elif values.inet_aton(word.partition(":")[0]):
        help = f"Write `{word.partition(':')[0]}`; the port has a directive of its own."
    elif fault.line and len(fault.line.words) == 4 and values.inet_aton(fault.line.words[3].text):
        help = f"Write the address first: `{name} = {fault.line.words[3].text} {word}`."
    elif "/" in word and values.inet_aton(word.partition("/")[0]):
        help = f"Write `{word.partition('/')[0]}`, and the netmask in a directive of its own."
    elif fault.complaint is Complaint.INVALID_HOST and values.is_host_name(word):
        message = f"`{name}` must be an IPv4 address, not a host name such as {quoted(word)}."
        help = "Write the address."
    return Problem(
        at=phrases.place(fault),
        message=f"{message} {phrases.verdict(reading, fault)}",
        help=help,
    )


@fault_rule("LVS010", "bad-netmask", Severity.ERROR)
def bad_netmask(reading: Reading, fault: Fault) -> Problem:
    """A netmask that Piranha cannot read.

    What:
        The value of `vip_nmask` or `nat_nmask` is not written like an address.

    Why:
        Piranha rejects the whole file and will not start.

    Example:
        - nat_nmask = /24
        + nat_nmask = 255.255.255.0
    """
    word = _word(reading, fault)
    help = "Write it like an address, such as `255.255.255.0`."
    digits = word.removeprefix("/")
    if digits.isdecimal() and digits.isascii() and len(digits) < 3 and int(digits) <= 32:
        bits = ipv4.mask_of(int(digits))
        help = f"Write `{'.'.join(str(bits >> shift & 255) for shift in (24, 16, 8, 0))}`."
    return Problem(
        at=phrases.place(fault),
        message=f"{quoted(word)} is not a valid netmask. {phrases.verdict(reading, fault)}",
        help=help,
    )


@fault_rule("LVS011", "bad-choice", Severity.ERROR)
def bad_choice(reading: Reading, fault: Fault) -> Problem:
    """A word that is not among those that the directive accepts.

    What:
        `scheduler`, `protocol`, `network`, `service` or `reservation_conflict_action` has a value
        that it does not accept.  Case matters.

    Why:
        Piranha rejects the whole file and will not start.  It does not know the kernel's newer
        schedulers (`sed`, `nq`, `mh`).

    Example:
        - network = DR
        + network = direct

    Fix:
        Unsafe: the value becomes the accepted word with the closest spelling.
    """
    word = _word(reading, fault)
    choices = fault.definition.kind.choices if fault.definition else ()
    meant = {"dr": "direct", "tun": "tunnel", "masq": "nat"}.get(word.lower())
    if meant not in choices:
        meant = suggestions.nearest(word, choices, likeness=0.6)
    change = None
    if meant:
        change = Change(f"Use `{meant}`", "unsafe", ((phrases.place(fault), meant),))
    valid = ", ".join(choices)
    return Problem(
        at=phrases.place(fault),
        message=f"`{_directive(fault)}` cannot be {quoted(word)}. {phrases.verdict(reading, fault)}",
        help=f"Use `{meant}` (valid values: {valid})." if meant else f"Use one of: {valid}.",
        change=change,
    )


@fault_rule("LVS012", "bad-list", Severity.ERROR)
def bad_list(reading: Reading, fault: Fault) -> Problem:
    """A list without its brackets.

    What:
        The value of `dirs` is not written as `[ a b ]`, with each bracket a word of its own.

    Why:
        Piranha rejects the whole file; `dirs =` with nothing after it even crashes its reader.  No
        daemon uses the value.

    Example:
          virtual http {
              active = 0
        -     dirs = [a b]
        +     dirs = [ a b ]
          }
    """
    return Problem(
        at=phrases.place(fault),
        message=f"`{_directive(fault)}` must be a list in brackets, with each bracket a word of its "
        f"own. {phrases.verdict(reading, fault)}",
        help="Write `dirs = [ a b ]`, or remove the line: no daemon uses it.",
    )


def rule_code(fault: Fault) -> str:
    """The rule that explains an unreadable value."""
    if fault.kind is not FaultKind.UNREADABLE_VALUE or fault.definition is None:
        return bad_list.code
    kind = fault.definition.kind
    if kind is PORT:
        return not_an_integer.code
    if kind.choices:
        return bad_choice.code
    return {
        Complaint.INTEGER_EXPECTED: "LVS008" if kind.name.startswith("boolean") else "LVS007",
        Complaint.BOOLEAN_EXPECTED: "LVS008",
        Complaint.BAD_NETMASK: "LVS010",
    }.get(fault.complaint or Complaint.INVALID_ARGUMENT, "LVS009")


def _word(reading: Reading, fault: Fault) -> str:
    """The word that cannot be read, without its quotes."""
    word = phrases.text(reading, fault)
    return word[1:-1] if len(word) > 1 and word[0] in "\"'" and word[0] == word[-1] else word


def _directive(fault: Fault) -> str:
    return fault.definition.name if fault.definition else phrases.keyword(fault)
