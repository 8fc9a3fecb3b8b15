"""Rules about faults of the file itself.

They have a class of their own, so that runs over files without faults need not import them.
"""

from collections.abc import Callable
from typing import Unpack

from lvscf.findings.finding import Severity
from lvscf.findings.rule import Flags, LintRule, Problem
from lvscf.shared.records import record
from lvscf.syntax.faults import Fault
from lvscf.syntax.reading import Reading


@record
class FaultRule(LintRule):
    """A rule of family LVS0: explains a fault of the reader."""

    explain: Callable[[Reading, Fault], Problem]


def fault_rule(
    code: str, name: str, severity: Severity, **flags: Unpack[Flags]
) -> Callable[[Callable[[Reading, Fault], Problem]], FaultRule]:
    """Turn a function that explains a fault into a rule; its docstring is the manual."""

    def make(explain: Callable[[Reading, Fault], Problem]) -> FaultRule:
        return FaultRule(code, name, severity, explain.__doc__, explain, **flags)

    return make
