"""Texts that were read once and found right, in files beside the test that compares with them."""

from pathlib import Path

from attrs import frozen


@frozen
class Snapshot:
    """The folder `snapshots` beside a test."""

    folder: Path
    is_renewed: bool

    def __call__(self, name: str, current: str) -> str:
        """The text in the file `name`; with `--renew-snapshots`, `current` is written to it first."""
        path = self.folder / name
        if self.is_renewed:
            self.folder.mkdir(exist_ok=True)
            path.write_text(current, encoding="utf-8", newline="")
        return path.read_bytes().decode()

    def names(self) -> set[str]:
        """The names of all files."""
        return {path.name for path in self.folder.iterdir()}
