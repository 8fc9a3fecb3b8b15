"""`lvscf compare-table`, as a process."""

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.good import DIRECT


@pytest.fixture
def lvs_cf(tmp_path: Path) -> Path:
    """A direct routing cluster."""
    path = tmp_path / "lvs.cf"
    path.write_text(DIRECT)
    return path


@pytest.fixture
def table(run: Run, lvs_cf: Path) -> str:
    """The table that it asks for, as `ipvsadm -Sn` saves it."""
    files = json.loads(run("convert", "--to", "ipvsadm", "--format", "json", lvs_cf).stdout)
    text: str = files["files"]["ipvsadm.rules"]["text"]
    return text


def test_equal_tables(run: Run, lvs_cf: Path, table: str) -> None:
    """One sentence, exit status 0."""
    done = run("compare-table", lvs_cf, "-", stdin=table.encode())

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b"The tables are equal: 1 virtual server with 2 real servers.\n"


@pytest.mark.parametrize("target", ["1.3", "2.2"])
def test_converted_files_are_equal(run: Run, lvs_cf: Path, tmp_path: Path, target: str) -> None:
    """What `lvscf convert` writes has the same table."""
    folder = tmp_path / "out"
    run("convert", "--to", "keepalived", "--target", target, "-o", folder, lvs_cf)

    done = run("compare-table", lvs_cf, folder / "primary" / "keepalived.conf")

    assert (done.returncode, done.stderr) == (0, b"")


def test_differences(run: Run, lvs_cf: Path, tmp_path: Path, table: str) -> None:
    """With the lines of both files, service by service."""
    path = tmp_path / "table.txt"
    path.write_text(table.replace("-s wlc", "-s rr").replace("-w 1", "-w 7", 1) + "-A -f 9 -s rr\n")

    done = run("compare-table", "lvs.cf", "table.txt")

    assert done.returncode == 1
    assert (
        done.stdout.decode()
        == """\
--- lvs.cf
+++ table.txt
  tcp 10.10.1.20:80:
-     scheduler wlc (line 23)
+     scheduler rr (line 1)
-     real server 10.10.1.31:80: weight 1 (line 31)
+     real server 10.10.1.31:80: weight 7 (line 2)
+ mark 9 (line 4)
"""
    )
    plain = json.loads(run("compare-table", "--format", "json", lvs_cf, path).stdout)
    assert [one["kind"] for one in plain["differences"]] == ["scheduler", "weight", "extra-service"]
    assert plain["differences"][0]["table"]["line"] == 1


def test_servers_that_are_down(run: Run, lvs_cf: Path, table: str) -> None:
    """`--down` accepts that nanny removed one."""
    shorter = "".join(table.splitlines(True)[:-1]).encode()

    done = run("compare-table", lvs_cf, "-", stdin=shorter)
    assert done.returncode == 1
    assert done.stderr.endswith(b"; --down leaves those out\n")
    assert run("compare-table", "--down", lvs_cf, "-", stdin=shorter).returncode == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "holds no IPVS table"),
        ("primary = 10.0.0.1\n", "holds no IPVS table"),
        ("-A -t vip.example.com:http -s rr\n", "does not show the whole table in numbers"),
        ("virtual_server web 80 {\n}\n", "cannot be compared as a whole"),
    ],
)
def test_tables_that_cannot_be_compared(run: Run, lvs_cf: Path, text: str, complaint: str) -> None:
    """One sentence, exit status 2."""
    done = run("compare-table", lvs_cf, "-", stdin=text.encode())

    assert done.returncode == 2
    assert complaint in done.stderr.decode().splitlines()[-1]
    assert b"Traceback" not in done.stderr


def test_unread_parts_are_told(run: Run, lvs_cf: Path) -> None:
    """With their lines; what else differs is shown."""
    text = "@main lvs\nvirtual_server fwmark 1 {\n real_server 10.0.0.1 {\n }\n}\n"

    done = run("compare-table", lvs_cf, "-", stdin=text.encode())

    assert done.returncode == 2
    assert b"lvscf: <stdin>:1:1: which lines hold depends on the config id" in done.stderr
    assert b"+ mark 1 (line 2)" in done.stdout
    known = run("compare-table", "--config-id", "other", lvs_cf, "-", stdin=text.encode())
    assert known.returncode == 1


def test_files_that_have_no_table(run: Run, tmp_path: Path) -> None:
    """An lvs.cf for fos, and standard input twice."""
    path = tmp_path / "fos.cf"
    path.write_text("service = fos\n")

    assert run("compare-table", path, path).returncode == 2
    assert run("compare-table", "-", "-").returncode == 2


def test_a_file_that_holds_no_table(run: Run, tmp_path: Path) -> None:
    """An lvs.cf or a binary file, in a sentence with the right article."""
    (tmp_path / "lvs.cf").write_text("primary = 1.2.3.4\nvirtual web {\n}\n")
    (tmp_path / "binary").write_bytes(bytes(range(32)) * 8)
    same = run("compare-table", "lvs.cf", "lvs.cf", folder=tmp_path)
    binary = run("compare-table", "lvs.cf", "binary", folder=tmp_path)

    assert (same.returncode, binary.returncode) == (2, 2)
    assert b"lvs.cf is an lvs.cf, not an IPVS table; `lvscf diff` compares two" in same.stderr
    assert b"an IPVS table is text" in binary.stderr
