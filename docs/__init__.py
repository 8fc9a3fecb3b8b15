"""Documentation, and what generates the parts of it that are made from the code."""
