"""Comments on lines of their own silence findings."""

import lvscf
from tests.rules.builders import ROUTERS


def codes(text: str) -> list[str]:
    wanted = ("LVS1", "LVS2", "LVS3")
    found = lvscf.lint(
        lvscf.parse(text), settings=lvscf.Settings(select=wanted, ignore=("LVS116",))
    )
    return [finding.code for finding in found]


BAD = ROUTERS + "keepalive = 30\ndeadtime = 18\n"


def test_next_directive() -> None:
    """`ignore` covers the next directive, blank lines and comments between them included."""
    silenced = BAD.replace(
        "deadtime", "# lvscf: ignore[LVS201] a known fact\n\n# and so on\ndeadtime"
    )

    assert codes(BAD) == ["LVS201"]
    assert codes(silenced) == []


def test_by_name_and_family() -> None:
    """Rules go by code, name or family, several parted by commas."""
    for selectors in ("deadtime-below-keepalive", "LVS2", "LVS101, LVS201", "lvs201"):
        assert codes(BAD.replace("deadtime", f"#lvscf:ignore[{selectors}]\ndeadtime")) == []


def test_only_the_next_one() -> None:
    """What comes later is not covered, nor what comes before."""
    assert codes(BAD.replace("keepalive", "# lvscf: ignore[LVS201]\nkeepalive")) == ["LVS201"]
    assert codes(BAD + "# lvscf: ignore[LVS201]\n") == ["LVS201"]


def test_other_rules_speak() -> None:
    """Only the named rules are silent; an unknown one silences nothing."""
    assert codes(BAD.replace("deadtime", "# lvscf: ignore[LVS202]\ndeadtime")) == ["LVS201"]
    assert codes(BAD.replace("deadtime", "# lvscf: ignore[LVS999]\ndeadtime")) == ["LVS201"]


def test_whole_block() -> None:
    """Above a block, the whole block is covered, its servers included."""
    block = "virtual a {\nactive = 1\nserver b {\nactive = 1\n}\n}\n"

    assert codes(ROUTERS + block) == ["LVS301", "LVS301"]
    assert codes(ROUTERS + "# lvscf: ignore[LVS301]\n" + block) == []


def test_whole_file() -> None:
    """`ignore-file` covers the file, wherever it stands."""
    assert codes(BAD + "# lvscf: ignore-file[LVS201]\n") == []


def test_behind_a_value_it_is_no_comment() -> None:
    """Behind a value, it would make Piranha refuse the file, and silences nothing."""
    text = BAD.replace("deadtime = 18", "deadtime = 18 # lvscf: ignore[ALL]")
    found = [finding.code for finding in lvscf.lint(lvscf.parse(text))]

    assert "LVS005" in found
