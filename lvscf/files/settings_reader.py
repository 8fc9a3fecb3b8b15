"""The settings, and the reader of settings files.

`SETTINGS` is the only list of them; the reader and the JSON Schema are derived from it.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from lvscf.files.errors import FileError
from lvscf.files.host_files import HostFile, NamedFile, Role
from lvscf.files.settings_file import SettingsFile
from lvscf.findings.finding import Severity
from lvscf.linter.selection import Selector, UnknownRuleError
from lvscf.linter.settings import Settings
from lvscf.piranha import releases
from lvscf.shared import suggestions
from lvscf.shared.records import record
from lvscf.source import displayable, quoted

if TYPE_CHECKING:
    from lvscf.files.toml_lines import KeyPath

SETTINGS = {
    "select": ("selection", "Run only these rules; by default, all but the optional ones."),
    "extend-select": ("selectors", "Run these rules as well."),
    "ignore": ("selectors", "Skip these rules."),
    "per-file-ignores": (
        "selectors_by_pattern",
        "Rules to ignore in the files that a pattern matches, relative to the settings file.",
    ),
    "severity": (
        "severity_by_selector",
        "The severity of findings, by rule or family.  The most specific entry wins.",
    ),
    "fail-on": ("severity", "The lowest severity that makes the exit status 1."),
    "target": ("release", "The Piranha release that the files are for, such as `0.8.6-3`."),
    "baseline": ("file", "A baseline of known findings, written by `--write-baseline`."),
    "cluster": ("cluster", "The files collected from the cluster's hosts."),
}
"""Every setting: the kind of its value (a method of the reader), and its description."""

SECTIONS: dict[str, Role] = {"routers": "router", "real-servers": "real-server"}
"""The tables of `cluster`, with the role of their hosts."""

_EVIDENCE = ("iptables", "arptables", "sysctl")
_LVS_CF = "lvs-cf"
FILE_KINDS: dict[str, tuple[str, ...]] = {
    "routers": (*_EVIDENCE, _LVS_CF),
    "real-servers": _EVIDENCE,
}
"""The keys of a host that name one file each, by table."""
FILES = "files"
"""The key of a host that names any number of files."""

_TOML_PLACE = r" \(at line (\d+), column (\d+)\)\Z"
"""The end of `tomllib`'s messages."""

_T = TypeVar("_T")


def _toml_text(text: str) -> str:
    """A text as TOML, safe for a terminal."""
    import json

    return json.dumps(displayable(text), ensure_ascii=False)


