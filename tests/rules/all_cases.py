r"""Texts that make a rule fire, with the token that it underlines, and texts that do not.

The underlined token is marked `⟦token⟧`; the marks are taken out before linting.  A module per topic;
each also lists defects: a good configuration of `tests.good`, what stands there, what is put
in its place, and the one rule that this fires.
"""

from tests.rules.cases import (
    address_values,
    addresses,
    check_strings,
    checks,
    command_lines,
    comments,
    failover,
    file,
    gui,
    no_effect,
    number_values,
    pair,
    persistence,
    pool,
    routers,
    server_ports,
    services,
    values,
    weights,
)

_MODULES = (
    file,
    values,
    number_values,
    address_values,
    no_effect,
    command_lines,
    routers,
    services,
    addresses,
    server_ports,
    pool,
    persistence,
    weights,
    failover,
    comments,
    pair,
    checks,
    check_strings,
    gui,
)

FIRES = [case for module in _MODULES for case in module.FIRES]
SILENT = [case for module in _MODULES for case in module.SILENT]
DEFECTS = [defect for module in _MODULES for defect in module.DEFECTS]
