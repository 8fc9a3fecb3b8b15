"""Fenced `console` blocks of the pages: their commands are run, and their output is what is shown.

A block has commands, each on a line that begins with `$ ` (and on the lines after it, as long as
they end in a backslash), and after each command its output.  A block that cannot run has a comment
above it: `<!-- not run: REASON -->`.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parent.parent

NOT_RUN = re.compile(r"<!-- not run: (.+?) -->\n\Z", re.DOTALL)
"""The end of the text before a block that does not run, with the reason."""

BLOCK = re.compile(
    r"(?P<comment><!-- not run: .+? -->\n)?^```console\n(?P<shown>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)

ABOUT_OUTPUT = (
    "COLUMNS", "FORCE_COLOR", "NO_COLOR", "PYTHONIOENCODING", "LVSCF_FORMAT", "LVSCF_DOCS",
    "GITHUB_ACTIONS",
)  # fmt: skip


@frozen
class Command:
    """A command, and what the page says that it prints."""

    text: str
    shown: str


def commands(block: str) -> Iterator[Command]:
    """The commands of a block, in order.

    Raises:
        ValueError: the block begins with something else.
    """
    lines = block.splitlines(keepends=True)
    while lines:
        if not lines[0].startswith("$ "):
            raise ValueError(f"a console block begins with `$ `, not with {lines[0]!r}")
        command = lines.pop(0)
        while command.endswith("\\\n") and lines:
            command += lines.pop(0)
        shown = ""
        while lines and not lines[0].startswith("$ "):
            shown += lines.pop(0)
        yield Command(command, shown)


def ran(block: str, folder: Path) -> str:
    """The block with what its commands print in a folder, standard error included.

    The commands run in bash, without colours and 100 columns wide; `$?` is the exit status of the
    command before.
    """
    environment = {name: value for name, value in os.environ.items() if name not in ABOUT_OUTPUT}
    path = f"{folder / '.bin'}{os.pathsep}{environment['PATH']}"
    status, text = 0, ""
    for command in commands(block):
        done = subprocess.run(
            ["bash", "-c", f"(exit {status}); {command.text.removeprefix('$ ')}"],
            cwd=folder,
            env=environment | {"PATH": path, "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        status, text = done.returncode, text + command.text + done.stdout
    return text


def prepare(folder: Path) -> None:
    """Make the folder that a page's commands run in: the examples, and this lvscf as a command."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    shutil.copytree(ROOT / "examples" / "direct-routing", folder, dirs_exist_ok=True)
    (folder / ".bin").mkdir()
    program = folder / ".bin" / "lvscf"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m lvscf "$@"\n', encoding="utf-8")
    program.chmod(0o755)


def refreshed(text: str, folder: Path) -> str:
    """A page with the output of its commands, run one after the other in a folder."""

    def fresh(block: re.Match[str]) -> str:
        if block["comment"]:
            return block[0]
        return f"```console\n{ran(block['shown'], folder)}```"

    return BLOCK.sub(fresh, text)
