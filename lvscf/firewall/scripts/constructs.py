"""Constructs: the commands of a shell script, and what selects and repeats them.

Text that is not a shell script must be read too.  A construct that is never closed is therefore
ignored, and its contents are read as if they were on their own.
"""

import re
from collections.abc import Iterator

from attrs import define, evolve, field, frozen

from lvscf.firewall.scripts.shell import Heredoc, Lexer, Piece, RawWord, ShellLine
from lvscf.shared.records import compared

_DEEPEST = 24
"""The deepest nesting of constructs that is followed."""


@compared
@frozen(eq=False, repr=False)
class Item:
    """A command or construct in a list, and what connects it to the one before."""

    node: "Node"
    connector: str = ""
    """`&&`, `||`, `|`, or nothing."""
    negated: bool = False
    """Whether `!` comes before it."""


Items = tuple[Item, ...]


@compared
@frozen(eq=False, repr=False)
class If:
    """`if` with its branches, each a condition and a body; that of `else` comes last."""

    branches: tuple[tuple[Items, Items], ...]
    start: int


@compared
@frozen(eq=False, repr=False)
class CaseConstruct:
    """`case WORD in` with its branches, each a list of patterns and a body."""

    subject: RawWord
    branches: tuple[tuple[tuple[RawWord, ...], Items], ...]
    start: int


@compared
@frozen(eq=False, repr=False)
class For:
    """`for NAME in WORDS`; no words mean a list that the text does not show."""

    name: str
    words: tuple[RawWord, ...] | None
    body: Items
    start: int


@compared
@frozen(eq=False, repr=False)
class While:
    """`while` and `until`, with the condition."""

    condition: Items
    body: Items
    until: bool
    start: int
    heredocs: tuple[Heredoc, ...] = ()
    """Its input."""


@compared
@frozen(eq=False, repr=False)
class Group:
    """`{ ...; }` and `( ... )`."""

    body: Items


@compared
@frozen(eq=False, repr=False)
class Function:
    """`NAME() { ...; }`."""

    name: str
    body: Items


Node = ShellLine | If | CaseConstruct | For | While | Group | Function


@define
class _Open:
    """A construct that is not closed yet."""

    kind: str
    start: int = 0
    items: list[Item] = field(factory=list)
    """The list to which commands are being added."""
    parts: list[list[Item]] = field(factory=list)
    """The lists before that one."""
    all_items: list[Item] = field(factory=list)
    connector: str = ""
    negated: bool = False
    name: str = ""
    words: tuple[RawWord, ...] | None = None
    patterns: list[RawWord] = field(factory=list)
    pattern_lists: list[tuple[RawWord, ...]] = field(factory=list)
    in_pattern: bool = False
    heredocs: tuple[Heredoc, ...] = ()
    outer: tuple[str, bool] = ("", False)
    """Connector and negation of the construct itself."""


_BODIES = {"then": "if", "do": "loop"}


