"""Tests of collections of hosts."""
