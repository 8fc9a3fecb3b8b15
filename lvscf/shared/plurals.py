"""Plurals: a count and its noun."""


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """A count and its noun, such as `3 files`; `plural` is for nouns that do not just add an s."""
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"
