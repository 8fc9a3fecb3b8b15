"""Notes about health checks and failover services."""

from collections.abc import Iterator

from lvscf.config.model import FailoverService, Service
from lvscf.keepalived.checks import LONGEST_TIMEOUT, Check, Form
from lvscf.keepalived.notes import ERROR, INFO, WARNING, NoteMaker
from lvscf.keepalived.plan import Plan
from lvscf.keepalived.values import Kept, Note
from lvscf.piranha.limits import LARGEST_PORT
from lvscf.shared.plurals import counted

_MANY_SERVERS = 100
_SHORT_TIMEOUT = 5
_IGNORED_BY_FOS = (
    "reentry", "load_monitor", "quiesce_server", "use_regex", "scheduler", "persistent", "pmask",
    "fwmark", "sorry_server",
)  # fmt: skip


def notes(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    """All notes of this module."""
    yield from _failover(plan, make)
    yield from _unchecked(plan, make)
    yield from _empty_datagrams(plan, make)
    yield from _own_monitors(plan, make)
    yield from _never_worked(plan, make)
    yield from _programs(plan, make)
    yield from _native(plan, make)
    yield from _cost(plan, make)
    yield from _limits(plan, make)
    yield from _ignored(plan, make)


def _checked(plan: Plan) -> list[tuple[Service, Check]]:
    pairs: list[tuple[Service, Check]] = [
        (one.virtual, one.check) for one in plan.services.balanced
    ]
    return pairs + [(one.service, one.check) for one in plan.guarded]


def _failover(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    if not plan.guarded:
        return
    services = [one.service for one in plan.guarded]
    if not plan.has_vrrp:
        yield make.note(
            "N24", WARNING, services[0], ("start_cmd", "address"),
            "Failover services (`service = fos`) on a single router: keepalived holds their "
            "addresses, but starts and checks nothing.",
            "start the services when the router boots",
            others=services[1:], kept=Kept.DROPPED,
        )  # fmt: skip
        return
    yield make.note(
        "N24", WARNING, services[0], ("start_cmd", "address"),
        "Failover services (`service = fos`): the active router checks its own services, and "
        "yields after two failed checks if the other router is there. Under Piranha the backup "
        "router checked those of its partner.",
        "try it: stop a service on the active router, and see the addresses move",
        others=services[1:],
    )  # fmt: skip
    lacking = [one for one in services if one.start_cmd is None or one.stop_cmd is None]
    if lacking:
        yield make.note(
            "N24", WARNING, lacking[0], "start_cmd" if lacking[0].start_cmd is None else "stop_cmd",
            "A failover service lacks `start_cmd` or `stop_cmd`; fos then runs whatever it finds "
            "in memory. The scripts run nothing for it.",
            "complete the scripts `start-services` and `stop-services`",
            others=lacking[1:],
        )  # fmt: skip


def _unchecked(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    """Failover services with values that nanny cannot work with."""
    services = [one.service for one in plan.guarded]
    endless = [one for one in services if (one.timeout or 0) <= 0]
    if endless:
        yield make.note(
            "N31", ERROR, endless[0], "timeout",
            "A failover service is not checked because of its `timeout`: with 0, nanny crashes and "
            "the services move back and forth; with less, it checks only once.",
            "set `timeout` to some seconds and convert again",
            others=endless[1:], kept=Kept.DROPPED,
        )  # fmt: skip
    odd = [one for one in services if not 0 < (one.port or 0) <= LARGEST_PORT]
    if odd:
        yield make.note(
            "N19", ERROR, odd[0], "port",
            f"A failover service is not checked, because `port` is not from 1 to {LARGEST_PORT}: "
            "nanny never finds it up.",
            "name the port that the service listens on",
            others=odd[1:], kept=Kept.DROPPED,
        )  # fmt: skip


def _empty_datagrams(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    some = [
        service
        for service, check in _checked(plan)
        if check.script is not None and check.script.is_udp and check.script.send == ""
    ]
    if some:
        yield make.note(
            "N34", ERROR, some[0], "send",
            "nanny sends an empty datagram to check this service, which a script in bash cannot: "
            "its servers will be down.",
            "write what the servers answer to into `send`, and convert again",
            others=some[1:], kept=Kept.DROPPED,
        )  # fmt: skip


def _own_monitors(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    some = [service for service, check in _checked(plan) if check.has_own_monitor]
    if some:
        yield make.note(
            "N17", ERROR, some[0], "client_monitor",
            "`client_monitor` is not nanny, so what it checks is unknown; the conversion only "
            "checks whether the server accepts a connection (and, with UDP, nothing).",
            "write a script that exits with 0 if the server is up, and use it as the check",
            others=some[1:],
        )  # fmt: skip


def _never_worked(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    groups: dict[str, list[tuple[Service, Check]]] = {}
    for service, check in _checked(plan):
        if check.trouble is not None:
            groups.setdefault(check.trouble.reason, []).append((service, check))
    for reason, some in groups.items():
        first, check = some[0]
        instead = (
            "Now the servers are not checked"
            if check.health.is_udp
            else "Now a server is up if it accepts a connection"
        )
        directive = check.trouble.directive if check.trouble else "expect"
        yield make.note(
            "N19", ERROR, first, (directive, "expect", "send", "send_program"),
            f"The health check never worked under Piranha: {reason}. {instead}.",
            "decide what a good server answers, correct lvs.cf and convert again",
            others=[service for service, _ in some[1:]], kept=Kept.DROPPED,
        )  # fmt: skip


def _programs(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    some = [
        service
        for service, check in _checked(plan)
        if check.script is not None and check.script.words
    ]
    if some:
        yield make.note(
            "N20", WARNING, some[0], "send_program",
            "A `send_program` that is missing or exits with another status than 0 now means that "
            "the server is down; nanny counted it as up. It is also ended after twice `timeout` "
            "and a second.",
            "install the programs on both routers, and make sure that they exit with 0",
            others=some[1:],
        )  # fmt: skip


def _native(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    if not plan.options.is_native:
        return
    some = [one.virtual for one in plan.services.balanced if one.check.form is Form.HTTP]
    if some:
        yield make.note(
            "N21", INFO, some[0], ("send", "expect"),
            "keepalived's own HTTP_GET makes this check: it reads the whole answer and its status "
            "line, where nanny compared the first bytes.",
            "`--checks exact` keeps nanny's comparison",
            others=some[1:], kept=Kept.NEAR,
        )  # fmt: skip
    elif not plan.options.target.checks_http and plan.services.balanced:
        yield make.note(
            "N21", INFO, plan.services.balanced[0].virtual, ("send", "expect"),
            f"The HTTP_GET of keepalived {plan.options.target.name} does not take ranges of status "
            "codes, so the checks are scripts.",
            kept=Kept.EXACT,
        )  # fmt: skip


def _cost(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    scripted = [one for one in plan.services.balanced if one.check.form is Form.SCRIPT]
    often = [one for one in scripted if (one.virtual.timeout or 0) <= _SHORT_TIMEOUT]
    count = sum(len(one.servers) for one in often)
    if count >= _MANY_SERVERS:
        yield make.note(
            "N22", INFO, often[0].virtual, "timeout",
            f"Scripts check {counted(count, 'real server')} at least every {_SHORT_TIMEOUT} s; "
            "each check starts some processes on both routers.",
            "use `--checks native`, or a longer `timeout`",
            kept=Kept.EXACT,
        )  # fmt: skip
    balanced = plan.services.balanced
    if not plan.options.target.may_crash_on_scripts or plan.safe_last is not None or not balanced:
        return
    last = balanced[-1]
    if last.check.form is Form.SCRIPT and len(last.servers) > 1:
        yield make.note(
            "N23", WARNING, last.virtual, ("expect", "send_program"),
            "The checker of keepalived 1.2.13 to 1.2.19 may crash again and again, because the "
            "last virtual server has several MISC_CHECKs.",
            "use keepalived 1.2.20 or later, or put a virtual server with TCP_CHECK last",
            kept=Kept.NEAR,
        )  # fmt: skip


def _limits(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    some = [
        one.virtual
        for one in plan.services.balanced
        if one.check.form is not Form.NONE
        and (one.virtual.timeout or 0) * (2 if one.check.form is Form.SCRIPT else 1)
        >= LONGEST_TIMEOUT
    ]
    if some:
        yield make.note(
            "N32", WARNING, some[0], "timeout",
            f"The timeout of a check is {LONGEST_TIMEOUT} s at most in keepalived, and `timeout` "
            "is longer. The interval is kept.",
            "use a `timeout` of some seconds: it is how long a dead server keeps its clients",
            others=some[1:], kept=Kept.NEAR,
        )  # fmt: skip


def _ignored(plan: Plan, make: NoteMaker) -> Iterator[Note]:
    """Directives in failover blocks that fos never passes to nanny."""
    if not plan.is_failover:
        return
    written: dict[str, FailoverService] = {}
    for one in plan.guarded:
        for name in _IGNORED_BY_FOS:
            if plan.is_written(one.service, name):
                written.setdefault(name, one.service)
    if written:
        first = next(iter(written))
        listed = ", ".join(f"`{name}`" for name in written)
        yield make.note(
            "N26", INFO, written[first], first,
            f"In failover blocks Piranha ignores some directives, which are left out: {listed}.",
            kept=Kept.EXACT,
        )  # fmt: skip
