"""Tests of the rules for keepalived.conf."""
