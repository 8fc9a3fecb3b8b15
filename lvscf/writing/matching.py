"""Matching: which block of a configuration continues which block of a text, and which move."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Literal, TypeVar

from attrs import evolve, frozen

from lvscf.config.model import FailoverService, RealServer, VirtualServer
from lvscf.piranha.directives import ORDER
from lvscf.shared.subsequence import longest_rising

_AnyBlock = TypeVar("_AnyBlock", bound=VirtualServer | FailoverService | RealServer)


def match(old: Sequence[_AnyBlock], new: Sequence[_AnyBlock]) -> list[int | None]:
    """For each new block, the index of the old one that it continues; None if it is new.

    Blocks of the same name continue each other, equal ones first, then in order; if that leaves a
    choice, a block continues the one that it was read from.  A remaining block was renamed if it
    was read from an old one or equals it except for the name, or has the same address, or is
    between the same neighbours and mostly the same.
    """
    found: list[int | None] = [None] * len(new)
    free = dict.fromkeys(range(len(old)))

    def pair(key: Callable[[_AnyBlock], Hashable]) -> None:
        waiting: dict[Hashable, deque[int]] = {}
        for index in free:
            waiting.setdefault(key(old[index]), deque()).append(index)
        for place, block in enumerate(new):
            if found[place] is None and (indexes := waiting.get(key(block))):
                index = indexes.popleft()
                found[place] = index
                del free[index]

    for key in (
        lambda block: (_origin(block), _itself(block)),
        _itself,
        lambda block: (_origin(block), block.name),
        _name,
        _origin,
        _all_but_name,
        _address,
    ):
        if not free or None not in found:
            return found
        pair(key)
    _pair_by_place(old, new, found)
    return found


def _origin(block: _AnyBlock) -> Hashable:
    """The block that a value was read from; unique to the value if there is none."""
    return id(block if block.origin is None else block.origin.block)


def _itself(block: _AnyBlock) -> Hashable:
    try:
        hash(block)
    except TypeError:  # a value that no directive can have, such as a list; rejected later
        return id(block)
    return block


def _name(block: _AnyBlock) -> Hashable:
    return block.name


def _all_but_name(block: _AnyBlock) -> Hashable:
    return _itself(evolve(block, name=""))


def _address(block: _AnyBlock) -> Hashable:
    return id(block) if block.address is None else block.address


def _pair_by_place(
    old: Sequence[_AnyBlock], new: Sequence[_AnyBlock], found: list[int | None]
) -> None:
    """Pair remaining blocks between the same neighbours if they are mostly the same."""
    taken = {index for index in found if index is not None}
    index = 0
    for place, known in enumerate(found):
        if known is not None:
            index = known + 1
        elif index < len(old) and index not in taken:
            if _mostly_the_same(old[index], new[place]):
                found[place] = index
            index += 1


def _mostly_the_same(one: _AnyBlock, other: _AnyBlock) -> bool:
    names = ORDER["server" if isinstance(one, RealServer) else "virtual"]
    pairs = [(getattr(one, row.name), getattr(other, row.name)) for row in names]
    said = [pair for pair in pairs if pair != (None, None)]
    same = [pair for pair in said if pair[0] == pair[1]]
    return 2 * len(same) > len(said)


@frozen
class Slot:
    """Where a new block goes: `in` place of an old one, `before` it or `after` it."""

    how: Literal["in", "before", "after"]
    slot: int
    """The index of the old block."""


def arrange(continued: Sequence[int | None], count: int) -> list[Slot]:
    """Places for new blocks among `count` old ones, so that as few as possible move.

    `continued` is the old block that each continues.  The places are in the order of the blocks.
    Without old blocks there are no places.
    """
    if not count:
        return []
    staying = _staying(continued, count)
    places: list[Slot] = []
    slot = 0
    first = 0
    for index in [*staying, len(continued)]:
        end = staying.get(index, count)
        places += _between(index - first, slot, end)
        if index < len(continued):
            places.append(Slot("in", end))
        first, slot = index + 1, end + 1
    return places


def _between(blocks: int, slot: int, end: int) -> Iterable[Slot]:
    """Places for `blocks` blocks in the old places from `slot` to before `end`, and beside them."""
    for number in range(blocks):
        if slot + number < end:
            yield Slot("in", slot + number)
        elif end:
            yield Slot("after", end - 1)
        else:
            yield Slot("before", 0)


def _staying(continued: Sequence[int | None], count: int) -> dict[int, int]:
    """The blocks that stay where they are: new index -> old index."""
    pairs = [(new, old) for new, old in enumerate(continued) if old is not None]
    chosen = dict(longest_rising(pairs))
    if len(pairs) == len(continued) == count:
        # No block is added or removed, so those that move can swap places.
        fixed = {new: old for new, old in pairs if new == old}
        return fixed if len(fixed) >= len(chosen) else chosen
    return chosen
