"""Reading a keepalived.conf from disk, with the files that it includes.

Only files in its own folder and below are read: a file from somebody else's router must not make
lvscf open whatever it names.
"""

import glob
import os
import re

from lvscf.files.errors import FileError
from lvscf.files.inputs import STANDARD_INPUT, read
from lvscf.keepalived.reading import view
from lvscf.keepalived.reading.model import KeepalivedConf
from lvscf.keepalived.reading.statements import Include, no_includes
from lvscf.source import Source

KIND = "keepalived.conf"
_OUTSIDE = "it leads out of the folder of the configuration"
_WILD = re.compile(r"[*?\[]")


def load(path: str, config_id: str | None = None, name: str = STANDARD_INPUT) -> KeepalivedConf:
    """Read a keepalived.conf, or standard input for `-`, which messages call `name`.

    Raises:
        FileError: the file itself cannot be read.
    """
    is_stream = path == "-"
    return parsed(Source.of(read(path, KIND), name if is_stream else path), config_id, is_stream)


def parsed(source: Source, config_id: str | None = None, is_stream: bool = False) -> KeepalivedConf:
    """Read a keepalived.conf whose text is known; what it includes is read from its folder."""
    include = no_includes if is_stream else _including(os.path.dirname(source.filename))
    return view.read(source, include, config_id)


def _including(top: str) -> Include:
    """Finds files in a folder and below."""
    inside = os.path.realpath(top or ".")
    known: dict[str, Source] = {}

    def include(pattern: str, source: Source) -> tuple[Source, ...] | str:
        if "\0" in pattern:
            return "it is no file name"
        folder = os.path.dirname(source.filename)
        fixed = os.path.join(folder, _WILD.split(pattern, maxsplit=1)[0])
        if not _is_inside(fixed, inside):
            return _OUTSIDE
        found = sorted(glob.glob(pattern, root_dir=folder or None))
        if not found:
            return "there is no such file"
        sources = []
        for name in found:
            path = os.path.join(folder, name)
            if not _is_inside(path, inside):
                return _OUTSIDE
            if not os.path.isfile(path):
                continue
            try:
                if path not in known:
                    known[path] = Source.of(read(path, KIND), path)
            except FileError as error:
                return f"{error}"
            sources.append(known[path])
        return tuple(sources)

    return include


def _is_inside(path: str, folder: str) -> bool:
    real = os.path.realpath(path)
    return real == folder or real.startswith(os.path.join(folder, ""))
