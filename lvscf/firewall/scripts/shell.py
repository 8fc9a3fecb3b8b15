"""Shell text split into commands and words, without a shell: nothing is ever run.

Words keep whatever the shell would expand (`$VAR`, `$(...)`) as separate pieces, because the values
are known only when a command runs: within a loop or a function, they change.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache

from attrs import field, frozen

from lvscf.firewall.language.command import UNSET
from lvscf.shared.records import compared

_PIECE = re.compile(
    r"(?P<plain>[^\s'\"\\$`;&|<>()#\n]+)"
    r"|(?P<space>[ \t\r\f\v]+)"
    r"|(?P<continued>\\\r?\n)"
    r"|(?P<end>\n)"
    r"|(?P<single>'[^'\n]*')"
    r'|"(?P<double>(?:[^"\\\n]|\\(?:.|\n))*)"'
    r"|\\(?P<escaped>.)"
    r"|(?P<variable>\$(?:\w+|\{[^}\n]*\}|[@*#?$!-]))"
    r"|(?P<run>\$\(\((?:[^()\n]|\([^()\n]*\))*\)\)"
    r"|\$\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\)?|`[^`\n]*`)"
    r"|(?P<redirect>&>>?|<<<|<<-?|>>|>\||<>|[<>]&?)"
    r"|(?P<control>&&|\|\||;;&?|;&|\|&|[;&|()])"
    r"|(?P<other>.)"
)
_PLAIN_LINE = re.compile(r"[ \t]*[^\s'\"\\$`;&|<>()#{}!\[][^'\"\\$`;&|<>()#{}\n]*(?:\n|\Z)")
_WORD = re.compile(r"\S+")
_IN_QUOTES = re.compile(
    r"\\(?P<escaped>[$`\"\\]|\n)|(?P<variable>\$(?:\w+|\{[^}\n]*\}|[@*#?$!-]))"
    r"|(?P<run>\$\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\)|`[^`\n]*`)"
)
_REFERENCE = re.compile(r"\$(?P<name>\w+)|\$\{(?P<braced>\w+)(?P<how>:?[-=+?]|\}|[^}])")
_SEQUENCE = re.compile(r"\$\(\s*seq\s+(\d{1,6})(?:\s+(\d{1,6}))?\s*\)|`seq (\d{1,6}) (\d{1,6})`")
_BRACES = re.compile(r"(?P<before>[^{}]*)\{(?:(\d{1,6})\.\.(\d{1,6})|([^{},]*(?:,[^{},]*)+))\}(.*)")
_HEREDOC = re.compile(r"<<(?P<tabs>-?)[ \t]*(?P<quote>['\"\\]?)(?P<word>\w+)['\"]?")
_ONE_WORD = re.compile(r"^(?P<tabs>\t*)(?P<word>\w+)[ \t]*\r?$", re.MULTILINE)
_FIREWALL = re.compile(r"^[ \t]*(?:\S*/)?(?:ip|arp)tables[\w-]*[ \t]", re.MULTILINE)
_ARRAY = re.compile(r"[A-Za-z_]\w*\+?=\Z")
_ALL_OF = re.compile(r"\$[@*]\Z|\$\{(?:[@*]|\w+\[[@*]\])\}\Z")
_SUM = re.compile(r"\$\(\((?P<sum>[^()]{1,80})\)\)\Z")
_TERM = re.compile(r"\s*(?P<sign>[-+]?)\s*(?P<factors>[$\w{}]+(?:\s*\*\s*[$\w{}]+)*)\s*")
_WHICH = re.compile(
    r"[$`]\(?\s*(?:which|type -p|type -P|command -v)\s+(\w+)\s*(?:2>\s*/dev/null\s*)?[)`]\Z"
)
_ECHO = re.compile(r"\$\(\s*echo ([\w./:,$ -]+)\)\Z|`echo ([\w./:,$ -]+)`\Z")
_LONGEST_SUM = 120
_LONGEST_SEQUENCE = 1024


@compared
@frozen(eq=False, repr=False)
class Piece:
    """A part of a word: literal text, or a reference to expand."""

    kind: str
    """`text`, `variable`, or `run` for what only a running shell knows."""
    text: str
    quoted: bool = False


@compared
@frozen(eq=False, repr=False)
class ShellWord:
    """A word with its place; `text` is what the shell would pass on."""

    text: str
    start: int
    end: int


@compared
@frozen(eq=False, repr=False)
class RawWord:
    """A word before its variables are expanded."""

    pieces: tuple[Piece, ...]
    start: int
    end: int

    @property
    def plain(self) -> str:
        """The text, if nothing in it is quoted or expanded; otherwise empty."""
        piece = self.pieces[0] if len(self.pieces) == 1 else None
        return piece.text if piece and piece.kind == "text" and not piece.quoted else ""

    def expanded(self, variables: Mapping[str, str]) -> list[ShellWord]:
        """The words that the shell makes of it: several if an unquoted variable contains spaces."""
        if len(self.pieces) == 1 and self.pieces[0].kind == "text":
            return [ShellWord(self.pieces[0].text, self.start, self.end)]
        text = ""
        can_split = False
        for piece in self.pieces:
            if piece.kind == "text":
                text += piece.text
            elif piece.kind == "run":
                answer = answered(piece.text, variables)
                text += answer or UNSET + piece.text
                can_split = can_split or (bool(answer) and not piece.quoted)
            else:
                value = value_of(piece.text, variables)
                text += value
                whole = not piece.quoted or _ALL_OF.match(piece.text) is not None
                can_split = can_split or (whole and UNSET not in value)
        if can_split and (" " in text or not text):
            return [ShellWord(part, self.start, self.end) for part in text.split()]
        return [ShellWord(text, self.start, self.end)]


@compared
@frozen(eq=False, repr=False)
class Heredoc:
    """The lines after a command that are its input."""

    start: int
    end: int
    literal: bool
    """Whether variables in it are not expanded."""
    indented: bool = False
    """Whether leading tabs are removed from its lines, as with `<<-`."""


@compared
@frozen(eq=False, repr=False)
class ShellLine:
    """One simple command: words up to a line's end or `;`, `&&`, `|`."""

    words: tuple[RawWord, ...]
    start: int
    end: int
    first: bool
    """Whether it begins a line of the file."""
    unbalanced: int | None = None
    """Where a quote opens that is not closed on its line."""
    ended_by: str = "\n"
    """What comes after it: `;`, `&&`, a line's end."""
    silenced: bool = False
    """Whether its error messages are discarded."""
    reads_file: bool = False
    """Whether `<` gives it a file to read."""
    heredocs: tuple[Heredoc, ...] = field(factory=tuple)
    written: RawWord | None = None
    """The file that its output goes to."""


