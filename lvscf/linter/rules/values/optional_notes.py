"""LVS1: optional rules, for blocks that are off and lines that are not needed."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.model import FailoverService, RealServer, VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.spellings import owners
from lvscf.piranha.directives import BY_SCOPE
from lvscf.source import quoted


@rule("LVS113", "inactive", Severity.INFO, optional=True)
def inactive(case: Case) -> Iterator[Problem]:
    """A block that is switched off.

    What:
        A virtual server, failover service or real server has `active = 0`.  Servers of a service
        that is switched off are not reported.

    Why:
        The block gets no traffic, and no log says so.  Select this rule to find blocks that were
        switched off for maintenance and forgotten.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
              server web1 {
        -         active = 0
        +         active = 1
                  address = 10.10.1.31
              }
          }
    """
    for service in case.config.services:
        yield from _switched_off(case, service)
        if case.is_on(service):
            for server in service.servers:
                yield from _switched_off(case, server)


def _switched_off(
    case: Case, block: VirtualServer | FailoverService | RealServer
) -> Iterator[Problem]:
    line = places.written(block, "active")
    if line is not None and not block.active:
        yield Problem(
            at=places.value(line),
            message=f"{quoted(block.name)} is switched off: Piranha skips the block.",
            help="Write `active = 1`, or remove the block if it is no longer needed.",
        )


@rule("LVS123", "default-written-out", Severity.INFO, optional=True)
def default_written_out(case: Case) -> Iterator[Problem]:
    """A line that sets a directive to its default.

    What:
        A directive is set to Piranha's own default.  `active` and directives that no daemon uses
        are not reported.

    Why:
        Without such lines, the file shows what is special about a cluster.  The GUI writes most of
        them, though, and adds them again when it saves.

    Example:
          virtual http {
              active = 1
              address = 10.10.1.20 eth0:1
        -     scheduler = wlc
        +     scheduler = wrr
          }
    """
    for owner, scope in owners(case.config):
        for name, line in (owner.origin.lines if owner.origin else {}).items():
            definition = BY_SCOPE[scope][name]
            if name == "active" or definition.unused or definition.default is None:
                continue
            if line.value == definition.default:
                yield Problem(
                    at=places.value(line),
                    message=f"{quoted(line.words[2].text)} is Piranha's default for `{name}`.",
                    help="Remove the line.",
                )


RULES: tuple[CaseRule, ...] = (inactive, default_written_out)
