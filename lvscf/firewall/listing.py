"""`iptables -L` and `arptables -L` listings, as far as they tell.

A listing is written for the eye: it hides interfaces unless `-v` is given, turns numbers into names
unless `-n` is, and words each match in its own way.  It is turned back into the options that would
be listed so; what cannot be turned back becomes a condition that may hold or not.
"""

import re
from collections.abc import Callable
from functools import partial

from attrs import frozen

from lvscf.firewall import refusals
from lvscf.firewall.chain_order import boundaries, filtering, table_by_targets, table_of
from lvscf.firewall.interpreter import Interpreter
from lvscf.firewall.model import HIDDEN, UNREADABLE
from lvscf.firewall.options import GRAMMARS, IPTABLES
from lvscf.firewall.refusals import IPV6
from lvscf.firewall.ruleset import Ruleset, Unseen

_HEADER = re.compile(
    r"Chain (?P<name>\S+) \((?:policy (?P<policy>\w+)(?: (?P<packets>\d+\w?) packets, "
    r"(?P<octets>\d+\w?) bytes)?|\d+ references)\)"
)

_IPV6 = re.compile(r"\s(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?:/\d+)?(?=\s|$)")


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
    """Whether all rules of a listing are of ip6tables."""
    text = reader.source.text
    rules = [text[at:until] for block in blocks for at, until in block.rules]
    return bool(rules) and all(_IPV6.search(rule) for rule in rules)


def _tables(blocks: list[_Block]) -> list[list[_Block]]:
    """Blocks of one table each, told apart by their built-in chains, or named by a line above."""
    built_in = [at for at, block in enumerate(blocks) if block.policy]
    starts = {built_in[at] for at in boundaries([blocks[at].name for at in built_in])}
    if blocks and not blocks[0].policy:  # the user's chains come first in this listing
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
    first = blocks[0]
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
                    f"Table {table} has no built-in chain {refusals.quoted(block.name)}.",
                    block.start,
                    block.end,
                )
            elif not _made(reader, ruleset, table, block):
                continue
        elif block.policy in ("ACCEPT", "DROP"):
            chains[name].policy = block.policy
    _say_what_is_missing(reader, first, lines, of_arptables)
    for block in blocks:
        for at, until in block.rules:
            line = text[at:until]
            words = _arp_words(line) if of_arptables else _words(line)
            if words is None:
                reader.complain("This is no line of a listing; it is passed over.", at, until)
                continue
            words = ["-A", block.name, *words]
            if "--listed" in words:
                reader.remark("lvscf cannot tell what part of this line stands for", at, until)
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
    """The table that chains are of, by name, by their built-in chains, or by their targets."""
    first = blocks[0]
    if first.table is not None and first.table in ruleset.grammar.tables:
        return first.table
    if of_arptables:
        return "filter"
    table = table_of(block.name for block in blocks if block.policy)
    columns = (_COLUMNS.match(line) for line in lines)
    told, only = table_by_targets(found["target"] for found in columns if found and found["target"])
    if table == "filter":
        table = filtering(ruleset.tables, told if only or told == "security" else None)
    if table is not None:
        return table
    chosen = told or "mangle"
    reader.findings.append(
        refusals.uncertain_listing(
            reader.source,
            first.start,
            first.end,
            f"The listing does not say which table this is; by its chains and targets it is taken "
            f"for {chosen}.",
        )
    )
    if told is None and lines:
        ruleset.partial.setdefault("*", Unseen("", first.start, first.end))
    return chosen


def _at(place: int, count: int) -> list[int]:
    """Every word of a listed rule stands for something on its one line."""
    return [place] * count


def _made(reader: Interpreter, ruleset: Ruleset, table: str, block: _Block) -> bool:
    from lvscf.firewall.refusals import Refused

    try:
        ruleset.make(table, block.name)
    except Refused as refusal:
        reader.refuse(ruleset.grammar.command, refusal, [], list, block.start, block.end)
        return False
    return True


def _say_what_is_missing(
    reader: Interpreter, block: _Block, lines: list[str], of_arptables: bool
) -> None:
    """LVS704: interfaces are hidden without -v, and numbers are names without -n."""
    if of_arptables or not lines:
        return
    columns = [_COLUMNS.match(line) for line in lines]
    if any(found and found["in"] is None for found in columns):
        reader.findings.append(
            refusals.uncertain_listing(
                reader.source,
                block.start,
                block.end,
                "The listing was made without -v and does not show the interfaces of its rules: "
                "each of them may hold for some interface only.",
            )
        )
    if any(re.search(r"\banywhere\b|dpts?:!?[A-Za-z]|spts?:!?[A-Za-z]", line) for line in lines):
        reader.findings.append(
            refusals.uncertain_listing(
                reader.source,
                block.start,
                block.end,
                "The listing was made without -n and shows names for numbers, which differ from "
                "host to host.",
            )
        )


# The columns of a rule.

