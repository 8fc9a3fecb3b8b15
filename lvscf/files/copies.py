"""The other router's lvs.cf: `--pair`, and the routers' copies named by settings."""

import os
from collections.abc import Iterable

from attrs import field

from lvscf.config.differences import differences
from lvscf.document import Document, parse
from lvscf.files import inputs
from lvscf.files.errors import FileError
from lvscf.files.host_files import NamedFile
from lvscf.shared.records import record


@record(frozen=False)
class Copies:
    """Reads the routers' copies of lvs.cf files, each once."""

    _read: dict[str, Document] = field(init=False, factory=dict)

    def other(self, document: Document, files: Iterable[NamedFile]) -> Document | None:
        """The copy to compare a document with; None if there is no other one.

        Of several, the first one that differs in meaning.

        Args:
            document: the lvs.cf, which may be one of the copies itself.
            files: the copies; `-` is standard input.

        Raises:
            FileError: one of them cannot be read.
        """
        own = os.path.realpath(document.filename)
        same = None
        for file in dict.fromkeys(files):
            if file.path == "-" or os.path.realpath(file.path) != own:
                try:
                    copy = self.document(file.path, document.filename)
                except FileError as error:
                    raise file.located(error) from None
                if _differs(document, copy):
                    return copy
                same = same or copy
        return same

    def document(self, path: str, taken: str = "") -> Document:
        """The copy in a file, under a name other than `taken`, the name of the linted text.

        Raises:
            FileError: it cannot be read.
        """
        if path not in self._read:
            name = inputs.STANDARD_INPUT if path == "-" else path
            self._read[path] = parse(inputs.read(path), name)
        copy = self._read[path]
        return copy if copy.filename != taken else parse(bytes(copy), f"{taken} (pair)")


def _differs(document: Document, copy: Document) -> bool:
    """Whether a copy differs in meaning, or Piranha rejects or misreads it."""
    if copy.refusal is not None or copy.reading.misread_as is not None:
        return True
    return bool(differences(document.intended, copy.intended))
