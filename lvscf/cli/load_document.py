"""Loading lvs.cf files for commands that need a file Piranha would load."""

from lvscf.cli import terminal
from lvscf.cli.errors import CommandError
from lvscf.document import Document, parse
from lvscf.files.inputs import STANDARD_INPUT, read
from lvscf.piranha.values import Complaint
from lvscf.source import displayable


def loaded(path: str) -> Document:
    """The document in a file, or on standard input for `-`.

    Prints a note if Piranha does not read the text as written.

    Raises:
        CommandError: the file cannot be read, or Piranha would reject it.
    """
    document = parse(read(path), STANDARD_INPUT if path == "-" else path)
    refusal = document.refusal
    if refusal is not None:
        crashes = refusal.message == Complaint.CRASH.value
        does = "crashes on this file" if crashes else f'rejects this file ("{refusal.message}")'
        name = displayable(document.filename)
        place = refusal.place(name)
        raise CommandError(f"{place}: Piranha {does}; run `lvscf lint` for details")
    if document.reading.misread_as is not None:
        terminal.note(
            f"{displayable(document.filename)}: Piranha does not read this file as written; "
            "this command shows what it does read; run `lvscf lint` for details"
        )
    return document
