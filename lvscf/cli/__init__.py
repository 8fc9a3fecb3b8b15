"""The command line: the only place that prints, reads files and exits.

Nothing is imported here: an interrupt must find a handler before any time has passed.
"""

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130
"""The exit status after Ctrl-C: 128 and the number of the signal, as shells count."""


def main(arguments: "Sequence[str] | None" = None) -> int:
    """Run `lvscf` with `arguments` and return its exit status.

    0: clean; 1: findings at or above `--fail-on`; 2: lvscf could not do its work; 130: interrupted.
    """
    try:
        if arguments is None:  # run as a process, not called as a function
            _exit_when_interrupted()
        return _run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(arguments: "Sequence[str] | None") -> int:
    from lvscf.cli.arguments import parse
    from lvscf.cli.errors import CommandError
    from lvscf.cli.terminal import complain
    from lvscf.shared import gc_pause

    try:
        with gc_pause.paused():  # the process is short-lived, and exiting frees its memory
            options = parse(arguments)
            status: int = options.run(options)
    except CommandError as error:
        complain(error)
        return 2
    except FileNotFoundError:
        if _has_folder():
            raise
        complain(CommandError("the current directory no longer exists; change to one that does"))
        return 2
    except Exception as error:
        from lvscf.files.errors import FileError  # help and version need no files

        if not isinstance(error, FileError):
            raise
        complain(error)
        return 2
    return status


def _exit_when_interrupted() -> None:
    """End the process at Ctrl-C, whatever it is doing.

    Python's own handler raises an exception.  Where the interpreter itself calls code (importing a
    module, freeing an object), that exception is lost and only its traceback appears.  No file is
    left half written; see `lvscf.files.writing`.
    """
    import os
    from signal import SIGINT, default_int_handler, getsignal, signal

    def exit_now(_number: int, _frame: object) -> None:
        os._exit(INTERRUPTED)

    if getsignal(SIGINT) is default_int_handler:  # background jobs ignore it
        try:
            signal(SIGINT, exit_now)
        except ValueError:  # not the main thread
            pass


def _has_folder() -> bool:
    """Whether the current directory still exists."""
    import os

    try:
        os.getcwd()
    except FileNotFoundError:
        return False
    return True
