"""The words that may stand in keepalived.conf, judged by keepalived itself."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lvscf.keepalived.reading import keywords

_ONLY_OLD = {"nat_mask"}
"""keepalived 1.2 had them."""


def unknown(folder: Path, text: str) -> set[str]:
    """The words that keepalived does not know."""
    if shutil.which("keepalived") is None:
        pytest.skip("keepalived is not installed")
    path = folder / "keepalived.conf"
    path.write_text(text)
    done = subprocess.run(
        ["keepalived", "-t", "-f", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return set(re.findall(r"Unknown keyword '([^']*)'", done.stdout + done.stderr))


def test_words_of_virtual_servers(tmp_path: Path) -> None:
    """Keepalived knows all, and none that is made up."""
    words = (keywords.VIRTUAL_SERVER | keywords.SAME.keys()) - {"real_server"} - _ONLY_OLD
    blocks = (
        f"virtual_server 10.0.0.9 {number} {{\n {word} 1\n real_server 10.0.0.1 {number} {{\n }}\n}}\n"
        for number, word in enumerate(sorted({*words, "lvs_shed"}), 1)
    )

    assert unknown(tmp_path, "".join(blocks)) == {"lvs_shed"}


def test_words_of_real_servers(tmp_path: Path) -> None:
    """Among them all checks."""
    words = [f"{word} 1" for word in sorted(keywords.REAL_SERVER)]
    words += [f"{word} {{\n  }}" for word in sorted(keywords.CHECKS - {"HTTP_GET", "SSL_GET"})]
    servers = (
        f" real_server 10.0.0.1 {number} {{\n  {word}\n }}\n"
        for number, word in enumerate([*words, "wieght 1"], 1)
    )

    text = f"virtual_server 10.0.0.9 80 {{\n protocol TCP\n{''.join(servers)}}}\n"
    assert unknown(tmp_path, text) == {"wieght"}


@pytest.mark.parametrize("word", sorted(keywords.TOP_LEVEL))
def test_words_at_top_level(tmp_path: Path, word: str) -> None:
    """With a block or a value."""
    assert word not in unknown(tmp_path, f"{word} x {{\n}}\n") & unknown(tmp_path, f"{word} x\n")
