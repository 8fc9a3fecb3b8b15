"""Base chains by hook, in the order in which packets meet them."""

from lvscf.firewall import parse
from lvscf.firewall.tracing.hooks import base_chains

TABLES = "raw", "mangle", "nat", "filter", "security"
BUILT_IN = {
    "raw": ("PREROUTING", "OUTPUT"),
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
    "security": ("INPUT", "FORWARD", "OUTPUT"),
}


def saved() -> str:
    lines = []
    for table in reversed(TABLES):
        lines.append(f"*{table}")
        lines.extend(f":{chain} ACCEPT [0:0]" for chain in BUILT_IN[table])
        lines.append("COMMIT")
    return "\n".join(lines) + "\n"


def test_the_tables_of_iptables() -> None:
    bases = base_chains(parse(saved()).tables)

    assert {hook: [base.table for base in found] for hook, found in bases.items()} == {
        "prerouting": ["raw", "mangle", "nat"],
        "input": ["mangle", "filter", "security"],
        "forward": ["mangle", "filter", "security"],
        "output": ["raw", "mangle", "nat", "filter", "security"],
        "postrouting": ["mangle", "nat"],
    }
    assert [base.tracks for base in bases["prerouting"]] == [False, True, True]


def test_chains_of_type_nat_run_together() -> None:
    """Whatever their own priority, which orders them only among themselves."""
    chain = "\tchain {0} {{\n\t\ttype {1} hook prerouting priority {2};\n\t}}\n"
    text = "".join(
        chain.format(*one)
        for one in (
            ("late", "nat", "50"),
            ("filter", "filter", "0"),
            ("early", "nat", "-190"),
            ("mangle", "filter", "mangle"),
            ("dstnat", "filter", "dstnat"),
        )
    )
    bases = base_chains(parse("table ip t {\n" + text + "}\n").tables)

    names = [base.chain for base in bases["prerouting"]]
    assert names == ["mangle", "dstnat", "early", "late", "filter"]
