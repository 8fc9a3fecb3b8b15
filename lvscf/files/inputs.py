"""Reading input files, or one clear sentence that says why that is impossible."""

import os
import sys
from typing import BinaryIO

from lvscf.files import file_kinds
from lvscf.files.errors import FileError
from lvscf.files.file_kinds import archive, instead_of_lvs_cf
from lvscf.source import displayable

STANDARD_INPUT = "<stdin>"
"""The name that findings use for standard input."""

ARCHIVES = (".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".gz", ".bz2", ".xz", ".gpg")
"""How the names of archives of hosts end."""

MOST_BYTES = 32 * 1024 * 1024
"""Larger files are rejected.  An lvs.cf with 10,000 virtual servers takes 7 MiB, a dump of 100,000
firewall rules 12."""

_SAMPLE = 8192
_TEXT_CONTROLS = b"\t\n\v\f\r\x1b"
_CONTROLS = bytes(code for code in range(32) if code not in _TEXT_CONTROLS) + b"\x7f"
_INSTEAD_OF = {
    "keepalived.conf": "lint it without `--as keepalived`",
    "JSON or YAML file": "`lvscf dump` prints its values as JSON or YAML",
    "IPVS table": "`lvscf diff` compares two of them",
}
"""What to do with an lvs.cf that was given as another kind of file."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read(path: str, kind: str = "lvs.cf") -> bytes:
    """Return the content of a file, or of standard input for `-`.

    Args:
        path: the file.
        kind: what the file should be, for messages.

    Raises:
        FileError: it cannot be read, or cannot be text.
    """
    name = "standard input" if path == "-" else displayable(path) or "``"
    try:
        if path == "-":
            if sys.stdin is None:
                raise FileError("there is no standard input")
            content = _read(sys.stdin.buffer, name, kind)
        else:
            with open(path, "rb") as file:
                content = _read(file, name, kind)
    except FileNotFoundError:
        raise FileError(_missing(path, name)) from None
    except IsADirectoryError:
        raise FileError(f"{name} is a directory; name the {kind} in it") from None
    except PermissionError:
        raise FileError(f"{name} is not readable by this user") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FileError(f"{name} cannot be read: {reason}") from None
    return _checked(content, name, kind)


def as_lvs_cf(content: bytes, name: str) -> bytes:
    """The content of an lvs.cf that was read elsewhere: from an archive.

    Args:
        content: the content.
        name: what messages call the file.

    Raises:
        FileError: it cannot be an lvs.cf.
    """
    return _checked(content, name, "lvs.cf")


def may_be_of_hosts(path: str) -> bool:
    """Whether a file is an archive that may be of a host; its first bytes tell.

    An empty file is what a failed `lvscf collect | ssh HOST sh > HOST.tar` leaves; its name tells.
    """
    try:
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            head = file.read(512)
        return file_kinds.may_be_of_hosts(head) if head else path.lower().endswith(ARCHIVES)
    except (OSError, ValueError):
        return False


def _checked(content: bytes, name: str, kind: str) -> bytes:
    """The content of a file, if it can be what it should be.

    Raises:
        FileError: it cannot.
    """
    if content.startswith(_UTF_16):
        raise FileError(f"{name} is UTF-16 text; save it as UTF-8")
    archived = archive(content)
    if archived is not None:
        advice = archived.as_evidence if kind == "file of a host" else archived.as_lvs_cf
        raise FileError(
            f"{name} is {archived.name}, not {_a(kind)}{'; ' if advice else ''}{advice}"
        )
    if _is_binary(content):
        raise FileError(f"{name} is a binary file; {_a(kind)} is text")
    if kind == "lvs.cf":
        other = instead_of_lvs_cf(content.decode("latin-1"))
        if other is not None:
            advice = f"; {other.as_lvs_cf}" if other.as_lvs_cf else ""
            raise FileError(f"{name} is not an lvs.cf: it {other.predicate}{advice}")
    elif kind in _INSTEAD_OF:
        text = content.decode("latin-1")
        if file_kinds.is_lvs_cf(text):
            raise FileError(f"{name} is an lvs.cf, not {_a(kind)}; {_INSTEAD_OF[kind]}")
        if kind == "keepalived.conf" and file_kinds.is_json(text):
            raise FileError(f"{name} contains JSON, not {_a(kind)}")
    return content


def _a(kind: str) -> str:
    return f"{'an' if kind in ('lvs.cf', 'IPVS table') else 'a'} {kind}"


def _missing(path: str, name: str) -> str:
    """The error for a missing file or a dangling symbolic link."""
    if not os.path.islink(path):
        return f"{name}: there is no such file"
    target = displayable(os.readlink(path))
    return f"{name} is a symbolic link to {target}, which does not exist"


def _read(file: BinaryIO, name: str, kind: str) -> bytes:
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FileError(f"{name} is larger than {MOST_BYTES >> 20} MiB; no {kind} is that long")
    return content


def _is_binary(content: bytes) -> bool:
    """Whether content has many control characters.

    NUL bytes at the end do not count: a crash during a write can leave them there, and the text
    before them is still worth checking.
    """
    sample = content.rstrip(b"\0")[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls >= 4 and controls * 20 > len(sample)
