"""Where the manuals of the rules are on the web."""

HOME: str | None = None
"""The address that `docs/` is published at, ending in `/`.

The project has no public address yet, so no report links to one: `url` is null in `json`, and
`sarif` carries the whole manual instead.
"""


def url(code: str) -> str | None:
    """The address of a rule's page, if the documentation is on the web."""
    return None if HOME is None else f"{HOME}rules/{code}.md"
