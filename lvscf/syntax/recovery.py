"""Recovery: where a block whose brace is missing was meant to end.

Piranha notices a missing `}` only at the next line that cannot be inside the block.  Users want
one finding at that place, and the rest of the file checked as they meant it.  So a block without a
brace ends

* at the first directive that is known only outside the block, if nothing after it is known only
  inside the block;
* otherwise at the next header that cannot be inside it, or at the end of the text.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from lvscf.piranha.directives import BY_SCOPE, Scope
from lvscf.syntax.parser import Child, Token, Tree

_SERVICES = ("service", "cut_service", "unclosed_service")
_CLOSED = ("service", "server")


class Opened:
    """A block of the parse tree: its header, its contents and its closing line.

    `scope` is the scope of the directives inside; `ended_by` is the line at which Piranha notices
    that the brace is missing, or None if it does not.
    """

    __slots__ = ("children", "close", "ended_by", "header", "scope")

    def __init__(
        self,
        scope: Scope,
        header: Token,
        children: "Sequence[Piece]",
        close: Token | None,
        ended_by: Token | None = None,
    ) -> None:
        self.scope: Scope = scope
        self.header: Token = header
        self.children: Sequence[Piece] = children
        self.close: Token | None = close
        self.ended_by: Token | None = ended_by


Piece: TypeAlias = Child | Opened


def blocks(tree: Tree) -> Iterator[Opened | Token]:
    """The blocks of `tree`, each of which cuts off the previous one, and the lines between them."""
    following: Tree | None = tree
    while following is not None:
        tree, following = following, None
        scope = _scope(tree)
        header, children, close = _parts(tree)
        if close is not None:
            yield Opened(scope, header, children, close)
            return
        if children and isinstance(last := children[-1], Tree) and _scope(last) is scope:
            following = last
            children.pop()
        yield from _unclosed(scope, header, _line_by_line(children), following)


def _unclosed(
    scope: Scope, header: Token, children: list[Child], following: Tree | None
) -> Iterator[Opened | Token]:
    inside, strays = _as_meant(children, scope)
    if strays:
        yield Opened(scope, header, inside, None, strays[0])
        yield from strays
        return
    if scope is Scope.SERVICE and (lent := _lent_brace(children)) is not None:
        held, brace, after = lent
        yield Opened(scope, header, held, brace)
        yield from after
        return
    yield Opened(scope, header, children, None, _parts(following)[0] if following else None)


def _lent_brace(children: list[Child]) -> tuple[list[Piece], Token, list[Token]] | None:
    """The contents of a service whose brace closed its last server, which has none of its own.

    Also that brace, and the blank lines and comments after it.  None if this is another case.
    """
    end = len(children)
    while end and isinstance(line := children[end - 1], Token) and not _keyword(line):
        end -= 1
    if not end or isinstance(last := children[end - 1], Token) or last.name != "server":
        return None
    header, inside, brace = _parts(last)
    inside, strays = _as_meant(_line_by_line(inside), Scope.SERVER)
    if not strays or brace is None:
        return None
    server = Opened(Scope.SERVER, header, inside, None, strays[0])
    after = [line for line in children[end:] if isinstance(line, Token)]
    return [*children[: end - 1], server, *strays], brace, after


def _as_meant(children: list[Child], scope: Scope) -> tuple[list[Child], list[Token]]:
    """The lines meant to be inside a block whose brace is missing, and the lines after its end."""
    inside = BY_SCOPE[scope]
    outside = BY_SCOPE[Scope.GLOBAL if scope is Scope.SERVICE else Scope.SERVICE]
    after: list[Token] = []
    meant = 0
    for child in reversed(children):
        if isinstance(child, Tree):
            break
        keyword = _keyword(child)
        if keyword in inside and keyword not in outside:
            break
        after.append(child)
        if keyword in outside and keyword not in inside:
            meant = len(after)
    return children[: len(children) - meant], after[:meant][::-1]


def _parts(tree: Tree) -> tuple[Token, list[Child], Token | None]:
    """The header, contents and closing line of a block."""
    header, *children = tree.children
    close = children.pop() if tree.name in _CLOSED else None
    assert isinstance(header, Token)
    assert close is None or isinstance(close, Token)
    return header, children, close


def _line_by_line(children: list[Child]) -> list[Child]:
    """Runs of directives split into lines, so that a block can end between two of them."""
    apart: list[Child] = []
    for child in children:
        if isinstance(child, Token) and child.kind == "DIRECTIVES":
            start = child.start
            for line in child.text.splitlines(keepends=True):
                apart.append(Token(child.kind, line, start))
                start += len(line)
        else:
            apart.append(child)
    return apart


def _keyword(line: Token) -> str:
    if line.kind in ("BLANK", "COMMENT"):
        return ""
    # Python has more blanks than Piranha, and a line may consist of them.
    return line.text.strip(" \t\r\n").replace("\t", " ").partition(" ")[0]


def _scope(tree: Tree) -> Scope:
    return Scope.SERVICE if tree.name in _SERVICES else Scope.SERVER
