"""Text as mdoc, the language of manual pages."""

import re
from collections.abc import Iterable
from textwrap import wrap

_WIDTH = 78

_CODE = re.compile(r"`([^`]+)`")


def escaped(text: str) -> str:
    """Text in which nothing is a command."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text


def prose(text: str) -> list[str]:
    """A paragraph, each sentence on lines of its own; what is in backquotes is bold."""
    shown = "".join(
        rf"\fB{escaped(part)}\fP" if number % 2 else _plain(part)
        for number, part in enumerate(_CODE.split(" ".join(text.split())))
    )
    sentences = re.sub(r"(?<!e\.g)(?<!i\.e)([.?!])(\\fP)? (?=\\fB|[A-Z0-9])", r"\1\2\n", shown)
    wrapped = (
        wrap(one, _WIDTH, break_long_words=False, break_on_hyphens=False)
        for one in sentences.split("\n")
    )
    return [_line(line) for lines in wrapped for line in lines]


def _plain(text: str) -> str:
    return text.replace("\\", "\\e")


def _line(text: str) -> str:
    return f"\\&{text}" if text.startswith((".", "'")) else text


def paragraphs(text: str) -> list[str]:
    """Paragraphs that empty lines separate."""
    lines: list[str] = []
    for paragraph in text.strip().split("\n\n"):
        lines += [".Pp", *prose(paragraph)]
    return lines[1:]


def macro(name: str, *words: str) -> str:
    """A line with a macro; words are arguments of it, whatever they look like."""
    return " ".join([f".{name}", *map(_argument, words)])


def _argument(word: str) -> str:
    shown = escaped(word)
    if not shown or " " in shown or '"' in shown:
        shown = '"' + shown.replace('"', "\\(dq") + '"'
    # Short words of capitals might be macros.
    return f"\\&{shown}" if re.fullmatch(r"[A-Z][A-Za-z]{0,2}|[.,:;()\[\]?!|]", word) else shown


def literal(text: str) -> list[str]:
    """An example, as it is."""
    return [
        ".Bd -literal -offset indent",
        *(escaped(line) or "\\&" for line in text.strip("\n").split("\n")),
        ".Ed",
    ]


def page(lines: Iterable[str]) -> str:
    """The page as it is shipped."""
    note = '.\\" Made by docs/generate.py from the code; do not edit.'
    return "".join(f"{line}\n" for line in (note, *lines))
