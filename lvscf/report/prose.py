"""Prose: sentences of findings and manuals for a rich console."""

from rich.text import Text

from lvscf.source import displayable


def prose(text: str, style: str = "") -> Text:
    """A sentence, with what stands between backquotes set off."""
    found = Text(style=style)
    for position, part in enumerate(displayable(text).split("`")):
        found.append(part if position % 2 == 0 else f"`{part}`", "cyan" if position % 2 else None)
    return found
