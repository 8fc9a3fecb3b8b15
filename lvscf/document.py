"""The document: an lvs.cf with every byte in its place, and what can be asked of it."""

from functools import cached_property
from typing import TYPE_CHECKING

from attrs import frozen

from lvscf.config import view
from lvscf.config.model import Config, FailoverService, RealServer, VirtualServer, require_config
from lvscf.shared import gc_pause
from lvscf.source import Source, Span, with_line_feeds
from lvscf.syntax.faults import Refusal
from lvscf.syntax.nodes import Item
from lvscf.syntax.reading import Reading, read

if TYPE_CHECKING:
    from lvscf.config.model import Value
    from lvscf.findings.finding import Finding


class RefusedError(ValueError):
    """Piranha's reader would refuse the file.

    `message` is what the daemon logs (`crash` where it dies without a word), `line` the line that
    it names (0 for an empty file), `column` where the trouble begins on it.
    """

    def __init__(self, refusal: Refusal, filename: str) -> None:
        super().__init__(f"{refusal.place(filename)}: {refusal.message}")
        self.message: str = refusal.message
        self.line: int = refusal.line
        self.column: int = refusal.column
        self.filename = filename
        self._arguments = (refusal, filename)

    def __reduce__(self) -> tuple[type["RefusedError"], tuple[Refusal, str]]:
        return type(self), self._arguments


