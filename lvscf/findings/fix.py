"""Fixes of findings, as edits that a program can apply.

They have a module of their own, because most findings have no fix.
"""

from typing import Literal

from attrs import field, frozen

from lvscf.shared.records import compared
from lvscf.source import Span, displayable


@compared
@frozen(eq=False, repr=False)
class Edit:
    """A replacement of the text of `span` by `text`; an empty span inserts."""

    span: Span
    text: str


@compared
@frozen(eq=False, repr=False)
class Fix:
    """A remedy that a program can apply.

    A `safe` fix keeps what Piranha holds in memory, or changes only what the finding is about; an
    `unsafe` one follows the probable intention and needs review.
    """

    message: str = field(converter=displayable)
    applicability: Literal["safe", "unsafe"]
    edits: tuple[Edit, ...]
