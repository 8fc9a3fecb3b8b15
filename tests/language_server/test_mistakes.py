"""Mistakes in settings, and their places."""

from pathlib import Path

import pytest

from lvscf.files import settings_search
from lvscf.files.errors import FileError
from lvscf.language_server.mistakes import mistake_of


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("\nignroe = []\n", 2, "unknown setting `ignroe`; did you mean `ignore`?"),
        ("\n\nignore = \n", 3, "this is not valid TOML: Invalid value"),
    ],
)
def test_place(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = tmp_path / "lvscf.toml"
    path.write_text(text)
    with pytest.raises(FileError) as error:
        settings_search.read(str(path))
    found = mistake_of(error.value)

    assert (found.path, found.line, found.message) == (str(path), line, message)


def test_without_a_place() -> None:
    found = mistake_of(FileError("nowhere.toml:3: something"))

    assert (found.path, found.line) == (None, 1)
    assert found.message == "nowhere.toml:3: something"
