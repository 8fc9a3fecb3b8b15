"""The report for people, when there are very many findings."""

from lvscf.report import full
from lvscf.report.page import Page
from lvscf.report.result import Result
from tests.report import results


def test_time() -> None:
    """It grows as the findings do, with colours as well."""
    for coloured in (False, True):

        def render(result: Result, coloured: bool = coloured) -> str:
            page = Page(100, coloured)
            full.render(result, page)
            return page.text

        results.assert_linear(render)
