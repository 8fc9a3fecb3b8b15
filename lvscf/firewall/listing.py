"""`iptables -L` and `arptables -L` listings, as far as they tell.

A listing is written for the eye: it hides interfaces unless `-v` is given, turns numbers into names
unless `-n` is, and words each match in its own way (see `listed`).  What cannot be turned back
into options becomes a condition that may hold or not.
"""

import re
from collections.abc import Iterable
from functools import partial

from attrs import frozen

from lvscf.firewall import refusals
from lvscf.firewall.interpreter import Interpreter
from lvscf.firewall.listed import Layout, layout_of, listed_words, open_words, shows_interfaces
from lvscf.firewall.options import GRAMMARS
from lvscf.firewall.refusals import Refused, Unresolved
from lvscf.firewall.ruleset import Ruleset
from lvscf.firewall.specification import read

_HEADER = re.compile(
    r"Chain (?P<name>\S+) \((?:policy (?P<policy>\w+)(?: (?P<packets>\d+\w?) packets, "
    r"(?P<octets>\d+\w?) bytes)?|\d+ references)\)"
)


@frozen
class _Block:
    """One chain of a listing: its header's place and the places of its rules."""

    name: str
    policy: str | None
    start: int
    end: int
    rules: tuple[tuple[int, int], ...]
    table: str | None
    """The table that a line above names."""


def table_of(chains: Iterable[str]) -> str | None:
    """The table that has such built-in chains; None if several could."""
    names = set(chains)
    if "PREROUTING" in names:
        if "FORWARD" in names:
            return "mangle"
        if "POSTROUTING" in names:
            return "nat"
        return "raw" if names >= {"PREROUTING", "OUTPUT"} else None
    return "filter" if names & {"INPUT", "FORWARD", "OUTPUT"} else None


def read_listing(reader: Interpreter, start: int, end: int) -> None:
    """Read the listing `text[start:end]`: one table or several, one after the other."""
    reader.commanded = True
    for table_blocks in _tables(_blocks(reader, start, end)):
        _read_table(reader, table_blocks)
    reader.named_table = None


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


def _tables(blocks: list[_Block]) -> list[list[_Block]]:
    """Blocks of one table each: another begins when a chain's name comes again."""
    tables: list[list[_Block]] = []
    seen: set[str] = set()
    for block in blocks:
        if not tables or block.name in seen or block.table is not None:
            tables.append([])
            seen = set()
        tables[-1].append(block)
        seen.add(block.name)
    return tables


def _read_table(reader: Interpreter, blocks: list[_Block]) -> None:
    text = reader.source.text
    lines = [text[at:until] for block in blocks for at, until in block.rules]
    of_arptables = any(line.startswith("-") for line in lines) or any(
        block.name in GRAMMARS["arptables"].chain_names for block in blocks
    )
    ruleset = reader.ruleset("arptables" if of_arptables else "iptables")
    built_in = [block.name for block in blocks if block.policy]
    table = blocks[0].table or ("filter" if of_arptables else table_of(built_in))
    first = blocks[0]
    if table is None or table not in ruleset.grammar.tables:
        table = _by_targets(lines)
        reader.findings.append(
            refusals.uncertain_listing(
                reader.source,
                first.start,
                first.end,
                f"The listing does not say which table this is; by its chains and targets it is "
                f"taken for {table}.",
            )
        )
    chains = ruleset.chains(table)
    for block in blocks:
        name = ruleset.canonical(block.name)
        if name not in chains:
            if not _made(reader, ruleset, table, block):
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
                reader.complain("This is no line of a listing; it is passed over.", at, until)
                continue
            words = ["-A", block.name, *words]
            reader.run(
                ruleset.grammar.command, words, partial(_at, at, len(words)), at, until, table=table
            )


def _at(place: int, count: int) -> list[int]:
    """Every word of a listed rule stands for something on its one line."""
    return [place] * count


def _made(reader: Interpreter, ruleset: Ruleset, table: str, block: _Block) -> bool:
    try:
        ruleset.make(table, block.name)
    except Refused as refusal:
        reader.refuse(ruleset.grammar.command, refusal, [], list, block.start, block.end)
        return False
    return True


def _by_targets(lines: list[str]) -> str:
    nat = any(re.search(r"\b(REDIRECT|DNAT|SNAT|MASQUERADE)\b", line) for line in lines)
    return "nat" if nat else "mangle"


def _layout(text: str, block: _Block) -> Layout | None:
    """The columns of a chain's rules, by the line below its name."""
    start = text.find("\n", block.end) + 1
    end = text.find("\n", start)
    return layout_of(text[start : end if end >= 0 else len(text)]) if start else None


def _rule_words(line: str, layout: Layout | None) -> list[str] | None:
    """The options of a listed rule.

    The kernel holds whatever it lists: where the options are refused when put together again, it
    is the reading that is at fault, and the rule is left open.
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
    """LVS704: interfaces are hidden without -v, and numbers are names without -n."""
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
                "The listing was made without -v and does not show the interfaces of its rules: "
                "each of them may hold for some interface only.",
            )
        )
    if named:
        reader.findings.append(
            refusals.uncertain_listing(
                reader.source,
                first.start,
                first.end,
                "The listing was made without -n and shows names for numbers, which differ from "
                "host to host.",
            )
        )


_NAMES = re.compile(r"\banywhere\b|dpts?:!?[A-Za-z]|spts?:!?[A-Za-z]")


def _arp_words(line: str) -> list[str] | None:
    """The options of a rule that arptables 1.8 lists; they are spelled as on its command line."""
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
