"""The text of a ruleset: the output of `nft list ruleset`, and scripts for `nft -f`."""

import re

from lvscf.firewall import refusals
from lvscf.firewall.file_rules import firewall_truncated
from lvscf.firewall.model import Hook
from lvscf.firewall.nftables.building import PRIORITIES, Building, GrowingChain, GrowingTable
from lvscf.firewall.nftables.expression_text import elements
from lvscf.firewall.nftables.expressions import Elements, NamedSet
from lvscf.firewall.nftables.model import FAMILIES, HOOKS
from lvscf.firewall.nftables.rule_text import read_rule
from lvscf.firewall.nftables.words import END, Token, Unreadable, Words, tokens

_MOST_TOKENS = 2_000_000
"""The most tokens after variables have been replaced: they may contain each other."""
_BLOCKS = (
    "flowtable", "counter", "quota", "limit", "secmark", "synproxy", "ct", "meter", "tunnel",
)  # fmt: skip
_ACTIONS = (
    "add", "create", "insert", "delete", "destroy", "flush", "replace", "rename", "reset", "list",
    "monitor", "export", "import", "describe",
)  # fmt: skip
_NUMBER = re.compile(r"-?\d+\Z")


def read_text(building: Building, start: int = 0, end: int | None = None) -> None:
    """Read nft text; what is not understood becomes findings."""
    _Ruleset(building, Words(list(tokens(building.source.text, start, end)))).read()


