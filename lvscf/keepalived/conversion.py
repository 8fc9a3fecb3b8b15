"""The conversion as a whole: from a document to the files of each router, and the notes."""

from collections.abc import Iterable, Iterator

from lvscf.config.model import Config
from lvscf.document import Document, RefusedError
from lvscf.keepalived import check_notes, migration, router_file, router_notes, service_notes
from lvscf.keepalived.maker import made_from
from lvscf.keepalived.notes import NoteMaker
from lvscf.keepalived.plan import Options, Plan, Role, host_names, plan
from lvscf.keepalived.provenance import Provenance, keyword_of, provenance
from lvscf.keepalived.role_scripts import role_scripts
from lvscf.keepalived.targets import target as target_named
from lvscf.keepalived.values import SCRIPT_MODE, Conversion, File, Note, UnconvertibleError
from lvscf.source import Source, displayable, quoted

DEFAULT_TARGET = "2.2"
ROUTERS = ("all", "primary", "backup")
CHECKS = ("exact", "native")


def convert(
    document: Document | Config,
    *,
    router: str = "all",
    target: str = DEFAULT_TARGET,
    checks: str = "exact",
    interface: str | None = None,
    vrid: int = 51,
    multicast: bool = False,
    preempt: bool = False,
) -> Conversion:
    """Return what each router needs under keepalived to do what it did under Piranha.

    The result is measured: with a real kernel, the IPVS table, the addresses, the timeouts and the
    sync daemon are those of Piranha unless a note of severity error says otherwise.  Nothing is
    read, written or resolved.

    Args:
        document: the lvs.cf, as `lvscf.parse` returns it; the notes of a `Config` that no document
            holds have no places.
        router: `primary`, `backup`, or `all` for both; without a backup router, there is one.
        target: keepalived's version (`2.2`), or a distribution: rhel6 to rhel9, debian12.
        checks: `exact` for scripts that do what nanny does; `native` for keepalived's own HTTP
            check where it comes close.
        interface: the device for VRRP; by default, that of the first VIP in the network of
            `primary`.
        vrid: the virtual router id, from 1 to 255.
        multicast: whether the routers send VRRP to the multicast group, not to each other.
        preempt: whether the primary router takes the addresses back when it returns.

    Raises:
        RefusedError: Piranha's reader would reject the file.
        UnconvertibleError: an address in use is a host name.
        ValueError: an argument has no such value.
        TypeError: `document` is neither a document nor a configuration.
    """
    options = Options(
        target_named(target),
        _roles(router),
        _is_native(checks),
        _interface(interface),
        _vrid(vrid),
        multicast,
        preempt,
    )
    config, source = readable(document)
    known = provenance(config, source)
    check_addresses(config, known)
    made = plan(config, options)
    if router == "backup" and not made.is_pair:
        raise UnconvertibleError(
            f"{known.name} has no active backup router, so there are no files for one"
        )
    notes = _notes(made, known)
    return Conversion(
        dict(_files(made, known, notes)),
        notes,
        target,
        source.filename if source is not None else known.name,
    )


def readable(document: Document | Config) -> tuple[Config, Source | None]:
    """The values of a document that Piranha loads, and the text that they come from.

    Raises:
        RefusedError: Piranha's reader would reject the file.
        TypeError: it is neither a document nor a configuration.
    """
    if isinstance(document, Config):
        return document, None
    if not isinstance(document, Document):
        raise TypeError(
            "a Document is needed, as lvscf.parse(text) returns it, or a Config, not "
            f"{type(document).__name__}"
        )
    if document.refusal is not None:
        raise RefusedError(document.refusal, document.filename)
    return document.config, document.source


def check_addresses(config: Config, known: Provenance) -> None:
    """Check that no address in use is a host name.

    Raises:
        UnconvertibleError: one is.
    """
    for owner, directive, name in host_names(config.effective):
        place = known.remark(owner, directive) or known.name
        block = "" if isinstance(owner, Config) else f" of {keyword_of(owner)} {quoted(owner.name)}"
        raise UnconvertibleError(
            f"{place}: `{directive}`{block} is the host name {quoted(name)}; lvscf resolves no "
            "names, so write its address"
        )


def _roles(router: str) -> tuple[Role, ...]:
    if router == "all":
        return ("primary", "backup")
    if router == "primary":
        return ("primary",)
    if router == "backup":
        return ("backup",)
    raise ValueError(f"{quoted(str(router))} is not a router; choose from {', '.join(ROUTERS)}")


def _is_native(checks: str) -> bool:
    if checks not in CHECKS:
        raise ValueError(f"checks are {' or '.join(CHECKS)}, not {quoted(str(checks))}")
    return checks == "native"


def _interface(name: str | None) -> str | None:
    if name is None:
        return None
    if not 1 <= len(name) <= 15 or not name.isascii() or not name.isprintable():
        raise ValueError(f"{quoted(name)} is not the name of a device")
    if not set(" /:\"'#!{}$~@\\").isdisjoint(name):
        raise ValueError(f"{quoted(name)} is not the name of a device, such as eth0")
    return name


def _vrid(vrid: int) -> int:
    if isinstance(vrid, bool) or not isinstance(vrid, int) or not 1 <= vrid <= 255:
        raise ValueError(f"a virtual router id is from 1 to 255, not {vrid}")
    return vrid


def _notes(made: Plan, known: Provenance) -> tuple[Note, ...]:
    """All notes, in the order of the lvs.cf."""
    make = NoteMaker(known)
    found: list[Note] = []
    for module in (router_notes, service_notes, check_notes):
        found += module.notes(made, make)
    return in_order(found)


def in_order(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Notes in the order of the lvs.cf."""
    return tuple(sorted(notes, key=lambda note: (note.span.start if note.span else 0, note.code)))


def _files(made: Plan, known: Provenance, notes: tuple[Note, ...]) -> Iterator[tuple[str, File]]:
    origin = made_from(known.name)
    for role in made.roles:
        head = (
            f"keepalived.conf of the {role} router, {origin}",
            f"for keepalived {displayable(made.options.target.title)}. NOTES.md says what changes.",
        )
        yield f"{role}/keepalived.conf", File(router_file.text(made, role, known, head))
        for name, text in role_scripts(made, known, origin):
            yield f"{role}/checks/{name}", File(text, SCRIPT_MODE)
        settings = made.kernel_settings
        if settings:
            lines = [f"# Kernel settings of the {role} router, {origin}"]
            lines += [f"{name} = {value}" for name, value in settings.items()]
            yield f"{role}/sysctl.conf", File("\n".join(lines) + "\n")
    made_by = (
        f"This folder was {made_from(f'`{known.name}`')}, for keepalived "
        f"{displayable(made.options.target.title)}."
    )
    yield "NOTES.md", File(migration.text(made, notes, known, made_by))
