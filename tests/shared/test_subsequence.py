"""The longest choice of pairs that rises, compared with trying all."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from lvscf.shared.subsequence import longest_rising


def rises(numbers: list[int]) -> bool:
    return all(one < other for one, other in pairwise(numbers))


@given(st.lists(st.integers(0, 9), max_size=9))
def test_longest_rising(numbers: list[int]) -> None:
    """What is chosen is there, rises, and nothing longer does."""
    pairs = list(enumerate(numbers))
    chosen = longest_rising(pairs)

    assert set(chosen) <= set(pairs)
    assert rises([first for first, _ in chosen])
    assert rises([second for _, second in chosen])
    longer = combinations(pairs, len(chosen) + 1)
    assert not any(rises([second for _, second in choice]) for choice in longer)