_COLUMNS = re.compile(
    r"\s*(?:\d+\s+)??(?:(?P<pkts>\d+[KMGT]?)\s+(?P<bytes>\d+[KMGT]?)\s+)?"
    r"(?:(?P<target>[A-Za-z_][\w-]*|[^\s\d!]\S*)\s+)?(?P<prot>!?[\w.-]+)\s+(?P<opt>--|-f|!f)\s+"
    r"(?:(?P<in>(?!anywhere)!?[^\s.\d/]\S*(?<!/\d)(?<!/\d\d))\s+(?P<out>!?\S+)\s+)?"
    r"(?P<source>!?(?:anywhere|\S+))\s+(?P<destination>!?(?:anywhere|\S+))(?:\s+(?P<rest>.*))?$"
)


def _words(line: str) -> list[str] | None:
    """The options of a listed rule; None if it is no rule."""
    found = _COLUMNS.match(line)
    if found is None:
        return None
    words: list[str] = []
    for option, column in (("-s", "source"), ("-d", "destination"), ("-i", "in"), ("-o", "out")):
        value = found[column]
        if value not in (None, "*", "any", "anywhere", "0.0.0.0/0"):
            words += _negatable(option, value)
    if found["prot"] not in ("0", "all", "ip"):
        words += _negatable("-p", found["prot"])
    if found["opt"] != "--":
        words += ["-f"] if found["opt"] == "-f" else ["!", "-f"]
    if found["in"] is None:
        words += ["-m", HIDDEN]
    rest = (found["rest"] or "").strip()
    goto = rest.startswith("[goto]")
    target = found["target"]
    targeted = ["-g" if goto else "-j", target] if target else []
    conditions, changes = _rest(rest.removeprefix("[goto]").strip(), target or "")
    return [*words, *conditions, *targeted, *changes]


def _negatable(option: str, value: str) -> list[str]:
    return ["!", option, value[1:]] if value.startswith("!") else [option, value]


def _rest(rest: str, target: str) -> tuple[list[str], list[str]]:
    """The matches' and the target's options, from the words behind the columns."""
    conditions: list[str] = []
    changes: list[str] = []
    loaded = ""
    position = 0
    while position < len(rest):
        if rest[position] == " ":
            position += 1
            continue
        for pattern, kind, write in _PHRASES:
            found = pattern.match(rest, position)
            if found is None or (kind.isupper() and kind != target):
                continue
            written = write(found)
            if kind.isupper():
                changes += written
            else:
                # A match's phrases stand together; the same again is another match.
                if kind and kind != loaded:
                    conditions += ["-m", kind]
                conditions += written
                loaded = kind
            position = found.end()
            break
        else:
            word_end = rest.find(" ", position)
            position = len(rest) if word_end < 0 else word_end
            if target not in IPTABLES.targets or not changes:
                loaded = ""
                if UNREADABLE not in conditions:
                    conditions += ["-m", UNREADABLE]
    return conditions, changes


_Writer = Callable[[re.Match[str]], list[str]]


def _option(name: str) -> _Writer:
    """An option of one value, which `!` may precede."""

    def write(found: re.Match[str]) -> list[str]:
        value = found["value"].strip()
        if found.groupdict().get("not"):
            return ["!", name, value]
        return _negatable(name, value)

    return write


def _flags(found: re.Match[str]) -> list[str]:
    """`flags:0x17/0x02` or `flags:SYN,ACK/SYN`: the flags looked at, and those set."""
    names = ("FIN", "SYN", "RST", "PSH", "ACK", "URG")

    def read(text: str) -> str:
        if not text.startswith("0x"):
            return text
        bits = int(text[:10], 16)
        return ",".join(name for at, name in enumerate(names) if bits >> at & 1) or "NONE"

    negation = ["!"] if found["not"] else []
    return [*negation, "--tcp-flags", read(found["mask"]), read(found["flags"])]


def _limit(found: re.Match[str]) -> list[str]:
    return ["--limit", found["rate"], "--limit-burst", found["burst"]]


def _mark_change(found: re.Match[str]) -> list[str]:
    return [f"--{_MARK_WORDS[found['how']]}", found["value"]]


_MARK_WORDS = {
    "set": "set-xmark",
    "xset": "set-xmark",
    "or": "or-mark",
    "and": "and-mark",
    "xor": "xor-mark",
}


def _connmark_copy(found: re.Match[str]) -> list[str]:
    words = [f"--{found['how']}-mark"]
    if found["nf"]:
        words += ["--nfmask", found["nf"], "--ctmask", found["ct"]]
    elif found["mask"]:
        words += ["--mask", found["mask"]]
    return words


def _phrase(kind: str, pattern: str, write: _Writer) -> tuple[re.Pattern[str], str, _Writer]:
    return re.compile(pattern + r"(?=\s|$)"), kind, write


_BITS = r"(?P<value>0x[0-9a-fA-F]+(?:/0x[0-9a-fA-F]+)?)"
_VALUE = r"\s*(?P<value>!?\S+)"

