"""Tests of `lvscf.keepalived`."""