def value_of(reference: str, variables: Mapping[str, str]) -> str:
    """The value of `$NAME`, `${NAME}` or `${NAME:-value}`."""
    name = reference[1:].strip("{}")
    found = _REFERENCE.match(reference)
    if found and found["braced"] and found["how"] != "}" and not _ALL_OF.match(reference):
        name, how = found["braced"], found["how"]
        default = reference[found.end() : -1]
        value = variables.get(name)
        if how in (":-", "-", ":=", "="):
            return value or (default if "$" not in default else UNSET + reference)
        if how in (":?", "?") and value:
            return value
        return UNSET + reference
    value = variables.get(name.removesuffix("[@]").removesuffix("[*]"))
    return value if value is not None else UNSET + reference


def expanded_text(text: str, variables: Mapping[str, str]) -> str:
    """A word of a here-document, with its variables expanded."""
    return _IN_QUOTES.sub(
        lambda found: (
            value_of(found.group(), variables)
            if found.lastgroup == "variable"
            else UNSET + found.group()
            if found.lastgroup == "run"
            else found["escaped"]
        ),
        text,
    )


def braced(text: str) -> list[str]:
    """The words of `{80,443}` and `{8001..8003}`."""
    found = _BRACES.fullmatch(text)
    if found is None:
        return [text]
    before, low, high, listed, after = found.groups()
    if listed is None:
        first, last = int(low), int(high)
        if abs(last - first) > _LONGEST_SEQUENCE:
            return [UNSET + text]
        step = 1 if first <= last else -1
        parts = [str(number) for number in range(first, last + step, step)]
    else:
        parts = listed.split(",")
    return [f"{before}{part}{after}" for part in parts]


def answered(text: str, variables: Mapping[str, str]) -> str | None:
    """The output of `$(...)`, if it is the same on every host."""
    found = _WHICH.match(text)
    if found:
        return found[1]
    found = _ECHO.match(text)
    if found:
        answer = expanded_text(found[1] or found[2], variables)
        return None if UNSET in answer else answer
    return _sequence(text) or sum_of(text, variables)


def _sequence(text: str) -> str | None:
    """The numbers of `$(seq 1 5)`."""
    found = _SEQUENCE.fullmatch(text)
    if found is None:
        return None
    numbers = [int(one) for one in found.groups() if one]
    first, last = (1, numbers[0]) if len(numbers) == 1 else numbers[:2]
    if last - first > _LONGEST_SEQUENCE:
        return None
    return " ".join(map(str, range(first, last + 1)))


