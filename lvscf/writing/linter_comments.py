"""Comments that speak to the linter, for those who move lines.

Which rules they name, and whether they had to, is the linter's to say; here it only matters what
they are about, so that they stay with it.
"""

from lvscf.syntax import words


def speaks_to_the_linter(comment: str) -> bool:
    """Whether a comment, which begins with its `#`, asks for silence or was meant to."""
    return comment[1:].lstrip(words.BLANKS).startswith("lvscf")


def silences_what_follows(comment: str) -> bool:
    """Whether a comment asks for silence about what stands below it."""
    asked = _asked(comment)
    return asked is not None and not asked.startswith("ignore-file")


def silences_the_file(comment: str) -> bool:
    """Whether a comment asks for silence about the whole file, so that it belongs to no line."""
    asked = _asked(comment)
    return asked is not None and asked.startswith("ignore-file")


def _asked(comment: str) -> str | None:
    """What a comment asks of the linter; None if it asks nothing."""
    _, colon, asked = comment.partition("lvscf:")
    if not colon or not speaks_to_the_linter(comment):
        return None
    return asked.lstrip(words.BLANKS)
