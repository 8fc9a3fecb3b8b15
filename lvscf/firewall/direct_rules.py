"""Direct rules of firewalld: the iptables rules that an administrator gives it.

Facts: firewalld.direct(5).  firewalld puts direct rules into chains that come before those of its
zones (`INPUT_direct`), in the order of their priorities, and those of one priority in the order in
which they were added.  A rule that is there already is not added again.  Passthroughs go to
iptables as they are.
"""

from collections.abc import Sequence

from lvscf.firewall.possible_states import ScriptReader

OTHERS = (
    "firewall-cmd changes the rules of firewalld, whose other rules are missing here. Use the "
    "output of `iptables-save` instead."
)
"""Why a file with direct rules is not the whole truth."""
Word = tuple[str, int]
"""A word, and where it begins."""


def priority_of(words: Sequence[Word]) -> int:
    """The priority in `TABLE CHAIN PRIORITY ARGUMENTS`."""
    written = words[2][0] if len(words) > 2 else ""
    return int(written) if written.removeprefix("-").isdecimal() and len(written) < 9 else 0


def add_rule(
    reader: ScriptReader, words: Sequence[Word], start: int, end: int, *, last: bool = False
) -> None:
    """Add `TABLE CHAIN PRIORITY ARGUMENTS`; as the last rule, if none has a higher priority."""
    if len(words) < 4:
        return
    (table, _), (chain, _), *_ = words
    priority = priority_of(words)
    known = reader.ruleset("iptables").direct.setdefault((table, chain), {})
    rule = (priority, tuple(text for text, _ in words[3:]))
    if rule in known:
        return
    before = 0 if last else sum(one <= priority for one, _ in known)
    how = ["-A"] if last else ["-I", str(before + 1)]
    _run(reader, words[:2], how, words[3:], start, end)
    if not reader.failed:
        known[rule] = None


def remove_rule(reader: ScriptReader, words: Sequence[Word], start: int, end: int) -> None:
    """Remove `TABLE CHAIN PRIORITY ARGUMENTS`, if it is there."""
    if len(words) < 4:
        return
    (table, _), (chain, _), *_ = words
    known = reader.ruleset("iptables").direct.get((table, chain), {})
    arguments = tuple(text for text, _ in words[3:])
    for rule in [one for one in known if one[1] == arguments]:
        del known[rule]
        _run(reader, words[:2], ["-D"], words[3:], start, end)


def add_chain(reader: ScriptReader, words: Sequence[Word], start: int, end: int) -> None:
    """Add `TABLE CHAIN`, unless it is there."""
    if len(words) == 2 and words[1][0] not in reader.ruleset("iptables").tables.get(
        words[0][0], ()
    ):
        _run(reader, words, ["-N"], (), start, end)


def pass_through(reader: ScriptReader, words: Sequence[Word], start: int, end: int) -> None:
    """Give words to iptables, unless it has got the same ones before."""
    known = reader.ruleset("iptables").direct.setdefault(("", ""), {})
    rule = (0, tuple(text for text, _ in words))
    if rule not in known:
        known[rule] = None
        _give(reader, words, start, end)


def _run(
    reader: ScriptReader,
    chain: Sequence[Word],
    how: list[str],
    arguments: Sequence[Word],
    start: int,
    end: int,
) -> None:
    (table, table_at), (name, name_at) = chain
    operation, *number = how
    words = [("-t", table_at), (table, table_at), (operation, name_at), (name, name_at)]
    _give(reader, [*words, *((one, name_at) for one in number), *arguments], start, end)


def _give(reader: ScriptReader, words: Sequence[Word], start: int, end: int) -> None:
    texts, places = [text for text, _ in words], [at for _, at in words]
    reader.run("iptables", texts, lambda: places, start, end)
