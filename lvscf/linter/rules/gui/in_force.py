"""The directives in force, each with the kind of block that it is in."""

from collections.abc import Iterator

from lvscf.config.model import Owner
from lvscf.linter.case import Case
from lvscf.piranha import gui
from lvscf.syntax.nodes import Directive


def owners(case: Case) -> Iterator[tuple[str, Owner]]:
    """The file as a whole (`global`), and every block, with its keyword."""
    yield "global", case.as_written
    for keyword, services in (
        ("virtual", case.as_written.virtual_servers),
        ("failover", case.as_written.failover_services),
    ):
        for service in services:
            yield keyword, service
            for server in service.servers:
                yield "server", server


def directives(case: Case) -> Iterator[tuple[str, Directive]]:
    """Every line in force, with the kind of its block."""
    for kind, owner in owners(case):
        if owner.origin is not None:
            for line in owner.origin.lines.values():
                yield kind, line


def kept_directives(case: Case) -> Iterator[tuple[str, Directive]]:
    """The lines in force that the GUI knows and that contain no brace."""
    for kind, line in directives(case):
        braces = "{" in line.text or "}" in line.text
        if not braces and gui.knows(kind, line.name, case.target):
            yield kind, line
