"""Findings about a file, and the vocabulary in which rules report them."""
