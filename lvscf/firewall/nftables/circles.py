"""Circles of chains that jump to each other, which the kernel rejects."""

from collections.abc import Iterator, Mapping, Sequence

from lvscf.firewall.nftables.model import NftRule


def closing_rules(chains: Mapping[str, Sequence[NftRule]]) -> Iterator[tuple[NftRule, str]]:
    """Rules whose jump closes a circle, and the chain: a depth-first search, without recursion."""
    done: set[str] = set()
    for first in chains:
        if first in done:
            continue
        on_way = {first}
        stack = [(first, _jumps(chains[first]))]
        while stack:
            name, jumps = stack[-1]
            for rule, target in jumps:
                if target in on_way:
                    yield rule, target
                elif target in chains and target not in done:
                    on_way.add(target)
                    stack.append((target, _jumps(chains[target])))
                    break
            else:
                stack.pop()
                on_way.discard(name)
                done.add(name)


def _jumps(rules: Sequence[NftRule]) -> Iterator[tuple[NftRule, str]]:
    return ((rule, target) for rule in rules for target in rule.jumps)
