"""Findings: what there is to report about a file, and the vocabulary in which rules report it."""
