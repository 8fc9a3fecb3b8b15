"""`lvscf lint --show-settings`: the settings that count for a file, as TOML."""

import json
from collections.abc import Iterable, Iterator, Mapping

from lvscf.files.host_files import HostFile
from lvscf.files.settings_file import SettingsFile
from lvscf.linter.registry import rules
from lvscf.linter.selection import Choice
from lvscf.linter.settings import Settings
from lvscf.source import displayable


def text(
    name: str,
    found: SettingsFile,
    wanted: Settings,
    files: Iterable[HostFile],
    baseline: str | None,
) -> str:
    """The settings for the file of that name.

    Args:
        name: the lvs.cf.
        found: what the settings file says.
        wanted: what counts, options included.
        files: the files of the hosts that count.
        baseline: the file of known findings that counts.

    Raises:
        UnknownRuleError: a selector names no rule and no family.
    """
    return "".join(f"{line}\n" for line in _lines(name, found, wanted, files, baseline))


def _lines(
    name: str,
    found: SettingsFile,
    wanted: Settings,
    files: Iterable[HostFile],
    baseline: str | None,
) -> Iterator[str]:
    choice = Choice(wanted, name)
    number = sum(map(choice.wants, rules()))
    yield f"# {displayable(name)}"
    yield f"# settings file: {displayable(found.path) if found.path else 'none'}"
    yield f"# {number} of {len(rules())} rules are selected"
    for setting in ("select", "extend_select", "ignore"):
        words = getattr(wanted, setting)
        if words:
            yield f"{setting.replace('_', '-')} = {_value(words)}"
    yield f"fail-on = {_value(wanted.fail_on.label)}"
    yield f"target = {_value(wanted.target)}"
    if baseline is not None:
        yield f"baseline = {_value(displayable(baseline))}"
    yield from _table("per-file-ignores", wanted.per_file_ignores)
    yield from _table("severity", {word: it.label for word, it in wanted.severity.items()})
    for file in files:
        host = f"{file.role} {displayable(file.host)}" if file.host else "both routers"
        yield f"# evidence from {host}: {displayable(file.path)}"
    for copy in found.copies:
        yield f"# copy of the lvs.cf: {displayable(copy.path)}"


def _table(name: str, values: Mapping[str, object]) -> Iterator[str]:
    if values:
        yield f"[{name}]"
        for key, value in values.items():
            yield f"{_value(key)} = {_value(value)}"


def _value(value: object) -> str:
    """A value as TOML, which has the strings and lists of JSON."""
    return json.dumps(value)
