"""What options of `lvscf lint` change in the settings of a file."""

from argparse import Namespace

from attrs import evolve

from lvscf.cli.errors import CommandError
from lvscf.findings.finding import Severity
from lvscf.linter.settings import Settings


def overridden(found: Settings, options: Namespace) -> Settings:
    """The settings of the file, with those that options override.

    Raises:
        CommandError: an option names no rule, or no release.
    """
    if options.select is not None:
        found = evolve(found, select=listed("--select", options.select), extend_select=())
    if options.extend_select is not None:
        more = listed("--extend-select", options.extend_select)
        found = evolve(found, extend_select=(*found.extend_select, *more))
    if options.target is not None:
        try:
            found = evolve(found, target=options.target)
        except ValueError as error:
            raise CommandError(f"--target: {error}") from None
    if options.ignore is not None:
        found = evolve(found, ignore=listed("--ignore", options.ignore))
    if options.fail_on:
        found = evolve(found, fail_on=Severity[options.fail_on.upper()])
    return found


def listed(option: str, selectors: list[str]) -> tuple[str, ...]:
    """The selectors of an option, which may be repeated and take several each.

    Raises:
        CommandError: none is named.
    """
    parts = ",".join(selectors).split(",")
    listed = tuple(part.strip() for part in parts if part.strip())
    if not listed:
        raise CommandError(f"{option} names no rule; write `{option} LVS2`, for instance")
    return listed
