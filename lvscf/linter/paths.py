"""Paths: whether a file matches a pattern.

`*` and `?` match characters within a name, `[abc]` one of several, `**` any number of folders.  A
pattern without a slash matches files of that name in every folder; a pattern with one is relative
to a folder.  A pattern that matches a folder matches everything in it.
"""

import os
from collections.abc import Callable
from fnmatch import fnmatchcase


def fits(filename: str, pattern: str, folder: str = "") -> bool:
    """Whether a file matches a pattern.

    Args:
        filename: the file, relative to the current directory or absolute.
        pattern: the pattern.
        folder: the folder that the pattern is relative to; by default the current directory.
    """
    names = relative(filename, folder).split("/")
    wanted = pattern.replace(os.sep, "/").removeprefix("./").rstrip("/").split("/")
    if len(wanted) == 1:
        wanted.insert(0, "**")
    elif not wanted[0]:  # an absolute pattern
        names = relative(filename, os.sep).split("/")
        wanted = wanted[1:]
    return _fit(names, [*wanted, "**"])


def relative(filename: str, folder: str = "") -> str:
    """The path from a folder to a file, with slashes."""
    return os.path.relpath(filename or os.curdir, folder or os.curdir).replace(os.sep, "/")


def _fit(names: list[str], wanted: list[str]) -> bool:
    """Whether the names match the wanted ones, where `**` matches any number of names.

    A `**` first matches no name, then one more each time that the rest does not match; an earlier
    `**` need not be tried again.
    """
    same: Callable[[str, str], bool] = fnmatchcase
    at = of = 0
    retry: tuple[int, int] | None = None
    while at < len(names):
        if of < len(wanted) and wanted[of] == "**":
            of += 1
            retry = (at, of)
        elif of < len(wanted) and same(names[at], wanted[of]):
            at += 1
            of += 1
        elif retry is not None:
            at, of = retry[0] + 1, retry[1]
            retry = (at, of)
        else:
            return False
    return all(one == "**" for one in wanted[of:])
