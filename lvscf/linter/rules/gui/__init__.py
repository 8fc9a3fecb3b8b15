"""LVS8: what the Piranha GUI cannot load, loses or mangles when it next saves the file.

All of these rules are optional: they are for clusters where the GUI is still in use.
"""

from lvscf.linter.case_rule import CaseRule
from lvscf.linter.rules.gui import braces, repeated_lines, saving, spelling

RULES: tuple[CaseRule, ...] = (
    *braces.RULES,
    *repeated_lines.RULES,
    *spelling.RULES,
    *saving.RULES,
)
