"""Clusters that were really run on Linux IPVS."""

import gzip
import json
from typing import Any

from tests.vectors import DATA


def clusters(name: str) -> tuple[dict[str, Any], ...]:
    """The clusters of a file."""
    with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)


CLUSTERS = clusters("live_clusters.jsonl.gz")
WHOLE = clusters("live_clusters2.jsonl.gz")
"""Clusters of which more is known: kernel settings, and whether connections end."""
