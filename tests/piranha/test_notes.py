"""What the daemons do with directives."""

from lvscf.piranha.directives import BY_SCOPE
from lvscf.piranha.notes import NOTES


def test_notes_are_about_directives() -> None:
    """No note is lost because a name is misspelt, and names in notes are the table's."""
    for scope, name in NOTES:
        assert name in BY_SCOPE[scope]
