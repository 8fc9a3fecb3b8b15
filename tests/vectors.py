"""The verdicts of Piranha's own reader, which come with the tests."""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@cache
def reader_verdicts() -> tuple[dict[str, Any], ...]:
    """2194 texts, each with `verdict`, and `config` or `error` and `line`.

    The last 750 are of the rarest kinds.
    """
    found: list[dict[str, Any]] = []
    for name in ("lvs_cf.jsonl.gz", "lvs_cf_hard.jsonl.gz"):
        with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
            found += [json.loads(line) for line in lines]
    return tuple(found)


@cache
def gui_pairs() -> tuple[dict[str, str], ...]:
    """50 files before (`in`) and after (`out`) the Piranha GUI saved them, `name` and `class`.

    Class `clean` are files that it reads as Piranha does, `hazard` those that it spoils, `page`
    those that a page of it changed.
    """
    with gzip.open(DATA / "gui.jsonl.gz", "rt", encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)


@cache
def conversions() -> tuple[dict[str, Any], ...]:
    """60 files with what a kernel held under Piranha, and with servers that are well and unwell."""
    with gzip.open(DATA / "convert.jsonl.gz", "rt", encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)
