"""Mistakes in settings, and in files that they name, as messages with a place."""

import os
import re

from lvscf.files.errors import FileError
from lvscf.shared.records import record

_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::\d+)?: (?P<message>.*)", re.DOTALL)


@record
class Mistake:
    """Why a file cannot be used."""

    message: str
    path: str | None = None
    """The settings file with the mistake, or that names the file; None if that is not known."""
    line: int = 1


def mistake_of(error: FileError) -> Mistake:
    """A mistake; errors begin with the line of the settings that is wrong, or names the file."""
    text = str(error)
    found = _PLACE.fullmatch(text)
    if found is None or not os.path.isfile(found["path"]):
        return Mistake(text)
    return Mistake(found["message"], os.path.abspath(found["path"]), int(found["line"]))
