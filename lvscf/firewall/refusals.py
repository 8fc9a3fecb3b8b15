"""What is said about firewall text: the five findings of family LVS7, and why iptables refuses."""

from lvscf.findings.finding import Finding, Related, Severity
from lvscf.firewall.file_rules import (
    firewall_listing_uncertain,
    firewall_syntax,
    firewall_truncated,
    firewall_two_backends,
    firewall_unsupported,
)
from lvscf.source import Source

IPV6 = "These are rules for IPv6. Piranha balances IPv4 only, and they are not followed."


class Refused(Exception):
    """iptables would refuse the line: why, and what to write instead.

    Never leaves the package: readers turn it into a finding.
    """

    def __init__(self, reason: str, help: str | None = None, word: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        """A clause that goes on from "iptables refuses this line: "."""
        self.help = help
        self.word = word
        """Index of the word concerned, once known."""


class StateRefused(Refused):
    """iptables would refuse the line on a host that has just what the file has made so far.

    A script runs on a host that may have had other rules and chains before.
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
        """Whether it is about a chain that something else on the host may have made."""


class Unresolved(Exception):
    """A value that only the host can know, such as a host's name: the rule may match or not."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def informed(source: Source, start: int, end: int, message: str, help: str) -> Finding:
    """LVS701 as a note: the line has no effect, and may not be meant to."""
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
        f"Table {table} has no COMMIT: the file is cut short, or iptables-save stopped at rules "
        "that it cannot show. iptables-restore rejects the whole table, and the rules seen here "
        "may not be all.",
        "Save the rules again with `iptables-save`; if they were made with nft, look at "
        "`nft list ruleset`.",
    )


def unsupported(source: Source, start: int, end: int, message: str) -> Finding:
    """LVS703: something the trace does not model."""
    return firewall_unsupported.found(
        source,
        start,
        end,
        message,
        "Results that depend on it are reported as possible, not as certain.",
    )


def uncertain_listing(source: Source, start: int, end: int, message: str) -> Finding:
    """LVS704: a listing that leaves out what matters."""
    return firewall_listing_uncertain.found(
        source,
        start,
        end,
        message,
        "Give the output of `iptables-save` instead; it is complete.",
    )


def two_backends(source: Source, start: int, end: int, other: str) -> Finding:
    """LVS705: the host has tables in the other back end, too."""
    return firewall_two_backends.found(
        source,
        start,
        end,
        f"This host also has tables of {other}, which this file does not show: packets pass both, "
        "so the rules seen here are not all that decides.",
        f"Save those with `{other}-save` too, and move all rules to one back end.",
    )
