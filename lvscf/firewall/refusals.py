"""Refusals: why iptables rejects a line, and the findings of family LVS7 about it."""

from lvscf.findings.finding import Finding, Related, Severity
from lvscf.firewall.file_rules import (
    firewall_listing_uncertain,
    firewall_syntax,
    firewall_truncated,
    firewall_two_backends,
    firewall_unsupported,
)
from lvscf.source import Source

IPV6 = "These are IPv6 rules, which lvscf does not follow: Piranha balances IPv4 only."


class Refused(Exception):
    """iptables would reject the line: why, and what to write instead.

    Never leaves this package: the readers turn it into a finding.
    """

    def __init__(self, reason: str, help: str | None = None, word: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        """A clause that continues "iptables rejects this line: "."""
        self.help = help
        self.word = word
        """Index of the word at fault, once known."""


class StateRefused(Refused):
    """iptables would reject the line on a host that has only what the file has made so far.

    A script may run on a host that already had other rules and chains.
    """

    def __init__(
        self,
        reason: str,
        help: str | None = None,
        word: int | None = None,
        *,
        foreign: bool = False,
    ) -> None:
        super().__init__(reason, help, word)
        self.foreign = foreign
        """Whether another program on the host may have made the missing chain."""


class Unresolved(Exception):
    """A value that only the host knows, such as a host name: the rule may match or not."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def informed(source: Source, start: int, end: int, message: str, help: str) -> Finding:
    """LVS701 as a note: something about the line that may be intended."""
    return firewall_syntax.found(source, start, end, message, help, severity=Severity.INFO)


def syntax(
    source: Source,
    start: int,
    end: int,
    message: str,
    help: str | None = None,
    related: tuple[Related, ...] = (),
) -> Finding:
    """LVS701: a line that iptables or arptables would reject."""
    return firewall_syntax.found(source, start, end, message, help, related)


def truncated(source: Source, start: int, end: int, table: str) -> Finding:
    """LVS702: a table without COMMIT."""
    return firewall_truncated.found(
        source,
        start,
        end,
        f"Table {table} has no COMMIT line, so iptables-restore rejects it. The file was "
        "truncated, or iptables-save stopped at rules that it cannot show: rules may be missing "
        "here.",
        "Save the rules again with `iptables-save`. If they were made with nft, see "
        "`nft list ruleset`.",
    )


def unsupported(
    source: Source, start: int, end: int, message: str, help: str | None = None
) -> Finding:
    """LVS703: something that a trace cannot decide."""
    return firewall_unsupported.found(
        source,
        start,
        end,
        message,
        help or "Results that depend on it are reported as possible, not as certain.",
    )


def uncertain_listing(source: Source, start: int, end: int, message: str) -> Finding:
    """LVS704: a listing that leaves out what matters."""
    return firewall_listing_uncertain.found(
        source,
        start,
        end,
        message,
        "Use the output of `iptables-save` instead: it is complete.",
    )


def two_backends(source: Source, start: int, end: int, other: str) -> Finding:
    """LVS705: the host also has tables in the other back end."""
    return firewall_two_backends.found(
        source,
        start,
        end,
        f"This host also has tables of {other}, which this file does not show. Packets pass "
        "through both, so rules that are not checked may decide.",
        f"Save those with `{other}-save` too, and move all rules to one back end.",
    )
