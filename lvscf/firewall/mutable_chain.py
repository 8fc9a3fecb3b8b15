"""Mutable chains: rules are appended, inserted and deleted while a file is read."""

from collections.abc import Iterator

from attrs import define, field

from lvscf.firewall.model import Rule
from lvscf.shared.records import record


@record(frozen=False)
class _Entry:
    rule: Rule
    specification: str
    deleted: bool = False


@define
class RuleList:
    """The rules of a chain: appending, inserting at the top and deleting are cheap.

    Deleting only marks an entry; marked entries are swept out when positions are needed.
    """

    entries: list[_Entry] = field(factory=list)
    by_specification: dict[str, list[_Entry] | None] = field(factory=dict)
    """Entries with the same specification, in order; None once the order is not known."""
    deleted: int = 0
    indexed: bool = False

    def swept(self) -> list[_Entry]:
        """The entries, without those that are deleted."""
        if self.deleted:
            self.entries = [entry for entry in self.entries if not entry.deleted]
            self.deleted = 0
        return self.entries

    def insert(self, position: int, rule: Rule) -> None:
        """Insert a rule at a position, counted from 0."""
        entry = _Entry(rule, "")
        entries = self.swept() if position else self.entries
        entries.insert(position, entry)
        self._note(entry, at_front=position == 0, in_order=position in (0, len(entries) - 1))

    def append(self, rule: Rule) -> None:
        """Append a rule."""
        entry = _Entry(rule, "")
        self.entries.append(entry)
        self._note(entry, at_front=False, in_order=True)

    def _note(self, entry: _Entry, *, at_front: bool, in_order: bool) -> None:
        if not self.indexed:  # most chains never delete, and need no index
            return
        entry.specification = entry.rule.specification
        equal = self.by_specification.setdefault(entry.specification, [])
        if equal is None:
            return
        if equal and not in_order:
            self.by_specification[entry.specification] = None
        elif at_front:
            equal.insert(0, entry)
        else:
            equal.append(entry)

    def _index(self) -> None:
        if not self.indexed:
            self.indexed = True
            for entry in self.entries:
                self._note(entry, at_front=False, in_order=True)

    def delete(self, specification: str) -> Rule | None:
        """Delete the first rule with that specification, and return it."""
        self._index()
        equal = self.by_specification.get(specification, [])
        if equal is None:
            found = next(
                (e for e in self.entries if not e.deleted and e.specification == specification),
                None,
            )
        else:
            found = equal.pop(0) if equal else None
        if found is None:
            return None
        found.deleted = True
        self.deleted += 1
        return found.rule

    def has(self, specification: str) -> bool:
        """Whether there is a rule with that specification."""
        self._index()
        equal = self.by_specification.get(specification, [])
        return (
            bool(equal)
            if equal is not None
            else any(not e.deleted and e.specification == specification for e in self.entries)
        )

    def pop(self, position: int) -> Rule:
        """Delete the rule at a position, and return it."""
        entry = self.swept().pop(position)
        equal = self.by_specification.get(entry.specification) if self.indexed else None
        if equal:
            equal.remove(entry)
        return entry.rule


@define
class MutableChain:
    """A chain while its file is read."""

    policy: str | None
    rules: RuleList = field(factory=RuleList)
    counters: tuple[int, int] | None = None
    references: int = 0
    """Rules that jump to it."""

    def copy(self) -> "MutableChain":
        """An independent copy."""
        rules = RuleList([_Entry(entry.rule, "") for entry in self.rules.swept()])
        return MutableChain(self.policy, rules, self.counters, self.references)


def closing_rules(chains: dict[str, list[Rule]]) -> Iterator[Rule]:
    """Rules whose jump closes a circle: a depth-first search, without recursion."""
    done: set[str] = set()
    for first in chains:
        if first in done:
            continue
        on_way = {first}
        stack = [(first, iter(chains[first]))]
        while stack:
            name, rules = stack[-1]
            for rule in rules:
                target = rule.target.name if rule.target else ""
                if target in on_way:
                    yield rule
                elif target in chains and target not in done:
                    on_way.add(target)
                    stack.append((target, iter(chains[target])))
                    break
            else:
                stack.pop()
                on_way.discard(name)
                done.add(name)
