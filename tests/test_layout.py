"""The tests are where one looks for them: beside their module's name, and helpers outside of tests."""

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

TESTS = sorted(path.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py"))

WIDER = {
    "test_conformance.py": "all of lvscf, judged by Piranha's own verdicts",
    "test_docs.py": "what README.md and docs/ show",
    "test_layout.py": "the tests",
    "test_hooks.py": "the hooks, run by pre-commit and prek",
    "test_recipes.py": "the recipes of docs/how-to and what they name",
    "test_release.py": "release/",
    "test_nftables_clusters.py": "all of lvscf, given nftables instead of iptables",
    "test_live_clusters.py": "all of lvscf, judged by clusters that ran",
    "test_man.py": "the manual pages",
    "test_mistaken_calls.py": "the whole library",
    "test_packaging.py": "the package as it is shipped",
    "test_site.py": "the documentation site",
    "test_voice.py": "all texts that users see",
    "test_startup.py": "what each command imports",
    "test_typing.py": "programs that use lvscf, and its public types",
    "language_server/test_editors.py": "the server, as real editors use it",
    "firewall/test_conformance.py": "the firewall, judged by iptables and the kernel",
    "firewall/test_kernel.py": "the firewall, judged by the kernel of this machine",
    "firewall/nftables/test_conformance.py": "nftables, judged by the kernel",
    "firewall/nftables/test_whole_hosts.py": "clusters of hosts with nftables",
    "firewall/nftables/test_kernel.py": "nftables, judged by the kernel of this machine",
    "firewall/test_properties.py": "laws of the whole firewall",
    "keepalived/test_conformance.py": "conversions, judged by a kernel and by keepalived",
    "rules/test_field_reports.py": "all rules",
    "rules/test_good.py": "all rules",
    "rules/test_host_rules.py": "rules about files of hosts, of several families",
    "rules/services/test_addresses.py": "addresses in several modules of the family",
    "rules/services/test_balancing.py": "balancing in several modules of the family",
}
"""Tests of more than one module, and what they are about."""


@pytest.mark.parametrize("path", TESTS, ids=str)
def test_a_test_is_named_for_its_module(path: Path) -> None:
    """`tests/config/test_differences.py` tests `lvscf/config/differences.py`, or a family as a whole."""
    folder = ROOT / "lvscf" / ("linter" if path.parts[0] == "rules" else "") / path.parent
    stem = path.stem.removeprefix("test_")

    is_module = (folder / f"{stem}.py").exists()
    is_family = folder.name == stem
    assert (is_module or is_family) != (path.as_posix() in WIDER)


def test_wider_tests_are_there() -> None:
    """The list above names no test that is gone."""
    assert WIDER.keys() <= {path.as_posix() for path in TESTS}


@pytest.mark.parametrize("path", TESTS, ids=str)
def test_no_helper_is_in_a_test(path: Path) -> None:
    """What several tests need is in `conftest.py` or in a module without tests."""
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    imported = [
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module is not None
    ]

    assert not [name for name in imported if name.rpartition(".")[2].startswith("test_")]
