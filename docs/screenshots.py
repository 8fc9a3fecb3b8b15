"""Pictures of what commands print on a terminal, drawn by rich."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from docs import console

FOLDER = "screenshots"

SHOWN = {
    "lint": "lvscf lint examples/broken",
    "fix": "lvscf lint --diff examples/tutorial",
}
"""Commands, run in the examples' folder, by the names of their pictures."""

_COLUMNS = 84

_THEME = TerminalTheme(
    (24, 27, 33),
    (220, 223, 228),
    [
        (40, 44, 52), (224, 108, 117), (152, 195, 121), (229, 192, 123),
        (97, 175, 239), (198, 120, 221), (86, 182, 194), (220, 223, 228),
    ],
    [
        (127, 132, 142), (240, 113, 120), (152, 195, 121), (229, 192, 123),
        (97, 175, 239), (198, 120, 221), (86, 182, 194), (255, 255, 255),
    ],
)  # fmt: skip
"""Colours with enough contrast on a dark ground."""

# As in rich, without the fonts that it would load from the network.
_FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<!-- Made by docs/generate.py from the command in its title; do not edit. -->
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; \
font-size: {char_height}px; line-height: {line_height}px; white-space: pre; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def svg(name: str) -> str:
    """The picture of what a command prints, with the command as its title."""
    command = SHOWN[name]
    drawn = Console(record=True, width=_COLUMNS, file=io.StringIO(), force_terminal=True)
    drawn.print(Text.from_ansi(_printed(command)))
    picture = drawn.export_svg(
        title=f"$ {command}", theme=_THEME, code_format=_FORMAT, unique_id=f"lvscf-{name}"
    )
    return re.sub(r"[ \t]+$", "", picture, flags=re.MULTILINE)


def _printed(command: str) -> str:
    """What a command of lvscf prints, with colours."""
    environment = {
        name: value for name, value in os.environ.items() if name not in console.ABOUT_OUTPUT
    }
    with TemporaryDirectory() as folder:
        console.prepare(Path(folder))
        return subprocess.run(
            [sys.executable, "-m", *command.split(), "--color", "always"],
            cwd=folder,
            env=environment | {"COLUMNS": str(_COLUMNS), "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        ).stdout
