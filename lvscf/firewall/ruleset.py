"""Rulesets: tables to which commands are applied in order, as iptables would, or rejected."""

import re

from attrs import define, evolve, field, frozen

from lvscf.firewall.language.command import Body, Command
from lvscf.firewall.language.options import GRAMMARS, Grammar
from lvscf.firewall.model import Chain, Rule, Table
from lvscf.firewall.mutable_chain import MutableChain, RuleList, closing_rules
from lvscf.firewall.refusals import Refused, StateRefused
from lvscf.shared.records import compared
from lvscf.source import Source, quoted

_LONGEST_CHAIN_NAME = 28
_OF_OTHERS = re.compile(
    r"DOCKER|KUBE-|FLANNEL|CNI-|CILIUM_|cali-|ufw6?-|f2b-|fail2ban-|sshguard|LIBVIRT_|NETAVARK"
    r"|LXC|lxd_|WEAVE|RH-Firewall|nixos-fw|SHOREWALL|shorewall|LOGDROP$|reject$"
    r"|(?:IN|FWDI|FWDO|FWD|PRE|POST|INPUT|OUTPUT|FORWARD|PREROUTING|POSTROUTING)_"
)
"""Chains that other programs make: Docker, Kubernetes, firewalld, ufw and others."""


@compared
@frozen(eq=False, repr=False)
class Location:
    """Where a command is in its file."""

    source: Source
    start: int
    end: int


@compared
@frozen(eq=False, repr=False)
class Unseen:
    """Why a table may hold more than the file shows: a sentence, and its place."""

    text: str
    start: int
    end: int