@frozen(eq=False, repr=False, slots=False)
class Document:
    """An lvs.cf, lossless: `bytes(document)` is what was parsed, whatever it was."""

    reading: Reading

    def __repr__(self) -> str:
        lines = len(self.source.line_starts) - self.source.text.endswith(("\n", "\r"))
        refusal = self.refusal
        state = f", refused at line {refusal.line} ({refusal.message})" if refusal else ""
        count = "1 line" if lines == 1 else f"{lines} lines"
        return f"<Document {self.filename!r}: {count if self.source.text else 'empty'}{state}>"

    def __bytes__(self) -> bytes:
        return bytes(self.source)

    def __str__(self) -> str:
        return self.source.text

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Document):
            return NotImplemented
        return self.source.text == other.source.text

    def __hash__(self) -> int:
        return hash(self.source.text)

    @property
    def source(self) -> Source:
        """The text, with its name."""
        return self.reading.source

    @property
    def filename(self) -> str:
        """The name that findings give."""
        return self.source.filename

    @property
    def items(self) -> tuple[Item, ...]:
        """The lines and blocks at top level, in order; joined, their texts are the file."""
        return self.reading.items

    @property
    def refusal(self) -> Refusal | None:
        """What Piranha's reader would say first, or None if it loads the file."""
        return self.reading.refusal

    @cached_property
    def config(self) -> Config:
        """The values that Piranha would see.

        Of a file that it refuses, the values of all lines that can be read.
        """
        if self.reading.misread_as is None:
            return self.intended
        with gc_pause.paused():
            return view.get(self.reading.misread_as.items, self.refusal)

    @cached_property
    def intended(self) -> Config:
        """The values that the writer meant.

        Differs from `config` only where Piranha reads another text than was written (carriage
        returns, a quote that it forgets); then `findings` says so.
        """
        with gc_pause.paused():
            return view.get(self.reading.items, self.refusal)

    @cached_property
    def findings(self) -> "tuple[Finding, ...]":
        """What Piranha's reader refuses or misreads: every line, not just the first."""
        if not self.reading.faults:
            return ()
        from lvscf.faults import explain

        return explain.findings(self.reading)

    def replace(self, config: Config) -> "Document":
        """Return the document with the smallest edit that makes its `config` equal `config`.

        Values change in place, with their spacing and quotes.  New directives appear where the
        canonical order wants them; those that are None now go, with the comment lines directly
        above them.  Blocks are added, removed, renamed and reordered likewise.  All other lines
        stay as they are, and if nothing changes, every byte does.

        Where Piranha misreads the file and the edit could not be understood as it stands, what is
        wrong is mended: line ends become line feeds, missing braces are written, and lines that
        Piranha would refuse then become comments.  A file that Piranha refuses, or crashes on,
        stays one, unless the line that it refuses goes with a block that is removed or renamed.

        Raises:
            ValueError: a value that cannot be written so that Piranha reads it back; or what is
                wrong with a file that Piranha refuses must be corrected first.
            TypeError: `config` is not a configuration.
        """
        require_config(config)
        if config == self.config:
            return self
        from lvscf.writing import put

        with gc_pause.paused():
            for text in put.texts(self.reading, config):
                document = Document(read(Source(text, self.filename)))
                if document.config == config and self._fares_like(document):
                    return document
        raise ValueError(
            f"{self.filename} cannot be changed to say this configuration: what is wrong with the "
            "file would make Piranha read something else; mend what `findings` says first"
        )

    def with_value(self, place: str, value: "Value | None") -> "Document":
        """Return the document with another value for one directive; see `Config.with_value`.

            document.with_value("virtual web/server one/weight", 3)

        Raises:
            ValueError: there is no such place, or the value cannot be written there.
        """
        return self.replace(self.config.with_value(place, value))

    def _fares_like(self, changed: "Document") -> bool:
        """Whether Piranha loads, or refuses, the changed document as it does this one.

        A file that it refuses becomes one that it loads only where it was empty, or the line that
        it refuses is gone with a block or a value that was to go.
        """
        if self.refusal is None:
            return changed.refusal is None
        if changed.refusal is not None or not self.source.text:
            return True
        before, after = (with_line_feeds(one.source.text) for one in (self, changed))
        lines = map(with_line_feeds, self.reading.refused_lines)
        return any(after.count(line) < before.count(line) for line in lines)

    def formatted(self, gui_safe: bool = False) -> "Document":
        """Return the document in the layout of the Piranha GUI, with its comments and groups.

        What Piranha holds in memory stays as it is; so do all words, and the bytes behind a NUL.

        Args:
            gui_safe: whether the GUI must be able to load and save the outcome, too.  Braces leave
                comments then, and short comments get longer.

        Raises:
            RefusedError: Piranha's reader would refuse the file, or crash.
            ValueError: Piranha reads another text than was written (`findings` says why); or, if
                it must be safe for the GUI, something that no layout can mend.
        """
        if self.refusal is not None:
            raise RefusedError(self.refusal, self.filename)
        if self.reading.misread_as is not None:
            raise ValueError(
                f"{self.filename} cannot be formatted: Piranha reads another text than was "
                "written; mend what `findings` says first"
            )
        from lvscf.writing import formatting

        if gui_safe:
            from lvscf.writing.gui_traps import traps

            for trap in traps(self.reading):
                line, column = self.source.location(trap.start)
                raise ValueError(f"{self.filename}:{line}:{column}: {trap.message}")
        with gc_pause.paused():
            document = Document(
                read(Source(formatting.text(self.reading, gui_safe), self.filename))
            )
            if document.refusal is None and document.config.effective == self.config.effective:
                return document
        raise ValueError(
            f"{self.filename} cannot be formatted: lvscf would change what Piranha reads, which is "
            "an error in lvscf; please report it"
        )

    def span_of(
        self,
        owner: Config | VirtualServer | FailoverService | RealServer,
        name: str | None = None,
    ) -> Span | None:
        """Where the value of directive `name` stands that is in force for `owner`.

        Without `name`: where the block's own name stands.  None where nothing was written.

        Raises:
            ValueError: `owner` knows no such directive, or does not come from this document.
        """
        from lvscf.config import places

        if name is not None and not hasattr(owner, name):
            raise ValueError(f"there is no directive {name!r} in a {type(owner).__name__}")
        block = places.block_of(owner)
        if name is not None:
            line = places.written(owner, name)
        else:
            line = block.header if block is not None else None
        # What Piranha reads otherwise than it was written stands in the same places.
        texts = (self.source.text, self.reading.as_piranha_reads.source.text)
        if line is not None and not any(text.startswith(line.text, line.start) for text in texts):
            raise ValueError(f"the {type(owner).__name__} does not come from this document")
        place = places.value_of(owner, name) if name else places.name_of(owner)
        return self.source.span(place.start, place.end) if place else None


def parse(source: bytes | str, filename: str = "<string>") -> Document:
    """Read an lvs.cf.  Never raises because of what `source` holds."""
    with gc_pause.paused():
        return Document(read(Source.of(source, filename)))


def loads(source: bytes | str, filename: str = "<string>") -> Config:
    """Return the values that Piranha would see in `source`.

    Raises:
        RefusedError: Piranha's reader would refuse the file, or crash.
    """
    document = parse(source, filename)
    if document.refusal is not None:
        raise RefusedError(document.refusal, filename)
    return document.config
