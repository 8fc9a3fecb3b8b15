"""Tests of `lvscf.rule_writing`."""
