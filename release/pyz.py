"""Build `lvscf.pyz`: one file with lvscf and its dependencies, for hosts without pip.

python -m release.pyz WHEEL [--output lvscf.pyz]

The wheel is packed with the versions of release/requirements.txt.  Two builds of one wheel are
byte-identical: entries are sorted, and dated by SOURCE_DATE_EPOCH.
"""

import argparse
import os
import subprocess
import sys
import time
import zipapp
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

REQUIREMENTS = Path(__file__).parent / "requirements.txt"

# `python -m zipapp -m lvscf.cli:main` would drop what main() returns and always exit with 0.
# The first lines also run on Pythons that cannot compile the rest of lvscf.
MAIN = """\
import sys

if sys.version_info < (3, 11):
    version = "%d.%d" % sys.version_info[:2]
    sys.stderr.write("lvscf needs Python 3.11 or newer; this is Python " + version + "\\n")
    sys.exit(2)

from lvscf.cli import main

sys.exit(main())
"""

INTERPRETER = "/usr/bin/env python3"

_WITHOUT_EPOCH = 1580601600
"""2020-02-02, which hatchling uses for wheels when SOURCE_DATE_EPOCH is unset."""

_OLDEST = 315532800
"""1980-01-01, the first date that a zip file can hold."""


def build(wheel: Path, output: Path, epoch: int) -> None:
    """Pack `wheel` and its pinned dependencies into `output`, dated `epoch`."""
    with TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        _install(tree, "--only-binary", ":all:", "--require-hashes", "--requirement", REQUIREMENTS)
        _install(tree, wheel)
        (tree / "__main__.py").write_text(MAIN, encoding="utf-8")
        archive = Path(folder, "archive.zip")
        _pack(tree, archive, epoch)
        zipapp.create_archive(archive, output, interpreter=INTERPRETER)


def _install(tree: Path, *what: str | Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-compile", "--no-deps"]
    subprocess.run([*pip, "--target", tree, *what], check=True)


def _pack(tree: Path, archive: Path, epoch: int) -> None:
    date = date_of(epoch)
    names = sorted(
        (path.relative_to(tree) for path in tree.rglob("*") if path.is_file()),
        key=PurePath.as_posix,
    )
    with zipfile.ZipFile(archive, "w") as file:
        for name in filter(_is_needed, names):
            entry = zipfile.ZipInfo(name.as_posix(), date)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whatever the build runs on
            entry.external_attr = 0o100644 << 16
            file.writestr(entry, (tree / name).read_bytes())


def date_of(epoch: int) -> tuple[int, int, int, int, int, int]:
    """The date of the entries; what is older than zip files counts as their first day."""
    moment = time.gmtime(max(epoch, _OLDEST))
    return (
        moment.tm_year,
        moment.tm_mon,
        moment.tm_mday,
        moment.tm_hour,
        moment.tm_min,
        moment.tm_sec,
    )


def _is_needed(name: PurePath) -> bool:
    """Whether the pyz needs the file: Python, data, licences; neither machine code nor records."""
    if name.parts[0] in ("bin", "_yaml") or name.suffix in (".so", ".pyd", ".pyi"):
        return False  # a zip file cannot hold extension modules; PyYAML does without its own
    if name.parts[0].endswith(".dist-info"):
        return "licen" in name.as_posix().lower() or name.name == "METADATA"
    return True


def main(arguments: Sequence[str] | None = None) -> None:
    """Build the pyz that the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m release.pyz", description=__doc__.split("\n")[0]
    )
    parser.add_argument("wheel", type=Path, metavar="WHEEL")
    parser.add_argument("--output", type=Path, default=Path("lvscf.pyz"), metavar="FILE")
    options = parser.parse_args(arguments)
    build(options.wheel, options.output, int(os.environ.get("SOURCE_DATE_EPOCH", _WITHOUT_EPOCH)))


if __name__ == "__main__":
    main()
