"""From one place of a finding to the others."""

from lvscf.language_server.related_places import related_places
from lvscf.linter.engine import lint
from tests.good import DIRECT

TEXT = DIRECT.replace("deadtime = 18", "deadtime = 5")


def test_there_and_back() -> None:
    from lvscf.document import parse

    document = parse(TEXT, "lvs.cf")
    (found,) = [one for one in lint(document) if one.code == "LVS201"]
    (other,) = found.related

    assert related_places([found], "lvs.cf", found.span.start) == (other.span,)
    assert related_places([found], "lvs.cf", other.span.end) == (found.span,)
    assert related_places([found], "lvs.cf", 0) == ()
    assert related_places([found], "other", found.span.start) == ()
    assert related_places([found, found], "lvs.cf", found.span.start) == (other.span,)
