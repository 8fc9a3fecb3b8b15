"""`lvscf lint`: find what is wrong with lvs.cf files."""

import os
import sys
from argparse import ArgumentParser, Namespace
from itertools import chain
from typing import TYPE_CHECKING

from lvscf.cli import reports, terminal
from lvscf.cli.arguments import add_colour, add_evidence
from lvscf.cli.errors import ONE_PAIR, CommandError
from lvscf.document import parse
from lvscf.files import inputs, settings_search
from lvscf.files.errors import FileError
from lvscf.files.settings_file import SettingsFile
from lvscf.findings.finding import Finding
from lvscf.linter.engine import examine
from lvscf.linter.selection import UnknownRuleError
from lvscf.linter.settings import Settings
from lvscf.report.result import FileResult, Result
from lvscf.shared.records import evolved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lvscf.cli.fixes import Fixing
    from lvscf.cli.folders import Expanded
    from lvscf.cluster import Cluster
    from lvscf.document import Document
    from lvscf.files.archive import Archive
    from lvscf.files.baseline import BaselineFile
    from lvscf.files.collected.clusters import Linted
    from lvscf.files.copies import Copies
    from lvscf.files.host_files import HostFile

_OVERRIDING = ("select", "extend_select", "target", "ignore", "fail_on")
"""Options that take the place of a setting."""


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = "Find what Piranha will reject, misread or do wrong, and fix it."
    command.epilog = (
        "exit status:\n"
        "  0  no findings at or above --fail-on\n"
        "  1  findings at or above --fail-on; with --diff, also something to fix\n"
        "  2  lvscf could not do its work for at least one of the files"
    )
    command.add_argument(
        "files", nargs="+", metavar="FILE",
        help="an lvs.cf; the archive of a host, from `lvscf collect` or sosreport; a directory "
        "means every lvs.cf and every host in it; - is standard input",
    )  # fmt: skip
    command.add_argument(
        "--as", dest="program", choices=("piranha", "keepalived"), default="piranha",
        help="the program that the files are for: with keepalived, each FILE is a keepalived.conf, "
        "and only rules about its hosts apply (default: piranha)",
    )  # fmt: skip
    command.add_argument(
        "--config-id", metavar="ID",
        help="with --as keepalived: what keepalived gets with -i, for the lines that begin with @",
    )  # fmt: skip
    command.add_argument(
        "--select", action="append", metavar="RULES",
        help="run only these rules: codes, names or families (LVS2), comma-separated",
    )  # fmt: skip
    command.add_argument(
        "--extend-select", action="append", metavar="RULES", help="run these rules as well"
    )
    command.add_argument("--ignore", action="append", metavar="RULES", help="skip these rules")
    command.add_argument(
        "--target", metavar="RELEASE",
        help="the Piranha release that the files are for, such as 0.8.6-3",
    )  # fmt: skip
    command.add_argument(
        "--fail-on", choices=("info", "warning", "error"),
        help="the lowest severity that makes the exit status 1 (default: warning)",
    )  # fmt: skip
    command.add_argument(
        "--exit-zero", action="store_true",
        help="exit with status 0 even if there are findings",
    )  # fmt: skip
    reports.arguments(command)
    command.add_argument(
        "--statistics", action="store_true",
        help="show how many findings each rule has, instead of the findings",
    )  # fmt: skip
    command.add_argument(
        "-q", "--quiet", action="store_true", help="print findings and errors, but no summary"
    )
    command.add_argument(
        "--show-settings", action="store_true",
        help="show the settings that apply to each FILE, without linting it",
    )  # fmt: skip
    command.add_argument(
        "--stdin-filename", metavar="NAME", default="<stdin>",
        help="the name that findings use for standard input",
    )  # fmt: skip
    command.add_argument(
        "--baseline", metavar="FILE", help="hide the findings that are recorded in this file"
    )
    command.add_argument(
        "--write-baseline", metavar="FILE", help="write all current findings to FILE"
    )
    command.add_argument(
        "--show-suppressed", action="store_true",
        help="also show findings hidden by comments or the baseline",
    )  # fmt: skip
    command.add_argument(
        "--pair", metavar="OTHER",
        help="the other router's lvs.cf, which must mean the same; - is standard input",
    )  # fmt: skip
    add_colour(command)
    fixes = command.add_argument_group("fixes", "No file is changed without --fix.")
    fixes.add_argument(
        "--fix", action="store_true",
        help="apply the safe fixes and report what remains (for standard input, the fixed text "
        "goes to standard output and the report to standard error)",
    )  # fmt: skip
    fixes.add_argument(
        "--unsafe-fixes", action="store_true",
        help="with --fix or --diff: also apply the fixes that need review",
    )  # fmt: skip
    fixes.add_argument(
        "--diff", action="store_true",
        help="show as a diff what --fix would change, and change nothing",
    )  # fmt: skip
    add_evidence(command)


