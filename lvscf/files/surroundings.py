"""What an lvs.cf in an editor is linted with: settings, hosts' files, the other router's lvs.cf.

Unlike `lint_file`, this goes on where a file is missing or wrong, and says so.  It is asked again
after every change of a text, so files are only read again if they have changed.
"""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from attrs import field

from lvscf.files import settings_search
from lvscf.files.copies import Copies
from lvscf.files.errors import FileError
from lvscf.files.settings_file import SettingsFile
from lvscf.shared.records import evolved, record

if TYPE_CHECKING:
    from lvscf.cluster import Cluster
    from lvscf.document import Document
    from lvscf.source import Source


@record
class Surroundings:
    """What belongs to an lvs.cf, as far as it can be read."""

    found: SettingsFile
    """The settings; where the file is wrong, the last ones that were right, or the defaults."""
    cluster: "Cluster | None" = None
    pair: "Document | None" = None
    mistakes: tuple[FileError, ...] = ()
    """Why the settings, or files that they name, cannot be used."""

    @property
    def sources(self) -> "dict[str, Source]":
        """The files other than the lvs.cf in which findings may be, by name."""
        sources = dict(self.cluster.sources) if self.cluster is not None else {}
        if self.pair is not None:
            sources[self.pair.filename] = self.pair.source
        return sources

    @property
    def files(self) -> frozenset[str]:
        """The files that all of this depends on; directories are not among them."""
        found = self.found
        named = [*(one.path for one in found.files), *(one.path for one in found.copies)]
        if found.baseline is not None:
            named.append(found.baseline.path)
        if found.path is not None:
            named.append(found.path)
        return frozenset(map(os.path.abspath, named))


_Stamp = tuple[tuple[str, tuple[int, ...] | None], ...]
"""Files with what changes when they are written; None for files that are missing."""


@record
class _Read:
    """What was read for one settings file."""

    found: SettingsFile
    stamp: _Stamp
    cluster: "Cluster | None"
    copies: Copies
    mistakes: tuple[FileError, ...]


@record(frozen=False)
class SurroundingFiles:
    """The surroundings of any number of lvs.cf files, each file read once until it changes."""

    _read: dict[str | None, _Read] = field(init=False, factory=dict)
    """By settings file."""
    _right: dict[str, SettingsFile] = field(init=False, factory=dict)
    """The last settings of each folder that could be read."""

    def around(self, document: "Document", folder: str | None) -> Surroundings:
        """The surroundings of a document in `folder`; None for one that is not in a file."""
        if folder is None:
            return Surroundings(SettingsFile())
        mistakes: list[FileError] = []
        try:
            found = self._right[folder] = settings_search.nearest(folder)
        except FileError as error:
            mistakes.append(error)
            found = self._right.get(folder, SettingsFile())
        known = self._known(found)
        mistakes += known.mistakes
        pair = None
        try:
            pair = known.copies.other(document, found.copies)
        except FileError as error:
            mistakes.append(error)
        if found.baseline is not None:
            from lvscf.files.baseline import BaselineFile

            try:
                BaselineFile(found.baseline.path)
            except FileError as error:
                mistakes.append(found.baseline.located(error))
                found = evolved(found, baseline=None)
        return Surroundings(found, known.cluster, pair, tuple(mistakes))

    def _known(self, found: SettingsFile) -> _Read:
        """The hosts' files of these settings, read again if one of them has changed."""
        paths = [*(one.path for one in found.files), *(one.path for one in found.copies)]
        stamp = _stamp([*paths, found.path] if found.path is not None else paths)
        known = self._read.get(found.path)
        if known is None or known.stamp != stamp or known.found != found:
            cluster, mistakes = _cluster(found)
            known = _Read(found, stamp, cluster, Copies(), mistakes)
            self._read[found.path] = known
        return known


def _stamp(paths: Iterable[str]) -> _Stamp:
    return tuple((path, _written(path)) for path in dict.fromkeys(paths))


def _written(path: str) -> tuple[int, ...] | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _cluster(found: SettingsFile) -> "tuple[Cluster | None, tuple[FileError, ...]]":
    if not found.files:
        return None, ()
    from lvscf.files.archive import Archive  # brings the firewall parser with it

    mistakes: list[FileError] = []
    return Archive(mistakes.append).cluster(found.files), tuple(mistakes)
