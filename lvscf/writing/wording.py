"""Wording: the words to write for a value, so that Piranha reads the same value back.

There are no escapes in lvs.cf, and a quoted word without a blank must end its line, so some values
cannot be written.  Each proposal is checked with Piranha's own reading rules before it is used.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import Any, TypeAlias

from lvscf.config.model import FailoverService, RealServer, VirtualServer
from lvscf.piranha import values
from lvscf.piranha.directives import Definition, Kind
from lvscf.piranha.values import AddressOnDevice, Unreadable
from lvscf.source import quoted
from lvscf.syntax import words
from lvscf.syntax.judge import Judge
from lvscf.syntax.nodes import Directive, Line
from lvscf.syntax.words import Word

Path: TypeAlias = tuple[VirtualServer | FailoverService | RealServer, ...]
"""The blocks around a value, the outermost first."""

_QUOTES = ('"', "'")
_NUMBERS = (values.integer, values.unsigned, values.port, values.boolean)


def words_for(
    definition: Definition, value: Any, path: Path, like: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The words to write after the `=` for `value`.

    `like` are the words written for it before: their quotes are kept, and so is each whole word
    that still has the same meaning.

    Raises:
        ValueError: there are no words that Piranha would read as `value`.
    """
    try:
        _require_type(definition.kind, value)
        return _words_for(definition, value, like)
    except _Unsayable as reason:
        raise _cannot_write(path, f"{definition.name} = {quoted(_shown(value))}", reason) from None


def name_word(keyword: str, name: str, path: Path, like: str = "") -> str:
    """The word to write for a block's name, in the quotes of `like` if possible.

    Raises:
        ValueError: there is no word that Piranha would read as `name`.
    """
    header = f"the name {quoted(_shown(name))} of a {keyword} block"
    try:
        if not isinstance(name, str):
            raise _Unsayable("a name is a str")
        _require_one_line(name)
        for word in _spellings(name, like):
            found = words.split(f"{keyword} {word} {{")
            if [one.text for one in found.words] == [keyword, name, "{"]:
                return word
        if not name:
            raise _Unsayable("Piranha does not accept an empty name, not even in quotes")
        raise _Unsayable("neither kind of quotes can hold it, and Piranha has no escapes")
    except _Unsayable as reason:
        raise _cannot_write(path, header, reason) from None


def written(line: Directive, definition: Definition) -> tuple[Word, ...]:
    """The words of `line` that are its value; for a list, including the brackets."""
    found = line.words[2:]
    if not definition.kind.is_list:
        return found[: definition.kind.words]
    closing = next(index for index, word in enumerate(found) if word.text == "]" and index)
    return found[: closing + 1]


def as_written(line: Directive | None, definition: Definition) -> tuple[str, ...]:
    """The words of a value, with their quotes; none if there is no line."""
    if line is None:
        return ()
    return tuple(word.as_written for word in written(line, definition))


def says(definition: Definition, content: str, value: Any) -> bool:
    """Whether Piranha accepts a line and reads `value` from it."""
    if "\n" in content:  # a word from a line that ends in a CR
        return False
    judge = Judge(Line(0, content), definition.scope)
    found = judge.directive()
    return judge.fault is None and found is not None and bool(found == value)


class _Unsayable(Exception):
    """Why a value cannot be written."""


def _cannot_write(path: Path, what: str, reason: _Unsayable) -> ValueError:
    where = " of ".join(
        f"{_KEYWORDS.get(type(block), 'block')} {quoted(_shown(block.name))}"
        for block in reversed(path)
    )
    return ValueError(f"{where + ': ' if where else ''}{what} cannot be written: {reason}")


_KEYWORDS: dict[type, str] = {
    VirtualServer: "virtual server",
    FailoverService: "failover service",
    RealServer: "real server",
}


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "[ " + " ".join(map(str, value)) + " ]"
    return str(int(value)) if isinstance(value, bool) else str(value)


@lru_cache(4096, typed=True)
def _words_for(definition: Definition, value: Any, like: tuple[str, ...]) -> tuple[str, ...]:
    for found in _proposals(definition.kind, value, like):
        if says(definition, f"{definition.name} = {' '.join(found)}", value):
            return found
    raise _Unsayable(_reason(definition.kind, value))


