"""Saved rules: the output of iptables-save and arptables-save, and that of `iptables -S`."""

import itertools
import re
from collections.abc import Callable

from lvscf.firewall import refusals
from lvscf.firewall.listings.table_of_chains import (
    boundaries,
    filtering,
    table_by_targets,
    table_of,
    targets_in,
)
from lvscf.firewall.possible_states import ScriptReader
from lvscf.firewall.refusals import IPV6, Refused
from lvscf.firewall.ruleset import Ruleset, Unseen
from lvscf.firewall.saved_words import saved_places, saved_words
from lvscf.source import quoted

_DECLARATION = re.compile(r":(\S+)\s+(\S+)(?:\s+\[(\d+):(\d+)\])?\s*\Z")
_COUNTERS = re.compile(r"\[(\d+):(\d+)\]\s*")
_OF_ARPTABLES = re.compile(r":(?:IN|OUT) |-A (?:IN|OUT) |--mangle-|--opcode |--arpop |--h-length ")
_IPV6_RULE = re.compile(
    r" -[sd] (?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?:/\d+)?(?=\s|$)"
    r"|-p (?:ipv6-icmp|icmpv6)\b|--icmpv6-type|icmp6-|(?:-s|-d) ::"
)
_VERSION = re.compile(r"by iptables-save v1\.(\d+)")


_Expand = Callable[[str], str]


def read_table(
    reader: ScriptReader,
    start: int,
    end: int,
    header: str,
    *,
    keeps: bool = False,
    expand: _Expand | None = None,
    indented: bool = False,
) -> None:
    """Read `*NAME` and the lines up to its COMMIT, which are `text[start:end]`.

    Args:
        reader: takes rules and findings.
        start: offset of the asterisk.
        end: offset after COMMIT, or where the next table begins.
        header: the comment lines before it.
        keeps: whether existing rules stay, as with `--noflush`.
        expand: replaces shell variables, in a here-document.
        indented: whether tabs at the start of lines are ignored.
    """
    text = reader.source.text
    lines = _lines(text, start, end, indented=indented)
    command = "arptables" if _is_arptables(text, lines, header) else "iptables"
    ruleset = reader.ruleset(command)
    version = _VERSION.search(header)
    ruleset.outdated = bool(version) and int(version[1]) < 8 if version else False
    at, until = lines[0]
    table = text[at + 1 : until].strip()
    reader.commanded = True
    before = len(reader.findings)
    found_there = dict(ruleset.tables.get(table, {}))
    try:
        if not keeps:  # iptables-restore flushes the table first
            ruleset.tables.pop(table, None)
            ruleset.partial.pop(table, None)
        ruleset.chains(table)
    except Refused as refusal:
        reader.refuse(command, refusal, [], list, at, until, "table")
        return
    committed = False
    for at, until in lines[1:]:
        first = text[at] if at < until else ""
        if first == "-" or first == "[":
            _rule(reader, command, table, at, until, expand)
        elif first == ":":
            _declare(reader, command, table, at, until, keeps)
        elif first == "#" or first == "":
            continue
        elif text.startswith("COMMIT", at) and not text[at + 6 : until].strip():
            committed = True
        elif not text[at:until].strip():
            continue
        else:
            _stranger(reader, command, table, at, until)
    if not committed and command == "iptables":
        reader.findings.append(
            refusals.truncated(reader.source, start, start + 1 + len(table), table)
        )
        ruleset.partial.setdefault("*", Unseen("", start, end))
    alone = not keeps and command == "iptables" and not found_there
    if alone and _notice_fragment(ruleset, table, start, start + 1 + len(table)):
        late = reader.findings[before:]
        reader.findings[before:] = [one for one in late if one not in reader.absent]


def _notice_fragment(ruleset: Ruleset, table: str, start: int, end: int) -> bool:
    """Note a table in which no built-in chain has rules: it must be part of a larger one.

    An example is ufw's `before.rules`: the jumps to its chains are in another file.
    """
    chains = ruleset.chains(table)
    own = {name for name, chain in chains.items() if chain.policy is None}
    built_in = [name for name, chain in chains.items() if chain.policy is not None]
    if not own or any(chains[name].rules.entries for name in built_in):
        return False
    if any(chains[name].policy != "ACCEPT" or chains[name].counters for name in built_in):
        return False
    if not any(chains[name].rules.entries for name in own):
        return False
    if any(ruleset.built_in_like(name) for name in own):
        return False  # a misspelling
    ruleset.partial["*"] = Unseen(
        f"This is only part of table {table}: no built-in chain leads to its chains. The rules "
        "that jump to them must be in other files (as with ufw).",
        start,
        end,
    )
    return True


