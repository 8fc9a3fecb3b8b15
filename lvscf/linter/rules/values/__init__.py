"""LVS1: values that Piranha reads, but not as they were meant."""
