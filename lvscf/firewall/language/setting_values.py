"""Settings, matches and targets as values: decoded once, then completed and ordered as saved."""

from functools import lru_cache

from lvscf.firewall.language import values
from lvscf.firewall.language.options import Extension, Grammar, Option
from lvscf.firewall.model import Match, Setting, Target

# The rules of a file are similar: equal parts of them are shared objects.


@lru_cache(4096)
def match_of(name: str, settings: tuple[Setting, ...]) -> Match:
    """A match with its options."""
    return Match(name, settings)


@lru_cache(4096)
def matches_of(matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """The matches of a rule."""
    return matches


@lru_cache(4096)
def target_of(name: str, settings: tuple[Setting, ...], goto: bool) -> Target:
    """A target with its options."""
    return Target(name, settings, goto)


@lru_cache(4096)
def decoded(option: Option, negated: bool, text: str) -> tuple[Setting, ...]:
    """The settings that an option with this value makes."""
    assert option.read is not None
    reading = option.read(text)
    if reading is None:
        # iptables-save also drops `! --dport 0:65535`; with the nft back end, so does the kernel.
        if not negated or option.read is values.port_range:
            return ()
        return (Setting(option.saved_names[0], True, None, text),)
    value, saved = reading
    return tuple(Setting(name, negated, value, saved) for name in option.saved_names)


@lru_cache(1024)
def flag(option: Option, negated: bool) -> Setting:
    """The setting of an option without a value."""
    return Setting(option.saved_names[0], negated)


@lru_cache(8)
def saved_order(grammar: Grammar) -> tuple[str, ...]:
    """The names of the general settings, in the order of saving."""
    return tuple(option.saved_names[0] for option in grammar.general)


@lru_cache(1024)
def order_of(extension: Extension) -> dict[str, int]:
    """The positions of an extension's options when saved."""
    order: dict[str, int] = {}
    for at, option in enumerate(extension.options):
        order.setdefault(option.saved_names[0], at)
    return order


@lru_cache(1024)
def has_defaults(extension: Extension) -> bool:
    """Whether iptables-save adds settings of its own."""
    return any(option.default is not None for option in extension.options)


@lru_cache(4096)
def defaults_of(extension: Extension, names: frozenset[str]) -> tuple[Setting, ...]:
    """Settings that iptables-save writes although they were not given."""
    added: list[Setting] = []
    for option in extension.options:
        if option.default is None or not names.isdisjoint(option.saved_names):
            continue
        if option.default_with and names.isdisjoint(option.default_with):
            continue
        if option.read is None:
            added.append(flag(option, False))
        else:
            added.extend(decoded(option, False, option.default))
    return tuple(added)
