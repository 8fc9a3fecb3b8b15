"""Files are replaced in one step: whatever happens, they hold the old content or the new one."""

import errno
import os
import resource
import shutil
import signal
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from lvscf.files import writing
from lvscf.files.errors import FileError

OLD = b"keepalive = 6 # seconds\n"
NEW = b"# seconds\nkeepalive = 6\n" * 1000

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "lvs.cf"
    path.write_bytes(OLD)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_content_is_replaced(file: Path) -> None:
    """The new content is there, and nothing else."""
    writing.replace(str(file), NEW, OLD)

    assert file.read_bytes() == NEW
    assert names(file.parent) == ["lvs.cf"]


def test_a_new_file_is_made(tmp_path: Path) -> None:
    """Where there is no file, one is made, with the mode that files have."""
    (tmp_path / "other").touch()
    writing.replace(str(tmp_path / "new"), NEW)

    assert (tmp_path / "new").read_bytes() == NEW
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("mode", [0o640, 0o600, 0o777, 0o4755])
def test_mode_stays(file: Path, mode: int) -> None:
    """Who may read the file, may read it afterwards."""
    file.chmod(mode)
    writing.replace(str(file), NEW)

    assert stat.S_IMODE(file.stat().st_mode) == mode


@as_root
def test_owner_stays(file: Path) -> None:
    """The file belongs to whom it belonged."""
    os.chown(file, 1234, 4321)
    file.chmod(0o640)
    writing.replace(str(file), NEW)

    status = file.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 4321, 0o640)


def test_owner_that_cannot_be_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than give the file to somebody else, it is left alone."""

    def refuse(*arguments: Any) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    status = os.stat_result((*file.stat()[:4], 1234, 4321, *file.stat()[6:]))
    monkeypatch.setattr(writing, "_look_at", lambda *arguments: status)
    monkeypatch.setattr(os, "fchown", refuse)
    with pytest.raises(FileError, match="belongs to another user or group"):
        writing.replace(str(file), NEW)
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["lvs.cf"]


def test_extended_attributes_stay(file: Path) -> None:
    """Labels and access lists are attributes; one that any user may set stands for them."""
    try:
        os.setxattr(file, "user.lvscf", b"kept")
    except OSError:
        pytest.skip("this file system knows no attributes")
    writing.replace(str(file), NEW)

    assert os.getxattr(file, "user.lvscf") == b"kept"


@pytest.mark.parametrize("relative", [True, False])
def test_symbolic_links_stay(file: Path, tmp_path: Path, relative: bool) -> None:
    """The link stays, in whatever folder; what it leads to is replaced."""
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "lvs.cf"
    second = tmp_path / "links" / "second"
    link.symlink_to("../lvs.cf" if relative else file)
    second.symlink_to("lvs.cf")
    writing.replace(str(second), NEW, OLD)

    assert link.is_symlink()
    assert second.is_symlink()
    assert file.read_bytes() == NEW
    assert names(tmp_path) == ["links", "lvs.cf"]
    assert names(tmp_path / "links") == ["lvs.cf", "second"]


def test_hard_links_are_not_parted(file: Path, tmp_path: Path) -> None:
    """A file of several names would become two files."""
    (tmp_path / "other").hardlink_to(file)

    with pytest.raises(FileError, match="has 2 names"):
        writing.replace(str(file), NEW)
    assert file.read_bytes() == (tmp_path / "other").read_bytes() == OLD


def test_what_somebody_else_wrote_stays(file: Path) -> None:
    """A file that is not the one that was read is not touched."""
    with pytest.raises(FileError, match="changed by another process"):
        writing.replace(str(file), NEW, b"something else")
    assert file.read_bytes() == OLD

    file.unlink()
    with pytest.raises(FileError, match="changed by another process"):
        writing.replace(str(file), NEW, OLD)
    assert names(file.parent) == []


def test_what_somebody_else_writes_meanwhile_stays(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last look is just before the file is replaced."""
    sync = os.fsync

    def write_meanwhile(number: int) -> None:
        file.write_bytes(b"written by the GUI")
        sync(number)

    monkeypatch.setattr(os, "fsync", write_meanwhile)
    with pytest.raises(FileError, match="changed by another process"):
        writing.replace(str(file), NEW, OLD)
    assert file.read_bytes() == b"written by the GUI"
    assert names(file.parent) == ["lvs.cf"]


