"""Settings: which rules apply."""

from attrs import field, frozen


@frozen
class Settings:
    """What the user wants to hear of; selectors are codes, names or families (see `registry`)."""

    select: tuple[str, ...] = field(default=("ALL",), converter=tuple)
    ignore: tuple[str, ...] = field(default=(), converter=tuple)