@define
class Ruleset:
    """The tables of one command (iptables or arptables), after the lines read so far."""

    grammar: Grammar
    tables: dict[str, dict[str, MutableChain]] = field(factory=dict)
    outdated: bool = False
    """Whether iptables is older than 1.8, which accepts DROP in the nat table."""
    by_script: bool = False
    """Whether a script's commands are applied, so that the host may already have rules."""
    emptied: set[str] = field(factory=set)
    """The tables that were flushed: whatever they held before is gone."""
    partial: dict[str, "Unseen"] = field(factory=dict)
    """The tables that may hold rules which the file does not show; `*` means all."""
    direct: dict[tuple[str, str], dict[tuple[int, tuple[str, ...]], None]] = field(factory=dict)
    """The direct rules of firewalld by table and chain, each with its priority."""

    @classmethod
    def of(cls, command: str) -> "Ruleset":
        """An empty ruleset of `iptables` or `arptables`."""
        return cls(GRAMMARS[command])

    def copy(self) -> "Ruleset":
        """An independent copy."""
        tables = {
            name: {chain_name: chain.copy() for chain_name, chain in chains.items()}
            for name, chains in self.tables.items()
        }
        return evolve(
            self,
            tables=tables,
            emptied=set(self.emptied),
            partial=dict(self.partial),
            direct={chain: dict(rules) for chain, rules in self.direct.items()},
        )

    def chains(self, table: str) -> dict[str, MutableChain]:
        """The chains of a table, which is made if necessary."""
        chains = self.tables.get(table)
        if chains is None:
            built_in = self.grammar.tables.get(table)
            if built_in is None:
                raise Refused(f"there is no table {quoted(table)}", self._table_advice(table))
            chains = {name: MutableChain("ACCEPT") for name in built_in}
            self.tables[table] = chains
        return chains

    def _table_advice(self, table: str) -> str:
        for name in self.grammar.tables:
            if table.startswith(f"{name}-"):
                return f"A space is missing: write -t {name} {table[len(name) :]}."
        return f"Tables are: {', '.join(self.grammar.tables)}."

    def canonical(self, chain: str) -> str:
        """The present name of a chain that arptables_jf names differently."""
        return self.grammar.chain_names.get(chain, chain)

    def chain(self, table: str, name: str) -> MutableChain:
        """The chain of a table.

        Raises:
            Refused: there is no chain of that name.
        """
        chains = self.chains(table)
        chain = chains.get(self.canonical(name))
        if chain is None:
            advice = self._chain_advice(table, name)
            raise StateRefused(
                f"there is no chain {quoted(name)} in table {table}",
                advice or f"Make it first: {self.grammar.command} -t {table} -N {name}.",
                foreign=advice is None and self.is_foreign(table, name),
            )
        return chain

    def _chain_advice(self, table: str, name: str) -> str | None:
        """What a missing chain was meant to be; None if any name is possible."""
        for other, built_in in self.grammar.tables.items():
            if name in built_in:
                named = [t for t in ("mangle", "nat") if name in self.grammar.tables.get(t, ())]
                return f"Name the table: -t {named[0] if named else other}."
        for existing in self.chains(table):
            if existing.lower() == name.lower():
                return f"Chain names are case-sensitive: write {existing}."
        from difflib import get_close_matches

        own = [one for one, chain in self.chains(table).items() if chain.policy is None]
        meant = self.built_in_like(name)
        if meant is not None:
            if meant in self.chains(table):
                return f"Did you mean {meant}?"
            tables = [t for t in ("mangle", "nat") if meant in self.grammar.tables.get(t, ())]
            return f"Did you mean {meant}, of table {tables[0] if tables else 'filter'}?"
        close = get_close_matches(name, own[:999], 1, 0.8)
        return f"Did you mean {close[0]}?" if close else None

    def built_in_like(self, name: str) -> str | None:
        """The built-in chain of which a name is a misspelling, or None."""
        from difflib import get_close_matches

        names = dict.fromkeys(one for chains in self.grammar.tables.values() for one in chains)
        close = get_close_matches(name.upper(), list(names), 1, 0.8)
        return close[0] if close else None

    def is_foreign(self, table: str, name: str) -> bool:
        """Whether another program on the host may have made a chain.

        Not if the commands so far have flushed the table, or make chains there themselves.
        """
        if _OF_OTHERS.match(name):
            return True
        own = any(chain.policy is None for chain in self.chains(table).values())
        return not own and table not in self.emptied

    # Commands.

    def apply(self, command: Command, place: Location) -> None:
        """Apply a command.

        Raises:
            Refused: iptables would reject it, given the present chains and rules.
        """
        table = command.table or "filter"
        chains = self.chains(table)
        match command.operation:
            case "A" | "I" | "R":
                self._put(table, command, place)
            case "D" | "C":
                self._remove(table, command)
            case "F":
                for name in [command.chain] if command.chain else list(chains):
                    self.flush(table, name)
                if command.chain is None:
                    self.emptied.add(table)
                    self.partial.pop(table, None)
            case "N":
                self.make(table, command.chain or "")
            case "X":
                self._drop_chains(table, command.chain)
            case "P":
                self._set_policy(table, command.chain or "", command.argument or "")
            case "E":
                self._rename(table, command.chain or "", command.argument or "")
            case _:  # listing and zeroing do not change rules
                if command.chain:
                    self.chain(table, command.chain)

    def _put(self, table: str, command: Command, place: Location) -> None:
        assert command.chain is not None
        chain = self.chain(table, command.chain)
        name = self.canonical(command.chain)
        bodies = command.bodies
        for body in bodies[:1]:
            self._check(table, name, chain, body, command)
        if command.operation == "A":
            for body in bodies:
                chain.rules.append(self._rule(table, name, body, place))
        else:
            position = (command.number or 1) - 1
            count = len(chain.rules.swept()) if command.number else 0
            if command.operation == "R":
                if position >= count:
                    raise StateRefused(
                        f"{name} has {count} rules, so there is no number {command.number}"
                    )
                if len(bodies) > 1:
                    raise Refused("-R does not take a list of addresses")
                self._release(table, chain.rules.pop(position))
            elif position > count and table in self.emptied:
                raise StateRefused(
                    f"{name} has {count} rules, too few to insert number {command.number}"
                )
            elif position > count:  # not with -R
                self._presume(table, name, count, command, place)
                position = count
            for offset, body in enumerate(bodies):
                chain.rules.insert(position + offset, self._rule(table, name, body, place))

    def _presume(
        self, table: str, name: str, count: int, command: Command, place: Location
    ) -> None:
        """Handle a rule number that is too high for the rules the file has made."""
        if command.operation == "I" and not self.by_script:
            raise StateRefused(
                f"{name} has {count} rules, too few to insert number {command.number}"
            )
        self.partial.setdefault(
            table,
            Unseen(
                f"This line inserts at number {command.number} of {name}, but the file has made "
                f"only {count} of its rules so far. lvscf cannot follow the others, which must "
                "come from elsewhere.",
                place.start,
                place.end,
            ),
        )

    def _rule(self, table: str, chain: str, body: Body, place: Location) -> Rule:
        target = body.target
        if target is not None:
            referred = self.tables[table].get(target.name)
            if referred is not None:
                referred.references += 1
        return Rule(
            table,
            chain,
            body.general,
            body.matches,
            target,
            body.counters,
            self.grammar.command,
            place.source,
            place.start,
            place.end,
        )

    def _check(
        self, table: str, name: str, chain: MutableChain, body: Body, command: Command
    ) -> None:
        """Reject what iptables or the kernel reject in this chain."""
        if chain.policy is not None and self.grammar.command == "iptables":
            unseen = (
                "-o"
                if name in ("PREROUTING", "INPUT")
                else ("-i" if name in ("OUTPUT", "POSTROUTING") else "")
            )
            if unseen and any(setting.name == unseen for setting in body.general):
                raise Refused(
                    f"a packet in {name} has no interface that {unseen} could match",
                    f"Write {'-i' if unseen == '-o' else '-o'}, or leave it out.",
                )
        target = body.target
        if target is None:
            return
        if target.name in self.tables[table]:
            if self.tables[table][target.name].policy is not None:
                raise Refused(f"{target.name} is a built-in chain, and rules cannot jump to those")
            return
        word = command.target_word
        if target.goto:
            raise Refused(
                f"-g needs a chain, and {quoted(target.name)} is a target",
                f"Write -j {target.name}.",
                word,
            )
        extension = self.grammar.targets.get(target.name)
        if extension is None:
            self._refuse_target(table, target.name, word)
            return
        if extension.tables and table not in extension.tables:
            raise Refused(
                f"the target {target.name} is for table {extension.tables[0]} only",
                f"Write -t {extension.tables[0]}.",
                word,
            )
        if extension.hooks and chain.policy is not None and name not in extension.hooks:
            raise Refused(
                f"the target {target.name} is not allowed in {name} of table {table}",
                f"{target.name} is for {' and '.join(extension.hooks)}.",
                word,
            )
        if table == "nat" and target.name == "DROP" and not self.outdated:
            raise Refused(
                "the nat table is not for filtering, so DROP is not allowed there",
                "Drop in mangle PREROUTING or filter INPUT.",
                word,
            )
        if (
            target.name == "REJECT"
            and any(setting.value == "tcp-reset" for setting in target.settings)
            and all(str(setting) != "-p tcp" for setting in body.general)
        ):
            raise Refused("only TCP packets can be rejected with a reset", "Write -p tcp.", word)

    def _refuse_target(self, table: str, name: str, word: int) -> None:
        """Reject a target that is neither a chain nor a known extension."""
        by_case = {known.lower(): known for known in (*self.grammar.targets, *self.tables[table])}
        if name.lower() in by_case:
            raise Refused(
                f"there is no target or chain {quoted(name)}",
                f"Write {by_case[name.lower()]}.",
                word,
            )
        from difflib import get_close_matches

        close = get_close_matches(name, [*self.grammar.targets, *list(self.tables[table])[:999]], 1)
        elsewhere = [t for t, chains in self.tables.items() if name in chains]
        if elsewhere:
            raise StateRefused(
                f"the chain {quoted(name)} is in table {elsewhere[0]}, not in {table}",
                f"Write -t {elsewhere[0]}, or make the chain in {table}.",
                word,
            )
        raise StateRefused(
            f"there is no target or chain {quoted(name)}",
            f"Did you mean {close[0]}?"
            if close and not _OF_OTHERS.match(name)
            else f"Make the chain first: {self.grammar.command} -t {table} -N {name}.",
            word,
            foreign=_OF_OTHERS.match(name) is not None,
        )

    def _remove(self, table: str, command: Command) -> None:
        assert command.chain is not None
        chain = self.chain(table, command.chain)
        if command.number is not None:
            if command.number > len(chain.rules.swept()):
                raise StateRefused(f"{command.chain} has no rule number {command.number}")
            self._release(table, chain.rules.pop(command.number - 1))
            return
        for body in command.bodies:
            wanted = Rule(
                table, "", body.general, body.matches, body.target, family=self.grammar.command
            ).specification
            if command.operation == "C":
                if not chain.rules.has(wanted):
                    raise StateRefused(f"{command.chain} of table {table} has no such rule")
                continue
            rule = chain.rules.delete(wanted)
            if rule is None:
                raise StateRefused(f"{command.chain} of table {table} has no such rule to delete")
            self._release(table, rule)

    def _release(self, table: str, rule: Rule) -> None:
        """Drop a rule's reference to its target."""
        if rule.target and rule.target.name in self.tables[table]:
            self.tables[table][rule.target.name].references -= 1

    def flush(self, table: str, name: str) -> None:
        """Delete all rules of a chain."""
        chain = self.chain(table, name)
        for entry in chain.rules.swept():
            self._release(table, entry.rule)
        chain.rules = RuleList()

    def make(self, table: str, name: str) -> MutableChain:
        """Make a user-defined chain."""
        chains = self.chains(table)
        if name in chains:
            raise StateRefused(f"there already is a chain {quoted(name)}")
        if not name or name[0] in "-!" or any(c.isspace() for c in name):
            raise Refused(f"{quoted(name)} is not a valid chain name")
        if len(name) > _LONGEST_CHAIN_NAME:
            raise Refused(
                f"the chain name {quoted(name)} is longer than {_LONGEST_CHAIN_NAME} characters"
            )
        if name in self.grammar.targets:
            raise Refused(f"{quoted(name)} is a target, so it cannot be the name of a chain")
        chain = chains[name] = MutableChain(None)
        return chain

    def _drop_chains(self, table: str, name: str | None) -> None:
        chains = self.chains(table)
        names = [name] if name else [n for n, chain in chains.items() if chain.policy is None]
        for each in names:
            chain = self.chain(table, each)
            if chain.policy is not None:
                raise Refused(f"{each} is a built-in chain and cannot be deleted")
            if chain.references or chain.rules.swept():
                raise StateRefused(
                    f"the chain {quoted(each)} still has rules, or rules that jump to it",
                    f"Flush first: {self.grammar.command} -t {table} -F.",
                )
        for each in names:
            del chains[each]

    def _set_policy(self, table: str, name: str, policy: str) -> None:
        chain = self.chain(table, name)
        if chain.policy is None:
            raise Refused(f"{quoted(name)} is not a built-in chain, and only those have a policy")
        if policy not in ("ACCEPT", "DROP"):
            raise Refused(f"{quoted(policy)} is not a policy", "Write ACCEPT or DROP.")
        if table == "nat" and policy == "DROP" and not self.outdated:
            raise Refused("the nat table is not for filtering, so it cannot have the policy DROP")
        chain.policy = policy

    def _rename(self, table: str, old: str, new: str) -> None:
        chain = self.chain(table, old)
        if chain.policy is not None:
            raise Refused(f"{old} is a built-in chain and cannot be renamed")
        self.make(table, new)
        chains = self.chains(table)
        renamed = {new if name == old else name: each for name, each in chains.items()}
        del renamed[new]
        renamed[new] = chain
        self.tables[table] = renamed
        for each_name, each in renamed.items():
            for entry in each.rules.swept():
                rule = entry.rule
                if rule.chain != each_name:
                    rule = evolve(rule, chain=each_name)
                if rule.target and rule.target.name == old:
                    rule = evolve(rule, target=evolve(rule.target, name=new))
                entry.rule = rule
            each.rules = RuleList(each.rules.entries)

    # The end.

    def finished(self) -> tuple[dict[str, Table], list[Rule]]:
        """The tables, and the rules left out because their jumps close a circle."""
        circular: list[Rule] = []
        tables = {}
        for name in (*self.grammar.tables, *self.tables):
            chains = self.tables.get(name)
            if chains is None or name in tables:
                continue
            rules = {
                chain_name: [entry.rule for entry in chain.rules.swept()]
                for chain_name, chain in chains.items()
            }
            closing = list(closing_rules(rules))
            if closing:
                circular.extend(closing)
                left_out = set(map(id, closing))
                rules = {
                    chain_name: [rule for rule in chain_rules if id(rule) not in left_out]
                    for chain_name, chain_rules in rules.items()
                }
            tables[name] = Table(
                name,
                {
                    chain_name: Chain(
                        chain_name, chain.policy, tuple(rules[chain_name]), chain.counters
                    )
                    for chain_name, chain in chains.items()
                },
            )
        return tables, circular