class _Builder:
    def __init__(self) -> None:
        self.stack = [_Open("list")]
        self.function = ""
        """The name of the function whose body comes next."""

    def line(self, line: ShellLine) -> None:
        """Take the next command."""
        words: list[RawWord] = list(line.words)
        top = self.stack[-1]
        if top.kind == "case" and top.in_pattern:
            rest = self._patterns(top, words, line)
            if rest is None:
                return
            words = rest
        while words:
            word = words[0].plain
            if not self._reserved(word, words, line):
                break
        self._simple(words, line)
        self._ended(line.ended_by)

    def _patterns(self, top: _Open, words: list[RawWord], line: ShellLine) -> list[RawWord] | None:
        """Take patterns up to `)`; the words of the line if it closes the construct instead."""
        if words and words[0].plain == "esac":
            return words
        if words and line.ended_by == "\n":
            top.in_pattern = False  # a pattern ends with `)`, so this is not a `case`
            return words
        top.patterns.extend(words)
        if line.ended_by == ")":
            top.pattern_lists.append(tuple(top.patterns))
            top.patterns.clear()
            top.in_pattern = False
        return None

    def _reserved(self, word: str, words: list[RawWord], line: ShellLine) -> bool:
        """Handle a reserved word at the start of a command; False if it is not one."""
        top = self.stack[-1]
        if word == "!":
            top.negated = not top.negated
            del words[0]
        elif word in ("if", "while", "until"):
            self._open(word, words[0].start)
            del words[0]
        elif word == "{":
            self._open("{", words[0].start)
            del words[0]
        elif word in ("then", "elif", "else") and top.kind == "if":
            self._next_part()
            if word == "else":
                self._next_part()  # `else` has no condition
            del words[0]
        elif word == "do" and top.kind in ("for", "while", "until"):
            self._next_part()
            del words[0]
        elif word == "fi" and top.kind == "if":
            del words[0]
            self._close()
        elif word == "done" and top.kind in ("for", "while", "until"):
            del words[0]
            top.heredocs = line.heredocs
            self._close()
        elif (word == "esac" and top.kind == "case") or (word == "}" and top.kind == "{"):
            del words[0]
            self._close()
        elif word in ("then", "do", "else", "elif", "time"):
            del words[0]  # of a construct whose start was not seen
        elif word == "for" and len(words) == 2 and words[1].pieces[0].text.startswith("(("):
            self._open("for", words[0].start)
            self.stack[-1].name, self.stack[-1].words = _counted(words[1])
            words.clear()
        elif word in ("for", "select") and self._is_loop(words):
            name = words[1].plain
            self._open("for", words[0].start)
            opened = self.stack[-1]
            opened.name = name
            opened.words = None
            if len(words) > 2 and word == "for":
                opened.words = tuple(words[3:])
            words.clear()
        elif word == "case" and len(words) > 2 and words[2].plain == "in":
            self._open("case", words[0].start)
            opened = self.stack[-1]
            opened.words = (words[1],)
            opened.in_pattern = True
            rest = words[3:]
            words.clear()
            opened.patterns.extend(rest)
            if line.ended_by == ")":
                opened.pattern_lists.append(tuple(opened.patterns))
                opened.patterns.clear()
                opened.in_pattern = False
        elif word == "function" and len(words) > 1 and words[1].plain:
            self.function = words[1].plain
            del words[:2]
        else:
            return False
        return True

    @staticmethod
    def _is_loop(words: list[RawWord]) -> bool:
        if len(words) == 2:
            return words[1].plain.isidentifier()
        return len(words) > 2 and words[1].plain.isidentifier() and words[2].plain == "in"

    def _simple(self, words: list[RawWord], line: ShellLine) -> None:
        top = self.stack[-1]
        if line.ended_by == "(" and len(words) == 1 and words[0].plain:
            self.function = words[0].plain
            return
        if words or line.unbalanced is not None:
            shortened = line if len(words) == len(line.words) else _without(line, words)
            self._add(shortened)
        elif not line.words and line.ended_by == "\n":
            return
        top = self.stack[-1]
        if line.ended_by in ("&&", "||", "|", "|&"):
            top.connector = line.ended_by[:1] if line.ended_by == "|&" else line.ended_by

    def _add(self, node: Node) -> None:
        top = self.stack[-1]
        if isinstance(node, ShellLine):
            self.function = ""
        item = Item(node, top.connector, top.negated)
        if top.connector == "|" and top.items:  # `!` negates the whole pipeline
            first = top.items[-1]
            item = evolve(item, negated=first.negated)
            top.items[-1] = evolve(first, negated=False)
        top.connector, top.negated = "", False
        top.items.append(item)

    def _ended(self, how: str) -> None:
        top = self.stack[-1]
        if how == "(":
            if not self.function:
                self._open("(", 0)
        elif how == ")":
            if top.kind == "(":
                self._close()
        elif how in (";;", ";&", ";;&") and top.kind == "case":
            self._next_part()
            top.in_pattern = True

    def _open(self, kind: str, start: int) -> None:
        outer = self.stack[-1]
        opened = _Open(kind, start, outer=(outer.connector, outer.negated))
        outer.connector, outer.negated = "", False
        if self.function and kind in ("{", "("):
            opened.name, self.function = self.function, ""
        self.stack.append(opened)

    def _next_part(self) -> None:
        top = self.stack[-1]
        top.parts.append(top.items)
        top.items = []
        top.connector, top.negated = "", False

    def _close(self) -> None:
        self._next_part()
        closed = self.stack.pop()
        node = _made(closed)
        top = self.stack[-1]
        top.connector, top.negated = closed.outer
        if node is None or len(self.stack) > _DEEPEST:
            for part in closed.parts:
                top.items.extend(part)
            top.connector, top.negated = "", False
            return
        self._add(node)

    def finished(self) -> Items:
        """Everything read; what is still open does not count as a construct."""
        while len(self.stack) > 1:
            self._next_part()
            unclosed = self.stack.pop()
            for part in unclosed.parts:
                self.stack[-1].items.extend(part)
        return tuple(self.stack[0].items)


