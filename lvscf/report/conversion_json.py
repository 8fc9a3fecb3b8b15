"""A conversion as plain data, for JSON."""

from typing import Any

from lvscf.keepalived.values import Conversion, Note
from lvscf.source import displayable

VERSION = 1


def plain(conversion: Conversion) -> dict[str, Any]:
    """Files, notes, target and source; lines and columns count from 1."""
    return {
        "version": VERSION,
        "files": {
            name: {"mode": f"{file.mode:04o}", "text": file.text}
            for name, file in conversion.files.items()
        },
        "notes": [_note(note) for note in conversion.notes],
        "target": conversion.target,
        "source": displayable(conversion.source),
    }


def _note(note: Note) -> dict[str, Any]:
    span = note.span
    return {
        "code": note.code,
        "name": note.name,
        "severity": note.severity.label,
        "message": note.message,
        "help": note.help,
        "line": span and span.line,
        "column": span and span.column,
        "end_line": span and span.end_line,
        "end_column": span and span.end_column,
        "directive": note.directive,
        "block": note.block,
        "kept": note.kept.value,
    }
