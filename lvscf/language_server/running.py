"""Running the server over standard input and output."""

import gc
import logging
import os
import sys
from typing import BinaryIO

from lvscf.language_server.features import server


def run(home: str | None = None) -> int:
    """Serve one client until it exits; returns the exit status of the protocol.

    `home` is the address of a copy of the documentation, ending in `/`; findings link to it.
    0: the client asked for the end before it exited; 1: it did not, or its messages ended.
    """
    gc.enable()  # this process is not short-lived
    logging.getLogger().addHandler(logging.NullHandler())  # errors go to the client's log
    made = server(home)
    made.start_io(sys.stdin.buffer, _own_output())
    return int(not made.protocol._shutdown)


def _own_output() -> BinaryIO:
    """Standard output for the protocol alone; whatever else is printed goes to standard error."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    try:
        errors = sys.stderr.fileno()
    except (AttributeError, OSError, ValueError):
        errors = os.open(os.devnull, os.O_WRONLY)
    os.dup2(errors, sys.stdout.fileno())
    return output
