"""Limits: the largest numbers that work.

Piranha's reader accepts larger ones silently.  Facts: how lvsd and nanny call ipvsadm, what ipvsadm
rejects, and the sizes of the daemons' own arrays and buffers.
"""

LARGEST_PORT = 65535
LONGEST_SECONDS = 2678400
"""31 days: ipvsadm rejects longer persistence and longer timeouts."""
LARGEST_MARK = 2**31 - 1
"""lvsd writes marks as signed numbers, and ipvsadm rejects negative ones."""
GREATEST_WEIGHT = 65535
LARGEST_SYNC_ID = 255
"""The kernel keeps 8 bits of the sync daemon's id."""
MOST_COMMAND_WORDS = 39
"""The daemons split a command into an array of this many words."""
NUMBER_BUFFER = 10
"""Bytes of the buffers into which lvsd and fos print some numbers, the closing NUL included."""
