"""The table that keepalived sets up, judged by real kernels."""

from typing import Any

import pytest

import lvscf
from lvscf.config import ipvs_table
from lvscf.hosts import ipvs_listings
from lvscf.hosts.facts import IpvsListing
from lvscf.hosts.table_differences import table_differences
from lvscf.keepalived.reading.table import listing
from lvscf.keepalived.reading.view import read
from lvscf.source import Source
from tests.vectors import conversions

_OPTIONS = {"Route": "-g", "Masq": "-m", "Tunnel": "-i"}


def saved(table: IpvsListing) -> list[str]:
    """`ipvsadm -Sn`, sorted."""
    lines = []
    for one in table.services:
        letter = {"tcp": "-t", "udp": "-u"}.get(one.protocol)
        name = f"-f {one.fwmark}" if one.fwmark else f"{letter} {one.address}:{one.port}"
        line = f"-A {name} -s {one.scheduler}"
        if one.persistent:
            line += f" -p {one.persistent}"
        if one.netmask != "255.255.255.255":
            line += f" -M {one.netmask}"
        lines.append(line)
        for two in one.destinations:
            assert two.method is not None
            option = _OPTIONS[two.method]
            lines.append(f"-a {name} -r {two.address}:{two.port} {option} -w {two.weight}")
    return sorted(lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "virtual_server_group G {\n 10.10.2.1-2 80\n fwmark 7\n}\nvirtual_server group G {\n"
            " protocol TCP\n persistence_timeout\n real_server 10.10.1.31 8080 {\n  weight 2\n }\n}\n",
            [
                "-A -f 7 -s wlc -p 360",
                "-A -t 10.10.2.1:80 -s wlc -p 360",
                "-A -t 10.10.2.2:80 -s wlc -p 360",
                "-a -f 7 -r 10.10.1.31:8080 -m -w 2",
                "-a -t 10.10.2.1:80 -r 10.10.1.31:8080 -m -w 2",
                "-a -t 10.10.2.2:80 -r 10.10.1.31:8080 -m -w 2",
            ],
        ),
        (
            "virtual_server_group G {\n 10.10.2.1 80\n 10.10.2.9 81\n}\nvirtual_server group G {\n"
            " lvs_method DR\n protocol TCP\n real_server 10.10.1.31 80 {\n }\n}\n",
            [
                "-A -t 10.10.2.1:80 -s wlc",
                "-A -t 10.10.2.9:81 -s wlc",
                "-a -t 10.10.2.1:80 -r 10.10.1.31:80 -g -w 1",
                "-a -t 10.10.2.9:81 -r 10.10.1.31:81 -g -w 1",
            ],
        ),
        (
            "virtual_server 10.10.1.20 81 {\n protocol TCP\n lvs_method NAT\n"
            " real_server 10.10.1.31 8080 {\n  weight 0\n }\n real_server 10.10.1.32 {\n }\n"
            " real_server 10.10.1.33 81 {\n  lvs_method TUN\n }\n}\n",
            [
                "-A -t 10.10.1.20:81 -s wlc",
                "-a -t 10.10.1.20:81 -r 10.10.1.31:8080 -m -w 0",
                "-a -t 10.10.1.20:81 -r 10.10.1.32:81 -m -w 1",
                "-a -t 10.10.1.20:81 -r 10.10.1.33:81 -i -w 1",
            ],
        ),
        (
            "virtual_server 10.10.1.20 80 {\n protocol TCP\n lvs_sched rr\n"
            " real_server 10.10.1.31 80 {\n }\n}\nvirtual_server 10.10.1.20 80 {\n protocol TCP\n"
            " lvs_sched wrr\n real_server 10.10.1.32 80 {\n }\n real_server 10.10.1.31 80 {\n"
            "  weight 4\n }\n}\n",
            [
                "-A -t 10.10.1.20:80 -s rr",
                "-a -t 10.10.1.20:80 -r 10.10.1.31:80 -m -w 1",
                "-a -t 10.10.1.20:80 -r 10.10.1.32:80 -m -w 1",
            ],
        ),
        (
            "virtual_server 10.10.1.20 0 {\n protocol UDP\n real_server 10.10.1.31 0 {\n }\n}\n",
            [
                "-A -u 10.10.1.20:0 -s wlc -p 360",
                "-a -u 10.10.1.20:0 -r 10.10.1.31:0 -m -w 1",
            ],
        ),
    ],
)  # fmt: skip
def test_tables_of_a_kernel(text: str, expected: list[str]) -> None:
    """What a Linux kernel held under keepalived 2.2 with these files."""
    found = read(Source(text))

    assert not found.gaps
    assert saved(listing(found)) == expected


@pytest.mark.parametrize("target", ["1.2", "1.3", "2.0", "2.1", "2.2"])
@pytest.mark.parametrize("vector", conversions(), ids=lambda vector: vector["name"])
def test_conversions_are_read_back(vector: dict[str, Any], target: str) -> None:
    """The table, addresses and labels of the lvs.cf that they were made from."""
    document = lvscf.parse(vector["lvs_cf"].encode("latin-1"), "lvs.cf")
    wanted = ipvs_table.table(document.config)

    for checks in ("exact", "native"):
        files = lvscf.keepalived.convert(document, target=target, checks=checks).files
        names = [name for name in files if name.endswith("keepalived.conf")]
        assert names
        for name in names:
            found = read(Source(files[name].text, name))
            assert not found.gaps
            assert not table_differences(wanted, listing(found))
            vips = [
                f"{one.label or one.device} {one.address}/{one.prefix}" for one in found.addresses
            ]
            assert sorted(vips) == sorted(vector["expect"]["vips"])


@pytest.mark.parametrize("vector", conversions(), ids=lambda vector: vector["name"])
def test_saved_tables_are_equal(vector: dict[str, Any]) -> None:
    """What `ipvsadm -Sn` printed under Piranha."""
    document = lvscf.parse(vector["lvs_cf"].encode("latin-1"), "lvs.cf")
    tables = ipvs_listings.read(Source("\n".join(vector["expect"]["ipvs"]))).ipvs
    found = tables[0] if tables else IpvsListing(())

    assert not table_differences(ipvs_table.table(document.config), found)
