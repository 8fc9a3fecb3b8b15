"""Tests of `lvscf.testing`."""