@record
class SettingsReader:
    """Reads one settings file, and locates its mistakes."""

    path: str
    """As messages show it; files it names are relative to its directory."""
    text: str

    def whole(self) -> SettingsFile:
        """The settings in a file of their own.

        Raises:
            FileError: they are not valid.
        """
        return self._settings_file(self._table(), ())

    def tool_section(self) -> SettingsFile | None:
        """The settings in a pyproject.toml; None if it has none.

        Raises:
            FileError: they are not valid.
        """
        tools = self._table().get("tool")
        section = tools.get("lvscf") if isinstance(tools, dict) else None
        return None if section is None else self._settings_file(section, ("tool", "lvscf"))

    def _table(self) -> dict[str, Any]:
        import re
        import tomllib

        try:
            return tomllib.loads(self.text)
        except RecursionError:
            reason = "it is nested too deeply"
        except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
            reason = str(error)
        found = re.search(_TOML_PLACE, reason)
        place = f":{found[1]}:{found[2]}" if found else ""
        reason = reason[: found.start()] if found else reason
        raise FileError(f"{displayable(self.path)}{place}: this is not valid TOML: {reason}")

    def _settings_file(self, value: object, at: "KeyPath") -> SettingsFile:
        table = self._keyed(value, at, SETTINGS)
        said = {
            name: getattr(self, SETTINGS[name][0])(value, (*at, name))
            for name, value in table.items()
        }
        files, copies = said.pop("cluster", ((), ()))
        baseline = said.pop("baseline", None)
        settings = Settings(
            **{name.replace("-", "_"): value for name, value in said.items()},
            folder=os.path.dirname(self.path),
        )
        return SettingsFile(settings, files, copies, baseline, self.path)

    # --- one method for each kind of value -------------------------------------------------------

    def selectors(self, value: object, at: "KeyPath") -> tuple[str, ...]:
        """A list of rules."""
        kind = 'a list of rules, such as ["LVS2"]'
        words = self._is_a(value, list, at, kind)
        return tuple(
            self._selector(self._is_a(word, str, (*at, number), kind, named=at), (*at, number))
            for number, word in enumerate(words)
        )

    def selection(self, value: object, at: "KeyPath") -> tuple[str, ...]:
        """A list of at least one rule: an empty selection would look like a clean file."""
        if value == []:
            raise self.error(
                at,
                '`select` is empty; remove it to run all rules, or write, for instance, ["LVS2"]',
            )
        return self.selectors(value, at)

    def selectors_by_pattern(self, value: object, at: "KeyPath") -> dict[str, tuple[str, ...]]:
        """Lists of rules, by pattern."""
        found = {}
        for pattern, words in self._is_a(value, dict, at, "a table").items():
            if not pattern:
                raise self.error((*at, pattern), "an empty pattern matches no file")
            found[pattern] = self.selectors(words, (*at, pattern))
        return found

    def severity(self, value: object, at: "KeyPath") -> Severity:
        """One of the severities."""
        labels = [severity.label for severity in Severity]
        if not isinstance(value, str) or value not in labels:
            name = quoted(str(at[-1]))
            raise self.error(at, f'{name} must be "info", "warning" or "error"')
        return Severity[value.upper()]

    def severity_by_selector(self, value: object, at: "KeyPath") -> dict[str, Severity]:
        """Severities, by rule or family."""
        return {
            self._selector(word, (*at, word)): self.severity(label, (*at, word))
            for word, label in self._is_a(value, dict, at, "a table").items()
        }

    def release(self, value: object, at: "KeyPath") -> str:
        """A Piranha release."""
        release = self._is_a(value, str, at, f'a Piranha release, such as "{releases.LATEST}"')
        try:
            releases.parts(release)
        except ValueError as error:
            raise self.error(at, str(error)) from None
        return release

    def file(self, value: object, at: "KeyPath", named: "KeyPath" = ()) -> NamedFile:
        """A file, relative to the directory of the settings file."""
        path = self._is_a(value, str, at, "a file name", named)
        if not path:
            raise self.error(at, f"{quoted(str((named or at)[-1]))} must be a file name")
        path = os.path.join(os.path.dirname(self.path), path)
        return NamedFile(path, partial(self.place, at))

    def cluster(
        self, value: object, at: "KeyPath"
    ) -> tuple[tuple[HostFile, ...], tuple[NamedFile, ...]]:
        """The files collected from the hosts, and the routers' copies of the lvs.cf."""
        files: list[HostFile] = []
        copies: list[NamedFile] = []
        for section, hosts in self._keyed(value, at, SECTIONS).items():
            role = SECTIONS[section]
            for host, named in self._is_a(hosts, dict, (*at, section), "a table").items():
                for file, kind in self._files_of(named, section, (*at, section, host)):
                    if kind == _LVS_CF:
                        copies.append(file)
                    else:
                        rules = kind == "iptables"
                        files.append(
                            HostFile(role, host, file.path, file.place, may_be_no_rules=rules)
                        )
        return tuple(files), tuple(copies)

    def _files_of(
        self, named: object, section: str, at: "KeyPath"
    ) -> Iterator[tuple[NamedFile, str]]:
        """The files of a host, each with its key in `FILE_KINDS`, or `files`."""
        if isinstance(named, str):
            yield from self._folder(named, section, at)
            return
        if not isinstance(named, dict):
            raise self.error(
                at, f"{quoted(str(at[-1]))} must be a table or the name of a directory"
            )
        for kind, given in self._keyed(named, at, (*FILE_KINDS[section], FILES)).items():
            if kind == FILES:
                several = self._is_a(
                    given, list, (*at, kind), 'a list of files, such as ["ip-addr"]'
                )
                for number, one in enumerate(several):
                    yield self.file(one, (*at, kind, number), named=(*at, kind)), kind
            else:
                yield self.file(given, (*at, kind)), kind

    def _folder(self, name: str, section: str, at: "KeyPath") -> Iterator[tuple[NamedFile, str]]:
        """The files in a directory, but no hidden ones and no directories.

        Where it cannot be read, it is taken for a file, so that reading that says why.
        """
        folder = self.file(name, at)
        try:
            names = sorted(os.listdir(folder.path))
        except NotADirectoryError:
            raise self.error(
                at,
                f"{quoted(name)} is not a directory; write `{FILES} = [{_toml_text(name)}]` "
                "in a table for the host",
            ) from None
        except (OSError, ValueError):
            yield folder, FILES
            return
        for one in names:
            path = os.path.join(folder.path, one)
            if not one.startswith(".") and not os.path.isdir(path):
                is_copy = one == "lvs.cf" and _LVS_CF in FILE_KINDS[section]
                yield NamedFile(path, folder.place), _LVS_CF if is_copy else FILES

    # --- what values must be ---------------------------------------------------------------------

    def _selector(self, word: str, at: "KeyPath") -> str:
        try:
            Selector(word)
        except UnknownRuleError as error:
            raise self.error(at, str(error)) from None
        return word

    def _keyed(self, value: object, at: "KeyPath", known: Iterable[str]) -> Mapping[str, Any]:
        """A table; an unknown key is an error, so that a misspelt one is not silently ignored."""
        table = self._is_a(value, dict, at, "a table")
        for key in table:
            if key not in known:
                near = suggestions.nearest(key, known)
                hint = f"; did you mean `{near}`?" if near else ""
                raise self.error((*at, key), f"unknown setting {quoted(key)}{hint}")
        return table

    def _is_a(
        self, value: object, kind: type[_T], at: "KeyPath", what: str, named: "KeyPath" = ()
    ) -> _T:
        if not isinstance(value, kind):
            raise self.error(at, f"{quoted(str((named or at)[-1]))} must be {what}")
        return value

    def error(self, at: "KeyPath", message: str) -> FileError:
        """A message with the line of a key or an item."""
        return FileError(f"{self.place(at)}: {message}")

    def place(self, at: "KeyPath") -> str:
        """File and line of a key or an item."""
        from lvscf.files.toml_lines import lines

        try:
            line = lines(self.text).get(at)
        except RecursionError:
            line = None
        return displayable(self.path) + ("" if line is None else f":{line}")
