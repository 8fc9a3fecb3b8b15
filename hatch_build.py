"""Build hook: turns the grammar into parse tables, with Lark.

Importing Lark costs more than the rest of a run as a commit hook; loading its tables does not.  The
generated module is part of wheels and editable installs, but not of the repository, where
`grammar/lvs_cf.lark` is the only copy of the grammar.
"""

import compileall
import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

GRAMMAR = Path("grammar/lvs_cf.lark")
TABLES = Path("lvscf/syntax/tables.py")
GENERATED = Path("lvscf/syntax/_generated.py")


class GenerateTables(BuildHookInterface[Any]):
    """Writes `lvscf/syntax/_generated.py` before a wheel is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Generate the tables and add them to the wheel; an sdist contains only the grammar."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        tables = runpy.run_path(str(root / TABLES))
        grammar = (root / GRAMMAR).read_text(encoding="utf-8")
        module = tables["as_module"](tables["make"](grammar))
        (root / GENERATED).write_text(module, encoding="utf-8")
        if version == "editable":
            # Installers compile wheels, but not the files of an editable install.
            compileall.compile_dir(root / "lvscf", quiet=1)
        build_data["artifacts"].append(str(GENERATED))
