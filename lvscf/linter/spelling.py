"""Spelling: the word that was probably meant."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be; None where that is a wild guess."""
    candidates = tuple(known)
    if not word or len(word) > 64:
        return None
    lowered = word.lower().replace("-", "_")
    if lowered in candidates:
        return lowered
    from difflib import get_close_matches

    close = get_close_matches(lowered, candidates, n=1, cutoff=0.75)
    return close[0] if close else None
