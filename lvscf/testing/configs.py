"""Configurations of every kind, and changes of them."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from attrs import evolve
from hypothesis import strategies as st

from lvscf.config.model import Config, FailoverService, RealServer, VirtualServer
from lvscf.piranha import values as readers
from lvscf.piranha.directives import BY_SCOPE, Definition, Scope
from lvscf.piranha.values import AddressOnDevice
from lvscf.writing.canonical import dumps

_Owner = TypeVar("_Owner", bound=Config | VirtualServer | FailoverService | RealServer)

NAMES = st.sampled_from(["a", "b", "web-1", "x y", "x{y", "}", "é", "a'b c", "=", "#h", "\udce9"])
NUMBERS = st.sampled_from([0, 1, 80, 81, 443, -3, 2**31 - 1, -(2**31)])
TEXTS = st.sampled_from(
    ["x", "/bin/a b", "", "#", "it's", "[", "]", "é\udce9", 'a"b', "a' \"b", "\v", "= ="]
)
QUOTED = st.sampled_from(
    ['"HTTP"', '"GET / x"', "'a b'", "OK", '""', '"a""b"', '"a\\"b"', "'it\"s'", "{", '" "']
)
LISTED = st.sampled_from(["a", "/b", "a b", 'x"y', "é", "[", "}", "it's so"])
ADDRESSES = st.sampled_from(["10.0.0.1", "10.0.0.2", "host.example", "255.255.255.255"])
MASKS = st.sampled_from(["255.255.255.0", "255.255.255.255", "0.0.0.0", "10.0.0.9"])


def values(definition: Definition) -> st.SearchStrategy[Any]:
    """Values of a directive that can be written."""
    kind = definition.kind
    if kind.is_list:
        return st.lists(LISTED, max_size=4).map(tuple)
    if kind.with_device:
        devices = st.sampled_from(["eth0:1", "eth1", "a b", ""])
        return st.builds(AddressOnDevice, ADDRESSES, devices)
    if kind.choices:
        return st.sampled_from(kind.choices)
    if kind.keeps_quotes:
        return QUOTED
    by_reader: dict[Callable[[str], Any], st.SearchStrategy[Any]] = {
        readers.boolean: st.booleans(),
        readers.integer: NUMBERS,
        readers.port: NUMBERS,
        readers.unsigned: st.sampled_from([0, 5, 2**32 - 1]),
        readers.address: ADDRESSES,
        readers.router_address: ADDRESSES,
        readers.plain_address: MASKS,
        readers.netmask: MASKS,
        readers.persistence_netmask: MASKS,
    }
    return by_reader.get(kind.read, TEXTS)


@st.composite
def _said(draw: st.DrawFn, scope: Scope) -> dict[str, Any]:
    rows = draw(st.lists(st.sampled_from(list(BY_SCOPE[scope].values())), max_size=5))
    return {row.name: draw(values(row)) for row in rows}


SERVERS = st.builds(lambda name, said: RealServer(name, **said), NAMES, _said(Scope.SERVER))


def _services(kind: type[Any]) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda name, said, servers: kind(name, servers=tuple(servers), **said),
        NAMES,
        _said(Scope.SERVICE),
        st.lists(SERVERS, max_size=3),
    )


VIRTUAL_SERVERS: st.SearchStrategy[VirtualServer] = _services(VirtualServer)
FAILOVER_SERVICES: st.SearchStrategy[FailoverService] = _services(FailoverService)

CONFIGS = st.builds(
    lambda said, virtual, failover: Config(
        virtual_servers=tuple(virtual), failover_services=tuple(failover), **said
    ),
    _said(Scope.GLOBAL),
    st.lists(VIRTUAL_SERVERS, max_size=3),
    st.lists(FAILOVER_SERVICES, max_size=2),
)


@st.composite
def changed(draw: st.DrawFn, config: Config) -> Config:
    """`config` with some changes; any of them alone, or several at once."""
    if draw(st.booleans()):
        config = _changed_values(draw, config, Scope.GLOBAL)
    virtual = _changed_blocks(draw, config.virtual_servers, VIRTUAL_SERVERS, _changed_service)
    failover = config.failover_services
    if draw(st.integers(0, 3)) == 0:
        failover = _changed_blocks(draw, failover, FAILOVER_SERVICES, _changed_service)
    return evolve(config, virtual_servers=virtual, failover_services=failover)


def _changed_values(draw: st.DrawFn, owner: _Owner, scope: Scope) -> _Owner:
    rows = list(BY_SCOPE[scope].values())
    said = [row for row in rows if getattr(owner, row.name) is not None]
    row = draw(st.sampled_from(said or rows) | st.sampled_from(rows))
    change: dict[str, Any] = {row.name: draw(st.none() | values(row))}
    return evolve(owner, **change)


def _changed_service(
    draw: st.DrawFn, service: VirtualServer | FailoverService
) -> VirtualServer | FailoverService:
    if draw(st.booleans()):
        service = _changed_values(draw, service, Scope.SERVICE)
    if draw(st.booleans()):
        row = BY_SCOPE[Scope.SERVICE]["port"]
        service = evolve(service, port=draw(st.none() | values(row)))
    servers = _changed_blocks(draw, service.servers, SERVERS, _changed_server)
    return evolve(service, servers=servers)


def _changed_server(draw: st.DrawFn, server: RealServer) -> RealServer:
    return _changed_values(draw, server, Scope.SERVER)


def _changed_blocks(
    draw: st.DrawFn,
    blocks: Sequence[Any],
    new: st.SearchStrategy[Any],
    change: Callable[[st.DrawFn, Any], Any],
) -> tuple[Any, ...]:
    found = list(blocks)
    how = draw(st.sampled_from(["keep", "add", "remove", "move", "rename", "repeat", "change"]))
    if how == "add":
        found.insert(draw(st.integers(0, len(found))), draw(new))
    elif how != "keep" and found:
        index = draw(st.integers(0, len(found) - 1))
        if how == "remove":
            del found[index]
        elif how == "move":
            order = draw(st.permutations(range(len(found))))
            found = [found[place] for place in order]
        elif how == "rename":
            found[index] = evolve(found[index], name=draw(NAMES))
        elif how == "repeat":
            found.append(found[index])
        else:
            found[index] = change(draw, found[index])
    return tuple(found)


@st.composite
def sound_texts(draw: st.DrawFn) -> str:
    """Texts that Piranha loads and reads as they are written, in anything but canonical form."""
    lines = []
    for line in dumps(draw(CONFIGS)).splitlines(keepends=True):
        lines.append(draw(st.sampled_from(["", "", "", "", "# a note\n", "\n", "\t# }\n\n"])))
        blanks = draw(st.sampled_from(["", " ", "     ", "\t"]))
        content = line.strip(" \n")
        keyword, equals, value = content.partition(" = ")
        if equals:
            content = keyword + draw(st.sampled_from([" = ", " =  ", "\t=\t"])) + value
        elif content == "}":
            content = draw(st.sampled_from(["}", "} # end", "} "]))
        lines.append(f"{blanks}{content}\n")
    end = draw(st.sampled_from(["", "# the end", "\n\n", "\0 }"]))
    return "".join(lines) + end
