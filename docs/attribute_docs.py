"""Docstrings of the attributes in `lvscf/config/model.py`, made from the table of directives."""

import re
from textwrap import fill

from lvscf.piranha.directives import BY_SCOPE, Definition, Scope

_CLASSES = {"RealServer": Scope.SERVER, "_Service": Scope.SERVICE, "Config": Scope.GLOBAL}
_CLASS = re.compile(r"class (\w+)\b")
_ATTRIBUTE = re.compile(r"    (\w+): .*= None")
_WIDTH = 100


def documented(source: str) -> str:
    """The source of the model, with a docstring after each attribute that is a directive."""
    lines: list[str] = []
    scope: Scope | None = None
    is_inside = False
    after_attribute = False
    for line in source.splitlines():
        if is_inside or (after_attribute and line.startswith('    """')):
            # The docstring that is there; a new one was written.
            is_inside = not line.endswith('"""') if is_inside else not _is_closed(line)
            after_attribute = False
            continue
        after_attribute = False
        lines.append(line)
        found = _CLASS.match(line)
        if found is not None:
            scope = _CLASSES.get(found[1])
        attribute = _ATTRIBUTE.match(line)
        if scope is not None and attribute is not None and attribute[1] in BY_SCOPE[scope]:
            lines += _docstring(BY_SCOPE[scope][attribute[1]])
            after_attribute = True
    return "".join(f"{line}\n" for line in lines)


def _is_closed(line: str) -> bool:
    return line.endswith('"""') and line.strip() != '"""'


def _docstring(row: Definition) -> list[str]:
    return [*_wrapped(f'"""{row.meaning}'), "", *_wrapped(_value(row)), '    """']


def _wrapped(text: str) -> list[str]:
    return fill(text, _WIDTH, initial_indent="    ", subsequent_indent="    ").splitlines()


def _value(row: Definition) -> str:
    """What the value is, and what Piranha uses without it."""
    said = f"Value: {row.kind.name}"
    if row.default is not None:
        default = int(row.default) if isinstance(row.default, bool) else row.default
        said += f"; default {default}"
    return f"{said}.{f' Since Piranha {row.since}.' if row.since else ''}"
