"""The plan of a conversion: everything that is decided, before anything is written.

The files are written from it, and so are the notes: neither decides anything again.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from attrs import field

from lvscf.config.model import Config, FailoverService, RealServer, Service, VirtualServer
from lvscf.keepalived.addresses import Address, Omitted, active_services, addresses, interface
from lvscf.keepalived.checks import Check, Form, check_of, scripted
from lvscf.keepalived.scripts import (
    NamedScripts,
    command_words,
    is_plain,
    named,
)
from lvscf.keepalived.services import BalancedService, Omission, Services, services, uses_scripts
from lvscf.keepalived.targets import Target
from lvscf.piranha.limits import LARGEST_PORT, LONGEST_SECONDS, MOST_COMMAND_WORDS
from lvscf.piranha.values import UNSET_ADDRESS
from lvscf.shared import ipv4
from lvscf.shared.records import evolved, record

Role = Literal["primary", "backup"]

PRIORITIES: dict[Role, int] = {"primary": 150, "backup": 100}
LONGEST_ADVERT = 255
"""The largest `advert_int` of VRRP version 2, in seconds."""


@record
class Options:
    """What the user chose."""

    target: Target
    roles: tuple[Role, ...] = ("primary", "backup")
    """The routers that files are wanted for."""
    is_native: bool = False
    """Whether to use HTTP_GET where it fits."""
    interface: str | None = None
    vrid: int = 51
    is_multicast: bool = False
    does_preempt: bool = False


@record
class Command:
    """`active_cmd` or `inactive_cmd`."""

    directive: str
    words: tuple[str, ...]

    @property
    def trouble(self) -> str | None:
        """Why pulse could not run it; None if it could."""
        if not self.words or not self.words[0].startswith("/"):
            return "its path is not absolute"
        if len(self.words) > MOST_COMMAND_WORDS:
            return f"it has more than {MOST_COMMAND_WORDS} words"
        return None

    @property
    def is_plain(self) -> bool:
        """Whether keepalived can hold it as it is."""
        return all(map(is_plain, self.words))


@record
class Guarded:
    """A failover service, and how it is checked."""

    service: FailoverService
    vip: str
    check: Check


@record(slots=False)
class Plan:
    """What will be written."""

    written: Config
    """The values as written."""
    config: Config
    """The values with Piranha's defaults."""
    options: Options
    addresses: tuple[Address, ...]
    omitted_addresses: tuple[Omitted, ...]
    interface: str | None
    """The device for VRRP; None without VRRP."""
    is_guess: bool
    """Whether the interface was chosen without a VIP in the routers' network."""
    services: Services
    guarded: tuple[Guarded, ...]
    scripts: NamedScripts = field(repr=False)

    def is_written(self, service: Service, directive: str) -> bool:
        """Whether lvs.cf has a directive in a block of `config`, which has all defaults."""
        return getattr(self._as_written[id(service)], directive) is not None

    @cached_property
    def _as_written(self) -> dict[int, Service]:
        """The services without defaults, by the identity of those with them."""
        pairs = zip(self.config.services, self.written.services, strict=True)
        return {id(effective): written for effective, written in pairs}

    @property
    def is_failover(self) -> bool:
        """Whether failover services are converted, not virtual servers."""
        return self.config.service == "fos"

    @property
    def is_pair(self) -> bool:
        """Whether there are two routers."""
        return is_pair(self.config)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The routers that files are written for."""
        return self.options.roles if self.is_pair else ("primary",)

    @property
    def has_vrrp(self) -> bool:
        """Whether there is a VRRP instance."""
        return self.is_pair and self.interface is not None

    @property
    def advert_interval(self) -> int:
        """Seconds between advertisements."""
        keepalive, deadtime = self.config.keepalive or 0, self.config.deadtime or 0
        wanted = keepalive if deadtime == 3 * keepalive else round(deadtime / 3)
        return max(1, min(LONGEST_ADVERT, wanted))

    @property
    def takeover_seconds(self) -> float:
        """Seconds of silence after which the backup router takes over."""
        return 3 * self.advert_interval + (256 - PRIORITIES["backup"]) / 256

    @property
    def tracked(self) -> tuple[str, ...]:
        """Devices whose loss moves the addresses, besides the interface itself."""
        if not self.has_vrrp or not self.config.monitor_links:
            return ()
        devices = dict.fromkeys(one.device for one in self.addresses)
        return tuple(device for device in devices if device != self.interface)

    @property
    def sync_daemon(self) -> tuple[str, int] | None:
        """Device and id of the synchronisation of connections; None without it."""
        config = self.config
        if not config.syncdaemon or self.is_failover or not self.has_vrrp:
            return None
        device = config.syncd_iface or "eth0"
        return (device, (config.syncd_id or 0) & 255) if is_plain(device) else None

    @property
    def timeouts(self) -> dict[str, int]:
        """The IPVS timeouts to set, by directive; empty if ipvsadm rejects one of them."""
        if self.is_failover:
            return {}
        found = {name: getattr(self.config, name) or 0 for name in TIMEOUTS}
        if not all(0 <= seconds <= LONGEST_SECONDS for seconds in found.values()):
            return {}
        return found if any(found.values()) else {}

    @property
    def sets_timeouts_by_script(self) -> bool:
        """Whether only `ipvsadm --set` can set the timeouts."""
        target = self.options.target
        works = target.sets_timeouts_alone or (
            target.sets_timeouts and self.sync_daemon is not None
        )
        return bool(self.timeouts) and not works

    @property
    def commands(self) -> tuple[Command, ...]:
        """`active_cmd` and `inactive_cmd`, as far as they are set and used."""
        if self.is_failover:
            return ()
        found = []
        for directive in ("active_cmd", "inactive_cmd"):
            command = getattr(self.config, directive)
            if command is not None:
                found.append(Command(directive, command_words(command)))
        return tuple(found)

    @property
    def converted_commands(self) -> dict[str, Command]:
        """The commands that VRRP will call, by directive."""
        if not self.has_vrrp:
            return {}
        return {one.directive: one for one in self.commands if one.trouble is None}

    @property
    def needs_master_script(self) -> bool:
        """Whether `notify_master` calls a script of its own, not `active_cmd` itself."""
        active = self.converted_commands.get("active_cmd")
        by_script = self.has_vrrp and self.sets_timeouts_by_script
        return by_script or (active is not None and not active.is_plain)

    @cached_property
    def omissions(self) -> dict[int, Omission]:
        """What is left out, by the identity of the real server, else of the virtual server."""
        return {id(one.server or one.virtual): one for one in self.services.omitted}

    @property
    def quiesced(self) -> tuple[BalancedService, ...]:
        """The services whose failed servers stay in the table with weight 0."""
        return tuple(one for one in self.services.balanced if one.virtual.quiesce_server)

    @property
    def kernel_settings(self) -> dict[str, int]:
        """The sysctl settings that the routers need."""
        settings: dict[str, int] = {}
        if self.services.balanced and self.config.network == "nat":
            settings["net.ipv4.ip_forward"] = 1
        if any(one.entry.persistent for one in self.quiesced):
            settings["net.ipv4.vs.expire_quiescent_template"] = 1
        return settings

    @property
    def safe_last(self) -> BalancedService | None:
        """The virtual server to write last, for releases that may crash on the scripts of one."""
        if not self.options.target.may_crash_on_scripts:
            return None
        safe = [one for one in self.services.balanced if one.check.form is Form.TCP]
        return safe[-1] if safe else None

    @property
    def uses_scripts(self) -> bool:
        """Whether keepalived runs any program."""
        return (
            uses_scripts(self.services.balanced)
            or bool(self.converted_commands)
            or (self.has_vrrp and (bool(self.guarded) or self.sets_timeouts_by_script))
        )


TIMEOUTS = ("tcp_timeout", "tcpfin_timeout", "udp_timeout")


def is_pair(config: Config) -> bool:
    """Whether a configuration with effective values has two routers."""
    return bool(config.backup_active) and config.backup != UNSET_ADDRESS


def plan(written: Config, options: Options) -> Plan:
    """Decide everything about a conversion."""
    config = written.effective
    kept, omitted = addresses(config)
    guess = interface(config, kept)
    device = options.interface or (guess[0] if guess else None)
    balanced = services(config, options.is_native, options.target)
    guarded = tuple(_guarded(config, options.target))
    wanted = [
        (one.check.script, one.virtual.name)
        for one in balanced.balanced
        if one.check.script is not None
    ]
    wanted += [
        (one.check.script, one.service.name) for one in guarded if one.check.script is not None
    ]
    return Plan(
        written,
        config,
        options,
        kept,
        omitted,
        device if is_pair(config) else None,
        options.interface is None and guess is not None and not guess[1],
        balanced,
        guarded,
        named(wanted),
    )


def _guarded(config: Config, target: Target) -> Iterator[Guarded]:
    """The failover services that are converted, each with a check that is a script."""
    if config.service != "fos":
        return
    for service in active_services(config):
        if not isinstance(service, FailoverService) or service.address is None:
            continue
        check = check_of(service, False, target)
        if (service.timeout or 0) <= 0 or not 0 < (service.port or 0) <= LARGEST_PORT:
            check = evolved(check, form=Form.NONE, script=None)
        elif check.form is Form.TCP:
            connects = scripted(check.health)
            if check.trouble is not None or check.has_own_monitor:
                connects = evolved(connects, send=None, expect=None, is_regex=False, words=())
            check = Check(
                Form.SCRIPT,
                check.health,
                connects,
                None,
                check.trouble,
                check.has_own_monitor,
            )
        yield Guarded(service, service.address.address, check)


def host_names(config: Config) -> Iterator[tuple[Config | Service | RealServer, str, str]]:
    """The addresses in use that are host names, each with its owner and directive.

    Args:
        config: effective values.
    """
    if is_pair(config):
        for directive in ("primary", "backup"):
            yield from _if_host_name(config, directive, getattr(config, directive))
    for service in active_services(config):
        if service.address is not None:
            yield from _if_host_name(service, "address", service.address.address)
        if isinstance(service, VirtualServer):
            for server in service.servers:
                if server.active:
                    yield from _if_host_name(server, "address", server.address)
    if config.service == "lvs" and config.network == "nat" and config.nat_router is not None:
        yield from _if_host_name(config, "nat_router", config.nat_router.address)


def _if_host_name(
    owner: Config | Service | RealServer, directive: str, address: str | None
) -> Iterator[tuple[Config | Service | RealServer, str, str]]:
    if address is not None and ipv4.number(address) is None:
        yield owner, directive, address
