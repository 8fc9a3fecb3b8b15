"""The text of iptables-save and arptables-save, and `iptables -S`, which writes the same lines."""

import re

from lvscf.firewall import refusals
from lvscf.firewall.interpreter import Interpreter
from lvscf.firewall.listing import table_of
from lvscf.firewall.refusals import Refused, quoted
from lvscf.firewall.words import saved_places, saved_words

_DECLARATION = re.compile(r":(\S+)\s+(\S+)(?:\s+\[(\d+):(\d+)\])?\s*\Z")
_COUNTERS = re.compile(r"\[(\d+):(\d+)\]\s*")
_OF_ARPTABLES = re.compile(r":(?:IN|OUT) |-A (?:IN|OUT) |--mangle-|--opcode |--arpop |--h-length ")
_VERSION = re.compile(r"by iptables-save v1\.(\d+)")


def read_table(reader: Interpreter, start: int, end: int, header: str) -> None:
    """Read `*NAME` and the lines up to its COMMIT, which are `text[start:end]`.

    Args:
        reader: takes rules and findings.
        start: offset of the asterisk.
        end: offset behind COMMIT, or where the next table begins.
        header: the comment lines that stand before.
    """
    text = reader.source.text
    lines = _lines(text, start, end)
    command = "arptables" if _is_arptables(text, lines, header) else "iptables"
    ruleset = reader.ruleset(command)
    version = _VERSION.search(header)
    ruleset.outdated = bool(version) and int(version[1]) < 8 if version else False
    at, until = lines[0]
    table = text[at + 1 : until].strip()
    reader.commanded = True
    try:
        ruleset.tables.pop(table, None)  # iptables-restore flushes the table first
        ruleset.chains(table)
    except Refused as refusal:
        reader.refuse(command, refusal, [], list, at, until, "table")
        return
    committed = False
    for at, until in lines[1:]:
        first = text[at] if at < until else ""
        if first == "-" or first == "[":
            _rule(reader, command, table, at, until)
        elif first == ":":
            _declare(reader, command, table, at, until)
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


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where each line begins and ends, without its end-of-line characters."""
    lines = []
    while start < end:
        newline = text.find("\n", start, end)
        until = end if newline < 0 else newline
        stripped = until - 1 if until > start and text[until - 1] == "\r" else until
        lines.append((start, stripped))
        start = until + 1
    return lines


def _is_arptables(text: str, lines: list[tuple[int, int]], header: str) -> bool:
    """Whether a table is of arptables: nothing says so but its looks."""
    if "arptables-save" in header:
        return True
    if "iptables-save" in header or text[slice(*lines[0])].rstrip() != "*filter":
        return False
    declared = [text[at:until] for at, until in lines if text.startswith(":", at)]
    # arptables-save of 1.8 writes no counters, and has no FORWARD chain.
    if declared and not any("[" in line or line.startswith(":FORWARD") for line in declared):
        return True
    return any(_OF_ARPTABLES.search(text, at, until) for at, until in lines)


def _rule(reader: Interpreter, command: str, table: str, at: int, until: int) -> None:
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
    split_and_run(reader, command, start, until, table, counters)


def split_and_run(
    reader: Interpreter,
    command: str,
    start: int,
    end: int,
    table: str,
    counters: tuple[int, int] | None = None,
    consequence: str = "table",
) -> None:
    """Read the rule line `text[start:end]` with the quoting of iptables-save."""
    text = reader.source.text
    end = start + len(text[start:end].rstrip())
    try:
        words = saved_words(text, start, end)
    except ValueError as unclosed:
        reader.complain(
            f"A quotation mark is not closed on its line. {command}-restore refuses the line.",
            unclosed.args[0],
            end,
            'Write " at the end of the text.',
        )
        reader.commanded = True
        return
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


def _declare(reader: Interpreter, command: str, table: str, at: int, until: int) -> None:
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
        elif chain.policy is not None and policy != "-":
            if policy not in ("ACCEPT", "DROP"):
                raise Refused(f"{quoted(policy)} is no policy", "Write ACCEPT or DROP.")
            chain.policy = policy
        if packets:
            chain.counters = (int(packets[:20]), int(octets[:20]))
    except Refused as refusal:
        reader.refuse(command, refusal, [], list, at, until, "table")


def _stranger(reader: Interpreter, command: str, table: str, at: int, until: int) -> None:
    """A line that has no business within a table."""
    line = reader.source.text[at:until]
    indented = line.lstrip()
    if indented.startswith("-"):
        _rule(reader, command, table, at + len(line) - len(indented), until)
        return
    advice = None
    if indented[:1] in (":", "#", "*") or indented.startswith("COMMIT"):
        advice = "The line must begin in the first column, and hold nothing else."
    elif "tables" in indented.split(" ")[0]:
        advice = "Leave out the command's name: lines begin with -A here."
    refusal = Refused(f"{quoted(indented.split(' ')[0])} begins no line of a restore file", advice)
    reader.refuse(command, refusal, [], list, at, until, "table")


def read_specification(reader: Interpreter, start: int, end: int) -> None:
    """Read the output of `iptables -S`: rule lines alone, of a table that they do not name."""
    text = reader.source.text
    lines = _lines(text, start, end)
    blocks: list[list[tuple[int, int]]] = [[]]
    for at, until in lines:
        # Another table begins with policies again.
        if text.startswith("-P", at) and any(
            not text.startswith("-P", a) for a, _ in blocks[-1][-1:]
        ):
            blocks.append([])
        if at < until:
            blocks[-1].append((at, until))
    for block in filter(None, blocks):
        built_in = [text[at:until].split()[1:2] for at, until in block if text.startswith("-P", at)]
        written = " ".join(text[at:until] for at, until in block[:200])
        command = "arptables" if _OF_ARPTABLES.search(written) else "iptables"
        table = reader.named_table or table_of([name for names in built_in for name in names])
        reader.named_table = None
        if table is None:
            table = next(
                (
                    t
                    for t in ("mangle", "nat")
                    if " PREROUTING" in written and (t == "mangle" or _only_of_nat(written))
                ),
                "filter",
            )
            if _only_of_nat(written):
                table = "nat"
        for at, until in block:
            split_and_run(reader, command, at, until, table, consequence="line")


def _only_of_nat(text: str) -> bool:
    return re.search(r"-j (?:REDIRECT|DNAT|SNAT|MASQUERADE)", text) is not None
