"""Columns as other programs count them; lvscf counts characters, from 1."""

from lvscf.source import Source, encode


def utf8(source: Source, line: int, column: int) -> int:
    """The column in bytes of UTF-8."""
    return column if source.text.isascii() else len(encode(_before(source, line, column))) + 1


def utf16(source: Source, line: int, column: int) -> int:
    """The column in UTF-16 code units."""
    if source.text.isascii():
        return column
    return column + sum(character > "\uffff" for character in _before(source, line, column))


def _before(source: Source, line: int, column: int) -> str:
    """What precedes a column on its line."""
    start = source.line_starts[line - 1]
    return source.text[start : start + column - 1]
