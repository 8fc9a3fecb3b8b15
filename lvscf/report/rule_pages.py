"""Where the manuals of the rules are on the web."""

HOME: str | None = None
"""The address of the documentation site, ending in `/`.

The project has no public address yet, and a report must not link to another project's site.
Whoever publishes the site sets it here; whoever has a copy names that in `LVSCF_DOCS`.
"""


def url(code: str, home: str | None = None) -> str | None:
    """The address of a rule's page, if the documentation has an address.

    Args:
        code: the code of the rule.
        home: the address of a copy of the site, ending in `/`; by default `HOME`.
    """
    home = home or HOME
    return None if home is None else f"{home}rules/{code}.html"
