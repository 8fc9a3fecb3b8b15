"""Listings: the output of `iptables -L` and `arptables -L`, as far as it can be read.

A listing is meant for people: without `-v` it hides interfaces, without `-n` it shows names instead
of numbers, and it words each match differently (see `rule_line`).  What cannot be turned back into
options becomes a condition that may or may not hold.
"""

import re
from collections.abc import Iterable
from functools import partial

from attrs import frozen

from lvscf.firewall import refusals
from lvscf.firewall.interpreter import Interpreter
from lvscf.firewall.language.command_line import read
from lvscf.firewall.language.options import GRAMMARS
from lvscf.firewall.listings.rule_line import (
    Layout,
    layout_of,
    listed_target,
    listed_words,
    open_words,
    shows_interfaces,
)
from lvscf.firewall.listings.table_of_chains import (
    boundaries,
    filtering,
    table_by_targets,
    table_of,
)
from lvscf.firewall.refusals import IPV6, Refused, Unresolved
from lvscf.firewall.ruleset import Ruleset, Unseen
from lvscf.shared.records import compared
from lvscf.source import quoted

_HEADER = re.compile(
    r"Chain (?P<name>\S+) \((?:policy (?P<policy>\w+)(?: (?P<packets>\d+\w?) packets, "
    r"(?P<octets>\d+\w?) bytes)?|\d+ references)\)"
)

_IPV6 = re.compile(r"\s(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?:/\d+)?(?=\s|$)")


@compared
@frozen(eq=False, repr=False)
class _Block:
    """One chain of a listing: the places of its header and rules."""

    name: str
    policy: str | None
    start: int
    end: int
    rules: tuple[tuple[int, int], ...]
    table: str | None
    """The table named in a line above."""


def read_listing(reader: Interpreter, start: int, end: int) -> None:
    """Read the listing `text[start:end]`: one table or several, one after the other."""
    reader.commanded = True
    blocks = _blocks(reader, start, end)
    reader.named_table = None
    if _of_ipv6(reader, blocks):
        reader.remark(IPV6, blocks[0].start, blocks[0].end, sentence=True)
        return
    for table_blocks in _tables(blocks):
        _read_table(reader, table_blocks)


def _blocks(reader: Interpreter, start: int, end: int) -> list[_Block]:
    text = reader.source.text
    blocks: list[_Block] = []
    table = reader.named_table
    header: re.Match[str] | None = None
    rules: list[tuple[int, int]] = []

    def close() -> None:
        nonlocal table
        if header:
            blocks.append(
                _Block(
                    header["name"],
                    header["policy"],
                    header.start(),
                    header.end(),
                    tuple(rules),
                    table,
                )
            )
            table = None
        rules.clear()

    position = start
    while position < end:
        newline = text.find("\n", position, end)
        until = end if newline < 0 else newline
        line = text[position:until]
        if line.startswith("Table: "):
            close()
            header = None
            table = line[7:].strip()
        elif found := _HEADER.match(text, position, until):
            close()
            header = found
        elif line.strip() and not re.match(r"\s*(?:num\s|pkts\s|target\s)", line):
            rules.append((position, position + len(line.rstrip())))
        position = until + 1
    close()
    return blocks


def _of_ipv6(reader: Interpreter, blocks: list[_Block]) -> bool:
    """Whether all rules of a listing are from ip6tables."""
    text = reader.source.text
    rules = [text[at:until] for block in blocks for at, until in block.rules]
    return bool(rules) and all(_IPV6.search(rule) for rule in rules)


def _tables(blocks: list[_Block]) -> list[list[_Block]]:
    """The blocks by table, separated by their built-in chains or by lines that name the table."""
    built_in = [at for at, block in enumerate(blocks) if block.policy]
    starts = {built_in[at] for at in boundaries([blocks[at].name for at in built_in])}
    if blocks and not blocks[0].policy:  # user-defined chains come first in this listing
        starts = {_first_of_users(blocks, at) for at in starts}
    tables: list[list[_Block]] = []
    seen: set[str] = set()
    for at, block in enumerate(blocks):
        if not tables or at in starts or block.name in seen or block.table is not None:
            tables.append([])
            seen = set()
        tables[-1].append(block)
        seen.add(block.name)
    return tables


def _first_of_users(blocks: list[_Block], at: int) -> int:
    while at and not blocks[at - 1].policy:
        at -= 1
    return at