def _proposals(kind: Kind, value: Any, like: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """Candidate words for `value`, the best first."""
    if kind.is_list:
        return [("[", *(_list_word(text) for text in value), "]")]
    first = like[0] if like else ""
    if isinstance(value, AddressOnDevice):
        device = like[1] if len(like) > 1 else ""
        addresses = _same_or_spelled(kind, value.address, first)
        return product(addresses, tuple(_spellings(value.device, device)))
    if kind.keeps_quotes:
        return [(value,)]
    text = str(int(value)) if kind.read in _NUMBERS else value
    return ((word,) for word in _same_or_spelled(kind, text, first, value))


def _same_or_spelled(kind: Kind, text: str, like: str, value: Any = None) -> list[str]:
    """`like` itself, if it means the same; then `text` with and without quotes."""
    found = list(_spellings(text, like))
    if like:
        read = kind.read(like[1:-1] if like[0] in _QUOTES else like)
        if read == (text if value is None else value):
            found.insert(0, like)
    return found


def _spellings(text: str, like: str) -> Iterator[str]:
    """`text` in the quotes of `like`, without quotes, and in the other quotes."""
    style = like[0] if like and like[0] in _QUOTES else ""
    yield f"{style}{text}{style}"
    for quote in ("", *_QUOTES):
        if quote != style:
            yield f"{quote}{text}{quote}"


def _list_word(text: str) -> str:
    for word in _spellings(text, ""):
        found = words.split(f"{word} ]").words
        if [one.text for one in found] == [text, "]"]:
            return word
    raise _Unsayable(f"neither kind of quotes can hold {quoted(text)} inside a list")


def _require_type(kind: Kind, value: Any) -> None:
    """Check that `value` has the type of this kind, and fits on one line."""
    if kind.is_list:
        if not isinstance(value, tuple):
            raise _Unsayable("a list must be a tuple of str")
        parts = value
    elif kind.with_device:
        if not isinstance(value, AddressOnDevice):
            raise _Unsayable("it takes an AddressOnDevice")
        parts = (value.address, value.device)
    elif kind.read in _NUMBERS:
        if not isinstance(value, int):
            raise _Unsayable(
                f"it takes {'True or False' if kind.read is values.boolean else 'an int'}"
            )
        return
    else:
        parts = (value,)
    for part in parts:
        if not isinstance(part, str):
            raise _Unsayable("it takes a str")
        _require_one_line(part)


def _require_one_line(text: str) -> None:
    if "\0" in text:
        raise _Unsayable("Piranha reads nothing after a NUL")
    if "\n" in text or "\r" in text:
        raise _Unsayable("it contains a line end, and lvs.cf has no continuation lines")


def _reason(kind: Kind, value: Any) -> str:
    """The reason why Piranha would not read `value` back."""
    if kind.is_list:
        if "]" in value:
            return "a `]` would end the list"
        return f"Piranha reads no more than {words.MOST_WORDS} words of a line"
    if kind.keeps_quotes:
        return _reason_of_quotes(value)
    text = value.address if isinstance(value, AddressOnDevice) else value
    try:
        found = kind.read(str(int(text)) if isinstance(text, int) else text)
    except Unreadable as refused:
        return f"Piranha would reject it ({refused.complaint.value})"
    if found is None:
        return "Piranha would ignore it, since it is not a valid netmask"
    if found != text:
        return f"Piranha would read {quoted(str(found))}"
    if isinstance(value, AddressOnDevice):
        return "neither kind of quotes can hold its two words, and Piranha has no escapes"
    return "neither kind of quotes can hold it, and Piranha has no escapes"


def _reason_of_quotes(text: str) -> str:
    if not text:
        return 'there would be nothing after the `=`; empty text is `""`, with its quotes'
    if text[0] not in _QUOTES:
        return "a blank ends a word; this value needs quotes, which are part of it"
    return (
        "its quotes do not close where Piranha expects it: at the first quote after the first "
        "blank or, if there is no blank, at the end"
    )
