"""Fixes, applied by themselves."""

import lvscf


def apply(text: str, fix: lvscf.Fix) -> str:
    """The text with the edits of a fix, the last first."""
    for edit in sorted(fix.edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text
