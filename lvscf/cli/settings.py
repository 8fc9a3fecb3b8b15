"""Settings files: `lvscf.toml`, or `[tool.lvscf]` in `pyproject.toml`.

The one that counts is the nearest upward from the linted file.  Most files have none, and looking
for one must cost next to nothing: TOML is not imported until there is something to read.
"""

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeVar

from attrs import field, frozen

from lvscf import spelling
from lvscf.cli import inputs
from lvscf.cli.errors import CommandError
from lvscf.findings import Severity
from lvscf.linter import registry
from lvscf.linter.settings import Settings
from lvscf.source import displayable, quoted

Role = Literal["router", "real-server"]

_OWN_NAME = "lvscf.toml"
_SHARED_NAME = "pyproject.toml"
_SECTIONS: dict[str, Role] = {"routers": "router", "real-servers": "real-server"}
_RULE_KEYS = ("select", "extend-select", "ignore")
_KEYS = (*_RULE_KEYS, "fail-on", "cluster")
_FILE_KEYS = ("iptables", "arptables", "sysctl")

_MENTION = r"""(?m)^[ \t]*(?:\[[ \t]*)?["']?tool["']?[ \t]*(?:\.[ \t]*["']?lvscf\b|[]=])"""
"""How a pyproject.toml can come to have a section of ours: `[tool.lvscf]`, `[tool]`, `tool = ...`.

Most have none, and reading TOML costs more than reading the lvs.cf."""

_T = TypeVar("_T")


@frozen
class HostFile:
    """A file that was collected from a host: evidence that is not read yet."""

    role: Role
    host: str | None
    """None stands for both routers."""
    path: str


@frozen
class SettingsFile:
    """What a settings file says."""

    settings: Settings = field(factory=Settings)
    files: tuple[HostFile, ...] = ()


def nearest(folder: str) -> SettingsFile:
    """The settings for files in `folder`, those of nobody if there is no settings file.

    Raises:
        CommandError: the settings file cannot be read or understood.
    """
    folder = os.path.abspath(folder)
    while True:
        own = os.path.join(folder, _OWN_NAME)
        if os.path.isfile(own):
            return read(own)
        shared = os.path.join(folder, _SHARED_NAME)
        if os.path.isfile(shared):
            found = _Reader.of(shared).tool_section()
            if found is not None:
                return found
        above = os.path.dirname(folder)
        if above == folder:
            return SettingsFile()
        folder = above


def read(path: str) -> SettingsFile:
    """The settings in a file: all of it, or the section of lvscf in a pyproject.toml.

    Raises:
        CommandError: it cannot be read or understood.
    """
    reader = _Reader.of(path)
    if os.path.basename(path) == _SHARED_NAME:
        return reader.tool_section() or SettingsFile()
    return reader.settings_file(reader.table())


@frozen(eq=False)
class _Reader:
    """Reads one settings file, and says where in it something is wrong."""

    path: str
    """As messages name it; what the file names is looked for next to it."""
    text: str

    @classmethod
    def of(cls, path: str) -> "_Reader":
        shown = _shown(path)
        try:
            text = inputs.read(shown, "settings file").decode("utf-8")
        except UnicodeDecodeError:
            raise CommandError(f"{displayable(shown)} is not UTF-8 text, which TOML is") from None
        return cls(shown, text.removeprefix("\ufeff"))

    def table(self) -> dict[str, Any]:
        import tomllib

        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise CommandError(f"{displayable(self.path)} is not valid TOML: {error}") from None

    def tool_section(self) -> SettingsFile | None:
        """The settings in a pyproject.toml, which most often is about other things only."""
        if not re.search(_MENTION, self.text):
            return None
        tools = self.table().get("tool")
        section = tools.get("lvscf") if isinstance(tools, dict) else None
        return None if section is None else self.settings_file(self.is_table(section, "lvscf"))

    def settings_file(self, table: Mapping[str, Any]) -> SettingsFile:
        self.knows(table, _KEYS)
        settings = Settings(
            select=self.selectors(table, "select"),
            extend_select=self.selectors(table, "extend-select"),
            ignore=self.selectors(table, "ignore"),
            fail_on=self.severity(table, "fail-on"),
        )
        cluster = self.is_table(table.get("cluster", {}), "cluster")
        self.knows(cluster, tuple(_SECTIONS))
        files = [
            file
            for section, role in _SECTIONS.items()
            for host, named in self.is_table(cluster.get(section, {}), section).items()
            for file in self.host_files(role, host, named)
        ]
        return SettingsFile(settings, tuple(files))

    def host_files(self, role: Role, host: str, named: object) -> list[HostFile]:
        paths = self.is_table(named, host)
        self.knows(paths, _FILE_KEYS)
        folder = os.path.dirname(self.path)
        return [
            HostFile(role, host, os.path.join(folder, self.is_a(path, str, key, "a file's name")))
            for key, path in paths.items()
        ]

    def selectors(self, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        kind = 'a list of rules, such as ["LVS2"]'
        selectors = self.is_a(table.get(key, []), list, key, kind)
        for selector in selectors:
            try:
                registry.find(self.is_a(selector, str, key, kind))
            except registry.UnknownRuleError as error:
                raise self.error(selector, str(error)) from None
        return tuple(selectors)

    def severity(self, table: Mapping[str, Any], key: str) -> Severity:
        labels = [severity.label for severity in Severity]
        label = table.get(key, "warning")
        if label not in labels:
            raise self.error(key, f'`{key}` must be "info", "warning" or "error"')
        return Severity[label.upper()]

    def is_table(self, value: object, key: str) -> dict[str, Any]:
        return self.is_a(value, dict, key, "a table")

    def is_a(self, value: object, kind: type[_T], key: str, name: str) -> _T:
        if not isinstance(value, kind):
            raise self.error(key, f"{quoted(key)} must be {name}")
        return value

    def knows(self, table: Mapping[str, Any], known: Iterable[str]) -> None:
        """Refuse keys that mean nothing: a misspelt setting must not pass for one in force."""
        for key in table:
            if key not in known:
                near = spelling.nearest(key, [name.replace("-", "_") for name in known])
                hint = f"; did you mean `{near.replace('_', '-')}`?" if near else ""
                raise self.error(key, f"there is no setting {quoted(key)}{hint}")

    def error(self, word: str, message: str) -> CommandError:
        """A message with the line that `word` is first written on; tomllib tells no lines."""
        found = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", self._without_comments())
        line = f":{self.text.count(chr(10), 0, found.start()) + 1}" if found else ""
        return CommandError(f"{displayable(self.path)}{line}: {message}")

    def _without_comments(self) -> str:
        return re.sub(r"(?m)^[ \t]*#.*$", lambda found: " " * len(found[0]), self.text)


def _shown(path: str) -> str:
    """A path as short as it can be said from here."""
    here = os.path.join(os.getcwd(), "")
    return path[len(here) :] if path.startswith(here) else path
