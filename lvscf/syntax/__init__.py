"""From text to a `Reading`: every line in its place, and every fault.

The order of this folder: `parser` (grammar to parse tree), `recovery` (where a block without a
brace was meant to end) and `reading` (parse tree to nodes, values and faults).  `words` and `judge`
read a single line, and `misreading` is about texts that Piranha misreads.
"""
