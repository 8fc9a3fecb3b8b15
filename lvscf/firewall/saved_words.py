"""Saved words: the words of a line of iptables-save, which has its own quoting."""

import re

_SAVED_WORD = re.compile(r'[^\s"]*(?:"(?:[^"\\]|\\.)*"[^\s"]*)+|[^\s"]+|"')


def saved_words(text: str, start: int, end: int) -> list[str]:
    """The words of a line of iptables-save.

    Only double quotes count; within them, a backslash escapes the next character.

    Raises:
        ValueError: a quote is not closed; the argument is its offset.
    """
    line = text[start:end]
    if '"' not in line:
        return line.split()
    words: list[str] = []
    for found in _SAVED_WORD.finditer(line):
        word = found.group()
        if '"' in word:
            if word == '"':
                raise ValueError(start + found.start())
            word = _unquote(word)
        words.append(word)
    return words


def saved_places(text: str, start: int, end: int) -> list[int]:
    """Where the words of a line of iptables-save begin."""
    return [found.start() for found in _SAVED_WORD.finditer(text, start, end)]


def _unquote(word: str) -> str:
    return re.sub(r'"((?:[^"\\]|\\.)*)"', lambda found: re.sub(r"\\(.)", r"\1", found[1]), word)
