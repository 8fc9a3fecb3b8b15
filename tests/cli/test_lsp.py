"""`lvscf lsp` as a command; tests/language_server has tests of the server."""

import os
import pty
import signal
import subprocess
import sys

import pytest

from tests.conftest import Run
from tests.processes import errors, one_sentence


@pytest.mark.parametrize("missing", ["pygls", "lsprotocol"])
def test_without_the_extra(missing: str) -> None:
    """One sentence with the command that installs it."""
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from lvscf.cli import main; sys.exit(main(['lsp']))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

    assert "`pip install 'lvscf[lsp]'`" in one_sentence(result)
    assert result.stdout == b""


def test_other_missing_modules_are_errors_in_lvscf() -> None:
    """They are not blamed on the extra."""
    code = (
        "import sys; sys.modules['lvscf.language_server.features'] = None\n"
        "from lvscf.cli import main; main(['lsp'])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

    assert b"ModuleNotFoundError" in result.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_without_input_or_output(closed: str) -> None:
    command = f'"{sys.executable}" -m lvscf lsp {closed}'
    result = subprocess.run(["sh", "-c", command], capture_output=True, check=False)

    assert "needs standard input and output" in one_sentence(result)


def test_without_standard_error() -> None:
    """There is nowhere to complain, and no need to."""
    command = f'"{sys.executable}" -m lvscf lsp 2>&-'
    result = subprocess.run(["sh", "-c", command], input=b"", stdout=subprocess.PIPE, check=False)

    assert (result.returncode, result.stdout) == (1, b"")


@pytest.mark.parametrize("options", [(), ("--stdio",)])
def test_end_of_input(run: Run, options: tuple[str, ...]) -> None:
    result = run("lsp", *options)

    assert result.returncode == 1
    assert errors(result) == ""
    assert result.stdout == b""


def test_on_a_terminal() -> None:
    """Someone who starts it by hand sees what it waits for; Ctrl-C ends it."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "lvscf", "lsp"],
        stdin=child,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.close(child)
    assert process.stderr is not None
    assert b"waits for an editor" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    os.close(parent)

    assert process.returncode == 130
    assert output == b""
