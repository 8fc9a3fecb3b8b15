"""LVS7: the rules about firewall files, which the parser itself applies while it reads.

Each is declared here once: the function's docstring is the rule's manual, and the linter brings what
the parser has found into the report of the lvs.cf that the files belong to.
"""

from collections.abc import Callable

from lvscf.findings.finding import Finding, Related, Severity
from lvscf.findings.rule import LintRule
from lvscf.shared.records import record
from lvscf.source import Source


@record
class FirewallFileRule(LintRule):
    """A rule about the text of a firewall file."""

    def found(
        self,
        source: Source,
        start: int,
        end: int,
        message: str,
        help: str | None = None,
        related: tuple[Related, ...] = (),
        severity: Severity | None = None,
    ) -> Finding:
        """A finding of this rule at `source.text[start:end]`."""
        return Finding(
            self.code,
            self.name,
            severity or self.severity,
            message,
            source.span(start, end),
            help,
            related,
        )


def _rule(
    code: str, name: str, severity: Severity, *, also: tuple[Severity, ...] = ()
) -> Callable[[Callable[[], None]], FirewallFileRule]:
    """Make a rule of a function whose docstring is the manual."""

    def make(described: Callable[[], None]) -> FirewallFileRule:
        return FirewallFileRule(code, name, severity, described.__doc__, also=also)

    return make


@_rule("LVS701", "firewall-syntax", Severity.ERROR, also=(Severity.INFO,))
def firewall_syntax() -> None:
    """A line that iptables or arptables refuses.

    What:
        An option, a value or a word that iptables does not take, in saved rules or in a script: a
        dash of typography, `--dport 80,443` without `-m multiport`, `-t mangle-A`.

    Why:
        iptables-restore refuses the whole table for one line of it, and a script goes on without the
        rule.  Either way, the host does not do what the file says.  A prompt that was copied with a
        command is told as a note: it may make a comment of the command.

    Example:
          primary = 10.10.1.21
          --- router 10.10.1.21
        - iptables -t mangle-A PREROUTING -p tcp -d 10.10.1.20 --dport 443 -j MARK --set-mark 80
        + iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 443 -j MARK --set-mark 80
    """


@_rule("LVS702", "firewall-truncated", Severity.ERROR)
def firewall_truncated() -> None:
    """Saved rules that are cut short.

    What:
        A table of saved rules has no COMMIT line.

    Why:
        iptables-restore does nothing with such a table.  The file was cut while it was copied, or
        iptables-save stopped on rules that it cannot show; rules that were not saved are not
        checked.

    Example:
          primary = 10.10.1.21
          --- router 10.10.1.21
          *mangle
          :PREROUTING ACCEPT [0:0]
          -A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x50/0xffffffff
        + COMMIT
    """


@_rule("LVS703", "firewall-unsupported", Severity.INFO)
def firewall_unsupported() -> None:
    """Rules whose effect a file cannot tell.

    What:
        A match or target that lvscf does not know, or what only the running host can decide: which
        branch of a script is run, what a variable holds that is set elsewhere, what else is in a
        chain that Docker or firewalld makes, or in a file that iptables-restore loads.

    Why:
        Packets are followed both ways there, and what depends on it is told as possible, not as
        certain.

    Example:
          primary = 10.10.1.21
          --- router 10.10.1.21
        - iptables -A INPUT -m astrology --sign leo -j DROP
        + iptables -A INPUT -p tcp --dport 25 -j DROP
    """


@_rule("LVS704", "firewall-listing-uncertain", Severity.INFO)
def firewall_listing_uncertain() -> None:
    """A listing for the eye in place of saved rules.

    What:
        The file is the output of `iptables -L`, which leaves out what matters: interfaces without
        `-v`, or which table it is.

    Why:
        A rule that is listed for all packets may be for one interface only.  What such rules do is
        told as possible, not as certain.

    Bad:
        primary = 10.10.1.21
        --- router 10.10.1.21
        Chain PREROUTING (policy ACCEPT)
        target     prot opt source               destination
        MARK       tcp  --  0.0.0.0/0            10.10.1.20           tcp dpt:80 MARK set 0x50

    Good:
        primary = 10.10.1.21
        --- router 10.10.1.21
        *mangle
        :PREROUTING ACCEPT [0:0]
        -A PREROUTING -d 10.10.1.20/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x50/0xffffffff
        COMMIT
    """


@_rule("LVS705", "firewall-two-backends", Severity.INFO)
def firewall_two_backends() -> None:
    """Rules of a host that has others, elsewhere.

    What:
        The saved rules say that the host also has tables of the other kind: legacy tables besides
        those of nf_tables.

    Why:
        Packets go through both.  A service that these rules let in may be dropped by the others,
        which the file does not show.

    Example:
          primary = 10.10.1.21
          --- router 10.10.1.21
        - # Warning: iptables-legacy tables present, use iptables-legacy-save to see them
          *filter
          :INPUT ACCEPT [0:0]
          COMMIT
    """


RULES = (
    firewall_syntax,
    firewall_truncated,
    firewall_unsupported,
    firewall_listing_uncertain,
    firewall_two_backends,
)
