"""How many examples the laws get that are tried on the most."""

import os

THOROUGH = "LVSCF_THOROUGH"
"""The variable of the environment that asks for all of them, as `.ci/run` does."""


def examples(count: int) -> int:
    """`count` where all are asked for, otherwise a fifth, which takes a fifth of the time."""
    return count if os.environ.get(THOROUGH) else count // 5
