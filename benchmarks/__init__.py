"""Benchmarks: ratios to comparable programs, measured on one machine in one run."""
