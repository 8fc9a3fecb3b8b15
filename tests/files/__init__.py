"""Tests of `lvscf.files`."""
