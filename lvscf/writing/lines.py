"""Lines: the lines of one block, or of a whole text, while their directives are changed.

Untouched lines keep every byte; new lines are put beside the existing ones.
"""

from collections.abc import Sequence
from typing import Any

from attrs import field

from lvscf.piranha.directives import Definition
from lvscf.shared.records import record
from lvscf.syntax.nodes import Blank, Block, Comment, Directive, Item, Unread
from lvscf.syntax.words import BLANKS
from lvscf.writing import wording
from lvscf.writing.linter_comments import silences_the_file
from lvscf.writing.style import indentation
from lvscf.writing.wording import Path


@record(frozen=False)
class Part:
    """A line or a block of the text, its new text, and the texts put beside it."""

    item: Item
    text: str
    """Its new text; empty if it is removed."""
    missing: str = ""
    """The closing braces that a block lacks; they are written if something new follows."""
    is_new: bool = False
    """Whether another block has taken its place."""
    before: list[str] = field(factory=list)
    after: list[str] = field(factory=list)


@record(frozen=False)
class _Anchor:
    """An existing directive, beside which new ones go."""

    rank: int
    part: int
    indentation: str
    beside: list[str]
    """Where the next line after it goes."""


class Lines:
    """The lines and blocks inside one block (or a whole text), being edited."""

    def __init__(
        self,
        items: Sequence[Item],
        source: str,
        order: Sequence[Definition],
        indentation: str,
        closes: bool = True,
    ) -> None:
        """Take `items` of the text `source`.

        `indentation` is for blocks without directives; `closes` says whether blocks that lack
        their closing brace get it when something new follows them.
        """
        self.items = items
        self.source = source
        self.parts: list[Part] = [_part(item, source) for item in items]
        self.order = order
        self.indentation = indentation
        self.closes = closes
        self.last: list[str] = []
        """New lines after everything else."""
        self.cut_line: bool = cuts_a_line(source)
        """Whether there is a NUL inside a line, where Piranha crashes."""
        self._saying: dict[str, list[int]] = {}
        self._index = {id(part.item): index for index, part in enumerate(self.parts)}
        for index, part in enumerate(self.parts):
            item = part.item
            if type(item) is Directive and item.value is not None:
                self._saying.setdefault(item.name, []).append(index)

    def saying(self, name: str) -> list[int]:
        """The parts that set the directive `name`, in order; the last one is in force."""
        return [index for index in self._saying.get(name, ()) if self.parts[index].text]

    def index_of(self, item: Item) -> int:
        """The index of the part of `item`."""
        return self._index[id(item)]

    def comment_above(self, index: int) -> int:
        """The index of the first comment line that belongs to a part: those directly above it.

        A comment that silences a rule for the whole file belongs to no part.
        """
        while (
            index
            and isinstance(line := self.items[index - 1], Comment)
            and not silences_the_file(line.content.strip(BLANKS))
        ):
            index -= 1
        return index

    def gap_above(self, index: int) -> str:
        """The empty line above a block, or above its comment, if there is one."""
        above = self.comment_above(index) - 1
        return "\n" if above >= 0 and isinstance(self.items[above], Blank) else ""

    def close_gap_above(self, index: int) -> None:
        """Remove the empty line above a block, or above its comment."""
        if self.gap_above(index):
            self.parts[self.comment_above(index) - 1].text = ""

    def text_of_comment(self, index: int) -> str:
        """The comment lines that belong to a part."""
        return "".join(part.text for part in self.parts[self.comment_above(index) : index])

    def remove(self, index: int) -> None:
        """Remove a part and the comment lines that belong to it."""
        for part in self.parts[self.comment_above(index) : index + 1]:
            part.text, part.missing = "", ""

    def change(self, index: int, definition: Definition, value: Any, path: Path) -> None:
        """Change the value of a line, keeping its spacing and quotes."""
        part = self.parts[index]
        assert isinstance(part.item, Directive)
        content = part.item.content
        part.text = _saying(part.item, definition, value, path) + part.text[len(content) :]

    def set(self, values: dict[str, Any], path: Path, port_above: int | None = None) -> None:
        """Change the lines so that they set `values` and nothing else.

        `port_above` is the part above which a new `port` must go, since servers begin there.
        """
        missing: list[Definition] = []
        for definition in self.order:
            value = values.get(definition.name)
            there = self.saying(definition.name)
            if value is None:
                for index in there:
                    self.remove(index)
            elif not there:
                missing.append(definition)
            else:
                line = self.parts[there[-1]].item
                assert isinstance(line, Directive)
                if line.value != value:
                    self.change(there[-1], definition, value, path)
        if missing:
            self._add(missing, values, path, port_above)

    def _add(
        self,
        missing: list[Definition],
        values: dict[str, Any],
        path: Path,
        port_above: int | None,
    ) -> None:
        ranks = {definition.name: rank for rank, definition in enumerate(self.order)}
        anchors = [
            _Anchor(ranks[name], index, indentation(item), self.parts[index].after)
            for name in self._saying
            if name in ranks and (there := self.saying(name))
            for index in there[-1:]
            if isinstance(item := self.parts[index].item, Directive)
        ]
        for definition in missing:
            name = definition.name
            like = wording.as_written(self._gone(name), definition)
            said = " ".join(wording.words_for(definition, values[name], path, like))
            limit = port_above if name == "port" else None
            allowed = [one for one in anchors if limit is None or one.part < limit]
            anchor = self._place(ranks[name], allowed, limit)
            anchor.beside.append(f"{anchor.indentation}{name} = {said}\n")
            anchors.append(anchor)

    def _gone(self, name: str) -> Directive | None:
        """The line that set `name` and was removed, if it comes back elsewhere."""
        for index in self._saying.get(name, ())[-1:]:
            if isinstance(line := self.parts[index].item, Directive):
                return line
        return None

    def _place(self, rank: int, anchors: list[_Anchor], limit: int | None) -> _Anchor:
        """After the nearest directive that precedes it in canonical order, or before the next."""
        lower = [anchor for anchor in anchors if anchor.rank < rank]
        if lower:
            near = max(lower, key=lambda anchor: anchor.rank)
            return _Anchor(rank, near.part, near.indentation, near.beside)
        if anchors:
            near = min(anchors, key=lambda anchor: anchor.rank)
            part = self.comment_above(near.part)
            return _Anchor(rank, near.part, near.indentation, self.parts[part].before)
        if limit is not None:
            part = self.comment_above(limit)
            return _Anchor(rank, part, self.indentation, self.parts[part].before)
        return _Anchor(rank, -1, self.indentation, self._beginning())

    def _beginning(self) -> list[str]:
        """Where the first directive goes: before all blocks, or at the end."""
        for index, part in enumerate(self.parts):
            if isinstance(part.item, Block):
                return self.parts[self.comment_above(index)].before
        return self.last

    def ending(self) -> list[str]:
        """Where the last blocks go: after the last line that is not blank."""
        if self.last:
            return self.last
        for part in reversed(self.parts):
            if not isinstance(part.item, Blank | Unread) and part.text:
                return part.after
        return self.last

    def text(self, heading: str = "") -> tuple[str, str]:
        """The new text of the lines, and the closing braces that it lacks at the end.

        `heading` is the text above them.
        """
        out = [heading] if heading else []
        missing = ""

        def add(text: str, is_new: bool, lacks: str = "") -> None:
            nonlocal missing
            if not text:
                return
            if out and not out[-1].endswith(("\n", "\r")):
                out.append("\n")
            if missing and is_new and self.closes:
                out.append(missing)
            out.append(text)
            missing = lacks

        mark = unread = ""
        for part in self.parts:
            if isinstance(part.item, Unread):
                if part.text.startswith("\0"):
                    unread = part.text  # comes last
                else:
                    mark = part.text  # a byte-order mark, which is not a line of its own
                continue
            for new in part.before:
                add(new, True)
            add(part.text, part.is_new, part.missing)
            for new in part.after:
                add(new, True)
        for new in self.last:
            add(new, True)
        if unread and self.cut_line and (not out or out[-1].endswith(("\n", "\r"))):
            out.append(" ")  # a NUL that crashed Piranha still does
        return mark + "".join(out) + unread, missing


