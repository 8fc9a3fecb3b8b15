"""Several files as one text, so that rules can point into an included file as into the first."""

from bisect import bisect_right

from attrs import evolve

from lvscf.findings.finding import Finding, Related
from lvscf.findings.place import Place
from lvscf.findings.suppressed import Suppressed
from lvscf.keepalived.reading.words import Word
from lvscf.source import Source, Span


class JoinedText:
    """The text of a configuration and of all that it includes."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        self.sources = sources
        self._starts: list[int] = []
        self._start_of: dict[int, int] = {}
        position = 0
        parts = []
        for source in sources:
            self._starts.append(position)
            self._start_of[id(source)] = position
            parts.append(f"{source.text}\n")
            position += len(parts[-1])
        self.source = Source("".join(parts), sources[0].filename)

    def offset(self, source: Source | None, offset: int) -> int:
        """Where a character of a file is in the whole text."""
        return self._start_of.get(id(source), 0) + offset

    def place(self, place: Place) -> Place:
        """A place of a file, in the whole text."""
        return Place(self.offset(place.source, place.start), self.offset(place.source, place.end))

    def start_of(self, word: Word) -> int:
        """Where a word is in the whole text."""
        return self.offset(word.source, word.start)

    def finding(self, finding: Finding) -> Finding:
        """A finding about the whole text, in the file that it is about; it has no fix there."""
        related = tuple(Related(self._span(one.span), one.message) for one in finding.related)
        return evolve(finding, span=self._span(finding.span), related=related, fix=None)

    def suppressed(self, one: Suppressed) -> Suppressed:
        """The same for a finding that is silenced."""
        span = None if one.span is None else self._span(one.span)
        return Suppressed(self.finding(one.finding), one.kind, one.reason, span)

    def _span(self, span: Span) -> Span:
        if span.filename != self.source.filename:
            return span
        number = bisect_right(self._starts, span.start) - 1
        source, start = self.sources[number], self._starts[number]
        length = len(source.text)
        return source.span(min(span.start - start, length), min(span.end - start, length))
