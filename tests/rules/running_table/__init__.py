"""Tests of the rules in `lvscf.linter.rules.running_table`."""
