"""Rules about the contents of the configuration: functions that check a case."""

from collections.abc import Callable, Iterator
from typing import Unpack

from lvscf.findings.finding import Severity
from lvscf.findings.rule import Flags, LintRule, Problem
from lvscf.linter.case import Case
from lvscf.shared.records import record


@record
class CaseRule(LintRule):
    """A rule about the contents of the configuration."""

    check: Callable[[Case], Iterator[Problem]]


def rule(
    code: str, name: str, severity: Severity, **flags: Unpack[Flags]
) -> Callable[[Callable[[Case], Iterator[Problem]]], CaseRule]:
    """Turn a function that checks a case into a rule; its docstring is the manual."""

    def make(check: Callable[[Case], Iterator[Problem]]) -> CaseRule:
        return CaseRule(code, name, severity, check.__doc__, check, **flags)

    return make