def sum_of(text: str, variables: Mapping[str, str]) -> str | None:
    """The value of `$((BASE + 1))`: sums and products of numbers and variables."""
    found = _SUM.match(text)
    if found is None:
        return None
    expression, total, position = found["sum"], 0, 0
    while position < len(expression):
        term = _TERM.match(expression, position)
        if term is None or (position and not term["sign"]):
            return None
        product = 1
        for factor in term["factors"].split("*"):
            name = factor.strip().strip("${}")
            value = name if name.isdecimal() else variables.get(name, "")
            if not (value.isdecimal() and len(value) <= 10):
                return None
            product *= int(value)
        total += -product if term["sign"] == "-" else product
        position = term.end()
    return str(total)


class Heredocs:
    """Finds the ends of here-documents."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._words: dict[str, list[re.Match[str]]] | None = None
        """The lines of one word, which may end a document."""

    def after(self, start: int, end: int) -> tuple[int, list[Heredoc]]:
        """The end of the documents that the line `text[start:end]` announces, and their places.

        `end` is after the line's end; a document whose last line is missing does not count.
        """
        text = self.text
        documents: list[Heredoc] = []
        if text.find("<<", start, end) < 0:
            return end, documents
        for found in _HEREDOC.finditer(text, start, end):
            if text[max(found.start() - 1, 0)] == "<":
                continue
            close = self._closing(found["word"], end, bool(found["tabs"]))
            if close is None:
                break
            documents.append(Heredoc(end, close, bool(found["quote"]), bool(found["tabs"])))
            newline = text.find("\n", close)
            end = len(text) if newline < 0 else newline + 1
        return end, documents

    def _closing(self, word: str, position: int, tabs: bool) -> int | None:
        if self._words is None:
            self._words = {}
            for found in _ONE_WORD.finditer(self.text):
                self._words.setdefault(found["word"], []).append(found)
        candidates = self._words.get(word, [])
        at = bisect_left(candidates, position, key=lambda one: one.start())
        for found in candidates[at : at + 8]:
            if tabs or not found["tabs"]:
                return found.start()
        return None


@lru_cache(4096)
def _plain_piece(text: str) -> Piece:
    """The only piece of a word without quotes and variables."""
    return Piece("text", text)


class Lexer:
    """Reads commands one after the other."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.heredocs: Heredocs = Heredocs(text)
        self._never_closed: dict[str, int] = {}
        """By quote character, the place after which it does not occur again."""
        self._begun = 0
        """Where the present line of the file begins."""
        self._documents: list[Heredoc] = []
        """The here-documents of that line that do not yet belong to a command."""
        self._after = 0
        """Where the line ends, including its here-documents."""

    def _heredoc(self, position: int, end: int) -> list[Heredoc]:
        """The here-document that the operator at `position` announces."""
        if self._after <= position:
            newline = self.text.find("\n", position, end)
            following = end if newline < 0 else newline + 1
            self._after, self._documents = self.heredocs.after(self._begun, following)
        return [self._documents.pop(0)] if self._documents else []

    def lines(self, start: int, end: int) -> Iterator[ShellLine]:
        """The commands of `text[start:end]`, in order."""
        position = start
        first = True
        self._documents, self._after = [], 0
        while position < end:
            if first:
                self._begun = position
            line, position = self._line(position, end, first)
            yield line
            first = line.ended_by == "\n"

    def _line(self, position: int, end: int, first: bool) -> tuple[ShellLine, int]:
        """One command from `position`, and where the next begins."""
        text = self.text
        plain = _PLAIN_LINE.match(text, position, end)
        if plain is not None:
            found_words = tuple(
                RawWord((_plain_piece(one.group()),), one.start(), one.end())
                for one in _WORD.finditer(text, position, plain.end())
            )
            begin, last = found_words[0].start, found_words[-1].end
            following = min(max(plain.end(), self._after), end)  # past here-documents
            return ShellLine(found_words, begin, last, first), following
        words: list[RawWord] = []
        pieces: list[Piece] = []
        begin = last = position
        word_start = -1
        unbalanced: int | None = None
        redirected = ""
        silenced = reads_file = False
        written: RawWord | None = None
        heredocs: list[Heredoc] = []
        ended_by = "\n"

        def finish(at: int) -> None:
            nonlocal word_start, redirected, silenced, reads_file, written
            if word_start < 0:
                return
            if redirected:  # the file of a redirection is not an argument
                target = text[word_start:at]
                if redirected == "<":
                    reads_file = True
                elif redirected in ("2>", "2>>", "&>", "&>>", ">&", "2>|"):
                    silenced = silenced or not target.isdigit()
                elif redirected in (">", ">>", ">|", "1>", "1>>"):
                    written = RawWord(tuple(pieces), word_start, at)
                redirected = ""
            else:
                words.append(RawWord(tuple(pieces), word_start, at))
            pieces.clear()
            word_start = -1

        while position < end:
            found = _PIECE.match(text, position, end)
            if found is None:  # impossible: `other` matches any character but a line end
                break
            kind = found.lastgroup or "other"
            piece = found.group()
            following = found.end()
            if kind in ("space", "continued"):
                finish(position)
                position = following
                continue
            if kind == "end":
                finish(position)
                position = min(max(following, self._after), end)
                break
            if piece == "(" and word_start >= 0 and _ARRAY.match(text, word_start, position):
                close = text.find(")", position, end)
                if close >= 0:
                    inner = re.sub(r"#[^\n]*|['\"]", "", text[position + 1 : close])
                    pieces.extend(_in_quotes(" ".join(inner.split())))
                    position = last = close + 1
                    continue
            if piece == "(" and word_start < 0 and text.startswith("((", position):
                close = text.find("))", position, end)
                if 0 <= close - position <= _LONGEST_SUM:
                    begin = begin if words else position
                    calculation = Piece("run", text[position : close + 2])
                    words.append(RawWord((calculation,), position, close + 2))
                    position = last = close + 2
                    continue
            if kind == "control":
                finish(position)
                position = following
                ended_by = piece
                break
            if piece == "#" and word_start < 0:
                line_end = text.find("\n", position, end)
                position = end if line_end < 0 else line_end
                continue
            if kind == "redirect":
                number = text[word_start:position] if word_start >= 0 else ""
                if number.isdigit() and len(pieces) == 1 and not pieces[0].quoted:
                    pieces.clear()  # `2>`: the number says what is redirected
                    word_start = -1
                else:
                    number = ""
                finish(position)
                if piece.startswith("<<") and piece != "<<<":
                    found_here = _HEREDOC.match(text, position, end)
                    following = found_here.end() if found_here else following
                    heredocs.extend(self._heredoc(position, end))
                else:
                    redirected = number + piece
                position = last = following
                continue
            if not words and word_start < 0 and not redirected:
                begin = position
            if word_start < 0:
                word_start = position
            if kind == "single":
                pieces.append(Piece("text", piece[1:-1], True))
            elif kind == "double":
                pieces.extend(_in_quotes(found["double"]))
            elif kind == "escaped":
                pieces.append(Piece("text", found["escaped"], True))
            elif kind in ("variable", "run"):
                pieces.append(Piece(kind, piece))
            elif piece in ("'", '"'):
                closed = self._closing(piece, position, end, words)
                if closed is not None:
                    pieces.append(Piece("text", text[position + 1 : closed], True))
                    following = closed + 1
                else:
                    # A quote that is not closed on its line ends with the line.
                    unbalanced = position
                    line_end = text.find("\n", position, end)
                    following = end if line_end < 0 else line_end
                    pieces.append(Piece("text", text[position + 1 : following], True))
            else:
                pieces.append(Piece("text", piece))
            position = last = following
        finish(position)
        return (
            ShellLine(
                tuple(words),
                begin,
                max(last, begin),
                first,
                unbalanced,
                ended_by,
                silenced,
                reads_file,
                tuple(heredocs),
                written,
            ),
            position,
        )

    def _closing(self, quote: str, position: int, end: int, words: list[RawWord]) -> int | None:
        """Where a quote that spans several lines ends, such as that of an awk program.

        Not for iptables, which would reject it, and not across iptables commands: then the
        quotation mark is more likely an apostrophe.
        """
        if not words or position >= self._never_closed.get(quote, len(self.text) + 1):
            return None
        if _FIREWALL.match(words[0].plain + " "):
            return None
        closed = self.text.find(quote, position + 1, end)
        if closed < 0:
            self._never_closed[quote] = position
            return None
        if _FIREWALL.search(self.text, position + 1, closed):
            return None
        return closed


def _in_quotes(text: str) -> Iterator[Piece]:
    """The pieces of a text in double quotes."""
    position = 0
    for found in _IN_QUOTES.finditer(text):
        if found.start() > position:
            yield Piece("text", text[position : found.start()], True)
        if found.lastgroup == "escaped":
            escaped = found["escaped"]
            yield Piece("text", "" if escaped == "\n" else escaped, True)
        else:
            yield Piece(found.lastgroup or "run", found.group(), True)
        position = found.end()
    if position < len(text) or not text:
        yield Piece("text", text[position:], True)
