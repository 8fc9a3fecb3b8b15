"""Fingerprints: what a finding is recognized by from one run to the next.

The key is that of baselines: the file, the place in the configuration and the rule.  Lines may come
and go without changing it.  Where several findings have the same key, an ordinal tells them apart.
"""

from collections import Counter
from hashlib import sha256

from attrs import frozen

from lvscf.findings.finding import Finding
from lvscf.linter.baseline import Known, line_name
from lvscf.report.file_names import relative
from lvscf.report.result import FileResult
from lvscf.shared.records import compared
from lvscf.source import encode


@compared
@frozen(eq=False, repr=False)
class Identity:
    """A finding's key, and its number among the findings that have the same key."""

    known: Known
    ordinal: int

    @property
    def fingerprint(self) -> str:
        """A hash in hexadecimal digits."""
        known = self.known
        words = (known.file, known.place, known.code, str(self.ordinal))
        return sha256(b"\0".join(map(encode, words))).hexdigest()


class Identities:
    """Gives each finding of a report its identity, in the order of the report."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._met: Counter[Known] = Counter()

    def of(self, finding: Finding, file: FileResult) -> Identity:
        """The identity of the next finding, which was found in `file` or on its behalf."""
        span = finding.span
        if file.places is not None and span.filename == file.source.filename:
            place = file.places.name(span.start)
        else:
            place = line_name(file.source_of(span), span.line)
        known = Known(relative(span.filename, self._folder), place, finding.code)
        self._met[known] += 1
        return Identity(known, self._met[known])