def run(options: Namespace) -> int:
    """Lint the files and print a report; returns the exit status.

    Raises:
        CommandError: an option, the settings or the evidence cannot be used.
    """
    is_keepalived = options.program == "keepalived"
    if is_keepalived:
        from lvscf.cli import lint_keepalived

        lint_keepalived.check(options)
    elif options.config_id is not None:
        raise CommandError("--config-id is for a keepalived.conf; add `--as keepalived`")
    named = None if is_keepalived else _named(options.files)
    hosts = [] if named is None else [*named.hosts, *chain(*named.candidates.values())]
    if named is not None:
        options.files = named.files
    linting = Linting(options, _given(options), [], hosts)
    if named is not None:
        linting.errors += named.complaints
    if options.show_settings:
        options.files += named.hosts if named is not None else []
        return 2 if linting.errors else linting.show_settings()
    documents = linting.documents() if not is_keepalived else iter(())
    if is_keepalived:
        lint_keepalived.add_all(linting)
    if named is not None and hosts:
        from lvscf.cli import collected_hosts

        documents = collected_hosts.chosen(named, documents, linting.complain, options)
    for document, path, collected in documents:
        linting.add(document, path, collected)
    linting.finish()
    complete = _tell(linting)
    fixing = linting.fixing
    if linting.errors or not complete or (fixing is not None and fixing.failed):
        return 2
    failed = linting.failed or (fixing is not None and fixing.would_change)
    return int(failed and not options.exit_zero)


def _named(paths: list[str]) -> "Expanded | None":
    """What the paths mean; None if they are files that are just read."""
    if not any(os.path.isdir(path) or inputs.may_be_of_hosts(path) for path in paths):
        return None
    from lvscf.cli import folders

    return folders.expanded(paths)


