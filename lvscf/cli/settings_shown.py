"""`lvscf lint --show-settings`: the settings that apply to a file, as TOML."""

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
        found: the content of the settings file.
        wanted: the settings in force, options included.
        files: the host files in use.
        baseline: the baseline file in use.

    Raises:
        UnknownRuleError: a selector matches no rule or family.
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
        role = file.role.replace("-", " ")
        host = f"{role} {displayable(file.host)}" if file.host else "both routers"
        yield f"# evidence from {host}: {displayable(file.path)}"
    for copy in found.copies:
        yield f"# copy of the lvs.cf: {displayable(copy.path)}"


def _table(name: str, values: Mapping[str, object]) -> Iterator[str]:
    if values:
        yield f"[{name}]"
        for key, value in values.items():
            yield f"{_value(key)} = {_value(value)}"


def _value(value: object) -> str:
    """A value as TOML, whose strings and lists JSON can write."""
    return json.dumps(value)
