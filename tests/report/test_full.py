"""Reports for people, whole: one finding of each shape, at 80 and at 120 columns.

The reports are in `snapshots/`, as they are printed.  To renew them after a change of words or of
layout, and to read in `git diff` what changed:

    pytest tests/report/test_full.py --renew-snapshots
"""

from pathlib import Path

import pytest
from attrs import field, frozen

from lvscf.cli import main
from lvscf.report import full
from lvscf.report.page import Page
from lvscf.report.result import Result
from tests.builders import ROUTERS, server, service
from tests.good import DIRECT
from tests.hosts import MARK, TO_80, WEB
from tests.processes import BAD
from tests.report import results
from tests.snapshots import Snapshot
from tests.underlined import unmarked

MARKED = unmarked(MARK)
ROUTER = ("--router", "10.10.1.21=router.txt")
LONG = f"/usr/local/sbin/notify --to {','.join(f'admin{n}@example.com' for n in range(16))}"


def rules(*commands: str) -> dict[str, str]:
    """The file of the router."""
    return {"router.txt": "".join(f"iptables {command}\n" for command in commands)}


@frozen
class Shape:
    """An lvs.cf, other files, and options: what `lvscf lint` reports about them."""

    text: str
    options: tuple[str, ...]
    files: dict[str, str] = field(factory=dict)


SHAPES = {
    "plain": Shape(
        MARKED, ("--select", "LVS401", *ROUTER), rules("-A INPUT -j ACCEPT", "-P FORWARD DROP")
    ),
    "help": Shape(DIRECT.replace("10.10.1.21", "fe80::1"), ("--select", "LVS009")),
    "safe-fix": Shape(DIRECT.replace("keepalive = 6", "keepalive=6"), ("--select", "LVS002")),
    "unsafe-fix": Shape(DIRECT.replace("keepalive", "keepalve"), ("--select", "LVS001")),
    "related-place": Shape(DIRECT.replace("deadtime = 18", "deadtime = 5"), ("--select", "LVS201")),
    "related-place-in-another-file": Shape(
        MARKED,
        ("--select", "LVS402", *ROUTER),
        rules("-A INPUT -j ACCEPT", f"-t mangle -A PREROUTING {TO_80} -j MARK --set-mark 50"),
    ),
    "several-related-places": Shape(
        ROUTERS
        + "".join(service(f"port = {n}", server(address="10.10.1.22")) for n in (81, 82, 83)),
        ("--select", "LVS317"),
    ),
    "several-lines": Shape(
        WEB,
        ("--select", "LVS416", *ROUTER),
        rules("-A INPUT -m conntrack \\\n    --ctstate INVALID \\\n    -j DROP"),
    ),
    "suppressed": Shape(
        DIRECT.replace(
            "deadtime = 18", "# lvscf: ignore[LVS201] both routers are in one rack\ndeadtime = 5"
        ),
        ("--select", "LVS201", "--show-suppressed"),
    ),
    "long-line": Shape(
        DIRECT.replace("debug_level", f'active_cmd = "{LONG} | logger -t lvs"\ndebug_level'),
        ("--select", "LVS119"),
    ),
    "long-line-at-its-start": Shape(
        DIRECT.replace("debug_level", f'active_cmd = ".{LONG}"\ndebug_level'),
        ("--select", "LVS118"),
    ),
    "tabs-and-wide-characters": Shape(
        DIRECT.replace("keepalive = 6", "\tkeepalive\t= 6 日本\tzwölf"), ("--select", "LVS004")
    ),
    "control-characters": Shape(
        DIRECT.replace("keepalive = 6", "keepalive\x1b[31m = 6\x07"), ("--select", "LVS001")
    ),
    "several-findings": Shape(BAD.decode(), ("--ignore", "LVS400")),
}


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("shape", SHAPES)
def test_report(
    shape: str,
    columns: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    snapshot: Snapshot,
) -> None:
    """The report is the one that was read and found right."""
    wanted = SHAPES[shape]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    for name, content in {"lvs.cf": wanted.text, **wanted.files}.items():
        Path(name).write_bytes(content.encode("utf-8", "surrogateescape"))

    main(["lint", *wanted.options, "lvs.cf"])
    report, errors = capsys.readouterr()

    assert errors == ""
    assert report == snapshot(f"{shape}-{columns}.txt", report)


def test_every_snapshot_is_of_a_shape(snapshot: Snapshot) -> None:
    """No file is left over from a shape that is gone."""
    assert snapshot.names() == {
        f"{shape}-{columns}.txt" for shape in SHAPES for columns in (80, 120)
    }


def test_time() -> None:
    """It grows as the findings do, with colours as well."""
    for coloured in (False, True):

        def render(result: Result, coloured: bool = coloured) -> str:
            page = Page(100, coloured)
            full.render(result, page)
            return page.text

        results.assert_linear(render)