class _Ruleset:
    def __init__(self, building: Building, words: Words) -> None:
        self.building = building
        self.words = words
        self.variables: dict[str, list[Token]] = {}
        self.spent = 0

    def read(self) -> None:
        """Read all commands."""
        words = self.words
        while words.next is not None:
            start = words.at
            try:
                self._command()
            except Unreadable:
                self._not_understood(start)
            if words.at == start:
                words.at += 1

    def _not_understood(self, start: int) -> None:
        words = self.words
        words.at = max(start, min(words.at, len(words.all) - 1))
        begun = words.all[start]
        words.at = start
        line = words.line()
        last = line[-1] if line else begun
        self.building.partial = True
        self.building.unsupported(
            "lvscf does not understand this line, so it may miss rules.", begun.start, last.end
        )

    def _command(self) -> None:
        words = self.words
        words.skip_ends()
        words.skip("nft")
        text = words.text
        if text == "table":
            words.take()
            self._table()
        elif text in ("define", "redefine"):
            words.take()
            name = words.take()
            words.expect("=")
            self.variables[name] = self._expanded(words.line())
        elif text == "undefine":
            words.line()
        elif text == "include":
            self._included()
        elif text in _ACTIONS:
            self._action()
        elif words.next is not None:
            raise Unreadable(words.next)

    def _included(self) -> None:
        line = self.words.line()
        self.building.partial = True
        self.building.unsupported(
            "This file includes another one, which lvscf does not see. Use the output of "
            "`nft list ruleset` instead: it holds all rules.",
            line[0].start,
            line[-1].end,
        )

    def _expanded(self, line: list[Token]) -> list[Token]:
        """The tokens with variables replaced by what they stand for."""
        if not any(token.text.startswith("$") and not token.quoted for token in line):
            return line
        found: list[Token] = []
        for token in line:
            if token.quoted or not token.text.startswith("$"):
                found.append(token)
                continue
            meant = self.variables.get(token.text[1:])
            if meant is None:
                raise Unreadable(token)
            self.spent += len(meant)
            if self.spent > _MOST_TOKENS:
                raise Unreadable(token)
            found.extend(meant)
        return found

    # Tables.

    def _family(self) -> str:
        return self.words.take() if self.words.text in FAMILIES else "ip"

    def _table(self) -> None:
        words = self.words
        family = self._family()
        token = words.next
        table = self.building.table(family, words.take())
        if words.text != "{":
            return
        words.take()
        while True:
            words.skip_ends()
            if words.skip("}"):
                return
            if words.next is None:
                self._truncated(f"table {table.full_name}", token)
                return
            start = words.at
            try:
                self._part(table)
            except Unreadable:
                words.at = start
                self._not_understood(start)
            if words.at == start:
                words.at += 1

    def _part(self, table: GrowingTable) -> None:
        words = self.words
        text = words.text
        if text == "chain":
            words.take()
            token = words.next
            name = words.take()
            assert token is not None
            self._chain(table, self.building.chain(table, name, token.start, token.end))
        elif text in ("set", "map"):
            words.take()
            self._collection(table, words.take())
        elif text == "flags":
            table.dormant = any(token.text == "dormant" for token in words.line())
        elif text in _BLOCKS:
            while words.text not in ("{", END, ""):
                words.take()
            self._skip_block()
        else:
            words.line()  # a comment

    def _skip_block(self) -> None:
        words = self.words
        if words.text != "{":
            return
        depth = 0
        while (token := words.next) is not None:
            words.at += 1
            if not token.quoted and token.text in ("{", "}"):
                depth += 1 if token.text == "{" else -1
                if depth == 0:
                    return

    def _truncated(self, what: str, token: Token | None) -> None:
        start, end = (token.start, token.end) if token else (0, 0)
        self.building.partial = True
        self.building.findings.append(
            firewall_truncated.found(
                self.building.source,
                start,
                end,
                f"The text ends within {what}, so nft rejects it. Rules may be missing here.",
                "Copy the output of `nft list ruleset` again.",
            )
        )

    # Chains.

    def _chain(self, table: GrowingTable, chain: GrowingChain) -> None:
        words = self.words
        if words.text != "{":
            return
        words.take()
        while True:
            words.skip_ends()
            if words.skip("}"):
                return
            if words.next is None:
                self._truncated(f"chain {chain.name}", words.all[-1])
                return
            text = words.text
            if text == "type" and chain.hook is None and words.ahead(2) == "hook":
                self._hook(chain, words.line())
            elif text == "policy":
                words.take()
                policy = self._expanded([self._token()])
                chain.policy = policy[0].text.upper() if policy else None
            elif text == "comment" or (text in ("flags", "devices", "device") and chain.hook):
                words.line()
            else:
                self._rule(table, chain, words.line())

    def _token(self) -> Token:
        token = self.words.next
        self.words.take()
        assert token is not None
        return token

    def _hook(self, chain: GrowingChain, line: list[Token]) -> None:
        read = Words(self._expanded(line))
        read.expect("type")
        type_ = read.take()
        read.expect("hook")
        hook = read.take()
        devices: tuple[str, ...] = ()
        if read.skip("device"):
            devices = (read.take(),)
        elif read.skip("devices"):
            read.expect("=")
            devices = tuple(map(str, elements(read).keys))
        priority = 0
        if read.skip("priority"):
            priority = _priority(read)
        if hook in HOOKS:
            chain.hook = Hook(hook, priority, type_)
            chain.devices = devices
            chain.policy = chain.policy or "ACCEPT"

    def _rule(self, table: GrowingTable, chain: GrowingChain, line: list[Token]) -> None:
        if not line:
            return
        self._add_rule(table, chain, line, None)

    def _add_rule(
        self, table: GrowingTable, chain: GrowingChain, line: list[Token], at: int | None
    ) -> None:
        start, end = line[0].start, line[-1].end
        try:
            statements, comment = read_rule(self._expanded(line))
        except (Unreadable, RecursionError):
            self.building.unreadable(table, chain, start, end, at)
            return
        self.building.rule(table, chain, statements, comment, start, end, at)

    # Sets and maps.

    def _collection(self, table: GrowingTable, name: str) -> None:
        words = self.words
        if words.text != "{":
            return
        words.take()
        flags: tuple[str, ...] = ()
        found = Elements(())
        while True:
            words.skip_ends()
            if words.skip("}"):
                break
            if words.next is None:
                self._truncated(f"set {name}", words.all[-1])
                break
            line = words.line()
            if not line:
                break
            if line[0].text == "flags":
                flags = tuple(token.text for token in line[1:])
            elif line[0].text == "elements":
                read = Words(self._expanded(line))
                read.take()
                read.expect("=")
                found = elements(read)
        table.collections[name] = NamedSet(name, found, flags)

    # Commands of scripts.

    def _action(self) -> None:
        words = self.words
        action = words.take()
        what = words.take()
        if what == "rule" and action in ("add", "insert", "create", "replace"):
            self._rule_command(action)
        elif what == "table" and action in ("add", "create"):
            self._table()
        elif what == "chain" and action in ("add", "create"):
            table = self._named_table()
            token = self._token()
            self._chain(table, self.building.chain(table, token.text, token.start, token.end))
        elif what in ("set", "map") and action in ("add", "create"):
            table = self._named_table()
            self._collection(table, words.take())
        elif what == "element" and action in ("add", "create"):
            table = self._named_table()
            name = words.take()
            self.building.add_elements(table, name, elements(Words(self._expanded(words.line()))))
        elif what == "ruleset" and action in ("flush", "delete"):
            family = words.take() if words.text in FAMILIES else None
            for known in list(self.building.tables):
                if family in (None, known[0]):
                    del self.building.tables[known]
        elif what in ("table", "chain") and action in ("flush", "delete", "destroy"):
            self._removal(action, what)
        elif action in ("delete", "destroy", "flush") and what in ("rule", "set", "map", "element"):
            self._undecided(words.line(), f"{action} {what}")
        else:
            words.line()

    def _named_table(self) -> GrowingTable:
        family = self._family()
        return self.building.table(family, self.words.take())

    def _removal(self, action: str, what: str) -> None:
        words = self.words
        family = self._family()
        name = words.take()
        table = self.building.tables.get((family, name))
        chain = words.take() if what == "chain" and words.text not in (END, "") else None
        if table is None:
            return
        if what == "table" and action != "flush":
            del self.building.tables[family, name]
        elif chain is not None and action != "flush":
            table.chains.pop(chain, None)
        else:
            for one in table.chains.values():
                if chain in (None, one.name):
                    one.rules.clear()

    def _rule_command(self, action: str) -> None:
        words = self.words
        table = self._named_table()
        token = self._token()
        chain = self.building.chain(table, token.text, token.start, token.end)
        at: int | None = 0 if action == "insert" else None
        if action == "replace":
            self._undecided(words.line(), "replace rule")
            return
        if words.skip("index"):
            number = words.take()
            at = int(number) + (action == "add") if number.isdecimal() else None
        elif words.skip("position", "handle"):
            words.take()
        line = words.line()
        if line:
            self._add_rule(table, chain, line, at)

    def _undecided(self, line: list[Token], what: str) -> None:
        self.building.partial = True
        first = line[0] if line else self.words.all[self.words.at - 1]
        last = line[-1] if line else first
        self.building.findings.append(
            refusals.unsupported(
                self.building.source,
                first.start,
                last.end,
                f"lvscf does not follow `{what}`. Use the output of `nft list ruleset` instead: it "
                "holds the rules as they are.",
            )
        )


def _priority(read: Words) -> int:
    """A priority: a number, or a name with an offset; 0 if it is neither."""
    text = read.take()
    if _NUMBER.match(text):
        return int(text[:12])
    base = PRIORITIES.get(text, 0)
    sign = read.text
    if sign in ("+", "-"):
        read.take()
        number = read.take()
        return base + (int(sign + number[:11]) if number.isdecimal() else 0)
    if _NUMBER.match(sign.lstrip("+")):
        return base + int(read.take().lstrip("+")[:12])
    return base
