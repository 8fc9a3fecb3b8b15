"""A program that uses most of the library; type checkers must find nothing wrong with it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import evolve

import lvscf
from lvscf import Config, Document, FailoverService, Finding, RealServer, Severity, VirtualServer


def read(path: Path) -> Config:
    try:
        return lvscf.load(path)
    except lvscf.RefusedError as error:
        place: tuple[str, int, int] = (error.filename, error.line, error.column)
        raise SystemExit(f"{place}: {error.message}") from error


def servers(config: Config) -> list[str]:
    names: list[str] = []
    for virtual in config.effective.virtual_servers:
        address = virtual.address
        vip: str | None = address.address if address is not None else None
        names += [f"{vip}:{virtual.port} {one.name} {one.weight or 1}" for one in virtual.servers]
    return names


def drained(config: Config, name: str) -> Config:
    def without(virtual: VirtualServer) -> VirtualServer:
        kept: tuple[RealServer, ...] = tuple(one for one in virtual.servers if one.name != name)
        return evolve(virtual, servers=kept)

    return evolve(config, virtual_servers=tuple(map(without, config.virtual_servers)))


def built() -> str:
    one = RealServer("one", address="10.10.1.31", active=True, weight=2)
    vip = lvscf.AddressOnDevice("10.10.1.20", "eth0:1")
    web = VirtualServer(name="web", active=True, address=vip, port=80, servers=(one,))
    disk = FailoverService("disk", start_cmd='"/etc/init.d/nfs start"')
    return lvscf.dumps(Config(keepalive=6, virtual_servers=(web,), failover_services=(disk,)))


def changed(path: str) -> Document:
    document = lvscf.parse(Path(path).read_bytes(), path)
    after: Document = document.with_value("virtual web/server one/weight", 3)
    after = after.with_value("virtual web/address", lvscf.AddressOnDevice("10.10.1.20", "eth0:1"))
    after = after.with_value("virtual web/reentry", None)
    config: Config = after.config.with_value("keepalive", 6)
    weight = config.value_at("virtual web/server one/weight")
    if isinstance(weight, int) and weight > 1:
        lvscf.write(after.replace(config), path, before=document)
    return after.formatted(gui_safe=True)


def linted(path: str) -> int:
    report: lvscf.LintedFile = lvscf.lint_file(path, settings_file=Path("lvscf.toml"))
    worst: Severity = max((one.severity for one in report.findings), default=Severity.INFO)
    if report.settings_file is not None and worst >= report.settings.fail_on:
        fixed: lvscf.Fixed = lvscf.fix(
            report.document, report.cluster, report.settings, pair=report.pair, unsafe=True
        )
        show(fixed.remaining)
    return int(report.failed)


def show(findings: Iterable[Finding]) -> None:
    for finding in findings:
        span: lvscf.Span = finding.span
        print(f"{span.filename}:{span.line}:{span.column}", finding.severity.label, finding.message)
        related: Sequence[lvscf.Related] = finding.related
        print(len(related), finding.fix.edits[0].text if finding.fix else "")


def evidence(text: str) -> list[int | None]:
    firewall = lvscf.firewall.parse(text, "iptables")
    given = lvscf.Evidence("router", "10.10.1.21", "firewall", firewall)
    settings = lvscf.Settings(select=("LVS4",), severity={"LVS401": Severity.INFO})
    show(lvscf.lint(lvscf.parse(""), lvscf.Cluster((given,)), settings))
    packet = lvscf.firewall.Packet("tcp", "10.10.1.20", 80)
    return [outcome.mark for outcome in firewall.trace(packet)]
