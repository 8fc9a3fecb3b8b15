"""The cases of all rules: every module `..._cases` of `tests.faults` and `tests.rules`."""

from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import tests.faults
import tests.rules
from tests.cases import Defects, Texts

_MODULES = [
    import_module(module.name)
    for package in (tests.faults, tests.rules)
    for module in walk_packages(package.__path__, f"{package.__name__}.")
    if module.name.endswith("_cases")
]


def _merged(table: str) -> dict[str, Any]:
    """One table of all modules; each rule is in one module."""
    merged: dict[str, Any] = {}
    for module in _MODULES:
        of_module = getattr(module, table, {})
        assert not merged.keys() & of_module.keys(), module.__name__
        merged |= of_module
    return dict(sorted(merged.items()))


FIRES: Texts = _merged("FIRES")
SILENT: Texts = _merged("SILENT")
DEFECTS: Defects = _merged("DEFECTS")