_COUNTING = re.compile(
    r"\(\(\s*(\w+)\s*=\s*(\d{1,6})\s*;\s*\1\s*(<=?)\s*(\d{1,6})\s*;\s*(?:\1\+\+|\+\+\1)\s*\)\)"
)


def _counted(word: RawWord) -> tuple[str, tuple[RawWord, ...] | None]:
    """The name and the values of `for ((i=1; i<=5; i++))`."""
    found = _COUNTING.match(word.pieces[0].text)
    if found is None:
        return "", None
    name, first, sign, last = found.groups()
    end = int(last) + (sign == "<=")
    if end - int(first) > 1024:
        return name, None
    return name, tuple(
        RawWord((Piece("text", str(number)),), word.start, word.end)
        for number in range(int(first), end)
    )


def _without(line: ShellLine, words: list[RawWord]) -> ShellLine:
    return evolve(line, words=tuple(words), start=words[0].start if words else line.start)


def _made(closed: _Open) -> Node | None:
    """The construct that has been closed; None if parts are missing."""
    parts = [tuple(part) for part in closed.parts]
    match closed.kind:
        case "if":
            if len(parts) < 2:
                return None
            branches = tuple(zip(parts[::2], parts[1::2], strict=False))
            return If(branches, closed.start)
        case "while" | "until":
            if len(parts) != 2:
                return None
            until = closed.kind == "until"
            return While(parts[0], parts[1], until, closed.start, closed.heredocs)
        case "for":
            if len(parts) != 2:
                return None
            return For(closed.name, closed.words, parts[1], closed.start)
        case "case":
            assert closed.words is not None
            return CaseConstruct(
                closed.words[0],
                tuple(zip(closed.pattern_lists, parts, strict=False)),
                closed.start,
            )
        case _:
            body = parts[0]
            return Function(closed.name, body) if closed.name else Group(body)


def constructs(lexer: Lexer, start: int, end: int) -> Items:
    """The commands and constructs of `text[start:end]`."""
    builder = _Builder()
    for line in lexer.lines(start, end):
        builder.line(line)
    return builder.finished()


def lines_of(items: Items) -> Iterator[ShellLine]:
    """All simple commands, at any depth."""
    stack = [iter(items)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
            continue
        node = item.node
        match node:
            case ShellLine():
                yield node
            case If():
                stack.extend(iter(part) for branch in node.branches for part in branch)
            case CaseConstruct():
                stack.extend(iter(body) for _, body in node.branches)
            case While():
                stack.append(iter(node.condition))
                stack.append(iter(node.body))
            case _:
                stack.append(iter(node.body))


def first_word(line: ShellLine) -> str:
    """The name of a command; empty if it is quoted or expanded."""
    return line.words[0].plain if line.words else ""


def leaves(items: Items) -> bool:
    """Whether commands end with `exit` or the like."""
    last = items[-1].node if items else None
    if isinstance(last, Group):
        return leaves(last.body)
    return isinstance(last, ShellLine) and first_word(last) in (
        "exit",
        "return",
        "die",
        "usage",
        "abort",
    )


def is_endless(node: While) -> bool:
    """Whether a loop has nothing that ends it."""
    line = node.condition[0].node if len(node.condition) == 1 else None
    if any(first_word(one) in ("break", "exit", "return") for one in lines_of(node.body)):
        return False
    return isinstance(line, ShellLine) and first_word(line) in ("true", ":", "sleep")
