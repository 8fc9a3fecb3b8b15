"""Reports: findings as text.  Each format is a module with a pure function."""
