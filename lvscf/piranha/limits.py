"""Limits: the largest numbers that ipvsadm takes from lvsd and nanny.

Piranha's reader takes larger ones without a word.  Facts: how lvsd and nanny call ipvsadm, and what
it refuses then.
"""

LARGEST_PORT = 65535
LONGEST_SECONDS = 2678400
"""31 days: ipvsadm takes neither a longer persistence nor a longer timeout."""
LARGEST_MARK = 2**31 - 1
"""lvsd writes marks as signed numbers; ipvsadm takes no negative one."""
GREATEST_WEIGHT = 65535
