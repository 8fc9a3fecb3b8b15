"""Hosts on the command line of `lvscf lint`: archives, folders, and a table of what is in them."""

import os
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator

from lvscf.cli import terminal
from lvscf.cli.errors import ONE_PAIR, CommandError
from lvscf.cli.folders import Expanded
from lvscf.document import Document
from lvscf.files.collected import archives, folders
from lvscf.files.collected.clusters import CollectedHosts, Linted
from lvscf.files.collected.collection import Collection, NotCollectedError
from lvscf.files.collected.reading import CollectedHost
from lvscf.files.errors import FileError
from lvscf.shared.plurals import counted
from lvscf.source import displayable

_SOSREPORT = "sosreport"

_Named = tuple[Document, str | None, Linted | None]
"""An lvs.cf, its file (None in an archive) and the hosts that were collected for it."""


def chosen(
    named: Expanded,
    files: Iterable[_Named],
    complain: Callable[[FileError], None],
    options: Namespace,
) -> Iterator[_Named]:
    """What is linted, after a table of which host is which was printed.

    Args:
        named: the archives and folders.
        files: the lvs.cf files that were named with them.
        complain: called for each host and each of its files that cannot be used.
        options: those of the command.

    Raises:
        CommandError: there is no lvs.cf among the hosts, or the options cannot be used with them.
    """
    hosts = CollectedHosts(_gathered(named, complain))
    documents = [*files]
    if not hosts.hosts:
        yield from documents
        return
    hosts.choose(document for document, _, _ in documents)
    archive = next((one for one in hosts.hosts if one.collection.is_archive), None)
    if options.fix and archive is not None:
        raise CommandError(
            f"--fix does not change archives, such as {displayable(archive.path)}; lint without "
            "it, and fix the lvs.cf itself"
        )
    if not options.quiet:
        terminal.write_aside(table(hosts, terminal.columns_of_errors()))
    for remark in hosts.remarks:
        terminal.note(remark)
    if not hosts.linted:
        raise CommandError(
            f"there is no lvs.cf in what was collected from {counted(len(hosts.hosts), 'host')}; "
            "name the archives of the routers, too, or the lvs.cf itself"
        )
    if options.pair is not None and len(hosts.linted) > 1:
        raise CommandError(ONE_PAIR)
    paths = {document.filename: path for document, path, _ in documents}
    for one in hosts.linted:
        name = one.document.filename
        if one.owner is None:
            yield one.document, paths[name], one
        else:
            yield one.document, None if one.owner.collection.is_archive else name, one


def _gathered(named: Expanded, complain: Callable[[FileError], None]) -> list[CollectedHost]:
    """Read the hosts that were named."""
    hosts = []
    for path in named.hosts:
        try:
            read = folders.read if os.path.isdir(path) else archives.read
            hosts.append(CollectedHost(read(path), complain))
        except FileError as error:
            complain(error)
    for folder, paths in named.candidates.items():
        found, errors = _of_candidates(paths)
        inside = os.path.join(folder, "").removeprefix("./")
        is_of_hosts = bool(found) or any(one.startswith(inside) for one in named.hosts)
        hosts += (CollectedHost(one, complain) for one in found)
        for path, problem in errors:
            # Other archives may be there for other reasons.
            if is_of_hosts or os.path.basename(path).startswith(_SOSREPORT):
                complain(problem)
        if not is_of_hosts and not any(one.startswith(inside) for one in named.files):
            where = displayable(folder)
            complain(FileError(f"there is no lvs.cf in {where} or below it, nor a collected host"))
    return hosts


def _of_candidates(paths: Iterable[str]) -> tuple[list[Collection], list[tuple[str, FileError]]]:
    """The archives of hosts among several, and why others cannot be read."""
    found: list[Collection] = []
    errors: list[tuple[str, FileError]] = []
    for path in paths:
        try:
            found.append(archives.read(path))
        except NotCollectedError:
            continue
        except FileError as error:
            errors.append((path, error))
    return found, errors


def table(hosts: CollectedHosts, columns: int | None = None) -> str:
    """Which host is which, and what was found of it: a line for each.

    Args:
        hosts: the hosts.
        columns: the width to which lines are wrapped, if at all.
    """
    rows = [
        (displayable(host.path), hosts.part_of(host), ", ".join(host.found) or "nothing")
        for host in hosts.hosts
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    lines = (f"  {row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}".rstrip() for row in rows)
    if columns is None:
        return "".join(f"{line}\n" for line in lines)
    import textwrap  # needed on a terminal only

    last = sum(widths) + 6
    margin = " " * (last if last <= columns * 2 // 3 else 6)
    return "".join(
        textwrap.fill(
            line, columns, subsequent_indent=margin,
            break_long_words=False, break_on_hyphens=False,
        ) + "\n"
        for line in lines
    )  # fmt: skip
