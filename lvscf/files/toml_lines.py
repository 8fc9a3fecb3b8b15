"""Line numbers of the keys and list items of a TOML text.

Python's `tomllib` returns values without their positions.  This reader is only used to locate a
wrong value in text that `tomllib` has accepted, so it need not detect mistakes.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping

KeyPath = tuple[str | int, ...]
"""The keys from the top to a value; list items are numbered from 0."""

_SILENT = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_TEXT = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'  # up to two quotes may precede the closing ones
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]}\n#]*")


def lines(text: str) -> Mapping[KeyPath, int]:
    """The line (from 1) of every key and item; the first one if a key is repeated."""
    found: dict[KeyPath, int] = {}
    for path, offset in _Walk(text).document():
        found.setdefault(path, offset)
    ends = [end.start() for end in re.finditer("\n", text)]
    return {path: bisect_left(ends, offset) + 1 for path, offset in found.items()}


class _Walk:
    """Scans a text once; every method moves `at` past the element it is named after."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def document(self) -> Iterator[tuple[KeyPath, int]]:
        table: KeyPath = ()
        tables: dict[KeyPath, int] = {}
        self.skip()
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                listed = self.text.startswith("[[", self.at)
                self.at += 2 if listed else 1
                self.skip()
                for table, offset in self.key(()):
                    yield table, offset
                if listed:
                    tables[table] = tables.get(table, -1) + 1
                    table = (*table, tables[table])
                self.skip()
                self.at += 2 if listed else 1
            else:
                yield from self.pair(table)
            self.skip()

    def pair(self, table: KeyPath) -> Iterator[tuple[KeyPath, int]]:
        path = table
        for path, offset in self.key(table):
            yield path, offset
        self.skip()
        self.at += 1  # the equals sign
        self.skip()
        yield from self.value(path)

    def key(self, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
        """Every part of a dotted key, with its full path."""
        while True:
            found = _KEY.match(self.text, self.at)
            if found is None:
                raise ValueError("this is not TOML")
            path = (*path, _unquoted(found[0]))
            yield path, self.at
            self.at = found.end()
            dot = _DOT.match(self.text, self.at)
            if dot is None:
                return
            self.at = dot.end()

    def value(self, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
        first = self.text[self.at]
        if first == "[":
            self.at += 1
            self.skip()
            number = 0
            while self.text[self.at] != "]":
                yield (*path, number), self.at
                yield from self.value((*path, number))
                number += 1
                self.comma()
            self.at += 1
        elif first == "{":
            self.at += 1
            self.skip()
            while self.text[self.at] != "}":
                yield from self.pair(path)
                self.comma()
            self.at += 1
        else:
            found = _TEXT.match(self.text, self.at) or _PLAIN.match(self.text, self.at)
            assert found is not None
            self.at = found.end()

    def comma(self) -> None:
        self.skip()
        if self.text[self.at] == ",":
            self.at += 1
            self.skip()

    def skip(self) -> None:
        """Skip blanks, line ends and comments."""
        found = _SILENT.match(self.text, self.at)
        assert found is not None
        self.at = found.end()


def _unquoted(key: str) -> str:
    if key[0] == "'":
        return key[1:-1]
    if key[0] == '"':
        import tomllib

        text: str = tomllib.loads(f"k = {key}")["k"]
        return text
    return key
