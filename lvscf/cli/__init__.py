"""The command line: the only place that prints, reads files and exits."""

import os
from collections.abc import Sequence

from lvscf import collector
from lvscf.cli.arguments import parse
from lvscf.cli.errors import CommandError
from lvscf.cli.terminal import complain


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `lvscf` with `arguments` and return its exit status.

    0: clean; 1: findings at or above `--fail-on`; 2: lvscf could not do its work.
    """
    try:
        with collector.paused():  # a short life: what it allocates is freed when it ends
            options = parse(arguments)
            status: int = options.run(options)
    except CommandError as error:
        complain(error)
        return 2
    except FileNotFoundError:
        if _has_folder():
            raise
        complain(CommandError("the present folder is gone; change into one that is there"))
        return 2
    except KeyboardInterrupt:
        return 130
    return status


def _has_folder() -> bool:
    """Whether the folder that lvscf was called in is still there."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return False
    return True
