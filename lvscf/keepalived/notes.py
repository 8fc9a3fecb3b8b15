"""The kinds of notes, and how one is made."""

from collections.abc import Iterable, Sequence

from lvscf.config.model import Config, Owner, RealServer
from lvscf.findings.finding import Related, Severity
from lvscf.keepalived.directive_table import row
from lvscf.keepalived.provenance import Provenance
from lvscf.keepalived.values import Kept, Note
from lvscf.piranha.directives import Scope
from lvscf.shared.records import record

MOST_RELATED = 3
"""More places with the same cause are counted, not shown."""

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@record
class Kind:
    """A kind of note."""

    code: str
    name: str
    severities: tuple[Severity, ...]
    """The severities that its notes may have, the usual one first."""
    title: str
    """What such notes report."""


KINDS = (
    Kind("N01", "interface-guessed", (WARNING,), "The interface for VRRP was chosen."),
    Kind("N02", "single-router", (INFO,), "There is no backup router, so no VRRP."),
    Kind("N03", "second-heartbeat-path", (WARNING,), "VRRP has no second path."),
    Kind("N04", "failover-time", (INFO, WARNING), "The time until a failover changes."),
    Kind("N05", "heartbeat-replaced", (INFO,), "Heartbeats and `hard_shutdown` are gone."),
    Kind("N06", "marked-ports", (INFO, ERROR), "NAT with a firewall mark keeps the client's port."),
    Kind("N07", "commands", (INFO, WARNING, ERROR), "`active_cmd` and `inactive_cmd`."),
    Kind("N08", "sync-daemon", (INFO, WARNING), "The sync daemon changes or is left out."),
    Kind("N09", "classful-netmask", (WARNING,), "An address without a usable netmask."),
    Kind("N10", "device-without-alias", (WARNING,), "Piranha replaced the interface's address."),
    Kind("N11", "shared-alias", (INFO,), "Two addresses on one alias."),
    Kind("N12", "second-service", (WARNING,), "A block that Piranha ignored."),
    Kind("N13", "readmission", (INFO, WARNING), "Servers return at once, with their full weight."),
    Kind("N14", "duplicate-server", (WARNING, ERROR), "A real server that is there already."),
    Kind("N15", "quiescent-templates", (INFO,), "Persistence and quiesced servers."),
    Kind("N16", "load-monitor", (WARNING, INFO), "Weights no longer follow the load."),
    Kind("N17", "own-monitor", (ERROR,), "A `client_monitor` that is not nanny."),
    Kind("N18", "both-routers-balance", (INFO, WARNING), "Both routers check and hold the table."),
    Kind("N19", "check-never-worked", (ERROR,), "A health check that never worked."),
    Kind("N20", "program-exit-status", (WARNING,), "A failing `send_program` now means down."),
    Kind("N21", "native-check", (INFO,), "A check by keepalived itself."),
    Kind("N22", "many-scripts", (INFO,), "Many scripts run often."),
    Kind("N23", "checker-crash", (WARNING,), "keepalived 1.2 may crash on scripts."),
    Kind("N24", "failover-services", (WARNING,), "Failover services under keepalived."),
    Kind("N25", "other-service", (INFO,), "Blocks that `service` excludes."),
    Kind("N26", "no-effect", (INFO, WARNING), "A directive without effect under Piranha."),
    Kind("N27", "timeouts-by-script", (INFO, WARNING), "IPVS timeouts for older releases."),
    Kind("N28", "persistence-mask", (ERROR,), "Clients are not grouped by `pmask`."),
    Kind("N29", "inactive-blocks", (INFO,), "Inactive blocks are left out."),
    Kind("N30", "never-loaded", (ERROR,), "A service that is not in keepalived's table."),
    Kind("N31", "ends-piranha", (ERROR,), "A value that made Piranha stop every service."),
    Kind("N32", "timeout-limit", (WARNING,), "A check timeout beyond keepalived's limit."),
    Kind("N33", "unusable-address", (ERROR,), "An address that is left out."),
    Kind("N34", "empty-datagram", (ERROR,), "A check that no script can make."),
)
"""All kinds, by code."""

_BY_CODE = {kind.code: kind for kind in KINDS}


@record
class NoteMaker:
    """Makes notes about one lvs.cf."""

    known: Provenance

    def note(
        self,
        code: str,
        severity: Severity,
        owner: Owner,
        directive: str | Sequence[str],
        message: str,
        help: str | None = None,
        *,
        others: Iterable[Owner] = (),
        kept: Kept | None = None,
    ) -> Note:
        """A note at a directive of a block, else at the block.

        Args:
            code: its kind.
            severity: one of those of its kind.
            owner: the block.
            directive: the directive that it is about; of several, the first that is written.
            message: what changes.
            help: what to do.
            others: other blocks with the same cause.
            kept: how much survives, if it is not what the table of directives says.
        """
        kind = _BY_CODE[code]
        names = (directive,) if isinstance(directive, str) else tuple(directive)
        written = next((one for one in names if self.known.place_of(owner, one)), names[0])
        related = []
        for other in tuple(others)[:MOST_RELATED]:
            span = self.known.span(other, *names)
            if span is not None:
                related.append(Related(span, "here too"))
        return Note(
            code=code,
            name=kind.name,
            severity=severity,
            message=message,
            help=help,
            span=self.known.span(owner, *names),
            related=tuple(related),
            directive=written,
            block=self.known.block_name(owner),
            kept=kept or row(_scope(owner), written).kept,
        )


def _scope(owner: Owner) -> Scope:
    if isinstance(owner, Config):
        return Scope.GLOBAL
    return Scope.SERVER if isinstance(owner, RealServer) else Scope.SERVICE
