"""Rules of nftables prepared for the tracer.

A rule of nftables is a row of matches and actions, while a prepared rule has tests and one action.
What follows the first action is therefore a chain of its own, within the rule; so are the elements
of a map, of which a packet meets only one.
"""

from collections.abc import Callable, Sequence

from attrs import evolve

from lvscf.firewall.model import Chain, Rule, Setting, Target
from lvscf.firewall.nftables.effects import (
    Rewrite,
    SendFrom,
    SendTo,
    SetMark,
    Untrack,
    address_range,
    port_range,
)
from lvscf.firewall.nftables.expressions import (
    Act,
    Aside,
    Change,
    Comparison,
    Concatenation,
    Doubt,
    Elements,
    Expression,
    Field,
    MapLookup,
    Named,
    Operation,
    Statement,
    Translation,
    Value,
    Verdict,
    VerdictMap,
)
from lvscf.firewall.nftables.matching import doubt_test, implied, one_key, tests_of, unknowable
from lvscf.firewall.nftables.model import NftChain, NftRule, Scope
from lvscf.firewall.nftables.questions import Connected
from lvscf.firewall.tracing.address_questions import Incoming
from lvscf.firewall.tracing.conditions import Test
from lvscf.firewall.tracing.lookup import Effect, Lookup, Prepared, action_of, keys_of
from lvscf.firewall.tracing.questions import Certain, Unknowable
from lvscf.shared.records import evolved

NOT_UNDERSTOOD = "a rule that lvscf does not understand"
_NAMES = {"drop": "DROP", "reject": "REJECT"}
_UNFOLLOWED_FIELDS = (
    "meta nftrace", "meta priority", "ct event", "ct helper", "ct label", "ct zone",
    "meta secmark", "ct secmark", "meta pkttype", "meta broute",
)  # fmt: skip


def prepared_chain(scope: Scope, chain: Chain) -> Lookup:
    """Prepare the rules of a chain."""
    ready: list[Prepared] = []
    for rule in chain.rules:
        statements = rule.statements if isinstance(rule, NftRule) else ()
        ready.extend(_Preparation(scope, rule).row(statements))
    if isinstance(chain, NftChain) and chain.hook and chain.hook.name == "ingress":
        return _at_devices(chain, ready)
    return Lookup(tuple(ready))


def _at_devices(chain: NftChain, ready: list[Prepared]) -> Lookup:
    """An ingress chain, which only the packets of its interfaces meet."""
    shown = ", ".join(chain.devices) if chain.devices else "(not shown)"
    rule = NftRule(
        "netdev",
        chain.name,
        family="nftables",
        source=chain.source,
        start=chain.start,
        end=chain.end,
        statements=(Aside(f"device {shown}"),),
    )
    if chain.policy == "DROP":
        ready = [*ready, Prepared(rule, (), "drop", verdict="DROP")]
    body = Lookup(tuple(ready))
    setting = Setting("device", text=shown)
    if chain.devices is None:
        test = Test(Unknowable(f"device of {chain.name}", True, "-i"), False, setting)
        return Lookup((Prepared(rule, (test,), "inline", body=body),))
    return Lookup(
        tuple(
            Prepared(rule, (Test(Incoming(one), False, setting),), "inline", body=body)
            for one in chain.devices
        )
    )


