r"""Texts that make a rule fire, with the token that it underlines, and texts that do not.

The underlined token is marked `⟦token⟧`; the marks are taken out before linting.  A module per family;
each also lists defects: a good configuration of `tests.rules.good`, what stands there, what is put
in its place, and the one rule that this fires.
"""

from tests.rules.cases import comments, file, routers, services, values

_MODULES = (file, values, routers, services, comments)

FIRES = [case for module in _MODULES for case in module.FIRES]
SILENT = [case for module in _MODULES for case in module.SILENT]
DEFECTS = [defect for module in _MODULES for defect in module.DEFECTS]
