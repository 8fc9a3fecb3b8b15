"""What is missing on the hosts of a cluster, as the smallest change that lint accepts.

The commands are those of the findings.  After they are applied to what is known of the hosts, the
linter judges the result; that repeats until it finds nothing that a command fixes.  In the end,
commands that turn out not to be needed are left out again.
"""

from collections.abc import Iterable, Iterator

from attrs import field

from lvscf.cluster import Cluster
from lvscf.document import Document
from lvscf.findings.command import Command
from lvscf.findings.finding import Finding, Severity
from lvscf.linter.engine import lint
from lvscf.linter.settings import Settings
from lvscf.rule_writing.applying import applied, is_in_force, rule_edit
from lvscf.shared.records import record

JUDGED = Settings(select=("LVS213", "LVS4", "LVS5"))
"""Whether the hosts' rules and settings do what the lvs.cf needs."""
_MOST_ROUNDS = 12
"""A cluster that ran needed four at most."""
_MOST_TRIED = 40
"""Of more commands, none is left out again: each costs as much as linting once."""


@record
class Step:
    """A command, and the finding that it fixes."""

    command: Command
    finding: Finding


@record
class Missing:
    """What to run on the hosts, and what remains."""

    steps: tuple[Step, ...]
    """In the order in which they are run."""
    remaining: tuple[Finding, ...]
    """What no command fixes: errors and warnings."""
    cluster: Cluster = field(repr=False)
    """The hosts afterwards."""


def missing_on(document: Document, cluster: Cluster) -> Missing:
    """What is missing on the hosts, and what remains when that is done.

    Args:
        document: the lvs.cf.
        cluster: what is known of the hosts.
    """
    config = document.config.effective
    steps: list[Step] = []
    now = cluster
    found = judged(document, now)
    for _ in range(_MOST_ROUNDS):
        new = list(_steps(found, steps))
        new = [one for one in new if not is_in_force(now, config, one.command)]
        if not new:
            break
        steps += new
        now = applied(now, config, (step.command for step in new))
        found = judged(document, now)
    if len(steps) <= _MOST_TRIED:
        steps = _needed(document, cluster, steps, len(found))
        found, now = judged_after(document, cluster, (step.command for step in steps))
    return Missing(tuple(steps), found, now)


def judged(document: Document, cluster: Cluster) -> tuple[Finding, ...]:
    """What is wrong with the hosts' rules and settings: errors and warnings."""
    found = lint(document, cluster, JUDGED)
    return tuple(one for one in found if one.severity >= Severity.WARNING)


def judged_after(
    document: Document, cluster: Cluster, commands: Iterable[Command]
) -> tuple[tuple[Finding, ...], Cluster]:
    """What is wrong with the hosts after some commands, and what is known of them then."""
    after = applied(cluster, document.config.effective, commands)
    return judged(document, after), after


def _steps(found: Iterable[Finding], known: list[Step]) -> Iterator[Step]:
    """The commands of findings that were not run yet.

    Those at the end of a chain come first, so that the numbers of those before them stay right;
    rules are removed last.
    """
    done = {step.command for step in known if not _removes(step.command)}
    groups = []
    for finding in found:
        # The same rule may be there twice, and then it is removed twice.
        new = [one for one in finding.commands if one not in done]
        done.update(new)
        if new:
            groups.append([Step(command, finding) for command in new])
    for group in sorted(groups, key=_order):
        yield from group


def _removes(command: Command) -> bool:
    edit = rule_edit(command.text)
    return edit is not None and edit.action == "D"


def _order(group: list[Step]) -> tuple[bool, int]:
    edits = [edit for step in group if (edit := rule_edit(step.command.text)) is not None]
    removes_only = bool(edits) and all(edit.action == "D" for edit in edits)
    return removes_only, -max((edit.number for edit in edits), default=0)


def _needed(document: Document, cluster: Cluster, steps: list[Step], remaining: int) -> list[Step]:
    """The steps without those of findings that others fix as well, the first ones being dropped.

    What fixes a finding stays together: the linter may not see what a part of it is for.
    """
    kept = steps
    for finding in list(dict.fromkeys(step.finding for step in steps)):
        fewer = [one for one in kept if one.finding is not finding]
        after, _ = judged_after(document, cluster, (one.command for one in fewer))
        if len(after) <= remaining:
            kept = fewer
    return kept
