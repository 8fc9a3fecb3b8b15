"""The text of keepalived.conf."""

from lvscf.keepalived.tree import Comment, Item, Line, block, text


def test_layout() -> None:
    """Blocks are indented; blank lines separate groups; empty groups leave none."""
    inner = block("unicast_peer", [Line("10.0.0.2", "lvs.cf:3")], "the other one")
    groups: list[list[Item]] = [
        [Comment("head"), Comment("")],
        [],
        [block("vrrp_instance VI_1", [Line("state BACKUP"), Comment("why"), inner])],
    ]

    assert text(groups) == (
        "# head\n#\n\nvrrp_instance VI_1 {\n    state BACKUP\n    # why\n"
        "    unicast_peer {  # the other one\n        10.0.0.2  # lvs.cf:3\n    }\n}\n"
    )


def test_comments_end_with_their_line() -> None:
    """A file would read on after a backslash."""
    assert text([[Comment("a\\"), Line("b", "c\\ ")]]) == "# a\\.\nb  # c\\ .\n"
