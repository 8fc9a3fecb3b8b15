"""Put: the text of a document, changed to another configuration.

The inverse of `lvscf.config.view`.  Unchanged blocks keep every byte; in others, only the lines
whose values differ change.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from attrs import frozen

from lvscf.config import view
from lvscf.config.model import (
    Config,
    FailoverService,
    Origin,
    Owner,
    RealServer,
    Service,
    VirtualServer,
)
from lvscf.piranha.directives import DEFAULT_PORT, ORDER
from lvscf.source import Source, with_line_feeds
from lvscf.syntax.nodes import Block, Directive, Item
from lvscf.syntax.reading import Reading, read
from lvscf.syntax.words import LINE_FEED
from lvscf.writing import canonical, wording
from lvscf.writing.lines import Lines, missing_braces
from lvscf.writing.matching import Slot, arrange, match
from lvscf.writing.repair import repaired
from lvscf.writing.style import Style, style_inside, style_of
from lvscf.writing.wording import Path

_AnyBlock = TypeVar("_AnyBlock", bound=VirtualServer | FailoverService | RealServer)


@frozen
class _Written:
    """The text of a block, and the closing braces that it lacks."""

    text: str
    missing: str = ""


def texts(reading: Reading, config: Config) -> Iterator[str]:
    """Candidate texts for `config`, the one that changes least first.

    For a text without faults, the first one is right.

    Raises:
        ValueError: a value or name cannot be written so that Piranha reads it back.
    """
    canonical.require_kinds(config)
    whole = reading.source.text
    text, nul, unread = whole.partition("\0")
    seen = reading.as_piranha_reads
    if "\r" not in text:
        yield put(seen.items, whole, config)
        if reading.refusal is not None:
            yield put(seen.items, whole, config, closes=False)
    else:
        if reading.refusal is not None:
            yield _put_among_carriage_returns(seen.items, whole, config)
        clean = with_line_feeds(text) + nul + unread
        in_place = put(seen.items, whole, config)
        if _line_ends(in_place) == _line_ends(whole):
            yield in_place  # lines have changed, but none was added or removed
        seen = read(Source(clean)).as_piranha_reads
        try:
            with_clean_ends = put(seen.items, clean, config)
        except ValueError:  # a value that Piranha read contains a line feed
            yield _put_among_carriage_returns(reading.as_piranha_reads.items, whole, config)
            raise
        if "\n" not in text:  # to Piranha, a CR alone is a line end if there is no other
            changed, nul, unread = with_clean_ends.partition("\0")
            yield changed.replace("\n", "\r") + nul + unread
        yield with_clean_ends
    for refused in (True, False) if reading.refusal is not None else (False,):
        sound = repaired(seen, refused)
        yield put(read(Source(sound)).items, sound, config)


def _put_among_carriage_returns(items: Sequence[Item], source: str, config: Config) -> str:
    """The text `source`, changed to `config`, with new lines that end in a CR.

    To Piranha, nothing else ends a line, up to the last CR of the text.
    """
    changed = put(items, source.replace("\n", LINE_FEED), config)
    end = changed.rindex("\r") if "\r" in changed else 0
    return (changed[:end].replace("\n", "\r") + changed[end:]).replace(LINE_FEED, "\n")


def _line_ends(text: str) -> tuple[int, int]:
    return text.count("\r"), text.count("\n")


def put(items: Sequence[Item], source: str, config: Config, closes: bool = True) -> str:
    """The text `source`, of which Piranha reads `items`, changed to `config`.

    `closes`: whether blocks that lack their closing brace get it when new ones follow them.

    Raises:
        ValueError: a value or name cannot be written so that Piranha reads it back.
    """
    old = view.get(tuple(items))
    style = style_of(items)
    lines = Lines(items, source, ORDER[""], "", closes)
    lines.set(_values(config, ""), ())
    _put_services(lines, "failover", old.failover_services, config.failover_services, style)
    _put_services(lines, "virtual", old.virtual_servers, config.virtual_servers, style)
    return lines.text()[0] or "\n"  # Piranha rejects an empty file


def _put_services(
    lines: Lines,
    keyword: str,
    old: Sequence[Service],
    new: Sequence[Service],
    style: Style,
) -> None:
    if old == new:
        return
    continued = match(old, new)

    def text(index: int) -> _Written:
        service = new[index]
        before = continued[index]
        if before is None:
            return _Written("".join(canonical.service_lines(keyword, service, style)))
        return _service(keyword, old[before], service, style, lines)

    _put_blocks(lines, keyword, old, continued, arrange(continued, len(old)), text)


def _service(keyword: str, old: Service, new: Service, style: Style, around: Lines) -> _Written:
    """The text of a service among the lines `around`, changed to `new`."""
    block = _block(old)
    source = around.source
    if new == old:
        return _as_it_was(block, source)
    path: Path = (new,)
    lines = Lines(block.items, source, ORDER[keyword], style.body, around.closes)
    inside = style_inside(block, style)
    continued = match(old.servers, new.servers)
    places = arrange(continued, len(old.servers))
    begin = min((lines.index_of(_block(old.servers[place.slot])) for place in places), default=None)
    inherited = _inherited_ports(lines, old, new, places)
    if any(
        server.port is None and port is not None
        for server, port in zip(new.servers, inherited, strict=True)
    ):
        # A server would inherit a port other than the virtual server's own: set that above all.
        _leave_one_port(lines, begin)
        inherited = [None] * len(new.servers)
    lines.set(_values(new, keyword), path, begin)

    def text(index: int) -> _Written:
        server = new.servers[index]
        before = continued[index]
        if before is None:
            return _Written("".join(canonical.server_lines(server, inside, path)))
        return _server(old.servers[before], server, inherited[index], inside, path, source)

    _put_blocks(lines, "server", old.servers, continued, places, text)
    return _around(block, keyword, old.name, new.name, (), lines)


def _server(
    old: RealServer,
    new: RealServer,
    inherited: int | None,
    style: Style,
    path: Path,
    source: str,
) -> _Written:
    """The text of a server, changed to `new`; `inherited` is the port it has without a line."""
    block = _block(old)
    values = _values(new, "server")
    said = {name: line.value for name, line in _origin(old).lines.items()}
    if values["port"] == inherited and "port" not in said:
        values["port"] = None
    if new.name == old.name and said == {
        name: value for name, value in values.items() if value is not None
    }:
        return _as_it_was(block, source)
    lines = Lines(block.items, source, ORDER["server"], style.server_body)
    lines.set(values, (*path, new))
    return _around(block, "server", old.name, new.name, path, lines)


def _inherited_ports(
    lines: Lines, old: Service, new: Service, places: Sequence[Slot]
) -> list[int | None]:
    """For each new server, the port that it would inherit from the lines above it.

    None if that is the service's final port, so that it counts as not written.
    """
    inherited: list[int | None] = [None] * len(new.servers)
    ports = lines.saying("port")
    if new.port is None or not ports:
        return inherited  # there will be no `port`, or one above all servers
    at: dict[int, list[int]] = {}
    for index, place in enumerate(places):
        at.setdefault(lines.index_of(_block(old.servers[place.slot])), []).append(index)
    so_far = DEFAULT_PORT
    for part in sorted({*ports, *at}):
        line = lines.parts[part].item
        if isinstance(line, Directive):
            so_far = new.port if part == ports[-1] else line.value
        if so_far != new.port:
            for index in at.get(part, ()):
                inherited[index] = so_far
    return inherited


def _leave_one_port(lines: Lines, begin: int | None) -> None:
    """Remove all `port` lines but the last one above the servers, which begin at part `begin`."""
    ports = lines.saying("port")
    above = [index for index in ports if begin is not None and index < begin]
    for index in ports:
        if index not in above[-1:]:
            lines.remove(index)


def _put_blocks(
    lines: Lines,
    keyword: str,
    old: Sequence[_AnyBlock],
    continued: Sequence[int | None],
    places: Sequence[Slot],
    text: Callable[[int], _Written],
) -> None:
    """Put blocks in their places, with `text` for each; remove old ones that do not continue."""
    slots = [lines.index_of(_block(block)) for block in old]
    staying = {
        before
        for before, place in zip(continued, places, strict=False)
        if place == Slot("in", -1 if before is None else before)
    }
    written = [text(index) for index in range(len(continued))]
    comments = {
        before: lines.text_of_comment(slots[before])
        for before in continued
        if before is not None and before not in staying
    }
    gap = lines.gap_above(slots[-1]) if slots else ""
    filled = {place.slot for place in places if place.how == "in"}
    for number, slot in enumerate(slots):
        if number in comments and number not in filled:
            lines.close_gap_above(slot)  # the block takes its empty line with it
        if number not in staying:
            lines.remove(slot)
    for index, place in enumerate(places):
        before, block = continued[index], written[index]
        part = lines.parts[slots[place.slot]]
        if before in staying:
            part.text, part.missing = block.text, block.missing
            continue
        whole = comments.get(before, "") if before is not None else ""
        whole += _with_end(block.text) + block.missing
        match place.how:
            case "in":
                part.text, part.is_new = whole, True
            case "after":
                part.after.append(gap + whole)
            case "before":
                lines.parts[lines.comment_above(slots[place.slot])].before.append(whole + gap)
    if not places:
        _put_first_blocks(lines, keyword, [block.text for block in written])


def _put_first_blocks(lines: Lines, keyword: str, texts: list[str]) -> None:
    """Put blocks where there are none of their keyword yet.

    In canonical order, failover services are above virtual servers, and those are at the end.
    """
    others = [index for index, part in enumerate(lines.parts) if isinstance(part.item, Block)]
    gap = lines.gap_above(others[-1]) if others else ""
    if others and keyword == "failover":
        lines.parts[lines.comment_above(others[0])].before.extend(text + gap for text in texts)
    else:
        lines.ending().extend(gap + text for text in texts)


def _around(
    block: Block, keyword: str, old_name: str, new_name: str, path: Path, lines: Lines
) -> _Written:
    """The text of a block: its header with the name, its changed lines, and its end."""
    source = lines.source
    header = _slice(block.header.start, block.header.text, source)
    if new_name != old_name:
        header = _renamed(block, keyword, new_name, path) + header[len(block.header.content) :]
    text, missing = lines.text(header)
    if block.close is None:
        return _Written(text, missing + missing_braces(block, inside=False))
    close = _slice(block.close.start, block.close.text, source)
    return _Written(_with_end(text) + missing + close)


def _renamed(block: Block, keyword: str, name: str, path: Path) -> str:
    """The content of a block's header with a new name, keeping spacing and quotes."""
    content = block.header.content
    found = block.header.words
    like = found[1].as_written if len(found) > 1 else ""
    word = wording.name_word(keyword, name, path, like)
    if [one.text for one in found] == [keyword, block.name, "{"]:
        return content[: found[1].start] + word + content[found[1].end :]
    blanks = content[: len(content) - len(content.lstrip(" \t"))]
    return f"{blanks}{keyword} {word} {{"


def _as_it_was(block: Block, source: str) -> _Written:
    end = block.end
    return _Written(source[block.header.start : end], missing_braces(block))


def _with_end(text: str) -> str:
    return text if text.endswith(("\n", "\r")) else text + "\n"


def _slice(start: int, text: str, source: str) -> str:
    return source[start : start + len(text)]


def _values(owner: Owner, keyword: str) -> dict[str, Any]:
    return {row.name: getattr(owner, row.name) for row in ORDER[keyword]}


def _origin(owner: Owner) -> Origin:
    """The origin of a value in the document's own view."""
    assert owner.origin is not None
    return owner.origin


def _block(owner: Service | RealServer) -> Block:
    block = _origin(owner).block
    assert block is not None
    return block
