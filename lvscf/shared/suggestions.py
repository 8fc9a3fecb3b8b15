"""Suggestions for misspelt words."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], likeness: float = 0.75) -> str | None:
    """The known word that was probably meant by `word`; None if no known word is close enough.

    Case is ignored, and so is the difference between `-` and `_`.  `likeness`, from 0 to 1, is how
    similar the two must be.
    """
    if not word or len(word) > 64:
        return None
    candidates = {_plain(one): one for one in known}
    plain = _plain(word)
    if plain in candidates:
        return candidates[plain]
    from difflib import get_close_matches

    close = get_close_matches(plain, candidates, n=1, cutoff=likeness)
    return candidates[close[0]] if close else None


def _plain(word: str) -> str:
    return word.lower().replace("-", "_")
