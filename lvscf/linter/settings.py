"""Settings: which rules apply."""

from attrs import frozen


@frozen
class Settings:
    """What the user wants to hear of; selectors are codes, names or families (see `registry`)."""

    select: tuple[str, ...] = ()
    """Only these rules; nothing means all."""
    ignore: tuple[str, ...] = ()
