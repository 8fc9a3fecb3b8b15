"""Statements: blocks, variables, conditional lines and included files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf.keepalived.reading.statements import Include, Statement, Statements, no_includes
from lvscf.source import Source
from tests.keepalived.reading.texts import TEXTS


def read(text: str, include: Include = no_includes, config_id: str | None = None) -> Statements:
    return Statements(Source(text, "keepalived.conf"), include, config_id)


def shown(statements: tuple[Statement, ...]) -> list[object]:
    return [
        " ".join(word.text for word in one.words)
        if one.body is None
        else (" ".join(word.text for word in one.words), shown(one.body))
        for one in statements
    ]


def messages(found: Statements) -> list[str]:
    return [gap.message for gap in found.gaps]


@pytest.mark.parametrize(
    "text",
    [
        "a 1 {\n b 2\n c {\n  d\n }\n}\ne\n",
        "a 1\n{\n b 2\n c\n {\n d\n}\n}\ne\n",
        "a 1 { b 2\n c { d } } e",
    ],
)
def test_braces_may_be_anywhere(text: str) -> None:
    """On the keyword's line, on one of their own, or in the middle."""
    found = read(text)

    assert shown(found.statements) == [("a 1", ["b 2", ("c", ["d"])]), "e"]
    assert not found.gaps


def test_broken_blocks_are_told() -> None:
    """What is around them is read."""
    found = read("}\nlvs {\n a 1\n{\n {\n b\n")

    assert messages(found) == [
        "this brace closes nothing",
        "this brace belongs to no keyword",
        "the block of `{` is not closed",
        "the block of `a` is not closed",
        "the block of `lvs` is not closed",
    ]
    assert shown(found.statements) == [("lvs", [("a 1", [("{", ["b"])])])]


def test_deep_blocks_are_not_read() -> None:
    """A hundred thousand of them exhaust nothing."""
    found = read("a {\n" * 100_000 + "}\n" * 100_000 + "b\n")

    assert messages(found) == ["this block is too deep inside others to be read"]
    assert found.statements[-1].keyword == "b"


def test_variables_are_replaced() -> None:
    """In words, as several words, and as whole blocks; at the place of their use."""
    text = (
        "$VIP=10.0.0.1\n$WHERE=$VIP 80  # both\n$BODY=\\\n  a 1\\\n  b {\\\n c\\\n}\n"
        "virtual_server $WHERE {\n $BODY\n d ${VIP}9 $UNKNOWN\n}\n"
    )

    found = read(text)

    body = ["a 1", ("b", ["c"]), "d 10.0.0.19 $UNKNOWN"]
    assert shown(found.statements) == [("virtual_server 10.0.0.1 80", body)]
    (block,) = found.statements
    assert block.words[1].start == block.words[2].start == text.index("$WHERE {")


def test_variables_that_double_each_other_end() -> None:
    """Sixty definitions would make an exabyte."""
    text = "$A0=xxxxxxxx\n" + "".join(f"$A{n + 1}=$A{n}$A{n}\n" for n in range(60)) + "a $A60\n"

    assert "variables make the configuration too long: not all are replaced" in messages(read(text))


@pytest.mark.parametrize(("config_id", "expected"), [("main", ["a", "c"]), ("other", ["b", "c"])])
def test_conditional_lines(config_id: str, expected: list[str]) -> None:
    """`@main` is for one router, `@^main` for all others."""
    found = read("@main a\n@^main b\nc\n", config_id=config_id)

    assert shown(found.statements) == expected
    assert not found.gaps


def test_conditional_lines_without_an_id_are_told_once() -> None:
    """Neither side is taken."""
    found = read("@main a\n@^main b\nc\n")

    assert shown(found.statements) == ["c"]
    assert messages(found) == [
        "which lines hold depends on the config id, such as `main`, which was not given"
    ]


def test_included_files_stand_in_place_of_the_line() -> None:
    """Even in the middle of a block; their words are in them."""
    server = Source("real_server 10.0.0.1 80 {\n}\n", "servers.conf")

    found = read("vs {\n include servers.conf\n a\n}\n", lambda _pattern, _source: (server,))

    assert shown(found.statements) == [("vs", [("real_server 10.0.0.1 80", []), "a"])]
    (block,) = found.statements
    assert block.body is not None
    assert block.body[0].words[0].source is server
    assert [source.filename for source in found.sources] == ["keepalived.conf", "servers.conf"]


def test_file_that_includes_itself() -> None:
    """It is read once."""
    again = Source("include keepalived.conf\na\n", "keepalived.conf")

    found = read("include x\n", lambda _pattern, _source: (again,))

    assert messages(found) == ["`keepalived.conf` includes itself"]


def test_many_inclusions_end() -> None:
    """Sixteen files that include the next one twice would be read 65536 times."""

    def include(pattern: str, _source: Source) -> tuple[Source, ...]:
        following = f"include {int(pattern) + 1}\n" * 2
        return (Source(following, pattern),)

    found = read("include 1\n", include)

    assert any("too many files are included" in one for one in messages(found))


def test_generated_blocks_are_told() -> None:
    """`~SEQ` repeats what follows."""
    found = read("~SEQ(N, 1, 3) real_server 10.0.0.$N 80 {\n}\n")

    assert messages(found) == ["blocks that `~SEQ` and `~LST` repeat are not read"]


@given(TEXTS, st.sampled_from([None, "a"]))
def test_any_text_is_read(text: str, config_id: str | None) -> None:
    """Nothing raises, and every gap has a line."""
    found = read(text, lambda _pattern, source: (source,), config_id)

    assert all(1 <= gap.place.end <= len(text) for gap in found.gaps)
    assert all(str(gap).startswith("keepalived.conf:") for gap in found.gaps)
