"""Where the user's copy of the documentation site is: the environment variable LVSCF_DOCS."""

import os

from lvscf.cli.errors import CommandError
from lvscf.source import quoted

_VARIABLE = "LVSCF_DOCS"


def home() -> str | None:
    """The address of the copy, ending in `/`; None if the environment has none.

    Raises:
        CommandError: the value is not an address.
    """
    address = os.environ.get(_VARIABLE)
    if not address:
        return None
    if not address.isprintable() or " " in address or "://" not in address:
        raise CommandError(
            f"{_VARIABLE}: {quoted(address)} is not the address of a site; "
            "it begins with https:// or file:///"
        )
    return address if address.endswith("/") else f"{address}/"