class _Preparation:
    """The preparation of one rule."""

    def __init__(self, scope: Scope, rule: Rule) -> None:
        self.scope = scope
        self.rule = rule

    def row(self, statements: Sequence[Statement], tests: tuple[Test, ...] = ()) -> list[Prepared]:
        """Statements as prepared rules, of which a packet meets one after the other."""
        found = list(tests)
        for at, statement in enumerate(statements):
            rest = statements[at + 1 :]
            if isinstance(statement, Comparison):
                found.extend(tests_of(statement, self.scope))
            elif isinstance(statement, Doubt):
                found.append(doubt_test(statement))
            elif isinstance(statement, Act) and statement.name == "tproxy":
                question = Unknowable(statement.text, False, "tproxy")
                found.append(Test(question, False, Setting(statement.text)))
            elif not _is_idle(statement):
                if any(_never(test) for test in found):
                    return []
                return self._joined(tuple(found), self._action(statement, rest))
        return []

    def _joined(self, tests: tuple[Test, ...], actions: list[Prepared]) -> list[Prepared]:
        """Actions behind tests."""
        if not tests or not actions:
            return actions
        if len(actions) == 1 and not actions[0].tests:
            return [_tested(actions[0], tests)]
        return [_tested(self._within(actions), tests)]

    def _within(self, body: Sequence[Prepared]) -> Prepared:
        return Prepared(self.rule, (), "inline", body=Lookup(tuple(body)))

    def _action(self, statement: Statement, rest: Sequence[Statement]) -> list[Prepared]:
        """A statement that does something, and what follows it in the rule."""
        if isinstance(statement, Verdict):
            return [self._verdict(statement)]
        if isinstance(statement, VerdictMap):
            return self._map_of_verdicts(statement)
        if isinstance(statement, Translation):
            return self._looked_up(
                (statement.address, statement.port),
                lambda values: [self._translation(statement, *values)],
            )
        if isinstance(statement, Act):
            return [*self._act(statement), *self.row(rest)]
        assert isinstance(statement, Change)
        following = self.row(rest)
        name = statement.field.name
        if name not in ("meta mark", "ct mark"):
            return [self._effect(Rewrite(name)), *following]
        of_connection = name == "ct mark"
        return self._looked_up(
            (statement.value,),
            lambda values: [
                self._effect(SetMark(values[0] or Value("0"), of_connection)),
                *following,
            ],
        )

    # Verdicts.

    def _verdict(self, verdict: Verdict) -> Prepared:
        match verdict.name:
            case "accept" | "return":
                return Prepared(self.rule, (), verdict.name)
            case "drop" | "reject":
                return Prepared(self.rule, (), "drop", verdict=_NAMES[verdict.name])
            case "jump" | "goto":
                goto = verdict.name == "goto"
                if verdict.body is not None:
                    rows = [one for body in verdict.body for one in self.row(body)]
                    return Prepared(self.rule, (), "chain", body=Lookup(tuple(rows)), goto=goto)
                if verdict.chain not in self.scope.chains:
                    return Prepared(self.rule, (), "unknown", verdict=verdict.chain)
                return Prepared(self.rule, (), "jump", chain=verdict.chain, goto=goto)
            case "queue":
                return Prepared(self.rule, (), "pass or not", verdict="QUEUE")
        return self._within(())  # continue

    def _map_of_verdicts(self, statement: VerdictMap) -> list[Prepared]:
        needed = tuple(implied(statement.key, Setting(str(statement.key))))
        elements = self._elements(statement.map)
        if elements is None:
            return self._joined(needed, [Prepared(self.rule, (), "unknown", verdict="vmap")])
        rows = [
            evolved(_tested(self._verdict(result), self._key_test(statement.key, key)), leaves=True)
            for key, result in _in_order(elements)
            if isinstance(result, Verdict)
        ]
        return self._joined(needed, [self._within(rows)])

    def _key_test(self, left: Expression, key: Expression) -> tuple[Test, ...]:
        """The tests whether a key is the packet's; one for each part, which finds rules faster."""
        if isinstance(key, Value) and key.text == "*":
            return ()
        if isinstance(left, Concatenation) and isinstance(key, Concatenation):
            pairs = list(zip(left.parts, key.parts, strict=False))
        else:
            pairs = [(left, key)]
        tests = []
        for one, part in pairs:
            question = one_key(one, part) or unknowable(f"{one} {part}", one)
            tests.append(Test(question, False, Setting(str(one), text=str(part))))
        return tuple(tests)

    def _elements(self, found: Expression) -> Elements | None:
        if isinstance(found, Elements):
            return found
        if isinstance(found, Named):
            collection = self.scope.collections.get(found.name)
            if collection is not None and found.name not in self.scope.updated:
                return collection.elements
        return None

    # Values.

    def _looked_up(
        self,
        values: tuple[Expression | None, ...],
        act: Callable[[tuple[Expression | None, ...]], list[Prepared]],
    ) -> list[Prepared]:
        """What is done with values; one that a map gives is done once for each of its elements."""
        for at, value in enumerate(values):
            lookup = _map_in(value)
            if lookup is None:
                continue
            needed = tuple(implied(lookup.key, Setting(str(lookup.key))))
            elements = self._elements(lookup.map)
            if elements is None:
                doubt = Test(Unknowable(str(lookup), True, "map"), False, Setting(str(lookup)))
                actions = act(_with(values, at, _replaced(value, lookup, Value("?"))))
                return self._joined((*needed, doubt), actions)
            rows = []
            for key, result in _in_order(elements):
                if isinstance(result, Verdict):
                    continue
                actions = act(_with(values, at, _replaced(value, lookup, result)))
                tests = self._key_test(lookup.key, key)
                rows.append(evolved(_tested(self._within(actions), tests), leaves=True))
            return self._joined(needed, [self._within(rows)])
        actions = act(values)
        if any(_uses_connection(value) for value in values):
            exists = Test(Connected(), False, Setting("ct mark", text="exists"))
            return self._joined((exists,), actions)
        return actions

    def _translation(
        self, statement: Translation, address: Expression | None, port: Expression | None
    ) -> Prepared:
        if statement.family == "ip6":
            return Prepared(self.rule, (), "accept")
        if isinstance(address, Concatenation) and len(address.parts) == 2:
            address, port = address.parts
        fresh = any("random" in flag for flag in statement.flags)
        if statement.name in ("snat", "masquerade"):
            masquerades = statement.name == "masquerade"
            source = SendFrom(address_range(address), port_range(port), masquerades, fresh)
            return Prepared(self.rule, (), "translate", effect=source)
        effect = SendTo(
            address_range(address),
            port_range(port),
            redirects=statement.name == "redirect",
            fresh=fresh,
        )
        return Prepared(self.rule, (), "translate", effect=effect)

    def _effect(self, effect: Effect) -> Prepared:
        return Prepared(self.rule, (), "effect", effect=effect)

    def _act(self, statement: Act) -> list[Prepared]:
        """Statements that nft has no other word for."""
        name = statement.text
        match statement.name:
            case "notrack":
                return [self._effect(Untrack())]
            case "xt" if name == "CT":
                return [self._effect(Untrack(perhaps=True))]
            case "xt" if name == "MARK":
                return [self._effect(SetMark(Value("?")))]
            case "xt" if name in ("SNAT", "MASQUERADE"):
                anywhere = None if name == "MASQUERADE" else (0, 0xFFFFFFFF)
                source = SendFrom(anywhere, (0, 65535), name == "MASQUERADE", fresh=True)
                return [Prepared(self.rule, (), "translate", effect=source)]
            case "xt" if name in ("REDIRECT", "DNAT", "NETMAP"):
                anywhere = None if name == "REDIRECT" else (0, 0xFFFFFFFF)
                effect = SendTo(anywhere, (0, 65535), redirects=name == "REDIRECT", fresh=True)
                return [Prepared(self.rule, (), "translate", effect=effect)]
            case "xt":
                meant = evolve(Rule(self.rule.table, self.rule.chain), target=Target(name))
                action, change = action_of(meant, frozenset())
                return [Prepared(self.rule, (), action, change, verdict=name)]
            case "queue":
                return [Prepared(self.rule, (), "pass or not", verdict="QUEUE")]
        verdict = statement.name if statement.name != "unknown" else NOT_UNDERSTOOD
        return [Prepared(self.rule, (), "unknown", verdict=verdict)]


