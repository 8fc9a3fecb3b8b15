"""Statistics: the number of findings per rule."""

from collections import Counter

from attrs import frozen

from lvscf.findings.finding import Severity
from lvscf.report.page import SEVERITIES, Page
from lvscf.report.result import Result
from lvscf.shared.records import compared


@compared
@frozen(eq=False, repr=False)
class Row:
    """The findings of one rule and severity."""

    code: str
    name: str
    severity: Severity
    count: int


def rows(result: Result) -> list[Row]:
    """The rules with findings, the most frequent first."""
    counts = Counter((one.code, one.name, one.severity) for one in result.findings)
    found = [Row(*key, count) for key, count in counts.items()]
    return sorted(found, key=lambda row: (-row.count, row.code, -row.severity))


def render(result: Result, page: Page) -> None:
    """Write one rule per line to `page`: count, code, severity and name."""
    found = rows(result)
    width = max((len(str(row.count)) for row in found), default=0)
    for row in found:
        page.line(
            (f"{row.count:>{width}}  ", "bold"),
            (f"{row.code}  ", ""),
            (f"{row.severity.label:<7}  ", SEVERITIES[row.severity]),
            (row.name, ""),
        )
