"""Long arrays in JSON, an item per line: short, and readable with the tools for lines."""

import json
from collections.abc import Iterable
from typing import Any


def listed(items: Iterable[Any]) -> str:
    """A JSON array, ASCII only.

    Python indents JSON item by item, which takes several times as long.
    """
    lines = ",\n".join(map(json.dumps, items))
    return f"[\n{lines}\n]" if lines else "[]"