def _lines(text: str, start: int, end: int, indented: bool = False) -> list[tuple[int, int]]:
    """Where each line begins and ends, without its end-of-line characters."""
    lines = []
    while start < end:
        while indented and text.startswith("\t", start):
            start += 1
        newline = text.find("\n", start, end)
        until = end if newline < 0 else newline
        stripped = until - 1 if until > start and text[until - 1] == "\r" else until
        lines.append((start, stripped))
        start = until + 1
    return lines


def _is_arptables(text: str, lines: list[tuple[int, int]], header: str) -> bool:
    """Whether a table is one of arptables, which only its form shows."""
    if "arptables-save" in header:
        return True
    if "iptables-save" in header or text[slice(*lines[0])].rstrip() != "*filter":
        return False
    declared = [text[at:until] for at, until in lines if text.startswith(":", at)]
    # arptables-save of 1.8 writes no counters, and has no FORWARD chain.
    if declared and not any("[" in line or line.startswith(":FORWARD") for line in declared):
        return True
    return any(_OF_ARPTABLES.search(text, at, until) for at, until in lines)


def _rule(
    reader: ScriptReader,
    command: str,
    table: str,
    at: int,
    until: int,
    expand: _Expand | None = None,
) -> None:
    text = reader.source.text
    counters = None
    start = at
    if text[at] == "[":
        found = _COUNTERS.match(text, at, until)
        if found is None:
            _stranger(reader, command, table, at, until)
            return
        counters = (int(found[1][:20]), int(found[2][:20]))
        start = found.end()
    split_and_run(reader, command, start, until, table, counters, expand=expand)


def split_and_run(
    reader: ScriptReader,
    command: str,
    start: int,
    end: int,
    table: str,
    counters: tuple[int, int] | None = None,
    consequence: str = "table",
    expand: _Expand | None = None,
) -> None:
    """Read the rule line `text[start:end]` with the quoting of iptables-save."""
    text = reader.source.text
    end = start + len(text[start:end].rstrip())
    try:
        words = saved_words(text, start, end)
    except ValueError as unclosed:
        reader.complain(
            f"A quote is not closed on this line, so {command}-restore rejects it.",
            unclosed.args[0],
            end,
            'Write " at the end of the text.',
        )
        reader.commanded = True
        return
    if expand is not None:
        words = [expand(word) if "$" in word or "`" in word else word for word in words]
    reader.run(
        command,
        words,
        lambda: saved_places(text, start, end),
        start,
        end,
        table=table,
        counters=counters,
        consequence=consequence,
    )


def _declare(
    reader: ScriptReader, command: str, table: str, at: int, until: int, keeps: bool
) -> None:
    """Read `:CHAIN POLICY [PACKETS:BYTES]`."""
    ruleset = reader.ruleset(command)
    found = _DECLARATION.match(reader.source.text, at, until)
    try:
        if found is None:
            raise Refused("a chain is declared as `:NAME POLICY [0:0]`")
        name, policy, packets, octets = found.groups()
        chains = ruleset.chains(table)
        chain = chains.get(ruleset.canonical(name))
        if chain is None:
            chain = ruleset.make(table, name)
            if policy != "-":
                meant = ruleset.built_in_like(name)
                reader.complain(
                    f"{quoted(name)} is not a built-in chain of table {table}, and only those have "
                    "a policy. iptables-restore rejects the table, or makes a chain that no packet "
                    "reaches.",
                    at,
                    until,
                    f"Did you mean {meant}?" if meant else "Write `-` for the policy.",
                )
        elif chain.policy is None and keeps:
            ruleset.flush(table, name)  # a chain that is declared is emptied, with --noflush, too
            chain = ruleset.chain(table, name)
        elif chain.policy is not None and policy != "-":
            if policy not in ("ACCEPT", "DROP"):
                raise Refused(f"{quoted(policy)} is not a policy", "Write ACCEPT or DROP.")
            chain.policy = policy
        if packets:
            chain.counters = (int(packets[:20]), int(octets[:20]))
    except Refused as refusal:
        reader.refuse(command, refusal, [], list, at, until, "table")


