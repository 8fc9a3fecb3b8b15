"""Tests of the reader of keepalived.conf."""
