"""Recovery: where a block that lacks its brace was meant to end.

Piranha notices a missing `}` only when something comes along that cannot stand inside the block.
People want to hear of it once, at that place, and to have the rest of the file checked as they
meant it.  So a block without a brace ends

* where the first directive stands that only the surroundings know, if nothing that only the block
  knows comes after it;
* else at the next header that cannot stand inside it, or at the end of the text.
"""

from collections.abc import Iterator

from attrs import frozen

from lvscf.directives import BY_SCOPE, Scope
from lvscf.syntax.parser import Child, Token, Tree

_SERVICES = ("service", "cut_service", "unclosed_service")
_CLOSED = ("service", "server")


@frozen(eq=False)
class Opened:
    """A block of the parse tree: its header, what it holds, and its closing line."""

    scope: Scope
    """Of the directives inside."""
    header: Token
    children: "list[Child | Opened]"
    close: Token | None
    ended_by: Token | None = None
    """The line at which Piranha notices that the brace is missing; None: it does not."""


def blocks(tree: Tree) -> Iterator[Opened | Token]:
    """The blocks of `tree`, which cut one another short, and lines that stand between them."""
    following: Tree | None = tree
    while following is not None:
        tree, following = following, None
        scope = _scope(tree)
        header, *children = tree.children
        if tree.name in _CLOSED:
            yield Opened(scope, header, children, children.pop())
            return
        children = _line_by_line(children)
        if children and not isinstance(last := children[-1], Token) and _scope(last) is scope:
            following = last
            children.pop()
        yield from _ended(scope, header, children, following)


def _ended(
    scope: Scope,
    header: Token,
    children: list[Child],
    following: Tree | None,
) -> Iterator[Opened | Token]:
    end = _meant_end(children, scope)
    if end < len(children):
        yield Opened(scope, header, children[:end], None, children[end])
        yield from children[end:]
        return
    if scope is Scope.SERVICE and (lent := _lent_brace(children)) is not None:
        inside, brace, after = lent
        yield Opened(scope, header, inside, brace)
        yield from after
        return
    yield Opened(scope, header, children, None, following.children[0] if following else None)


def _lent_brace(
    children: list[Child],
) -> tuple[list[Child | Opened], Token, list[Token]] | None:
    """What a service holds whose brace closed its last server, for want of the server's own.

    Also that brace, and the blank lines and comments behind it.  None if it is not what happened.
    """
    after: list[Token] = []
    position = len(children) - 1
    while position >= 0 and isinstance(line := children[position], Token):
        if _keyword(line):
            return None
        after.append(line)
        position -= 1
    if position < 0 or isinstance(last := children[position], Token) or last.name != "server":
        return None
    header, *inside, brace = _line_by_line(last.children)
    end = _meant_end(inside, Scope.SERVER)
    if end == len(inside):
        return None
    server = Opened(Scope.SERVER, header, inside[:end], None, inside[end])
    return [*children[:position], server, *inside[end:]], brace, after[::-1]


def _meant_end(children: list[Child], scope: Scope) -> int:
    """How many of `children` were meant to be inside a block that lacks its brace."""
    inside = BY_SCOPE[scope]
    outside = BY_SCOPE[Scope.GLOBAL if scope is Scope.SERVICE else Scope.SERVICE]
    end = len(children)
    for position in range(len(children) - 1, -1, -1):
        child = children[position]
        if not isinstance(child, Token):
            break
        keyword = _keyword(child)
        if keyword in inside and keyword not in outside:
            break
        if keyword in outside and keyword not in inside:
            end = position
    return end


def _line_by_line(children: list[Child]) -> list[Child]:
    """Runs of directives taken apart, so that a block can end between two of them."""
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
    return "" if line.kind in ("BLANK", "COMMENT") else line.text.split(None, 1)[0]


def _scope(tree: Tree) -> Scope:
    return Scope.SERVICE if tree.name in _SERVICES else Scope.SERVER
