"""Programs that use lvscf, for type checkers."""
