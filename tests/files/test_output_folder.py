"""A folder is written as a whole, or not at all."""

import os
from pathlib import Path

import pytest

from lvscf.files import output_folder
from lvscf.files.errors import FileError

FILES = {"NOTES.md": (b"notes", 0o644), "primary/checks/web": (b"#!/bin/bash\n", 0o755)}


def held(folder: Path) -> dict[str, bytes]:
    """The content of every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_new_folder(tmp_path: Path) -> None:
    """Files have their content and modes, whatever the umask is."""
    old = os.umask(0o077)
    try:
        output_folder.write(str(tmp_path / "out"), FILES)
    finally:
        os.umask(old)

    assert held(tmp_path) == {f"out/{name}": content for name, (content, _) in FILES.items()}
    assert (tmp_path / "out/primary/checks/web").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "out/NOTES.md").stat().st_mode & 0o777 == 0o644


def test_existing_folder(tmp_path: Path) -> None:
    """It is left alone, even if it is empty; with `replace`, nothing old stays."""
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(FileError, match="exists already"):
        output_folder.write(str(out), FILES)

    output_folder.write(str(out), FILES, replace=True)
    output_folder.write(str(out), {"NOTES.md": (b"new", 0o644)}, replace=True)
    assert held(tmp_path) == {"out/NOTES.md": b"new"}


def test_link_to_a_folder(tmp_path: Path) -> None:
    """The link stays, and what it names is replaced."""
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real")
    output_folder.write(str(tmp_path / "out"), FILES, replace=True)

    assert (tmp_path / "out").is_symlink()
    assert held(tmp_path / "real").keys() == FILES.keys()


@pytest.mark.parametrize("name", ["thesis", "primary.txt", "other/x", ".git/config"])
def test_what_others_wrote(tmp_path: Path, name: str) -> None:
    """A folder with anything else in it is never replaced."""
    path = tmp_path / "out" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"precious")
    with pytest.raises(FileError, match="no conversion writes"):
        output_folder.write(str(tmp_path / "out"), FILES, replace=True)

    assert held(tmp_path) == {f"out/{name}": b"precious"}


def test_failure_half_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was there stays as it was, and nothing is left beside it."""
    out = tmp_path / "out"
    output_folder.write(str(out), FILES)
    before = held(tmp_path)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for step in ("fsync", "rename"):
        with monkeypatch.context() as patched:
            patched.setattr(os, step, fail)
            with pytest.raises(FileError, match=r"out cannot be written \(No space left"):
                output_folder.write(str(out), FILES, replace=True)
            with pytest.raises(FileError, match="nothing was written"):
                output_folder.write(str(tmp_path / "new"), FILES)
        assert held(tmp_path) == before


def test_failure_of_the_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old folder returns to its place."""
    out = tmp_path / "out"
    output_folder.write(str(out), FILES)
    rename = os.rename
    calls = []

    def fail_second(source: str, target: str) -> None:
        calls.append(source)
        if len(calls) == 2:
            raise OSError(5, "Input/output error")
        rename(source, target)

    monkeypatch.setattr(os, "rename", fail_second)
    with pytest.raises(FileError, match="Input/output error"):
        output_folder.write(str(out), {"NOTES.md": (b"new", 0o644)}, replace=True)
    assert held(tmp_path) == {f"out/{name}": content for name, (content, _) in FILES.items()}


@pytest.mark.parametrize("path", ["missing/out", "file/out", "file", "a\0b"])
def test_impossible_places(tmp_path: Path, path: str) -> None:
    """One sentence, and nothing is left."""
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(FileError):
        output_folder.write(str(tmp_path / path), FILES, replace=True)
    assert held(tmp_path) == {"file": b"x"}
