"""Settings files: `lvscf.toml`, or `[tool.lvscf]` in `pyproject.toml`.

The one that counts is the nearest upward from the linted file.  Most files have none, and looking
for one must cost next to nothing: what reads it is not imported until there is something to read.
"""

import os
from typing import Literal

from attrs import field, frozen

from lvscf.linter.settings import Settings

Role = Literal["router", "real-server"]

_OWN_NAME = "lvscf.toml"
_SHARED_NAME = "pyproject.toml"


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
    baseline: str | None = None
    """The file of known findings."""


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
            from lvscf.cli.settings_file import Reader

            found = Reader.of(shared).tool_section()
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
    from lvscf.cli.settings_file import Reader

    reader = Reader.of(path)
    if os.path.basename(path) == _SHARED_NAME:
        return reader.tool_section() or SettingsFile()
    return reader.whole()
