"""Kernel modules in lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvscf import hosts
from lvscf.hosts.kernel_modules import read
from lvscf.source import Source


@pytest.mark.parametrize(
    ("text", "modules", "complete"),
    [
        ("Module                  Size  Used by\nip_vs_rr               12600  1 \nip_vs                 180224  3 ip_vs_rr,ip_vs_wlc\n", ("ip_vs_rr", "ip_vs"), True),
        ("Module                  Size  Used by\n", (), True),
        ("ip_vs_rr 12600 1 - Live 0xf8a3c000\next4 739 2 - Live 0xffffffffc0 (E)\n", ("ip_vs_rr", "ext4"), True),
        ("ip_vs_rr 12600 1\r\nip_vs 180224 3 ip_vs_rr\r\n", ("ip_vs_rr", "ip_vs"), False),
        ("arptable_filter 12288 1 - Live 0x0\narp_tables 28672 1 arptable_filter, Live 0x0\n", ("arptable_filter", "arp_tables"), False),
    ],
)  # fmt: skip
def test_modules(text: str, modules: tuple[str, ...], complete: bool) -> None:
    """A list that `grep` may have shortened is not complete."""
    host = hosts.read(text)

    assert host.modules == modules
    assert ("modules" in host.complete) is complete


@given(st.text(st.sampled_from("Module Size ip_vs 1\n-,")))
def test_any_text_is_read(text: str) -> None:
    """No text makes the reader fail."""
    read(Source(text))
