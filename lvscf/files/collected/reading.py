"""From the files of a collection to the host that they show."""

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from attrs import evolve, field

from lvscf.files.archive import understood
from lvscf.files.collected import identity, members
from lvscf.files.collected.collection import Collection
from lvscf.files.errors import FileError
from lvscf.hosts.host import Host, joined
from lvscf.hosts.kernel_settings import KernelSettings
from lvscf.hosts.reading import UnknownTextError, first_words, read
from lvscf.shared.records import record

_RULES = (members.IPTABLES, members.ARPTABLES)
_OTHERS = (
    members.NFTABLES, members.IP_SETS, members.SYSCTL, members.ADDRESSES, members.BOOT_ADDRESSES,
    members.ROUTES, members.RULES_OF_ROUTING, members.LISTENING, members.IPVS, members.BOOT,
    members.MODULES, members.RELEASE,
)  # fmt: skip
_CERTAIN = (members.SYSCTL, members.ADDRESSES, members.ROUTES, members.LISTENING)
"""What is in such a file, or is a mistake; others may be in a form that lvscf does not read."""
_UNNAMED = (members.BOOT_ADDRESSES, members.MODULES, members.RELEASE)
"""What the table for people leaves out."""
_LOOPBACK = "127."
_NATIVE = re.compile(
    rb"^table (?!(?:ip6?|arp|bridge) (?:filter|nat|mangle|raw|security|broute) ?\{)", re.MULTILINE
)
"""A table of nftables that iptables-nft does not make, and so does not show."""


@record(slots=False)
class CollectedHost:
    """A host that was collected, before it is known which one of an lvs.cf it is."""

    collection: Collection
    complain: Callable[[FileError], None] = field(repr=False)
    """Called once for each unusable file."""

    @property
    def path(self) -> str:
        """The archive or the folder, as it was named."""
        return self.collection.path

    @cached_property
    def lvs_cf(self) -> str | None:
        """The path of its lvs.cf below the top folder; None if it has none."""
        return next(iter(self._paths(members.LVS_CF)), None)

    @cached_property
    def addresses(self) -> frozenset[str] | None:
        """Its IPv4 addresses, without those of the loopback network; None if not known.

        Those set at boot count only if the running ones are missing.
        """
        if not self.files:
            return None
        found = (one.address for one in joined(self.files).present_addresses)
        return frozenset(one for one in found if not one.startswith(_LOOPBACK)) or None

    @cached_property
    def host_name(self) -> str:
        """What the host calls itself; empty if it is not known."""
        for path in self._paths(members.HOST_NAME):
            words = self._text(path).split()
            if words:
                return words[0]
        return ""

    @property
    def is_cleaned(self) -> bool:
        """Whether its addresses may have been replaced, by `sos clean` or `sosreport --mask`."""
        return "obfuscated" in self.path or identity.are_replaced(self.addresses or ())

    @cached_property
    def files(self) -> tuple[Host, ...]:
        """What each of its files shows.

        If one of the files with rules cannot be understood, the others are incomplete evidence,
        and no rules are known.
        """
        shown: list[Host] = []
        complete = True
        for kind in _RULES:
            for path in self._rule_files(kind):
                try:
                    host = understood(
                        self._content(path), self.collection.name_of(path), _table_of(path)
                    )
                except FileError as error:
                    self.complain(error)
                    complete = False
                    continue
                if kind == members.ARPTABLES:  # an empty file says nothing about iptables
                    host = evolve(host, firewalls=())
                shown.append(host)
        others = [*self._others()]
        if not complete or self.has_unread_rules:
            shown = [evolve(one, firewalls=(), arp_filters=()) for one in shown]
        unseen = members.unseen_tables(self.collection.files)
        if unseen:
            shown = [evolve(one, unseen_tables=unseen) for one in shown]
        return (*shown, *others)

    @cached_property
    def has_unread_rules(self) -> bool:
        """Whether there are rules that were made with nft itself, and that could not be read."""
        for path in self._paths(members.NFTABLES):
            content = self._content(path)
            if _NATIVE.search(content) and not self._shows_rules(path):
                return True
        return False

    def _shows_rules(self, path: str) -> bool:
        try:
            return bool(read(self._content(path), self.collection.name_of(path)).firewalls)
        except UnknownTextError:
            return False

    @cached_property
    def found(self) -> tuple[str, ...]:
        """The kinds of evidence that lvscf has read, for people."""
        kinds: list[str] = []
        evidence = self.collection.evidence
        for kind in (members.LVS_CF, *_RULES, *_OTHERS):
            if kind == members.IPTABLES and kind not in evidence:
                kind, shown = members.SAVED_IPTABLES, "iptables (as saved)"
            elif kind == members.SYSCTL and self._are_of_boot:
                shown = "kernel settings (at boot)"
            elif kind == members.NFTABLES and self.has_unread_rules:
                shown = "nftables (not read, so rules are unknown)"
            else:
                shown = kind
            if kind in evidence and kind not in _UNNAMED:
                kinds.append(shown)
        return tuple(kinds)

    def _rule_files(self, kind: str) -> tuple[str, ...]:
        """The files with rules: the running ones, else the saved ones."""
        if kind == members.IPTABLES:
            return self._paths(kind) or self._paths(members.SAVED_IPTABLES)
        return self._paths(kind)

    def _others(self) -> Iterator[Host]:
        for kind in _OTHERS:
            paths = self._paths(kind)
            if kind == members.SYSCTL and paths and paths[0].startswith("proc/sys/"):
                files = {path: self.collection.files[path] for path in paths}
                text = members.settings_text(files)
                yield read(text, self.collection.name_of("proc/sys/net"))
                continue
            for path in paths:
                host = self._other(kind, path)
                if host is not None:
                    yield host

    def _other(self, kind: str, path: str) -> Host | None:
        """What a file other than rules shows; None if it shows nothing."""
        content, name = self._content(path), self.collection.name_of(path)
        if first_words(self._text(path)) is None:
            return None
        try:
            host = read(content, name) if kind not in _CERTAIN else understood(content, name)
        except UnknownTextError:
            return None
        except FileError as error:
            self.complain(error)
            return None
        if kind != members.NFTABLES and (host.firewalls or host.arp_filters):
            return None
        return _at_boot(host) if kind == members.SYSCTL and path.startswith("etc/") else host

    @property
    def _are_of_boot(self) -> bool:
        return any(path.startswith("etc/") for path in self._paths(members.SYSCTL))

    def _paths(self, kind: str) -> tuple[str, ...]:
        return self.collection.evidence.get(kind, ())

    def _content(self, path: str) -> bytes:
        return members.content_of(path, self.collection.files[path])

    def _text(self, path: str) -> str:
        return self._content(path).decode("latin-1")


def _at_boot(host: Host) -> Host:
    """The settings of a sysctl.conf: they are in force after the next boot, and perhaps now."""
    lines = (evolve(line, origin="boot") for line in host.settings.lines)
    return evolve(host, settings=KernelSettings(tuple(lines)))


def _table_of(path: str) -> str | None:
    """The table that a listing shows, which only its name says."""
    found = members.match(path)
    return found.table or None if found is not None else None
