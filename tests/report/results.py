"""Results that every report must cope with: the manuals' examples, and hostile input."""

import time
from collections.abc import Callable
from functools import cache

import pytest

import lvscf
from lvscf.linter.baseline import Places
from lvscf.linter.manual import manual_of
from lvscf.linter.registry import rules
from lvscf.report.result import FileResult, Result
from tests.clusters import pair_in, parted
from tests.good import DIRECT

FOLDER = "/srv/estate"
"""The directory that the results pretend to be from."""

NAMES = (
    "<stdin>",
    "with blanks/lvs d01.cf",
    "100%25.cf",
    "C:a,b;c.cf",
    "\"double\" 'single' `back`.cf",
    "line\nfeed\r\nand\ttab.cf",
    "caf\udce9.cf",
    "::error file=x::injected",
    "##[error]injected",
    "]]>&amp;<x>.cf",
    "%0A%0D::error::.cf",
    "[link](1).cf",
    "\U0001f600/日本.cf",
    "\ud800.cf",
    "/srv/estate/below/lvs.cf",
    "/etc/sysconfig/ha/lvs.cf",
    "../elsewhere/lvs.cf",
    "./a/../b/lvs.cf",
    "-",
)
"""Names of files, with invalid UTF-8 as `os.fsdecode` has it."""

_VALUES = (
    "nul\0in", "\x1b[31mred\x1b[0m", "]]>", "::error::pwned", "%0A::error::pwned", "##[error]pwned",
    "caf\udce9", "lone\ud800", "\U0001f600", "日本", "[text](2)", "{0}", "a\\]b", "&lt;", "'\"`",
    "\x85", "\ufffe", "\x0b\x0c", "\u2028",
)  # fmt: skip


def _around(value: str) -> str:
    """A plausible lvs.cf with a hostile value wherever a finding may quote it."""
    name = "".join(value.split())
    return (
        f"{DIRECT}reservation_conflict_action = {value}\nkeepalive = 6 # \U0001f600 {value}\n"
        f"deadtime = {value}\n{name} = 1\nvirtual {name} {{\n     active = 1\n"
        f'     address = 10.10.1.77 eth0:7\n     send = "{value}" # \U0001f600\n     port = {value}\n'
        f"     server \U0001f600{name} {{\n         address = 10.10.1.300 # {value}\n"
        "         active = 1\n     }\n}\n"
        f"# lvscf: ignore[ALL] {value}\nkeepalive = {value}\n"
    )


TEXTS = (
    *map(_around, _VALUES),
    _around("\U0001f600").replace("\n", "\r\n"),
    _around("\udce9").replace("\n", "\r"),
    "\ufeff" + DIRECT + "keepalive = 6 # é\n",
    "\0\0\0",
    "}",
    "keepalive = 6 # no line feed",
)


def linted(text: str, name: str, *select: str) -> FileResult:
    """What lint finds in a text, which may have files of hosts and of the pair after it."""
    lvs_cf, cluster = parted(text)
    document = lvscf.parse(lvs_cf, name)
    pair = pair_in(text)
    settings = lvscf.Settings(extend_select=select)
    found = lvscf.examine(document, cluster, settings, pair=pair)
    further = dict(cluster.sources) if cluster else {}
    if pair is not None:
        further[pair.filename] = pair.source
    places = Places(document.reading)
    return FileResult(
        document.source, found.findings, further, tuple(found.suppressed), places=places
    )


def _examples() -> Result:
    manuals = ((rule.code, manual_of(rule)) for rule in rules())
    files = (
        linted(text, f"manuals/{code}-{kind}.cf", code)
        for code, manual in manuals
        for kind, text in (("bad", manual.bad_source), ("good", manual.good))
    )
    return Result(tuple(files), folder=FOLDER)


def _hostile(shows_suppressed: bool) -> Result:
    """Every name with the worst text, and every text."""
    short = "keepalive = 6 # \U0001f600 ::error::\nprimary = 1.2.3.400\n"
    files = [linted(short, name) for name in NAMES]
    files += [linted(text, f"text {number}.cf") for number, text in enumerate(TEXTS)]
    files += [linted(short, NAMES[0])]  # once more
    return Result(tuple(files), shows_suppressed=shows_suppressed, folder=FOLDER)


EXAMPLES = _examples()
HOSTILE = _hostile(shows_suppressed=False)
SUPPRESSED = _hostile(shows_suppressed=True)
CLEAN = Result((linted(DIRECT, "lvs.cf"),), folder=FOLDER)
UNREAD = Result((), folder=FOLDER, errors=("caf\udce9 ]]> ::error::\n is not readable",))

RESULTS = {
    "examples": EXAMPLES,
    "hostile": HOSTILE,
    "suppressed": SUPPRESSED,
    "clean": CLEAN,
    "unread": UNREAD,
    "nothing": Result(()),
}

every_result = pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)


def of(text: str, name: str = "lvs.cf", *select: str, shows_suppressed: bool = False) -> Result:
    """The result for one text."""
    file = linted(text, name, *select)
    return Result((file,), shows_suppressed=shows_suppressed, folder=FOLDER)


@cache
def _many(count: int) -> Result:
    line = "keepalive = 6 # \U0001f600 seconds\n"
    return of("".join(f"{line}# {number}\n" for number in range(count)))


def assert_linear(render: Callable[[Result], object]) -> None:
    """Rendering 10,000 findings takes about ten times as long as 1,000; quadratic would be 100."""
    times = []
    for count in (1000, 10_000):
        result = _many(count)
        assert len(result.findings) >= count
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            render(result)
            best = min(best, time.process_time() - start)
        times.append(best)
    assert times[1] < 40 * times[0] + 0.05
