"""`lvscf fmt`: lay lvs.cf files out as the Piranha GUI does."""

from argparse import ArgumentParser, Namespace

from attrs import field

from lvscf.cli import terminal
from lvscf.cli.arguments import add_colour
from lvscf.cli.errors import CommandError
from lvscf.document import Document, parse
from lvscf.files import inputs
from lvscf.files.errors import FileError
from lvscf.shared.records import record
from lvscf.source import displayable


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = (
        "Lay out lvs.cf files as the Piranha GUI does, keeping comments and groups. What Piranha "
        "reads from them never changes; files that it rejects or misreads are left alone."
    )
    command.epilog = (
        "exit status:\n"
        "  0  done; with --check or --diff: nothing would change\n"
        "  1  with --check or --diff: something would change\n"
        "  2  lvscf could not do its work for at least one of the files"
    )
    command.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="an lvs.cf; - formats standard input to standard output",
    )
    only_shown = command.add_mutually_exclusive_group()
    only_shown.add_argument(
        "--check", action="store_true", help="write nothing; list the files that would change"
    )
    only_shown.add_argument(
        "--diff", action="store_true", help="write nothing; show what would change"
    )
    command.add_argument(
        "--gui-safe", action="store_true",
        help="also make sure that the Piranha GUI can load and save the file, or say why not",
    )  # fmt: skip
    command.add_argument(
        "--stdin-filename", metavar="NAME", default="<stdin>",
        help="the name that messages use for standard input",
    )  # fmt: skip
    command.add_argument(
        "-q", "--quiet", action="store_true", help="print errors and diffs, but no summary"
    )
    add_colour(command)


def run(options: Namespace) -> int:
    """Format the files; returns the exit status.

    Raises:
        CommandError: standard input is named twice, or standard output cannot be written.
    """
    if options.files.count("-") > 1:
        raise CommandError("standard input can be read only once; name files instead")
    formatting = _Formatting(options)
    for path in options.files:
        try:
            formatting.add(path)
        except (CommandError, FileError) as error:
            terminal.complain(error)
            formatting.failed = True
    formatting.report()
    if formatting.failed:
        return 2
    return int(formatting.only_shows and formatting.changed > 0)


@record(frozen=False)
class _Formatting:
    """A run over several files."""

    options: Namespace
    failed: bool = field(init=False, default=False)
    """Whether a file could not be formatted."""
    changed: int = field(init=False, default=0)
    """How many files are not in canonical layout."""
    _unchanged: int = field(init=False, default=0)

    @property
    def only_shows(self) -> bool:
        """Whether nothing is written."""
        return bool(self.options.check or self.options.diff)

    def add(self, path: str) -> None:
        """Format one file.

        Raises:
            CommandError: it cannot be read, formatted or written.
        """
        content = inputs.read(path)
        before = parse(content, self.options.stdin_filename if path == "-" else path)
        after = _formatted(before, self.options.gui_safe)
        name = displayable(before.filename)
        is_changed = before != after
        if path == "-" and not self.only_shows:
            terminal.write_bytes(bytes(after))
        elif is_changed and self.options.check:
            terminal.write(f"Would reformat: {name}\n")
        elif is_changed and self.options.diff:
            from lvscf.report import layout_diff

            shown = layout_diff.render(before.source, after.source)
            terminal.write_bytes(terminal.file_text(shown, self.options.color))
        elif is_changed:
            from lvscf.files import writing

            writing.replace(path, bytes(after), content)
        self.changed += is_changed
        self._unchanged += not is_changed

    def report(self) -> None:
        """Print the summary, on standard error if standard output holds a text."""
        has_product = "-" in self.options.files and not self.only_shows
        if self.options.quiet or (has_product and len(self.options.files) == 1):
            return
        done, left = (
            ("would be reformatted", "already formatted")
            if self.only_shows
            else ("reformatted", "left unchanged")
        )
        from lvscf.shared.plurals import counted

        parts = [
            f"{counted(number, 'file')} {what}"
            for number, what in ((self.changed, done), (self._unchanged, left))
            if number
        ]
        if parts:
            tell = terminal.write_aside if has_product or self.options.diff else terminal.write
            tell(", ".join(parts) + "\n")


def _formatted(document: Document, gui_safe: bool) -> Document:
    """The document in canonical layout.

    Raises:
        CommandError: Piranha rejects or misreads it, or the GUI could not handle it.
    """
    name = displayable(document.filename)
    if document.refusal is not None or document.reading.misread_as is not None:
        from lvscf.findings.finding import Severity
        from lvscf.report import concise

        errors = [one for one in document.findings if one.severity is Severity.ERROR]
        terminal.write_aside(concise.lines(errors))
        does = "reject" if document.refusal is not None else "misread"
        raise CommandError(
            f"{name} was not formatted, because Piranha would {does} it; run `lvscf lint` for "
            "details, and `lvscf lint --fix` to fix what it can"
        )
    if gui_safe:
        from lvscf.writing.gui_traps import traps

        found = list(traps(document.reading))
        for trap in found:
            line, column = document.source.location(trap.start)
            message = trap.message[0].upper() + trap.message[1:]
            terminal.write_aside(f"{name}:{line}:{column}: error gui-safe: {message}.\n")
        if found:
            raise CommandError(
                f"{name} was not formatted, because no layout makes it safe for the Piranha GUI"
            )
    try:
        return document.formatted(gui_safe)
    except ValueError as error:
        raise CommandError(displayable(str(error))) from None
