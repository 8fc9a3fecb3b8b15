"""LVS7: the files of firewall rules themselves.

The firewall parser finds these while it reads, as the reader of lvs.cf does with family LVS0; the
rules here are their manuals, and bring them into the report of the lvs.cf that the files belong to.
"""

from collections.abc import Iterator

from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.source import Source, Span


@rule("LVS701", "firewall-syntax", Severity.ERROR)
def firewall_syntax(case: Case) -> Iterator[Problem]:
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
    return _found(case, "LVS701")


@rule("LVS702", "firewall-truncated", Severity.ERROR)
def firewall_truncated(case: Case) -> Iterator[Problem]:
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
    return _found(case, "LVS702")


@rule("LVS703", "firewall-unsupported", Severity.INFO)
def firewall_unsupported(case: Case) -> Iterator[Problem]:
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
    return _found(case, "LVS703")


@rule("LVS704", "firewall-listing-uncertain", Severity.INFO)
def firewall_listing_uncertain(case: Case) -> Iterator[Problem]:
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
    return _found(case, "LVS704")


@rule("LVS705", "firewall-two-backends", Severity.INFO)
def firewall_two_backends(case: Case) -> Iterator[Problem]:
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
    return _found(case, "LVS705")


def _found(case: Case, code: str) -> Iterator[Problem]:
    """What the firewall parser found of one kind; a file that two hosts share is told once."""
    if case.cluster is None:
        return
    firewalls = dict.fromkeys(one.firewall for one in case.cluster.evidence if one.firewall)
    for firewall in firewalls:
        for finding in firewall.findings:
            if finding.code == code:
                yield Problem(
                    at=_place(finding.span, firewall.source),
                    message=finding.message,
                    help=finding.help,
                    related=tuple(
                        (_place(related.span, firewall.source), related.message)
                        for related in finding.related
                    ),
                    severity=finding.severity,
                )


def _place(span: Span, source: Source) -> Place:
    return Place(span.start, span.end, source)


RULES: tuple[CaseRule, ...] = (
    firewall_syntax,
    firewall_truncated,
    firewall_unsupported,
    firewall_listing_uncertain,
    firewall_two_backends,
)