_PHRASES = (
    _phrase("comment", r"/\* (?P<value>.*?) \*/", lambda found: ["--comment", found["value"]]),
    *(
        phrase
        for protocol in ("tcp", "udp", "sctp", "dccp", "udplite")
        for phrase in (_phrase(protocol, protocol, lambda found: []),)
    ),
    _phrase("", r"spts?:(?P<value>!?\S+)", _option("--sport")),
    _phrase("", r"dpts?:(?P<value>!?\S+)", _option("--dport")),
    _phrase("", r"flags:(?P<not>!)?(?P<mask>[\w,]+)/(?P<flags>[\w,]+)", _flags),
    _phrase(
        "icmp",
        r"icmp ?type" + _VALUE + r"(?: code (?P<code>\d+))?",
        lambda found: _negatable(
            "--icmp-type", found["value"] + (f"/{found['code']}" if found["code"] else "")
        ),
    ),
    _phrase("icmp", r"icmp (?P<value>!?[a-z][a-z-]+)", _option("--icmp-type")),
    _phrase("multiport", r"multiport sports" + _VALUE, _option("--sports")),
    _phrase("multiport", r"multiport dports" + _VALUE, _option("--dports")),
    _phrase("multiport", r"multiport ports" + _VALUE, _option("--ports")),
    _phrase("mark", r"(?i:mark) match (?P<not>! ?)?\s*(?P<value>!?\w\S*)", _option("--mark")),
    _phrase(
        "connmark", r"(?i:connmark) match (?P<not>! ?)?\s*(?P<value>!?\w\S*)", _option("--mark")
    ),
    _phrase("state", r"(?P<not>! )?state (?P<value>[A-Z,]+)", _option("--state")),
    _phrase("conntrack", r"(?P<not>! )?ctstate (?P<value>[A-Z,]+)", _option("--ctstate")),
    _phrase("addrtype", r"ADDRTYPE match", lambda found: []),
    _phrase("", r"src-type (?P<not>!)?(?P<value>[A-Z,]+)", _option("--src-type")),
    _phrase("", r"dst-type (?P<not>!)?(?P<value>[A-Z,]+)", _option("--dst-type")),
    _phrase("iprange", r"source IP range (?P<not>! ?)?(?P<value>[\d.-]+)", _option("--src-range")),
    _phrase(
        "iprange", r"destination IP range (?P<not>! ?)?(?P<value>[\d.-]+)", _option("--dst-range")
    ),
    _phrase("limit", r"limit: (?:avg|up to) (?P<rate>\S+) burst (?P<burst>\d+)", _limit),
    _phrase(
        "mac",
        r"MAC (?P<value>!? ?[0-9A-Fa-f:]{17})",
        lambda found: _negatable("--mac-source", found["value"].replace(" ", "")),
    ),
    _phrase("MARK", r"MARK (?P<how>set|xset|or|and|xor) " + _BITS, _mark_change),
    _phrase("CONNMARK", r"CONNMARK (?P<how>set|xset|or|and|xor) " + _BITS, _mark_change),
    _phrase(
        "CONNMARK",
        r"CONNMARK (?P<how>save|restore)(?: nfmask (?P<nf>\w+) ctmask ~?(?P<ct>\w+)"
        r"| mask (?P<mask>\w+))?",
        _connmark_copy,
    ),
    _phrase("REDIRECT", r"redir ports (?P<value>\S+)", _option("--to-ports")),
    _phrase("DNAT", r"to:(?P<value>\S+)", _option("--to-destination")),
    _phrase("SNAT", r"to:(?P<value>\S+)", _option("--to-source")),
    _phrase("MASQUERADE", r"masq ports: (?P<value>\S+)", _option("--to-ports")),
    _phrase("NETMAP", r"to:(?P<value>\S+)", _option("--to")),
    _phrase("REJECT", r"reject-with (?P<value>\S+)", _option("--reject-with")),
    _phrase("CT", r"(?:CT )?(?i:notrack)", lambda found: ["--notrack"]),
    _phrase("CT", r"CT helper (?P<value>\S+)", _option("--helper")),
    *(
        _phrase(target, word, lambda found: [f"--{found.group()}"])
        for target in ("REDIRECT", "DNAT", "SNAT", "MASQUERADE")
        for word in ("random-fully", "random", "persistent")
    ),
    _phrase("LOG", r"LOG (?:flags \d+ )?level (?P<value>\w+)", _option("--log-level")),
    _phrase(
        "LOG", r'prefix ["`](?P<value>.*?)["\']', lambda found: ["--log-prefix", found["value"]]
    ),
    _phrase(
        "TPROXY",
        r"TPROXY redirect (?P<ip>[\d.]+):(?P<port>\d+) mark (?P<mark>\S+)",
        lambda found: [
            "--on-port",
            found["port"],
            "--on-ip",
            found["ip"],
            "--tproxy-mark",
            found["mark"],
        ],
    ),
)


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
