"""Repetition among items that should differ."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

_T = TypeVar("_T")


def repeated(items: Iterable[_T], key: Callable[[_T], Hashable | None]) -> Iterator[tuple[_T, _T]]:
    """The items with the key of an earlier item, each with the first item that has this key.

    Items whose key is None are ignored.
    """
    first: dict[Hashable, _T] = {}
    for item in items:
        of_item = key(item)
        if of_item is None:
            continue
        if of_item in first:
            yield item, first[of_item]
        else:
            first[of_item] = item
