"""Piranha releases, and their order.

A release is a version and the number of its package, such as `0.8.6-3`; `0.8.6` alone means its
first package.  Facts: the changes between the releases of RHEL 5 and 6.
"""

from lvscf.source import quoted

LATEST = "0.8.6-7"
"""The last release of RHEL 6: the default target of checks."""


def parts(release: str) -> tuple[int, ...]:
    """The numbers of a release, as a tuple that can be compared.

    Raises:
        ValueError: it is not a release, such as `0.8` or `1.0rc`; the message suggests one.
    """
    version, dash, package = release.partition("-")
    numbers = version.split(".")
    if len(numbers) != 3 or not all(map(_is_number, numbers)) or (dash and not _is_number(package)):
        meant = _meant(release)
        hint = f"did you mean `{meant}`?" if meant else f"write `{LATEST}`, for instance"
        raise ValueError(f"{quoted(release)} is not a Piranha release; {hint}")
    return (*map(int, numbers), int(package or "1"))


def is_before(release: str, other: str) -> bool:
    """Whether `release` came out before `other`.

    Raises:
        ValueError: one of them is not a release.
    """
    return parts(release) < parts(other)


def _meant(release: str) -> str | None:
    """The release in a longer name, such as that of its package (`piranha-0.8.6-4.el6`)."""
    import re

    found = re.search(r"(?<![\d.])(\d{1,3}\.\d{1,3}\.\d{1,3})(?:[-.](\d{1,3}))?(?!\d)", release)
    if found is None:
        return None
    return f"{found[1]}-{found[2]}" if found[2] else found[1]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6