def test_no_ordinary_file(tmp_path: Path) -> None:
    """Devices, pipes and folders are not replaced by files."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/null")):
        with pytest.raises(FileError, match="not a regular file"):
            writing.replace(str(path), NEW)
    assert names(tmp_path) == ["pipe"]


NOBODY = 65534


@pytest.mark.parametrize(
    ("mode", "folder_mode", "owner", "why"),
    [
        (0o444, 0o755, NOBODY, "is not writable by this user"),
        (0o644, 0o555, NOBODY, "cannot be written"),
        (0o666, 0o755, 0, "belongs to another user"),
    ],
)
@as_root
def test_what_a_user_may_not_do(mode: int, folder_mode: int, owner: int, why: str) -> None:
    """Who may not write the file or the folder, or cannot keep the owner, gets a sentence."""
    with TemporaryDirectory() as folder:  # pytest's own is for root alone
        file = Path(folder) / "lvs.cf"
        file.write_bytes(OLD)
        file.chmod(mode)
        os.chown(file, owner, NOBODY)
        os.chown(folder, NOBODY, NOBODY)
        Path(folder).chmod(folder_mode)

        def work() -> None:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            with pytest.raises(FileError, match=why):
                writing.replace(str(file), NEW, OLD)

        assert in_a_process(work) == 0
        assert file.read_bytes() == OLD
        assert names(file.parent) == ["lvs.cf"]


def test_names_that_no_file_has(tmp_path: Path) -> None:
    """Impossible names, missing folders and links in a circle give a sentence."""
    (tmp_path / "circle").symlink_to("circle")
    for path in ("a\0b", str(tmp_path / "none" / "lvs.cf"), str(tmp_path / "circle"), "x" * 300):
        with pytest.raises(FileError, match="cannot be written"):
            writing.replace(path, NEW)


# --- full disks ---------------------------------------------------------------------------------


@as_root
def test_full_disk(tmp_path: Path) -> None:
    """On a disk without room for the new content, the old one stays."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        file = tmp_path / "lvs.cf"
        file.write_bytes(OLD)
        with pytest.raises(FileError, match="No space left on device"):
            writing.replace(str(file), NEW * 10)
        assert file.read_bytes() == OLD
        assert names(tmp_path) == ["lvs.cf"]
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_file_that_may_not_grow(file: Path) -> None:
    """Where the limit for files is reached in the middle of writing, the old content stays."""

    def child() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with pytest.raises(FileError, match="File too large"):
            writing.replace(str(file), NEW)

    assert in_a_process(child) == 0
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["lvs.cf"]


# --- every moment ------------------------------------------------------------------------------


class At:
    """Stands for `os` in the code that writes, and strikes at one of its calls."""

    def __init__(self, moment: int, strike: Callable[[str], None]) -> None:
        self.moment = moment
        self.strike = strike

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if not callable(real):
            return real

        def call(*arguments: Any, **options: Any) -> Any:
            self.moment -= 1
            if self.moment == 0:
                if name == "write":  # half of it is written
                    number, content = arguments
                    os.write(number, content[: len(content) // 2])
                self.strike(name)
            return real(*arguments, **options)

        return call


def in_a_process(work: Callable[[], None]) -> int:
    """Do `work` in a process of its own; the status that it ends with."""
    process = os.fork()
    if process == 0:
        try:
            work()
        except BaseException:
            os._exit(3)
        os._exit(0)
    return os.waitpid(process, 0)[1]


def test_killed_at_any_moment(file: Path) -> None:
    """Before each call of the operating system, and within: the file is whole."""

    def kill(name: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    contents = []
    for moment in range(1, 100):
        file.write_bytes(OLD)

        def work(moment: int = moment) -> None:
            vars(writing)["os"] = At(moment, kill)
            writing.replace(str(file), NEW, OLD)

        status = in_a_process(work)
        contents.append(file.read_bytes())
        for name in names(file.parent):
            assert name == "lvs.cf" or name.startswith(".lvs.cf.lvscf-unfinished-")
        if status == 0:
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
    assert len(contents) > 12
    assert set(contents) == {OLD, NEW}
    assert contents == sorted(contents, key=lambda content: content == NEW)  # once new, it stays


def test_error_at_any_moment(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever call fails: the file is whole, its state is told, and nothing is left over."""

    def fail(name: str) -> None:
        raise OSError(errno.EIO, "Input/output error")

    told = []
    for moment in range(1, 100):
        file.write_bytes(OLD)
        at = At(moment, fail)
        monkeypatch.setattr(writing, "os", at)
        error = None
        try:
            writing.replace(str(file), NEW, OLD)
        except FileError as raised:
            error = raised
            told.append(str(error))
        assert file.read_bytes() == (OLD if error else NEW)
        unfinished = [name for name in names(file.parent) if name != "lvs.cf"]
        assert unfinished == []
        if at.moment > 0:
            break
    assert len(told) > 8
    assert all("left untouched" in sentence for sentence in told)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_wait(file: Path, number: signal.Signals) -> None:
    """A signal that would end lvscf comes when the file is in place."""
    sync = os.fsync

    def interrupted(opened: int) -> None:
        os.kill(os.getpid(), number)
        sync(opened)

    def work() -> None:
        signal.signal(number, signal.SIG_DFL)
        vars(os)["fsync"] = interrupted
        writing.replace(str(file), NEW, OLD)

    assert os.WTERMSIG(in_a_process(work)) == number
    assert file.read_bytes() == NEW
    assert names(file.parent) == ["lvs.cf"]