class Linting:
    """A run over several files, which may share settings and evidence."""

    def __init__(
        self,
        options: Namespace,
        given: "tuple[HostFile, ...]",
        errors: list[str],
        hosts: "Iterable[str]" = (),
    ) -> None:
        """Begin a run.

        Args:
            options: those of the command.
            given: the evidence named by options.
            errors: what is missing.
            hosts: the archives and folders of hosts.
        """
        self.options = options
        self.given = given
        self.reports: reports.Reports = reports.wanted(
            options, [*(file.path for file in given), *hosts]
        )
        self.errors = errors
        """Why some files could not be read, as sentences."""
        self.fixing: Fixing | None = _fixing(options)
        self.files: list[FileResult] = []
        self.failed: bool = False
        """Whether there are findings at or above `fail-on`."""
        self._known: dict[str, SettingsFile] = {}
        """Settings, by the directory they apply to."""
        self._archive: Archive | None = None
        self._copies: Copies | None = None
        self._told: set[Finding] = set()
        self._baselines: dict[str, BaselineFile] = {}
        self._seen: set[tuple[int, int]] = set()
        """Files whose fixes have been counted."""

    def documents(self) -> "Iterator[tuple[Document, str | None, Linted | None]]":
        """The files that were named, each read when the one before it was linted."""
        for path in self.options.files:
            try:
                content = inputs.read(path)
            except FileError as error:
                self.complain(error)
                continue
            yield parse(content, self.options.stdin_filename if path == "-" else path), path, None

    def add(
        self, document: "Document", path: str | None, collected: "Linted | None" = None
    ) -> None:
        """Lint one file, and perhaps fix it.

        Args:
            document: the lvs.cf.
            path: its file; None if it is in an archive.
            collected: the hosts that were collected.

        Raises:
            CommandError: its settings or its evidence cannot be used.
        """
        found = self._settings_for(document.filename)
        wanted = _overridden(found.settings, self.options)
        cluster = self._cluster(found, collected)
        baseline = self._baseline(found)
        hosts = cluster.sources if cluster else {}
        pair = self._pair(document, found, collected)
        try:
            if self.fixing is not None and path is not None:
                heard = baseline.hearing(hosts) if baseline else None
                document = self.fixing.apply(document, cluster, wanted, path, pair, heard)
                pair = self._pair(document, found, collected)
            examination = examine(document, cluster, wanted, pair=pair)
        except UnknownRuleError as error:
            raise CommandError(str(error)) from None
        findings, suppressed = examination.findings, examination.suppressed
        if cluster is not None:
            # Files of one cluster share its hosts, so their findings are reported once.
            findings = tuple(finding for finding in findings if finding not in self._told)
            self._told.update(findings)
        if baseline is not None:
            findings, known = baseline.sift(document, examination, findings, hosts)
            suppressed += known
        if any(finding.severity >= wanted.fail_on for finding in findings):
            self.failed = True
        further = hosts if pair is None else {**hosts, pair.filename: pair.source}
        fixable = None
        formats = self.reports.formats
        if path is not None and "full" in formats and any(finding.fix for finding in findings):
            from lvscf.cli.fixes import counting, is_new

            if is_new(path, self._seen):
                heard = baseline.hearing(hosts) if baseline else None
                fixable = counting(document, cluster, wanted, pair, heard, examination.findings)
        is_counted = cluster is not None and formats != {"concise"}
        followed = examination.followed if is_counted else None
        places = None
        if self.reports.need_places and (findings or suppressed):
            from lvscf.linter.baseline import Places

            places = Places(document.reading)
        self.files.append(
            FileResult(
                document.source,
                findings,
                further,
                suppressed,
                fixable,
                followed,
                fail_on=wanted.fail_on,
                places=places,
            )
        )

    def circumstances(self, name: str) -> "tuple[Settings, Cluster | None]":
        """The settings and the hosts for the file with this name.

        Raises:
            CommandError: they cannot be used.
        """
        found = self._settings_for(name)
        return _overridden(found.settings, self.options), self._cluster(found, None)

    def keep(self, result: FileResult) -> None:
        """Keep what was found in a file; findings that another file had are not reported again."""
        new = tuple(finding for finding in result.findings if finding not in self._told)
        self._told.update(new)
        self.failed = self.failed or any(one.severity >= result.fail_on for one in new)
        followed = result.followed if self.reports.formats != {"concise"} else None
        self.files.append(evolved(result, findings=new, followed=followed))

    def complain(self, error: FileError) -> None:
        """Print why a file could not be used, and keep it for the reports."""
        terminal.complain(error)
        self.errors.append(str(error))

    def result(self) -> Result:
        """What the reports are made from."""
        return Result(
            tuple(self.files),
            self.fixing.result() if self.fixing else None,
            self.options.unsafe_fixes,
            self.options.show_suppressed,
            folder=os.getcwd() if self.reports.need_folder else "",
            home=self.reports.home,
            errors=tuple(self.errors),
        )

    def show_settings(self) -> int:
        """Print the settings for each file; returns the exit status.

        Raises:
            CommandError: the settings cannot be used.
        """
        from lvscf.cli import settings_shown
        from lvscf.cli.evidence import combined

        shown = []
        for path in self.options.files:
            name = self.options.stdin_filename if path == "-" else path
            found = self._settings_for(name)
            wanted = _overridden(found.settings, self.options)
            files = combined(self.given, found.files)
            baseline = self._baseline_path(found)
            try:
                shown.append(settings_shown.text(name, found, wanted, files, baseline))
            except UnknownRuleError as error:
                raise CommandError(str(error)) from None
        terminal.write("\n".join(shown))
        return 0

    def finish(self) -> None:
        """Report on the baselines, or write the requested one.

        Raises:
            CommandError: the baseline cannot be written.
        """
        if self.options.write_baseline is not None and self.errors:
            terminal.note("the baseline was not written, because not all files could be read")
            return
        for baseline in self._baselines.values():
            remark = baseline.finish()
            if remark is not None:
                terminal.note(remark)

    def _baseline(self, found: SettingsFile) -> "BaselineFile | None":
        """The baseline for files with these settings."""
        path = self._baseline_path(found)
        if path is None:
            return None
        if path in ("", "-"):
            raise CommandError(
                "the baseline must be a file; write `--baseline lvscf-baseline.json`"
            )
        from lvscf.files.baseline import BaselineFile

        if path not in self._baselines:
            renew = self.options.write_baseline is not None
            try:
                self._baselines[path] = BaselineFile(path, renew=renew)
            except FileError as error:
                named = found.baseline if path not in _paths_of(self.options) else None
                raise error if named is None else named.located(error) from None
        return self._baselines[path]

    def _baseline_path(self, found: SettingsFile) -> str | None:
        given = _paths_of(self.options)
        if given:
            return given[0]
        return None if found.baseline is None else found.baseline.path

    def _settings_for(self, name: str) -> SettingsFile:
        chosen = self.options.cluster
        folder = os.path.dirname(name)
        if folder not in self._known:
            # A settings file given with --cluster applies everywhere.
            found = (
                settings_search.nearest(folder) if chosen is None else settings_search.read(chosen)
            )
            self._known[folder] = found
        return self._known[folder]

    def _pair(
        self, document: "Document", found: SettingsFile, collected: "Linted | None"
    ) -> "Document | None":
        """The other router's lvs.cf, if it was named or collected."""
        given = self.options.pair
        if given is None and collected is not None and collected.has_copies:
            return collected.pair
        if given is None and not found.copies:
            return None
        from lvscf.files.copies import Copies

        if self._copies is None:
            self._copies = Copies()
        if given is not None:
            return self._copies.document(given, document.filename)
        return self._copies.other(document, found.copies)

    def _cluster(self, found: SettingsFile, collected: "Linted | None") -> "Cluster | None":
        if not self.given and not found.files and (collected is None or not collected.parts):
            return None
        from lvscf.cli.evidence import combined
        from lvscf.files.archive import Archive  # brings the firewall parser with it

        if self._archive is None:
            self._archive = Archive(self.complain)
        if collected is None:
            return self._archive.cluster(combined(self.given, found.files))
        return collected.cluster(self._archive, self.given, found.files)


