"""Piranha releases: which came first.

A release is a version and the number of its package, such as `0.8.6-3`; `0.8.6` alone stands for
its first package.  Facts: the changes between the releases of RHEL 5 and 6.
"""

LATEST = "0.8.6-7"
"""The last release of RHEL 6, for which files are checked unless the settings name another."""


def parts(release: str) -> tuple[int, ...]:
    """The numbers of a release, in an order that can be compared.

    Raises:
        ValueError: it is no release, such as `0.8` or `1.0rc`.
    """
    version, dash, package = release.partition("-")
    numbers = version.split(".")
    if len(numbers) != 3 or not all(map(_is_number, numbers)) or (dash and not _is_number(package)):
        raise ValueError(f"`{release}` is no release of Piranha, such as `{LATEST}`")
    return (*map(int, numbers), int(package or "1"))


def is_before(release: str, other: str) -> bool:
    """Whether `release` came out before `other`.

    Raises:
        ValueError: one of them is no release.
    """
    return parts(release) < parts(other)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6