def _stranger(reader: ScriptReader, command: str, table: str, at: int, until: int) -> None:
    """Report a line that does not belong in a table."""
    line = reader.source.text[at:until]
    indented = line.lstrip()
    if indented.startswith("-"):
        _rule(reader, command, table, at + len(line) - len(indented), until)
        return
    advice = None
    if indented[:1] in (":", "#", "*") or indented.startswith("COMMIT"):
        advice = "It must start in the first column and be alone on its line."
    elif "tables" in indented.split(" ")[0]:
        advice = "Leave out the command name: lines start with -A here."
    refusal = Refused(
        f"{quoted(indented.split(' ')[0])} cannot start a line of a restore file", advice
    )
    reader.refuse(command, refusal, [], list, at, until, "table")


def read_specification(reader: ScriptReader, start: int, end: int) -> None:
    """Read the output of `iptables -S`: rule lines that do not name their table."""
    text = reader.source.text
    lines = [(at, until) for at, until in _lines(text, start, end) if at < until]
    named = reader.named_table
    reader.named_table = None
    reader.commanded = True
    for block in _specified(text, lines):
        if any(_IPV6_RULE.search(text, at, until) for at, until in block):
            named = None
            reader.remark(IPV6, *block[0], sentence=True)
            continue
        _read_block(reader, block, named)
        named = None


def _specified(text: str, lines: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The lines of each table: policies, then chains, then rules."""
    blocks: list[list[tuple[int, int]]] = []
    before = ""
    users_first = bool(lines) and text.startswith("-N", lines[0][0])
    for at, until in lines:
        kind = text[at : at + 2]
        begins = kind in ("-P", "-N") and before not in ("-P", "-N")
        if kind == "-P" and before == "-N" and not users_first:
            begins = True
        if kind == "-N" and before == "-P" and users_first:
            begins = True
        if not blocks or begins:
            blocks.append([])
        blocks[-1].append((at, until))
        before = kind
    return [part for block in blocks for part in _apart(text, block)]


def _apart(text: str, block: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Split policies that follow each other directly, of several tables without rules."""
    policies = [at for at, (start, _) in enumerate(block) if text.startswith("-P ", start)]
    names = [(text[slice(*block[at])].split()[1:2] or [""])[0] for at in policies]
    starts = boundaries(names)
    cuts = [0, *(policies[at] for at in starts), len(block)]
    return [block[low:high] for low, high in itertools.pairwise(cuts) if low < high]


def _read_block(reader: ScriptReader, block: list[tuple[int, int]], named: str | None) -> None:
    """Read the lines of one table."""
    text = reader.source.text
    lines = [text[at:until] for at, until in block]
    built_in = [line.split()[1] for line in lines if line.startswith("-P ") and line[3:].strip()]
    whole = bool(built_in)
    command = "arptables" if any(_OF_ARPTABLES.search(line) for line in lines[:200]) else "iptables"
    ruleset = reader.ruleset(command)
    indicated, only = table_by_targets(targets_in(lines))
    table = named if named in ruleset.grammar.tables else table_of(built_in)
    if command == "arptables":
        table = "filter"
    elif table is None:
        table = indicated or (
            "mangle" if any(" PREROUTING" in line for line in lines) else "filter"
        )
        if indicated is None and any(line.startswith("-A PREROUTING") for line in lines):
            place = block[0]
            reader.findings.append(
                refusals.uncertain_listing(
                    reader.source,
                    *place,
                    "These rules do not say which table they belong to; lvscf takes them for "
                    f"{table}.",
                )
            )
            ruleset.partial.setdefault("*", Unseen("", *place))
    elif table == "filter" and named is None and whole:
        table = filtering(ruleset.tables, indicated if only or indicated == "security" else None)
    if whole and table in ruleset.tables:
        rules = any(line.startswith("-A") for line in lines)
        if not rules and any(c.rules.entries for c in ruleset.tables[table].values()):
            return  # the same table again, empty: most likely that of ip6tables
        del ruleset.tables[table]
    for at, until in block:
        line_table = table
        if not whole and named is None and text.startswith("-A", at):
            line_indicated, _ = table_by_targets(targets_in([text[at:until]]))
            chain = text[at:until].split()[1:2]
            if (
                line_indicated is not None
                and chain
                and chain[0] in ruleset.grammar.tables[line_indicated]
            ):
                line_table = line_indicated
        split_and_run(reader, command, at, until, line_table, consequence="line")
