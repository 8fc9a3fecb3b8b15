"""The files that the pages in docs/how-to show, for users to copy."""

import re
from dataclasses import dataclass

from lvscf import __version__
from tests.conftest import ROOT

FOLDER = ROOT / "docs" / "how-to"

# What users have to replace, and what the tests replace it with.
_COMMIT = "0" * 40
PLACEHOLDERS = {"OWNER/lvscf@COMMIT": f"example/lvscf@{_COMMIT}"}

_BLOCK = re.compile(
    r"^```(\w+)\n(?:(?:#|//) (\S*[./]\S+|Jenkinsfile)\n)?(.*?)^```$", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Recipe:
    """A file on a page; its path is in a comment in its first line."""

    page: str
    language: str
    path: str
    text: str
    number: int

    def __str__(self) -> str:
        """What pytest calls the case."""
        return f"{self.page}-{self.number}-{self.path.rpartition('/')[2]}"


def on_page(page: str) -> list[Recipe]:
    """The fenced blocks of a page; a block that is no file has an empty path."""
    text = (FOLDER / page).read_text(encoding="utf-8")
    for placeholder, value in PLACEHOLDERS.items():
        text = text.replace(placeholder, value)
    blocks = enumerate(_BLOCK.findall(text), 1)
    return [Recipe(page, language, path, body, n) for n, (language, path, body) in blocks]


RECIPES = [one for page in sorted(FOLDER.glob("*.md")) for one in on_page(page.name)]

VERSIONS = re.compile(
    r"lvscf==([0-9.]+)|rev: v([0-9.]+)|lvscf@\w+ # v([0-9.]+)|\bv([0-9.]+)\^\{commit\}"
)
"""Where pages name the version of lvscf to use."""

VERSION = __version__
