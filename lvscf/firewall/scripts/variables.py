"""Shell variables: what commands do to them, as far as the text shows."""

import re

from lvscf.firewall.language.command import UNSET
from lvscf.firewall.scripts.shell import RawWord, answered, sum_of, value_of

ASSIGNED = re.compile(r"[A-Za-z_]\w*\+?=")
DECLARING = ("export", "local", "readonly", "declare", "typeset")
_LONGEST_VALUE = 4096
"""The longest value that is kept: `A=$A$A` must not grow without limit."""


def assign(raws: list[RawWord], variables: dict[str, str]) -> None:
    """Assign `NAME=value` and `NAME+=value`."""
    for raw in raws:
        name, _, value = text_of(raw, variables).partition("=")
        if name.endswith("+"):
            name = name[:-1]
            value = variables.get(name, "") + (" " if _listed(raw) else "") + value
        if len(value) <= _LONGEST_VALUE:
            variables[name] = value
        else:
            variables.pop(name, None)


def is_assignment(raw: RawWord) -> bool:
    """Whether a word is `NAME=value`."""
    first = raw.pieces[0] if raw.pieces else None
    return (
        first is not None
        and first.kind == "text"
        and not first.quoted
        and ASSIGNED.match(first.text) is not None
    )


_CHANGE = re.compile(r"(\w+)\s*(\+\+|--|[-+]?=)\s*([^()=]*)\Z")


def calculate(text: str, variables: dict[str, str]) -> None:
    """Evaluate `((i++))` and `let i=i+1`."""
    found = _CHANGE.match(text.strip().removeprefix("((").removesuffix("))").strip())
    if found is None:
        for name in re.findall(r"[A-Za-z_]\w*(?=\s*(?:\+\+|--|[-+*/%]?=(?!=)))", text):
            variables.pop(name, None)
        return
    name, how, rest = found.groups()
    changed = {"++": f"{name}+1", "--": f"{name}-1", "=": rest}.get(how, f"{name}{how[0]}{rest}")
    value = sum_of(f"$(({changed}))", variables)
    if value is None:
        variables.pop(name, None)
    else:
        variables[name] = value


def shift(variables: dict[str, str]) -> None:
    """Drop the first argument of a function."""
    at = 1
    while str(at + 1) in variables:
        variables[str(at)] = variables[str(at + 1)]
        at += 1
    variables.pop(str(at), None)
    words = [variables[str(one)] for one in range(1, at)]
    if "@" in variables:
        variables.update({"@": " ".join(words), "*": " ".join(words), "#": str(len(words))})


def _listed(raw: RawWord) -> bool:
    """Whether `NAME+=(...)` extends a list."""
    return len(raw.pieces) > 1 and raw.pieces[0].text.endswith("+=") and raw.pieces[1].quoted


def text_of(raw: RawWord, variables: dict[str, str]) -> str:
    """The text of a word, without splitting."""
    return "".join(
        piece.text
        if piece.kind == "text"
        else value_of(piece.text, variables)
        if piece.kind == "variable"
        else answered(piece.text, variables) or UNSET + piece.text
        for piece in raw.pieces
    )