def _overridden(found: Settings, options: Namespace) -> Settings:
    """The settings of a file, with those that options override.

    Raises:
        CommandError: an option names no rule, or no release.
    """
    if all(getattr(options, name) is None for name in _OVERRIDING):
        return found
    from lvscf.cli.lint_options import overridden

    return overridden(found, options)


def _paths_of(options: Namespace) -> list[str]:
    """The baselines named by options; the first is used."""
    given = (options.write_baseline, options.baseline)
    return [one for one in given if one is not None]


def _fixing(options: Namespace) -> "Fixing | None":
    """The state for `--fix` and `--diff`; None without them."""
    if not options.fix and not options.diff:
        return None
    from lvscf.cli.fixes import Fixing

    return Fixing(options)


def _given(options: Namespace) -> "tuple[HostFile, ...]":
    """The evidence named by options."""
    files: tuple[HostFile, ...] = ()
    if options.router or options.real_server:
        from lvscf.cli.evidence import from_options

        files = from_options(options.router or (), options.real_server or ())
    if options.pair is not None and len(options.files) > 1:
        raise CommandError(ONE_PAIR)
    if [*options.files, *(file.path for file in files), options.pair].count("-") > 1:
        raise CommandError("standard input can be read only once; name files instead")
    return files


def _tell(linting: Linting) -> bool:
    """Write the reports, and the product of fixing; returns whether all files could be written."""
    options, fixing = linting.options, linting.fixing
    result = linting.result()
    complete = linting.reports.write_files(result)
    stream = sys.stdout
    if fixing is not None and fixing.has_product:
        terminal.write_bytes(b"".join(fixing.product))
        if sys.stderr is None:
            return complete
        stream = sys.stderr
    format = linting.reports.format
    if linting.files or format not in ("full", "concise"):
        for part in reports.for_output(result, format, options, stream):
            terminal.write(part, stream)
    return complete
