"""Baselines of known findings, as files: `--baseline`, `--write-baseline` and the setting."""

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from lvscf.document import Document
from lvscf.files import inputs
from lvscf.files.errors import FileError
from lvscf.findings.finding import Finding
from lvscf.findings.suppressed import Suppressed
from lvscf.linter import baseline
from lvscf.linter.baseline import Baseline, BaselineError, Known, Ledger, Places, is_never_known
from lvscf.linter.engine import Examination
from lvscf.linter.paths import relative
from lvscf.linter.selection import UnknownRuleError
from lvscf.shared.plurals import counted
from lvscf.source import Source, displayable

if TYPE_CHECKING:
    from lvscf.linter.fixing import Heard


class BaselineFile:
    """A file of known findings, in a run over several lvs.cf files."""

    def __init__(self, path: str, *, renew: bool = False) -> None:
        """Read the file.

        Args:
            path: the file.
            renew: whether it will be rewritten: then it need not exist, and every finding counts
                as known.

        Raises:
            FileError: it cannot be read, or is not a baseline file.
        """
        self._path = path
        self._folder = os.path.dirname(path)
        self._renew = renew
        known = Baseline() if renew and not os.path.lexists(path) else _read(path)
        self._ledger = Ledger(known)
        self._entries: dict[str, list[Known]] = {}
        for one in known.counts:
            self._entries.setdefault(one.file, []).append(one)
        self._judged: dict[tuple[str, str], bool] = {}
        """By file and code: whether every run of the rule has covered the whole file."""

    def sift(
        self,
        document: Document,
        examination: Examination,
        findings: tuple[Finding, ...],
        further: Mapping[str, Source],
    ) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
        """Split the findings about a document into new and known ones.

        Args:
            document: the lvs.cf.
            examination: the result of linting it.
            findings: its findings that were not reported before.
            further: the hosts' files that findings may refer to, by name.
        """
        new, known = self._ledger.sift(findings, self._key(document, further))
        for name in (document.filename, *further):
            for one in self._entries.get(self._name(name), ()):
                looked = (one.file, one.code)
                if self._ledger.is_left(one) and self._judged.get(looked, True):
                    self._judged[looked] = _has_judged(examination, one.code)
        if self._renew:
            told = tuple(one for one in new if is_never_known(one))
            rest = (one for one in new if not is_never_known(one))
            return told, (*known, *(Suppressed(one, "baseline", None, None) for one in rest))
        return new, known

    def hearing(self, further: Mapping[str, Source]) -> "Heard | None":
        """The filter that selects which findings `--fix` fixes: the new ones; None means all.

        A baseline that is being rewritten will hold what cannot be fixed.

        Args:
            further: the hosts' files that findings may refer to, by name.
        """
        if self._renew:
            return None
        return lambda document, findings: self._ledger.new(findings, self._key(document, further))

    def _key(self, document: Document, further: Mapping[str, Source]) -> Callable[[Finding], Known]:
        places = Places(document.reading)

        def key(finding: Finding) -> Known:
            span = finding.span
            if span.filename == document.filename:
                place = places.name(span.start)
            else:
                place = baseline.line_name(further[span.filename], span.line)
            return Known(self._name(span.filename), place, finding.code)

        return key

    def finish(self) -> str | None:
        """Rewrite the file if requested; return a remark for the user, if there is one.

        Entries for files and rules that this run did not cover are kept.

        Raises:
            FileError: it cannot be written.
        """
        shown = displayable(self._path)
        if self._renew:
            renewed = self._ledger.renewed(self._is_settled)
            from lvscf.files import writing

            writing.replace(self._path, renewed.text().encode("ascii"))
            number = sum(renewed.counts.values())
            return f"{shown} now contains {counted(number, 'finding')}"
        fixed = self._ledger.left().without(lambda one: not self._is_fixed(one))
        number = sum(fixed.counts.values())
        if not number:
            return None
        are, them = ("is", "it") if number == 1 else ("are", "them")
        return (
            f"{counted(number, 'entry', 'entries')} of {shown} {are} fixed; "
            f"`--write-baseline {shown}` removes {them}"
        )

    def _is_fixed(self, one: Known) -> bool:
        return self._judged.get((one.file, one.code), False)

    def _is_settled(self, one: Known) -> bool:
        return self._is_fixed(one) or not os.path.lexists(os.path.join(self._folder, one.file))

    def _name(self, filename: str) -> str:
        return filename if filename == "<stdin>" else relative(filename, self._folder)


def _has_judged(examination: Examination, code: str) -> bool:
    try:
        return examination.has_judged(code)
    except UnknownRuleError:
        return True  # a rule of another lvscf version, which nothing reports any more


def _read(path: str) -> Baseline:
    text = inputs.read(path, "baseline").decode("utf-8", "replace")
    try:
        return baseline.parse(text)
    except BaselineError as error:
        raise FileError(f"{displayable(path)} is not a baseline file: {error}") from None
