"""What clients can do."""

import pytest
from lsprotocol import types

from lvscf.language_server.client import Client
from tests.language_server.sessions import capabilities

QUESTIONS = [name for name, found in vars(Client).items() if isinstance(found, property)]


def test_a_client_that_says_nothing() -> None:
    """It is sent the plainest values, and Markdown where the protocol has nothing plainer."""
    client = Client(types.ClientCapabilities())

    assert {name for name in QUESTIONS if getattr(client, name)} == {"shows_markdown"}


@pytest.mark.parametrize(
    ("name", "cannot"),
    [
        ("visual-studio-code", {"knows_relative_patterns"}),
        ("neovim@v0.11.0", {"checks_versions", "watches_files"}),
        (
            "emacs",  # without the packages for snippets and Markdown
            {
                "shows_related_places", "knows_relative_patterns", "knows_snippets",
                "documents_in_markdown", "resolves_edits",
            },
        ),
    ],
)  # fmt: skip
def test_known_clients(name: str, cannot: set[str]) -> None:
    client = Client(capabilities(client=name))

    assert {question for question in QUESTIONS if not getattr(client, question)} == cannot
