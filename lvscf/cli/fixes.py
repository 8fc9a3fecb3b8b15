"""`lvscf lint --fix` and `--diff`: apply fixes, or only show them."""

import os
from argparse import Namespace
from collections.abc import Callable
from functools import cache

from attrs import field

from lvscf.cli import terminal
from lvscf.cluster import Cluster
from lvscf.document import Document
from lvscf.files.errors import FileError
from lvscf.findings.finding import Finding
from lvscf.linter.fixing import Heard, Skipped, fix
from lvscf.linter.settings import Settings
from lvscf.report.fixes import Fixes
from lvscf.shared.records import record


@record(frozen=False)
class Fixing:
    """The fixes of a run.

    A product (the fixed text of standard input, or a diff) goes to standard output, and the report
    then goes to standard error.
    """

    options: Namespace
    failed: bool = field(init=False, default=False)
    """Whether a file could not be written."""
    product: list[bytes] = field(init=False, factory=list)
    _problems: int = field(init=False, default=0)
    _files: int = field(init=False, default=0)
    _skipped: list[Skipped] = field(init=False, factory=list)
    _done: set[tuple[int, int]] = field(init=False, factory=set)

    @property
    def has_product(self) -> bool:
        """Whether standard output is reserved for the product, even an empty one."""
        return self.options.diff or "-" in self.options.files

    @property
    def would_change(self) -> bool:
        """Whether `--diff` found something to fix."""
        return self.options.diff and self._problems > 0

    def result(self) -> Fixes:
        """What was done, for the report."""
        return Fixes(self._problems, self._files, tuple(self._skipped), self.options.diff)

    def apply(
        self,
        document: Document,
        cluster: Cluster | None,
        wanted: Settings,
        path: str,
        pair: Document | None,
        heard: Heard | None,
    ) -> Document:
        """Return the fixed document, which is written to its file or shown as a diff.

        If the file cannot be written, print the error and return the document unchanged.
        """
        unsafe = self.options.unsafe_fixes
        fixed = fix(document, cluster, wanted, unsafe=unsafe, pair=pair, heard=heard)
        if not self.options.diff:
            try:
                self._write(document, fixed.document, path)
            except FileError as error:
                terminal.complain(error)
                self.failed = True
                return document
        elif fixed.applied and is_new(path, self._done):
            self.product.append(_diff(document, fixed.document, self.options.color))
        elif fixed.applied:
            return fixed.document  # shown already, under another name
        self._problems += len(fixed.applied)
        self._files += bool(fixed.applied)
        self._skipped += fixed.skipped
        return fixed.document

    def _write(self, before: Document, after: Document, path: str) -> None:
        if path == "-":
            self.product.append(bytes(after))
        elif before != after:
            from lvscf.files import writing

            writing.replace(path, bytes(after), bytes(before))


def counting(
    document: Document,
    cluster: Cluster | None,
    wanted: Settings,
    pair: Document | None,
    heard: Heard | None,
    found: tuple[Finding, ...],
) -> Callable[[bool], int]:
    """Return a function that counts what would be fixed, with or without unsafe fixes.

    `found` is every finding of the document.
    """

    @cache
    def count(unsafe: bool) -> int:
        if not unsafe and not any(one.fix and one.fix.applicability == "safe" for one in found):
            return 0
        outcome = fix(
            document, cluster, wanted, unsafe=unsafe, pair=pair, heard=heard, found=found,
            explained=False,
        )  # fmt: skip
        return len(outcome.applied)

    return count


def is_new(path: str, done: set[tuple[int, int]]) -> bool:
    """Whether a file is seen for the first time: it may be given under several names."""
    if path == "-":
        return True
    try:
        status = os.stat(path)
    except OSError:
        return True
    file = (status.st_dev, status.st_ino)
    if file in done:
        return False
    done.add(file)
    return True


def _diff(before: Document, after: Document, colour: str) -> bytes:
    from lvscf.report import fix_diff

    return terminal.file_text(fix_diff.render(before.source, after.source), colour)
