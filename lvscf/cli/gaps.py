"""What could not be read of a keepalived.conf, as notes."""

from typing import TYPE_CHECKING

from lvscf.cli import terminal
from lvscf.source import displayable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lvscf.keepalived.reading.statements import Gap

_MOST = 20
"""Notes for one file; of more, it says how many."""


def tell(gaps: "Iterable[Gap]") -> None:
    """Print the gaps to standard error, each with its line."""
    notes = [displayable(str(gap)) for gap in gaps]
    for note in notes[:_MOST]:
        terminal.note(note)
    if len(notes) > _MOST:
        terminal.note(f"{len(notes) - _MOST} more parts were not read")
