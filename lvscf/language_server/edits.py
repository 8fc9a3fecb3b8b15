"""The edits that turn one text into another, line by line."""

from itertools import accumulate

from lvscf.findings.fix import Edit
from lvscf.report.hunks import lines_of
from lvscf.report.layout_diff import changes
from lvscf.source import Source


def edits_between(before: Source, after: str) -> tuple[Edit, ...]:
    """The edits that make `after` of a text; lines that both have stay, with the editor's marks."""
    old, new = lines_of(before.text), lines_of(after)
    starts = [0, *accumulate(map(len, old))]
    return tuple(
        Edit(before.span(starts[i], starts[to_i]), "".join(new[j:to_j]))
        for i, to_i, j, to_j in changes(old, new)
    )