def cuts_a_line(text: str) -> bool:
    """Whether a text has a NUL, and its first one is not at the beginning of a line."""
    read, nul, _ = text.partition("\0")
    return bool(nul) and read[-1:] not in ("", "\n", "\r")


def missing_braces(block: Block, inside: bool = True) -> str:
    """The closing braces that a block lacks; with `inside`, including its last server's."""
    if block.close is not None:
        return ""
    inner = block.items[-1] if inside and block.items else None
    braces = missing_braces(inner) if isinstance(inner, Block) else ""
    return f"{braces}{indentation(block.header)}}}\n"


def _part(item: Item, source: str) -> Part:
    if isinstance(item, Block):
        return Part(item, source[item.header.start : item.end], missing_braces(item))
    return Part(item, source[item.start : item.start + len(item.text)])


def _saying(line: Directive, definition: Definition, value: Any, path: Path) -> str:
    """The content of `line`, changed to set `value`."""
    content = line.content
    old = wording.written(line, definition)
    new = wording.words_for(definition, value, path, tuple(word.as_written for word in old))
    said = new[0]
    for number in range(1, len(new)):
        # The blanks between two words are kept if the number of words is the same.
        gap = content[old[number - 1].end : old[number].start] if len(old) == len(new) else ""
        said += (gap or " ") + new[number]
    head, tail = content[: old[0].start], content[old[-1].end :]
    # Text after the value stays, unless Piranha would now misread it: a blank after quotes, or a
    # quote that it ignored before.
    if wording.says(definition, head + said + tail, value):
        return head + said + tail
    return head + " ".join(new)
