"""Included files: only those of the configuration's own folder are read."""

import os
from pathlib import Path

import pytest

from lvscf.files.errors import FileError
from lvscf.files.keepalived_files import load

SERVER = "virtual_server fwmark {} {{\n real_server 10.0.0.1 {{\n }}\n}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """`etc` with files in `conf.d`, beside a file that is none of ours."""
    inside = tmp_path / "etc" / "conf.d"
    inside.mkdir(parents=True)
    (inside / "a.conf").write_text(SERVER.format(1))
    (inside / "b.conf").write_text("include c.inc\n")
    (inside / "c.inc").write_text(SERVER.format(2))
    (tmp_path / "secret.conf").write_text(SERVER.format(9))
    return tmp_path


def marks(folder: Path, text: str) -> tuple[list[int], list[str]]:
    path = folder / "etc" / "keepalived.conf"
    path.write_text(text)
    found = load(str(path))
    targets = [target.fwmark for one in found.virtual_servers for target in one.targets]
    return targets, [gap.message for gap in found.gaps]


def test_included_files(folder: Path) -> None:
    """Patterns are sorted; names are relative to the file that has them."""
    assert marks(folder, "include conf.d/*.conf\n") == ([1, 2], [])


def test_absolute_names_inside(folder: Path) -> None:
    """They are as good as relative ones."""
    assert marks(folder, f"include {folder}/etc/conf.d/a.conf\n") == ([1], [])


@pytest.mark.parametrize("name", ["../secret.conf", "{}/secret.conf", "../*.conf", "conf.d/l*"])
def test_names_that_lead_out(folder: Path, name: str) -> None:
    """Upwards, absolute, by a pattern or by a link."""
    (folder / "etc" / "conf.d" / "link").symlink_to(folder / "secret.conf")

    targets, messages = marks(folder, f"include {name.format(folder)}\n")

    assert targets == []
    assert len(messages) == 1
    assert messages[0].endswith("is not read: it leads out of the folder of the configuration")


def test_missing_and_unreadable_files(folder: Path) -> None:
    """Each is told in a sentence; pipes and folders are not opened."""
    (folder / "etc" / "binary").write_bytes(bytes(range(32)) * 9)
    os.mkfifo(folder / "etc" / "pipe")

    _, messages = marks(folder, "include none\ninclude binary\ninclude pipe\ninclude conf.d\n")

    assert messages[0] == "`none` is not read: there is no such file"
    assert messages[1].startswith("`binary` is not read: ")
    assert messages[2:] == []


def test_missing_file() -> None:
    """As for any other file."""
    with pytest.raises(FileError, match="there is no such file"):
        load("/nonexistent/keepalived.conf")
