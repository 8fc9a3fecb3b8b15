"""Running `lvscf` as a process, and what such processes say."""

import os
import pty
import shutil
import subprocess
import sys
import termios
from pathlib import Path

import pytest

BAD = (
    b"primary = 10.10.1.21\nkeepalive = 6 # seconds\nvirtual web {\n     active = 1\n"
    b"     server one {\n         active = 1\n         address = 10.10.1.31\n     }\n}\n"
    b"nat_router = 10.11.1.1 eth1:1\nnat_nmask = 255.255.255.0\n"
)


def file(folder: Path, content: bytes, name: str = "lvs.cf") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content)
    return path


def errors(result: "subprocess.CompletedProcess[bytes]") -> str:
    """Standard error, which holds no traceback."""
    text = result.stderr.decode()
    assert "Traceback" not in text
    return text


def one_sentence(result: "subprocess.CompletedProcess[bytes]") -> str:
    """The sentence for people; the status is that of a tool that could not do its work."""
    assert result.returncode == 2
    lines = errors(result).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("lvscf: ")
    return lines[0]


def on_terminal(
    *arguments: str,
    columns: int = 80,
    environment: dict[str, str] | None = None,
    folder: Path | None = None,
) -> tuple[int, bytes]:
    """Run `lvscf` on a terminal; its exit status, and what is seen there."""
    parent, child = pty.openpty()
    termios.tcsetwinsize(child, (50, columns))
    variables = {
        k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "lvscf", *arguments],
        stdout=child,
        cwd=folder,
        env=variables | (environment or {"TERM": "xterm"}),
    )
    os.close(child)
    output = b""
    try:
        while chunk := os.read(parent, 65536):
            output += chunk
    except OSError:  # the end of a terminal's output, on Linux
        pass
    os.close(parent)
    return process.wait(60), output


def told(output: bytes) -> list[str]:
    """The codes of a concise report."""
    return [line.split()[2] for line in output.decode().splitlines()]


def substitute(path: Path, old: str, new: str) -> None:
    """Put one text in a file for another that is there."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def in_namespace(*command: str) -> list[str]:
    """A command in a network namespace of its own; skips the test where there is none."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("unshare and ip are needed")
    prefix = ["unshare", "--net"] if os.getuid() == 0 else ["unshare", "--map-root-user", "--net"]
    probe = subprocess.run(
        [*prefix, "ip", "link", "set", "lo", "up"], capture_output=True, check=False
    )
    if probe.returncode:
        pytest.skip("no network namespaces here")
    return [*prefix, *command]
