"""Settings files: `lvscf.toml`, or `[tool.lvscf]` in `pyproject.toml`.

The one that counts is the nearest upward from the linted file.  Most files have none, and looking
for one must cost next to nothing: what reads it is not imported until there is something to read.
"""

import os
import re
from typing import TYPE_CHECKING

from lvscf.files import inputs
from lvscf.files.errors import FileError
from lvscf.files.settings_file import SettingsFile
from lvscf.source import displayable

if TYPE_CHECKING:
    pass

_OWN_NAME = "lvscf.toml"
_SHARED_NAME = "pyproject.toml"

_MENTION = r"""(?m)^[ \t]*(?:\[[ \t]*)?["']?tool["']?[ \t]*(?:\.[ \t]*["']?lvscf\b|[]=])"""
"""How a pyproject.toml can come to have a section of ours: `[tool.lvscf]`, `[tool]`, `tool = ...`.

Most have none, and reading TOML costs more than reading the lvs.cf."""


def nearest(folder: str) -> SettingsFile:
    """The settings for files in `folder`, the defaults if there is no settings file.

    Raises:
        FileError: the settings file cannot be read or understood.
    """
    folder = os.path.abspath(folder)
    while True:
        own = os.path.join(folder, _OWN_NAME)
        if os.path.isfile(own):
            return read(own)
        shared = os.path.join(folder, _SHARED_NAME)
        if os.path.isfile(shared):
            found = _shared(shared)
            if found is not None:
                return found
        above = os.path.dirname(folder)
        if above == folder:
            return SettingsFile()
        folder = above


def read(path: str) -> SettingsFile:
    """The settings in a file: all of it, or the section of lvscf in a pyproject.toml.

    Raises:
        FileError: it cannot be read or understood.
    """
    if os.path.basename(path) == _SHARED_NAME:
        return _shared(path) or SettingsFile()
    text = _text(path)
    from lvscf.files.settings_reader import SettingsReader

    return SettingsReader(_shown(path), text).whole()


def _shared(path: str) -> SettingsFile | None:
    """The settings in a pyproject.toml, which most often is about other things only."""
    text = _text(path)
    if not re.search(_MENTION, text):
        return None
    from lvscf.files.settings_reader import SettingsReader

    return SettingsReader(_shown(path), text).tool_section()


def _text(path: str) -> str:
    shown = _shown(path)
    try:
        text = inputs.read(shown, "settings file").decode("utf-8")
    except UnicodeDecodeError:
        raise FileError(f"{displayable(shown)} is not UTF-8 text, which TOML is") from None
    return text.removeprefix("\ufeff")


def _shown(path: str) -> str:
    """A path as short as it can be said from here."""
    here = os.path.join(os.getcwd(), "")
    return path[len(here) :] if path.startswith(here) else path