def _read_table(reader: Interpreter, blocks: list[_Block]) -> None:
    text = reader.source.text
    lines = [text[at:until] for block in blocks for at, until in block.rules]
    of_arptables = any(line.startswith("-") for line in lines) or any(
        block.name in GRAMMARS["arptables"].chain_names for block in blocks
    )
    ruleset = reader.ruleset("arptables" if of_arptables else "iptables")
    table = _table(reader, ruleset, blocks, lines, of_arptables)
    if table in ruleset.tables:
        if not lines and any(c.rules.entries for c in ruleset.tables[table].values()):
            return  # the same table again, empty: most likely that of ip6tables
        del ruleset.tables[table]
    chains = ruleset.chains(table)
    for block in blocks:
        name = ruleset.canonical(block.name)
        if name not in chains:
            if block.policy:
                reader.complain(
                    f"Table {table} has no built-in chain {quoted(block.name)}.",
                    block.start,
                    block.end,
                )
            elif not _made(reader, ruleset, table, block):
                continue
        elif block.policy in ("ACCEPT", "DROP"):
            chains[name].policy = block.policy
    if not of_arptables:
        _say_what_is_missing(reader, blocks)
    for block in blocks:
        layout = _layout(text, block)
        for at, until in block.rules:
            line = text[at:until]
            words = _arp_words(line) if of_arptables else _rule_words(line, layout)
            if words is None:
                reader.complain("This is not a line of a listing; lvscf skips it.", at, until)
                continue
            words = ["-A", block.name, *words]
            reader.run(
                ruleset.grammar.command, words, partial(_at, at, len(words)), at, until, table=table
            )


def _table(
    reader: Interpreter,
    ruleset: Ruleset,
    blocks: list[_Block],
    lines: list[str],
    of_arptables: bool,
) -> str:
    """The table of a listing, by its name, its built-in chains, or its targets."""
    first = blocks[0]
    if first.table is not None and first.table in ruleset.grammar.tables:
        return first.table
    if of_arptables:
        return "filter"
    table = table_of(block.name for block in blocks if block.policy)
    indicated, only = table_by_targets(_targets(reader.source.text, blocks))
    if table == "filter":
        table = filtering(ruleset.tables, indicated if only or indicated == "security" else None)
    if table is not None:
        return table
    chosen = indicated or "mangle"
    reader.findings.append(
        refusals.uncertain_listing(
            reader.source,
            first.start,
            first.end,
            "The listing does not say which table this is; from its chains and targets, lvscf "
            f"takes it for {chosen}.",
        )
    )
    if indicated is None and lines:
        ruleset.partial.setdefault("*", Unseen("", first.start, first.end))
    return chosen


def _targets(text: str, blocks: list[_Block]) -> Iterable[str]:
    for block in blocks:
        layout = _layout(text, block)
        for at, until in block.rules:
            if target := listed_target(text[at:until], layout):
                yield target


def _at(place: int, count: int) -> list[int]:
    """The place of each word of a listed rule: that of its line."""
    return [place] * count


def _made(reader: Interpreter, ruleset: Ruleset, table: str, block: _Block) -> bool:
    try:
        ruleset.make(table, block.name)
    except Refused as refusal:
        reader.refuse(ruleset.grammar.command, refusal, [], list, block.start, block.end)
        return False
    return True


def _layout(text: str, block: _Block) -> Layout | None:
    """The columns of a chain's rules, from the line below its name."""
    start = text.find("\n", block.end) + 1
    end = text.find("\n", start)
    return layout_of(text[start : end if end >= 0 else len(text)]) if start else None


def _rule_words(line: str, layout: Layout | None) -> list[str] | None:
    """The options of a listed rule.

    Whatever is listed was accepted by the kernel.  If the reconstructed options are rejected, the
    reconstruction is at fault, so the rule's conditions are left open.
    """
    words = listed_words(line, layout)
    if words is None:
        return None
    try:
        read(["-A", "PREROUTING", *words])
    except Refused:
        return open_words(line, layout)
    except Unresolved:
        pass
    return words


def _say_what_is_missing(reader: Interpreter, blocks: list[_Block]) -> None:
    """Report LVS704: interfaces are hidden without -v, and numbers without -n."""
    text = reader.source.text
    first = blocks[0]
    hides = named = False
    for block in blocks:
        layout = _layout(text, block)
        for at, until in block.rules:
            line = text[at:until]
            hides = hides or not shows_interfaces(line, layout)
            named = named or _NAMES.search(line) is not None
    if hides:
        reader.findings.append(
            refusals.uncertain_listing(
                reader.source,
                first.start,
                first.end,
                "The listing was made without -v, so it does not show interfaces: each of its "
                "rules may be for some interface only.",
            )
        )
    if named:
        reader.findings.append(
            refusals.uncertain_listing(
                reader.source,
                first.start,
                first.end,
                "The listing was made without -n, so it shows names instead of numbers; their "
                "meaning may differ between hosts.",
            )
        )


_NAMES = re.compile(r"\banywhere\b|dpts?:!?[A-Za-z]|spts?:!?[A-Za-z]")


def _arp_words(line: str) -> list[str] | None:
    """The options of a rule listed by arptables 1.8, which spells them as on the command line."""
    if not line.startswith("-"):
        return None
    words = line.partition(" , pcnt=")[0].split()
    kept: list[str] = []
    for word in words:
        if word == "*" and kept and kept[-1] in ("-i", "-o"):
            kept.pop()
        else:
            kept.append("0x800" if word == "IPv4" else word)
    return kept
