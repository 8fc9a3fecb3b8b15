"""Shell scripts, followed as a shell runs them; nothing is ever executed."""
