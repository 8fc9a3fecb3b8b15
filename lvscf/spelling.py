"""Spelling: the word that was probably meant."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], likeness: float = 0.75) -> str | None:
    """The known word that `word` was probably meant to be; None where that is a wild guess.

    `likeness`, from 0 to 1, is how much alike the two must be.
    """
    candidates = tuple(known)
    if not word or len(word) > 64:
        return None
    lowered = word.lower().replace("-", "_")
    if lowered in candidates:
        return lowered
    from difflib import get_close_matches

    close = get_close_matches(lowered, candidates, n=1, cutoff=likeness)
    return close[0] if close else None
