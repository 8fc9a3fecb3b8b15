"""Loading lvs.cf files for commands that need one which Piranha would load."""

from lvscf.cli import terminal
from lvscf.cli.errors import CommandError
from lvscf.document import Document, parse
from lvscf.files.inputs import STANDARD_INPUT, read
from lvscf.piranha.values import Complaint
from lvscf.source import displayable


def loaded(path: str) -> Document:
    """The document in a file, or on standard input for `-`.

    Where Piranha reads another text than was written, a note says so.

    Raises:
        CommandError: it cannot be read, or Piranha would refuse it.
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
            f"{displayable(document.filename)}: Piranha does not read this file as written, and "
            "this command shows what it reads; run `lvscf lint` for details"
        )
    return document
