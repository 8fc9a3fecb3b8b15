"""What is around an lvs.cf, read again only if it has changed."""

import os
import shutil
from pathlib import Path

import pytest

from lvscf.document import parse
from lvscf.files import inputs
from lvscf.files.surroundings import SurroundingFiles, Surroundings
from tests.conftest import EXAMPLE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE.parent, tmp_path / "cluster"))


def around(files: SurroundingFiles, folder: Path) -> Surroundings:
    path = folder / "lvs.cf"
    return files.around(parse(path.read_bytes(), str(path)), str(folder))


def test_files_are_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until one of them is written, or the settings are."""
    read: list[str] = []
    original = inputs.read

    def noted(path: str, kind: str = "lvs.cf") -> bytes:
        if Path(path).name == "iptables":
            read.append(Path(path).parent.name)
        return original(path, kind)

    monkeypatch.setattr(inputs, "read", noted)
    files = SurroundingFiles()
    first = around(files, folder)
    assert sorted(read) == ["lvs-d01", "lvs-d02", "lvs-d03", "lvs-d04"]
    assert around(files, folder).cluster is first.cluster
    assert len(read) == 4

    rules = folder / "lvs-d02" / "iptables"
    os.utime(rules, ns=(1, 1))
    assert around(files, folder).cluster is not first.cluster
    assert len(read) == 8
    assert first.cluster is not None
    assert str(rules) in first.files
    assert str(folder / "lvscf.toml") in first.files


def test_missing_files_are_mistakes(folder: Path) -> None:
    (folder / "lvs-d03" / "iptables").unlink()
    found = around(SurroundingFiles(), folder)

    (mistake,) = found.mistakes
    assert "there is no such file" in str(mistake)
    assert found.cluster is not None
    assert len(found.sources) == 3


def test_last_right_settings_count(folder: Path) -> None:
    files = SurroundingFiles()
    right = around(files, folder)
    (folder / "lvscf.toml").write_text("cluster = 5\n")
    wrong = around(files, folder)

    assert wrong.found == right.found
    assert len(wrong.mistakes) == 1
    assert around(SurroundingFiles(), folder).found.path is None


def test_the_other_routers_file(folder: Path) -> None:
    copy = folder / "other.cf"
    copy.write_text("keepalive = 3\n")
    (folder / "lvscf.toml").write_text("[cluster.routers.one]\nlvs-cf = 'other.cf'\n")
    files = SurroundingFiles()
    found = around(files, folder)
    assert found.pair is not None
    assert found.pair.config.keepalive == 3
    assert str(copy) in found.sources

    copy.write_text("keepalive = 44\n")
    changed = around(files, folder).pair
    assert changed is not None
    assert changed.config.keepalive == 44
    copy.unlink()
    missing = around(files, folder)
    assert missing.pair is None
    assert "other.cf" in str(missing.mistakes[0])


def test_baseline(folder: Path) -> None:
    (folder / "lvscf.toml").write_text("baseline = 'known.json'\n")
    files = SurroundingFiles()
    missing = around(files, folder)
    assert missing.found.baseline is None
    assert "known.json" in str(missing.mistakes[0])

    (folder / "known.json").write_text('{"version": 2, "findings": []}\n')
    found = around(files, folder)
    assert found.mistakes == () or "known.json" in str(found.mistakes[0])


def test_texts_without_a_file() -> None:
    found = SurroundingFiles().around(parse(""), None)

    assert (found.found.path, found.cluster, found.pair, found.mistakes) == (None, None, None, ())
    assert found.files == frozenset()
