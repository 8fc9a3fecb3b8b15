"""The words of nft text: names and values, signs, and the ends of lines."""

import re
from collections.abc import Iterator

from lvscf.shared.records import record

END = "\n"
"""The text of a token that ends a line: a line feed or a semicolon."""

_TOKEN = re.compile(
    r"""(?P<space>(?:[ \t\r\f\v']|\\\r?\n|\\(?=[;{}]))+)
    |(?P<end>[\n;])
    |(?P<xt>\#[ \t]*xt_\w+)
    |(?P<remark>\#[^\n]*)
    |(?P<string>"[^"\n]*"?)
    |(?P<sign>==|!=|<=|>=|<<|>>|[{}(),=!<>&|^])
    |(?P<word>[@$]?(?:[^\s{}(),;=!<>&|^"\#'\\]|\\\*)+)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


@record
class Token:
    """A word, a quoted text or a sign, with its place."""

    text: str
    """Without its quotes."""
    start: int
    end: int
    quoted: bool = False


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The tokens of `text[start:end]`; comments are left out.

    So are the quotes and backslashes that a shell needs around braces and semicolons.

    Some versions of nft show an xt expression as a comment within the rule (`# xt_recent`): it is
    kept, because the rule depends on it.
    """
    stop = len(text) if end is None else end
    for found in _TOKEN.finditer(text, start, stop):
        kind = found.lastgroup
        if kind in ("space", "remark"):
            continue
        word = found[0]
        if kind == "end":
            yield Token(END, found.start(), found.end())
        elif kind == "string":
            yield Token(word.strip('"'), found.start(), found.end(), quoted=True)
        elif kind == "xt":
            yield Token("xt", found.start(), found.end())
            yield Token("match", found.start(), found.end())
            yield Token(word.partition("xt_")[2], found.start(), found.end())
        else:
            yield Token(word, found.start(), found.end())


class Unreadable(Exception):
    """Text that lvscf does not understand, and the token at which it stopped.

    Never leaves this package: the readers turn it into a finding.
    """

    def __init__(self, token: Token | None) -> None:
        super().__init__(token.text if token else "the end of the text")
        self.token = token


class Words:
    """A place in a list of tokens."""

    def __init__(self, found: list[Token]) -> None:
        self.all: list[Token] = found
        self.at: int = 0

    @property
    def next(self) -> Token | None:
        """The next token; None at the end."""
        return self.all[self.at] if self.at < len(self.all) else None

    @property
    def text(self) -> str:
        """The text of the next token if it is not quoted; empty at the end."""
        token = self.next
        return token.text if token is not None and not token.quoted else ""

    def ahead(self, count: int = 1) -> str:
        """The text of a token further on; empty beyond the end."""
        at = self.at + count
        return self.all[at].text if at < len(self.all) else ""

    def take(self) -> str:
        """The text of the next token, which is passed.

        Raises:
            Unreadable: there is none.
        """
        token = self.next
        if token is None:
            raise Unreadable(None)
        self.at += 1
        return token.text

    def skip(self, *texts: str) -> bool:
        """Pass the next token if it is one of `texts`."""
        if self.text and self.text in texts:
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Pass the next token, which must be `text`.

        Raises:
            Unreadable: it is not.
        """
        if not self.skip(text):
            raise Unreadable(self.next)

    def skip_ends(self) -> None:
        """Pass all ends of lines."""
        while self.text == END:
            self.at += 1

    def line(self) -> list[Token]:
        """The tokens up to the end of the line, with all in braces; the end is passed.

        A closing brace that was not opened in the line ends it, too, and is not passed.
        """
        start, depth = self.at, 0
        while (token := self.next) is not None:
            if not token.quoted:
                if token.text == "{":
                    depth += 1
                elif token.text == "}":
                    if depth == 0:
                        break
                    depth -= 1
                elif token.text == END and depth == 0:
                    break
            self.at += 1
        found = self.all[start : self.at]
        self.skip(END)
        return found
