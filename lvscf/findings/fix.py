"""Edits: the ways out that findings know of, for programs.

They stand apart from findings because most findings have none.
"""

from typing import Literal

from attrs import field, frozen

from lvscf.source import Span, displayable


@frozen
class Edit:
    """Replace the text of `span` by `text`; an empty span inserts."""

    span: Span
    text: str


@frozen
class Fix:
    """A way out that a program can take.

    A `safe` fix keeps what Piranha holds in memory, or changes just what the finding is about; an
    `unsafe` one follows the evident intention and wants a look.
    """

    message: str = field(converter=displayable)
    applicability: Literal["safe", "unsafe"]
    edits: tuple[Edit, ...]
