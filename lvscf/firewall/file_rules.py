"""LVS7: the rules about firewall files, which the parser applies while it reads.

Each is declared here once, and the function's docstring is the rule's manual.  The linter adds the
parser's findings to the report on the lvs.cf that the files belong to.
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
    """A line that iptables or arptables rejects.

    What:
        An option, a value or a word that iptables does not accept, in saved rules or in a script: a
        typographic dash, `--dport 80,443` without `-m multiport`, `-t mangle-A`: an error.  A note where a
        terminal's prompt was copied together with a command, which may make it a comment.

    Why:
        One bad line makes iptables-restore reject the whole table, while a script continues without
        the rule.  Either way, the host does not do what the file says.

    Example:
          primary = 10.10.1.21
          --- router 10.10.1.21
        - iptables -t mangle-A PREROUTING -p tcp -d 10.10.1.20 --dport 443 -j MARK --set-mark 80
        + iptables -t mangle -A PREROUTING -p tcp -d 10.10.1.20 --dport 443 -j MARK --set-mark 80
    """


@_rule("LVS702", "firewall-truncated", Severity.ERROR)
def firewall_truncated() -> None:
    """Saved rules that are incomplete.

    What:
        A table of saved rules has no COMMIT line.

    Why:
        iptables-restore does not load such a table.  The file was truncated while it was copied, or
        iptables-save stopped at rules that it cannot show.  lvscf cannot check the missing rules.

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
    """Rules whose effect the file does not show.

    What:
        A match or target that lvscf does not know, or something that only the running host can
        decide: which branch of a script runs, the value of a variable that is set elsewhere, the
        rules in a chain that Docker or firewalld creates, or a file that iptables-restore or
        `sysctl -p` loads.

    Why:
        lvscf follows packets both ways from there, and reports what depends on it as possible, not
        as certain.

    Example:
          primary = 10.10.1.21
          --- router 10.10.1.21
        - iptables -A INPUT -m astrology --sign leo -j DROP
        + iptables -A INPUT -p tcp --dport 25 -j DROP
    """


@_rule("LVS704", "firewall-listing-uncertain", Severity.INFO)
def firewall_listing_uncertain() -> None:
    """A listing that leaves out part of the rules.

    What:
        The file is the output of `iptables -L` without `-v`, which hides interfaces, or without
        `-n`, which shows names instead of numbers; or it does not say which table it lists.

    Why:
        A rule that seems to match all packets may be for one interface only.  lvscf reports the
        effect of such rules as possible, not as certain.

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
    """Rules of a host that also has rules in the other iptables back end.

    What:
        The saved rules carry a warning that the host also has tables of the other back end: legacy
        tables as well as those of nf_tables.

    Why:
        Packets go through both.  The other rules, which the file does not show, may drop a service
        that these accept.

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
