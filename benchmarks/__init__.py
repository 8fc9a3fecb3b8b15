"""Benchmarks: ratios against peers, measured on one machine in one run."""
