"""What the editor at the other end can do."""

from typing import Any

from lsprotocol import types
from pygls.capabilities import get_capability

from lvscf.shared.records import record


@record
class Client:
    """The capabilities of a client, as questions."""

    capabilities: types.ClientCapabilities

    def _says(self, name: str) -> Any:
        return get_capability(self.capabilities, name, None)

    @property
    def shows_related_places(self) -> bool:
        """Whether it shows the other places of a finding."""
        return bool(self._says("text_document.publish_diagnostics.related_information"))

    @property
    def shows_markdown(self) -> bool:
        """Whether it shows Markdown in hovers; those that say nothing do."""
        formats = self._says("text_document.hover.content_format")
        return formats is None or types.MarkupKind.Markdown in formats

    @property
    def documents_in_markdown(self) -> bool:
        """Whether it shows Markdown beside completions."""
        formats = self._says("text_document.completion.completion_item.documentation_format")
        return bool(formats) and types.MarkupKind.Markdown in formats

    @property
    def knows_snippets(self) -> bool:
        """Whether completions may have tab stops."""
        return bool(self._says("text_document.completion.completion_item.snippet_support"))

    @property
    def shows_trees(self) -> bool:
        """Whether symbols may contain others."""
        name = "text_document.document_symbol.hierarchical_document_symbol_support"
        return bool(self._says(name))

    @property
    def checks_versions(self) -> bool:
        """Whether edits may name the version of the text that they are for."""
        return bool(self._says("workspace.workspace_edit.document_changes"))

    @property
    def resolves_edits(self) -> bool:
        """Whether it asks for the edits of an action only when it is chosen."""
        resolvable = self._says("text_document.code_action.resolve_support")
        return resolvable is not None and "edit" in resolvable.properties

    @property
    def watches_files(self) -> bool:
        """Whether it can be asked to report changed files."""
        return bool(self._says("workspace.did_change_watched_files.dynamic_registration"))

    @property
    def knows_relative_patterns(self) -> bool:
        """Whether files to watch may be named relative to any directory."""
        return bool(self._says("workspace.did_change_watched_files.relative_pattern_support"))
