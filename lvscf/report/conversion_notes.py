"""The notes of a conversion as findings, which the formats of `lvscf lint` can show."""

from lvscf.findings.finding import Finding
from lvscf.keepalived.values import Conversion
from lvscf.source import Source


def findings(conversion: Conversion, source: Source) -> tuple[Finding, ...]:
    """The notes as findings about `source`; a note without a place is at its beginning."""
    return tuple(
        Finding(
            code=note.code,
            name=note.name,
            severity=note.severity,
            message=note.message,
            span=note.span or source.span(0, 0),
            help=_sentence(note.help),
            related=note.related,
        )
        for note in conversion.notes
    )


def _sentence(help: str | None) -> str | None:
    """What to do, as the sentence that findings have; in NOTES.md it follows `To do:`."""
    return f"{help[0].upper()}{help[1:].rstrip('.')}." if help else help
