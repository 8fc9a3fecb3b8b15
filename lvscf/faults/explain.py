"""LVS0: the file itself, as Piranha's reader reads it.

Every fault of the reader becomes one finding; `rule_for` chooses the rule.
"""

from lvscf.faults import phrases
from lvscf.faults.arrangement import (
    bad_quoting,
    extra_argument,
    is_comment,
    is_glued,
    is_odd_blank,
    missing_argument,
    missing_equals,
    odd_blank,
    too_many_tokens,
    trailing_comment,
)
from lvscf.faults.bytes import byte_order_mark, carriage_return, empty_file, nul_byte
from lvscf.faults.fault_rule import FaultRule
from lvscf.faults.keywords import (
    is_keepalived,
    keepalived_syntax,
    stray_brace,
    text_after_brace,
    unclosed_block,
    unknown_directive,
)
from lvscf.faults.unreadable import (
    bad_address,
    bad_choice,
    bad_list,
    bad_netmask,
    not_a_boolean,
    not_an_integer,
    rule_code,
)
from lvscf.findings.finding import Finding, Severity
from lvscf.shared.records import evolved
from lvscf.syntax.faults import Fault, FaultKind
from lvscf.syntax.nodes import Block, Directive
from lvscf.syntax.reading import Reading

RULES: tuple[FaultRule, ...] = (
    unknown_directive,
    missing_equals,
    missing_argument,
    extra_argument,
    trailing_comment,
    bad_quoting,
    not_an_integer,
    not_a_boolean,
    bad_address,
    bad_netmask,
    bad_choice,
    bad_list,
    empty_file,
    carriage_return,
    unclosed_block,
    stray_brace,
    text_after_brace,
    byte_order_mark,
    odd_blank,
    nul_byte,
    keepalived_syntax,
    too_many_tokens,
)

_BY_CODE = {rule.code: rule for rule in RULES}

_BY_KIND = {
    FaultKind.UNKNOWN_KEYWORD: unknown_directive,
    FaultKind.UNCLOSED_BEFORE: unknown_directive,
    FaultKind.GLUED_BRACE: unknown_directive,
    FaultKind.NO_EQUALS: missing_equals,
    FaultKind.MISSING_ARGUMENT: missing_argument,
    FaultKind.BAD_HEADER: missing_argument,
    FaultKind.EXTRA_ARGUMENT: extra_argument,
    FaultKind.TOO_MANY_WORDS: too_many_tokens,
    FaultKind.QUOTES: bad_quoting,
    FaultKind.LONE_QUOTE: bad_quoting,
    FaultKind.LIST_WITHOUT_BRACKETS: bad_list,
    FaultKind.LIST_WITHOUT_VALUE: bad_list,
    FaultKind.STRAY_BRACE: stray_brace,
    FaultKind.TEXT_AFTER_BRACE: text_after_brace,
    FaultKind.UNCLOSED_AT_END: unclosed_block,
    FaultKind.EMPTY: empty_file,
    FaultKind.CARRIAGE_RETURN: carriage_return,
    FaultKind.BYTE_ORDER_MARK: byte_order_mark,
    FaultKind.NUL: nul_byte,
}

_MAY_BE_COMMENTS = frozenset({FaultKind.EXTRA_ARGUMENT, FaultKind.TOO_MANY_WORDS, FaultKind.QUOTES})

_MAY_BE_BLANKS = frozenset({
    FaultKind.UNKNOWN_KEYWORD, FaultKind.NO_EQUALS, FaultKind.MISSING_ARGUMENT,
    FaultKind.BAD_HEADER, FaultKind.EXTRA_ARGUMENT, FaultKind.GLUED_BRACE,
    FaultKind.STRAY_BRACE, FaultKind.UNREADABLE_VALUE,
})  # fmt: skip


def findings(reading: Reading) -> tuple[Finding, ...]:
    """One finding for every fault of a reading, in the order of the text."""
    if keepalived := _first_of_keepalived(reading):
        problem = keepalived_syntax.explain(reading, keepalived)
        return (keepalived_syntax.finding(problem, reading.source),)
    found = []
    for fault in reading.faults:
        rule = rule_for(reading, fault)
        found.append(rule.finding(rule.explain(reading, fault), reading.source))
    if (refused := _refused_elsewhere(reading, found)) is not None:
        found.append(refused)
    return tuple(sorted(found, key=lambda finding: finding.span.start))


def _refused_elsewhere(reading: Reading, found: list[Finding]) -> Finding | None:
    """The line at which Piranha rejects a text because a bad quote ended a block too early.

    The log names this line, although nothing is wrong with it as written.
    """
    seen, refusal = reading.misread_as, reading.refusal
    if seen is None or refusal is None or any(one.code == carriage_return.code for one in found):
        return None
    if any(one.span.line == refusal.line and one.severity is Severity.ERROR for one in found):
        return None
    at = next(fault for fault in seen.faults if fault.complaint is not None)
    ended = [
        fault
        for fault in reading.faults
        if fault.kind is FaultKind.QUOTES and fault.complaint is None and fault.start < at.start
    ]
    rule = rule_for(seen, at)
    problem = rule.explain(seen, at)
    related = tuple((phrases.place(fault), "Piranha misses this quote") for fault in ended[-1:])
    problem = evolved(problem, related=problem.related + related, change=None)
    return rule.finding(problem, reading.source)


def rule_for(reading: Reading, fault: Fault) -> FaultRule:
    """The rule that names the cause of a fault."""
    if fault.kind in _MAY_BE_BLANKS and is_odd_blank(fault):
        return odd_blank
    if fault.kind is FaultKind.UNKNOWN_KEYWORD and is_glued(fault):
        return missing_equals
    if fault.kind in _MAY_BE_COMMENTS and is_comment(reading, fault):
        return trailing_comment
    if fault.kind is FaultKind.EXTRA_ARGUMENT and reading.source.text[fault.start - 1] in "\"'":
        return bad_quoting
    if fault.kind is FaultKind.UNREADABLE_VALUE:
        return _BY_CODE[rule_code(fault)]
    return _BY_KIND[fault.kind]


def _first_of_keepalived(reading: Reading) -> Fault | None:
    """The first fault that shows that the file is written for keepalived, if it is."""
    first = next((fault for fault in reading.faults if is_keepalived(reading, fault)), None)
    if first is None:
        return None
    for item in reading.items:
        if isinstance(item, Block) and item.header.content.split()[:1] in (
            ["virtual"],
            ["failover"],
        ):
            return None
        if isinstance(item, Directive) and item.value is not None:
            return None
    return first
