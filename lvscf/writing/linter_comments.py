"""Comments for the linter, as far as code that moves lines needs to know them.

Which rules they silence is up to the linter; here it only matters which lines they are about, so
that they stay with them.
"""

from lvscf.syntax import words


def speaks_to_the_linter(comment: str) -> bool:
    """Whether a comment, given from its `#` on, silences rules or was meant to."""
    return comment[1:].lstrip(words.BLANKS).startswith("lvscf")


def silences_what_follows(comment: str) -> bool:
    """Whether a comment silences rules for what follows it."""
    asked = _asked(comment)
    return asked is not None and not asked.startswith("ignore-file")


def silences_the_file(comment: str) -> bool:
    """Whether a comment silences rules for the whole file, so that it belongs to no line."""
    asked = _asked(comment)
    return asked is not None and asked.startswith("ignore-file")


def _asked(comment: str) -> str | None:
    """The request in a comment for the linter; None if there is none."""
    _, colon, asked = comment.partition("lvscf:")
    if not colon or not speaks_to_the_linter(comment):
        return None
    return asked.lstrip(words.BLANKS)
