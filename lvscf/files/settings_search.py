"""Settings files: `lvscf.toml`, or `[tool.lvscf]` in `pyproject.toml`.

The nearest one, from the linted file upwards, applies.  Most files have none, so the search must be
cheap: the reader is imported only when there is something to read.
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
"""The ways to begin a section of lvscf in a pyproject.toml: `[tool.lvscf]`, `[tool]`, `tool = ...`.

Most files have none, and reading TOML costs more than reading the lvs.cf."""


def nearest(folder: str) -> SettingsFile:
    """The settings for files in `folder`; the defaults if there is no settings file.

    Raises:
        FileError: the settings file cannot be read or is not valid.
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
    """The settings in a file: a whole file, or the lvscf section of a pyproject.toml.

    Raises:
        FileError: it cannot be read or is not valid.
    """
    if os.path.basename(path) == _SHARED_NAME:
        return _shared(path) or SettingsFile()
    text = _text(path)
    from lvscf.files.settings_reader import SettingsReader

    return SettingsReader(_shown(path), text).whole()


def _shared(path: str) -> SettingsFile | None:
    """The settings in a pyproject.toml; None if it has none."""
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
        raise FileError(f"{displayable(shown)} is not UTF-8 text, as TOML must be") from None
    return text.removeprefix("\ufeff")


def _shown(path: str) -> str:
    """A path, relative to the current directory if it is below it."""
    here = os.path.join(os.getcwd(), "")
    return path[len(here) :] if path.startswith(here) else path
