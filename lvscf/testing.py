"""Hypothesis strategies, filled in by the next commit."""