def _is_idle(statement: Statement) -> bool:
    """Whether a statement changes nothing that lvscf follows."""
    if isinstance(statement, Change):
        return statement.field.name in _UNFOLLOWED_FIELDS or statement.field.name.startswith(
            ("tcp option", "ether", "vlan", "ip6")
        )
    if isinstance(statement, Verdict):
        return statement.name == "continue"
    return isinstance(statement, Aside)


def _never(test: Test) -> bool:
    question = test.question
    return isinstance(question, Certain) and question.holds is test.negated


def _tested(prepared: Prepared, tests: tuple[Test, ...]) -> Prepared:
    """A prepared rule behind tests, found by what they name."""
    destination, ports, source = keys_of(tests)
    return evolved(prepared, tests=tests, destination=destination, ports=ports, source=source)


def _in_order(elements: Elements) -> list[tuple[Expression, Expression | Verdict]]:
    """The elements of a map: `*` counts only if no other matches, wherever it is listed."""
    pairs = list(zip(elements.keys, elements.results, strict=False))
    return sorted(pairs, key=lambda pair: isinstance(pair[0], Value) and pair[0].text == "*")


def _map_in(value: Expression | None) -> MapLookup | None:
    while isinstance(value, Operation):
        found = _map_in(value.right)
        if found is not None:
            return found
        value = value.left
    return value if isinstance(value, MapLookup) else None


def _replaced(value: Expression | None, lookup: MapLookup, by: Expression) -> Expression | None:
    if value is lookup:
        return by
    if isinstance(value, Operation):
        left, right = _replaced(value.left, lookup, by), _replaced(value.right, lookup, by)
        assert left is not None
        assert right is not None
        return Operation(value.operator, left, right)
    return value


def _with(
    values: tuple[Expression | None, ...], at: int, value: Expression | None
) -> tuple[Expression | None, ...]:
    return (*values[:at], value, *values[at + 1 :])


def _uses_connection(value: Expression | None) -> bool:
    while isinstance(value, Operation):
        if _uses_connection(value.right):
            return True
        value = value.left
    return isinstance(value, Field) and value.name.startswith("ct ")
