"""From bytes to a `Reading`: every line in its place, and everything that is wrong with it.

The way through this folder: `parser` (grammar to parse tree), `recovery` (where a block without a
brace was meant to end), `reading` (parse tree to nodes, values and faults), with `words` and
`judge` for what stands in one line and `misreading` for texts that Piranha takes for another.
"""
