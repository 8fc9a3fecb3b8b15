"""How Sphinx builds the documentation: `python -m sphinx -n -W docs FOLDER`."""

from docutils import nodes
from pygments.lexers import TextLexer
from sphinx.application import Sphinx

from lvscf import __version__

project = "lvscf"
author = "The lvscf founders"
copyright = "The lvscf founders"
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "_static"]

# Links between pages work on GitHub, too: paths of files, and anchors as it makes them.
myst_heading_anchors = 4
myst_links_external_new_tab = False
myst_enable_extensions = ["colon_fence", "deflist"]

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
default_role = "code"

nitpicky = True
nitpick_ignore_regex = [
    (r"py:.*", r"(collections|os|pathlib|typing)\..*"),  # Python's documentation is on the web
    (r"py:.*", r"lvscf\.[a-z_]+\..*"),  # types of what is not public
    (r"py:class", r"Path|Value|Followed"),  # imported for types only
]

highlight_language = "none"

html_theme = "furo"
html_title = "lvscf"
html_static_path = ["_static"]
html_css_files = ["lvscf.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_last_updated_fmt = None
# The summaries of results are fetched, which browsers do not allow for files.
html_show_search_summary = False
html_theme_options = {"navigation_with_keys": True}

linkcheck_anchors = False
linkcheck_timeout = 20


def setup(app: Sphinx) -> None:
    """Register what is not an extension of its own."""
    app.add_lexer("crontab", TextLexer)
    app.connect("doctree-read", leave_out_of_navigation)
    app.connect("autodoc-process-docstring", keep_for_later, priority=100)
    app.connect("autodoc-process-docstring", restore, priority=900)


def leave_out_of_navigation(app: Sphinx, _: nodes.document) -> None:
    """Keep the pages of rules out of the navigation, which all pages have: rules.md lists them."""
    if app.env.docname.startswith("rules/"):
        app.env.metadata[app.env.docname]["orphan"] = "true"


_KEPT: dict[str, list[str]] = {}
"""The docstrings of attributes, which napoleon would change: it reads a type before each colon."""


def keep_for_later(
    _app: Sphinx, what: str, name: str, _of: object, _: object, lines: list[str]
) -> None:
    """Keep the docstring of an attribute before napoleon gets it."""
    if what in ("attribute", "property"):
        _KEPT[name] = list(lines)


def restore(_app: Sphinx, _what: str, name: str, _of: object, _: object, lines: list[str]) -> None:
    """Put back what was kept."""
    lines[:] = _KEPT.pop(name, lines)
