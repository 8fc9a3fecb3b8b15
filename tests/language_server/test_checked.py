"""A linted text."""

from pathlib import Path

from pygls.workspace import PositionCodec

from lvscf.files.baseline import BaselineFile
from lvscf.files.host_files import NamedFile
from lvscf.files.linting import lint_document
from lvscf.files.settings_file import SettingsFile
from lvscf.files.surroundings import Surroundings
from lvscf.language_server.checked import Checked
from lvscf.language_server.positions import Positions
from lvscf.language_server.translation import OpenText
from lvscf.linter.baseline import Baseline
from lvscf.linter.engine import examine
from lvscf.source import Source

TEXT = "keepalive=6\nbackup = 1.2.3.4\ndeadtme = 5\n"


def checked(text: str = TEXT, found: SettingsFile | None = None) -> Checked:
    positions = Positions(Source(text, "/lvs.cf"), PositionCodec())
    opened = OpenText("file:///lvs.cf", 1, positions, None)
    around = Surroundings(found or SettingsFile())
    return Checked(opened, lint_document(opened.document, around.found), around)


def test_findings_on_lines() -> None:
    one = checked()

    def codes(start: int, end: int) -> set[str]:
        return {found.code for found in one.on_lines_of(start, end)} & {"LVS001", "LVS002"}

    assert codes(3, 3) == {"LVS002"}
    assert codes(TEXT.index("backup"), TEXT.index("backup")) == set()
    assert codes(TEXT.index("deadtme") + 3, len(TEXT) - 1) == {"LVS001"}
    assert codes(0, len(TEXT)) == {"LVS001", "LVS002"}


def test_actions_are_tried_once() -> None:
    one = checked()
    found = next(found for found in one.linted.findings if found.code == "LVS002")

    assert one.action("fix", found) is one.action("fix", found)
    assert one.action("silence", found) is not one.action("fix", found)


def test_whether_anything_may_be_fixed() -> None:
    assert checked().may_be_fixed
    assert not checked("deadtme = 5\n").may_be_fixed


def test_all_fixes_but_those_of_known_findings(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    found = SettingsFile(baseline=NamedFile(str(path), lambda: "lvscf.toml:1"))
    path.write_text(Baseline().text())
    assert checked(found=found).fix_all() is not None

    document = checked().text.document
    known = BaselineFile(str(path), renew=True)
    examination = examine(document)
    known.sift(document, examination, examination.findings, {})
    known.finish()
    assert checked(found=found).fix_all() is None
