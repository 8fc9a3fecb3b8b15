"""Selection: which rules are named by the selectors in settings, options and comments."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from attrs import evolve

from lvscf.findings.finding import Finding
from lvscf.findings.rule import LintRule
from lvscf.linter import registry
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule
from lvscf.linter.settings import Settings
from lvscf.piranha.releases import LATEST
from lvscf.shared import suggestions
from lvscf.source import quoted


class UnknownRuleError(ValueError):
    """A selector names no rule and no family."""

    def __init__(self, selector: str) -> None:
        super().__init__(selector)
        self.selector = selector
        self.suggestion: str | None = nearest(selector)

    def __str__(self) -> str:
        hint = f"did you mean `{self.suggestion}`? " if self.suggestion else ""
        return (
            f"there is no rule or family {quoted(self.selector)}; {hint}"
            "`lvscf rules` lists all rules"
        )


def key_of(word: str) -> str:
    """A selector in the form used for lookup: case does not matter."""
    word = word.strip().lower()
    return "lvs" if word == "all" else word


def keys_of(rule: LintRule | Finding) -> tuple[str, ...]:
    """The keys of all selectors that match a rule, the most specific first."""
    code = rule.code.lower()
    return code, rule.name, code[:5], code[:4], code[:3]


_DIGITS = str.maketrans("OQILZSGB", "00112568")
"""Letters that are easily confused with digits."""


@lru_cache(256)
def nearest(selector: str) -> str | None:
    """The code, family or name that was probably meant."""
    code = selector.strip().upper()
    if code.startswith("LVS"):
        digits = code[3:].translate(_DIGITS)
        families = {rule.code[:length] for rule in registry.rules() for length in (4, 5, 6)}
        if f"LVS{digits}" in families:
            return f"LVS{digits}"
    return suggestions.nearest(
        selector, (name for rule in registry.rules() for name in (rule.code, rule.name))
    )


class Selector:
    """One word of `select` or `ignore`, and the rules it matches.

    A rule's code (`LVS201`) or name (`deadtime-below-keepalive`), the beginning of codes (`LVS2`),
    or `ALL`.  Case does not matter.
    """

    def __init__(self, word: str) -> None:
        """Check that the word matches a rule.

        Raises:
            UnknownRuleError: it does not.
        """
        self.key: str = key_of(word)
        if not any(self.matches(rule) for stage in registry.stages() for rule in stage):
            raise UnknownRuleError(word.strip())

    def matches(self, rule: LintRule | Finding) -> bool:
        """Whether the word selects this rule, or the rule of this finding."""
        return self.key in keys_of(rule)

    def rules(self) -> Iterator[LintRule]:
        """The rules that the word selects, importing no more groups than necessary."""
        for stage in registry.stages():
            for rule in stage:
                if self.matches(rule):
                    yield rule
                    if self.key in (rule.code.lower(), rule.name):
                        return


class Choice:
    """The rules that settings select for one file."""

    def __init__(self, settings: Settings, filename: str = "") -> None:
        """Take the selectors of `settings` for the file with this name.

        Raises:
            UnknownRuleError: one of them names no rule and no family.
        """
        self._filename = filename
        self._select = _keys(settings.select)
        self._extend = _keys(settings.extend_select)
        self._ignore = _keys(settings.ignore)
        self._severity = {Selector(word).key: it for word, it in settings.severity.items()}
        self._folder = settings.folder
        self._per_file = {
            pattern: _keys(words) for pattern, words in settings.per_file_ignores.items()
        }
        self._ignore |= self._ignored_in(filename)
        self._elsewhere: dict[str, frozenset[str]] = {}
        self._hosts_are_known: bool | None = None

    def rules_for(self, case: Case) -> Iterator[CaseRule]:
        """The selected rules that have something to check."""
        yield from filter(self.wants, registry.case_rules())
        if case.target != LATEST:
            yield from filter(self.wants, registry.older_release_rules())
        if self._select or self._extend:
            yield from filter(self.wants, registry.note_rules())
        if case.pair is not None:
            yield from filter(self.wants, registry.pair_rules())
        if case.cluster is not None:
            yield from filter(self.wants, registry.cluster_rules())
        if self._select or self._extend:
            yield from filter(self.wants, registry.gui_rules())

    def wants(self, rule: LintRule | Finding) -> bool:
        """Whether a rule, or the rule of a finding, is selected and not ignored."""
        keys = keys_of(rule)
        if not self._ignore.isdisjoint(keys):
            return False
        if not self._select.isdisjoint(keys) or not self._extend.isdisjoint(keys):
            return True
        return not self._select and not (isinstance(rule, LintRule) and rule.optional)

    def have_judged(self, rules: Iterable[LintRule], case: Case) -> bool:
        """Whether all these rules ran with everything that they need.

        Rules that are not selected did not, nor did those about hosts or the other router's file if
        these were not given: what they would have found is unknown.
        """
        if case.is_foreign:
            return False
        for rule in rules:
            if not self.wants(rule):
                return False
            if rule in registry.pair_rules():
                if not _are_compared(case):
                    return False
            elif isinstance(rule, CaseRule) and rule not in registry.rules_about_the_file():
                if self._hosts_are_known is None:
                    from lvscf.linter.hosts.named_hosts import are_all_given

                    self._hosts_are_known = are_all_given(case)
                if not self._hosts_are_known:
                    return False
        return True

    def heard(self, finding: Finding) -> bool:
        """Whether a finding is not ignored in its own file, which may be a host's."""
        filename = finding.span.filename
        if not self._per_file or filename == self._filename:
            return True
        if filename not in self._elsewhere:
            self._elsewhere[filename] = self._ignored_in(filename)
        return self._elsewhere[filename].isdisjoint(keys_of(finding))

    def weighed(self, finding: Finding) -> Finding:
        """The finding with the severity that the settings give it."""
        if not self._severity:
            return finding
        severity = next((self._severity[k] for k in keys_of(finding) if k in self._severity), None)
        return finding if severity is None else evolve(finding, severity=severity)

    def _ignored_in(self, filename: str) -> frozenset[str]:
        if not self._per_file:
            return frozenset()
        from lvscf.linter.paths import fits

        return frozenset().union(
            *(
                keys
                for pattern, keys in self._per_file.items()
                if fits(filename, pattern, self._folder)
            )
        )


def _are_compared(case: Case) -> bool:
    from lvscf.linter.rules.upkeep import pair

    return pair.is_judged(case)


def _keys(words: Iterable[str]) -> frozenset[str]:
    return frozenset(Selector(word).key for word in words)


def find(selector: str) -> tuple[LintRule, ...]:
    """The rules that a selector matches; see `Selector`.

    Raises:
        UnknownRuleError: it matches none.
    """
    wanted = Selector(selector)
    return tuple(rule for rule in registry.rules() if wanted.matches(rule))
