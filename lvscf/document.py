"""The document: an lvs.cf with every byte in its place, and its values and findings."""

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
    """Piranha's reader would reject the file.

    `message` is what the daemon logs (`crash` if it crashes without a message), `line` the line
    that it names (0 for an empty file), `column` the place of the error on this line.
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
    """An lvs.cf, lossless: `bytes(document)` is exactly what was parsed."""

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
        """The text and its filename."""
        return self.reading.source

    @property
    def filename(self) -> str:
        """The filename in findings."""
        return self.source.filename

    @property
    def items(self) -> tuple[Item, ...]:
        """The lines and blocks at top level, in order; their texts, joined, are the file."""
        return self.reading.items

    @property
    def refusal(self) -> Refusal | None:
        """The first error that Piranha's reader would log, or None if it loads the file."""
        return self.reading.refusal

    @cached_property
    def config(self) -> Config:
        """The values that Piranha would see.

        If it rejects the file, the values of all lines that can be read.
        """
        if self.reading.misread_as is None:
            return self.intended
        with gc_pause.paused():
            return view.get(self.reading.misread_as.items, self.refusal)

    @cached_property
    def intended(self) -> Config:
        """The values that the writer meant.

        They differ from `config` only if Piranha misreads the text (carriage returns, a quote that
        is not closed), which `findings` reports.
        """
        with gc_pause.paused():
            return view.get(self.reading.items, self.refusal)

    @cached_property
    def findings(self) -> "tuple[Finding, ...]":
        """What Piranha's reader rejects or misreads: every line, not just the first."""
        if not self.reading.faults:
            return ()
        from lvscf.faults import explain

        return explain.findings(self.reading)

    def replace(self, config: Config) -> "Document":
        """Return the document with the smallest edit that makes its `config` equal `config`.

        Values change in place and keep their spacing and quotes.  New directives are inserted in
        canonical order.  Directives that are now None are removed, with the comment lines directly
        above them.  Blocks are added, removed, renamed and reordered in the same way.  All other
        lines stay unchanged, and if nothing changes, so does every byte.

        If Piranha misreads the file so that the edit alone would not have its effect, the document
        is also repaired: line ends become line feeds, missing braces are added, and lines that
        Piranha would then reject become comments.  A file that Piranha rejects, or that crashes it,
        remains one, unless the line at fault is removed with a block that is removed or renamed.

        Raises:
            ValueError: a value cannot be written so that Piranha reads it back, or errors in a file
                that Piranha rejects must be fixed first.
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
            f"{self.filename} cannot be changed to this configuration, because its errors would "
            "make Piranha read something else; fix what `findings` reports first"
        )

    def with_value(self, place: str, value: "Value | None") -> "Document":
        """Return the document with another value for one directive; see `Config.with_value`.

            document.with_value("virtual web/server one/weight", 3)

        Raises:
            ValueError: there is no such place, or the value cannot be written there.
        """
        return self.replace(self.config.with_value(place, value))

    def _fares_like(self, changed: "Document") -> bool:
        """Whether Piranha's verdict on the changed document is the same, or better for good reason.

        It may load the changed document and reject this one only if this one is empty, or if the
        line that it rejects was removed with a block or a value.
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

        The values that Piranha holds in memory do not change, nor do any words, nor the bytes after
        a NUL.

        Args:
            gui_safe: whether the GUI must also be able to load and save the result.  Then braces in
                comments are removed, and short comments become longer.

        Raises:
            RefusedError: Piranha's reader would reject the file, or crash.
            ValueError: Piranha misreads the text (`findings` says why), or, with `gui_safe`, the
                file has something that no layout can fix.
        """
        if self.refusal is not None:
            raise RefusedError(self.refusal, self.filename)
        if self.reading.misread_as is not None:
            raise ValueError(
                f"{self.filename} cannot be formatted, because Piranha misreads it; fix what "
                "`findings` reports first"
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
            "a bug in lvscf; please report it"
        )

    def span_of(
        self,
        owner: Config | VirtualServer | FailoverService | RealServer,
        name: str | None = None,
    ) -> Span | None:
        """Return the span of the value of directive `name` that is in force for `owner`.

        Without `name`, return the span of the block's own name; None if nothing is written there.

        Raises:
            ValueError: `owner` has no such directive, or does not come from this document.
        """
        from lvscf.config import places

        if name is not None and not hasattr(owner, name):
            raise ValueError(f"there is no directive {name!r} in a {type(owner).__name__}")
        block = places.block_of(owner)
        if name is not None:
            line = places.written(owner, name)
        else:
            line = block.header if block is not None else None
        # The text that Piranha reads has the same offsets as the text that was written.
        texts = (self.source.text, self.reading.as_piranha_reads.source.text)
        if line is not None and not any(text.startswith(line.text, line.start) for text in texts):
            raise ValueError(f"the {type(owner).__name__} does not come from this document")
        place = places.value_of(owner, name) if name else places.name_of(owner)
        return self.source.span(place.start, place.end) if place else None


def parse(source: bytes | str, filename: str = "<string>") -> Document:
    """Read an lvs.cf.  Never raises because of the contents of `source`."""
    with gc_pause.paused():
        return Document(read(Source.of(source, filename)))


def loads(source: bytes | str, filename: str = "<string>") -> Config:
    """Return the values that Piranha would see in `source`.

    Raises:
        RefusedError: Piranha's reader would reject the file, or crash.
    """
    document = parse(source, filename)
    if document.refusal is not None:
        raise RefusedError(document.refusal, filename)
    return document.config
