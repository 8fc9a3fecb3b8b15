"""Reports: findings as text, one module for each format, each a pure function."""
