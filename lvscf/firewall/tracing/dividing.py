"""Dividing: the branches that match a rule, and those that do not."""

from collections.abc import Iterable
from typing import Literal

from lvscf.firewall.packets import Assumption
from lvscf.firewall.tracing.actions import changed_mark
from lvscf.firewall.tracing.branches import Branch, Journey, Range, Step, Supposition
from lvscf.firewall.tracing.lookup import Known, Prepared
from lvscf.firewall.tracing.questions import is_changeable
from lvscf.shared.records import evolved


def known_of(branches: list[Branch]) -> Known:
    """The fields in which all branches agree."""

    def agreed(values: Iterable[Range]) -> int | None:
        distinct = set(values)
        low, high = distinct.pop()
        return low if low == high and not distinct else None

    return (
        agreed(branch.destination for branch in branches),
        agreed(branch.port for branch in branches),
        agreed(branch.source for branch in branches),
    )


def divided(
    prepared: Prepared, branches: list[Branch], journey: Journey
) -> tuple[list[Branch], list[Branch]]:
    """The branches that match a rule, with the rule added to their path, and those that do not."""
    matched: list[Branch] = []
    others: list[Branch] = []
    for branch in branches:
        open_tests = []
        for test in prepared.tests:
            answer = test.answer(branch, journey)
            if answer is False:
                others.append(branch)
                break
            if answer is None:
                open_tests.append(test)
        else:
            if open_tests and _without_effect(prepared, branch, journey):
                others.append(branch)
                continue
            for test in open_tests:
                # An earlier question of the same rule may have settled this one.
                answer = test.answer(branch, journey)
                if answer is None:
                    question = test.question.asked_in(journey)
                    cause: Literal["rule", "packet"] = "rule" if question.by_rule else "packet"
                    refused, branch = (
                        evolved(
                            question.narrowed(branch, holds is not test.negated),
                            supposed=Supposition.after(
                                branch.supposed,
                                Assumption(prepared.rule, test.setting, holds, cause),
                            ),
                        )
                        for holds in (False, True)
                    )
                    others.append(refused)
                elif not answer:
                    others.append(branch)
                    break
            else:
                if branch.path is None or branch.path.rule is not prepared.rule:
                    branch = evolved(branch, path=Step(prepared.rule, branch.path))
                matched.append(branch)
    return matched, others if matched or len(others) != len(branches) else branches


def _without_effect(prepared: Prepared, branch: Branch, journey: Journey) -> bool:
    """Whether it makes no difference if the branch matches."""
    if prepared.action == "effect" and prepared.effect is not None:
        return prepared.effect.changes_nothing(branch, journey)
    if prepared.action == "mark":
        change = prepared.change[0]
        return changed_mark(branch.mark, change) == branch.mark and not branch.doubt & change.mask
    if prepared.action == "rewrite":
        return not any(map(is_changeable, (*branch.held, *branch.failed)))
    return prepared.action == "nothing"
