"""File names as URIs, and back."""

import os
from pathlib import Path

import pytest

from lvscf.language_server.uris import path_of, uri_of


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("/etc/lvs.cf", "file:///etc/lvs.cf"),
        ("/a b/é#?.cf", "file:///a%20b/%C3%A9%23%3F.cf"),
        (os.fsdecode(b"/caf\xe9/lvs.cf"), "file:///caf%E9/lvs.cf"),
    ],
)
def test_there_and_back(path: str, uri: str) -> None:
    assert uri_of(path) == uri
    assert path_of(uri) == path


def test_other_texts() -> None:
    """They have no file."""
    assert path_of("untitled:Untitled-1") is None
    assert path_of("git:/lvs.cf?ref=HEAD") is None


def test_relative_names() -> None:
    assert uri_of("lvs.cf") == uri_of(str(Path.cwd() / "lvs.cf"))
