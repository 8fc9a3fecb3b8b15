"""Phrases that several reports share."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


def number(count: int, noun: str) -> str:
    """So many of something, in words."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
