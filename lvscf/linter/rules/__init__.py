"""The rules, one folder or module per family of the catalogue."""
