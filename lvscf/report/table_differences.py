"""The differences between an lvs.cf's IPVS table and another one, as text and as JSON."""

from collections.abc import Iterable
from typing import Any

from lvscf.config import places
from lvscf.config.ipvs_table import Destination, IpvsService
from lvscf.document import Document
from lvscf.hosts.table_differences import TableDifference
from lvscf.report.page import Piece
from lvscf.source import Source, displayable

_WORDS = {
    "scheduler": "scheduler {}",
    "persistence": "persistence {} s",
    "netmask": "persistence by mask {}",
    "one-packet": "one-packet scheduling: {}",
    "port": "port {}",
    "method": "forwarding method {}",
    "weight": "weight {}",
}


def lines(
    document: Document, source: Source, differences: Iterable[TableDifference]
) -> list[Piece]:
    """The differences, service by service, as styled lines."""
    shown: list[Piece] = [
        (f"--- {displayable(document.filename)}", "bold"),
        (f"+++ {displayable(source.filename)}", "bold"),
    ]
    heading: str | None = None
    for one in differences:
        if one.kind in ("missing-service", "extra-service"):
            heading = None
            shown.append(_line(one, document, "", one.service))
            continue
        if one.service != heading:
            shown.append((f"  {displayable(one.service)}:", "bold"))
            heading = one.service
        if one.kind in ("missing-server", "extra-server"):
            shown.append(_line(one, document, "    ", f"real server {one.server}"))
            continue
        about = "" if one.server is None else f"real server {one.server}: "
        words = _WORDS[one.kind]
        for is_wanted, value in ((True, one.wanted), (False, one.found)):
            text = about + words.format(value)
            if one.kind == "persistence" and not isinstance(value, int):
                text = "persistence"
            elif one.kind == "persistence" and not value:
                text = "no persistence"
            shown.append(_side(one, document, "    ", text, is_wanted))
    return shown


def _line(one: TableDifference, document: Document, margin: str, text: str) -> Piece:
    return _side(one, document, margin, text, one.kind.startswith("missing"))


def _side(
    one: TableDifference, document: Document, margin: str, text: str, is_wanted: bool
) -> Piece:
    line = _wanted_line(document, one) if is_wanted else _found_line(one)
    where = f" (line {line})" if line else ""
    down = ", down" if one.is_down and not is_wanted else ""
    sign, style = ("-", "red") if is_wanted else ("+", "green")
    return f"{sign} {margin}{displayable(text)}{down}{where}", style


def _wanted_line(document: Document, one: TableDifference) -> int | None:
    """The line of the lvs.cf that a difference is about."""
    origin = one.origin
    owner: Any = None
    if isinstance(origin, IpvsService):
        owner = origin.virtual
    elif isinstance(origin, Destination):
        owner = origin.server
    directive = {
        "scheduler": "scheduler",
        "persistence": "persistent",
        "netmask": "pmask",
        "weight": "weight",
        "port": "port",
    }.get(one.kind)
    if owner is None:
        return None
    at = places.value_of(owner, directive) if directive else None
    at = at or places.name_of(owner)
    return document.source.location(at.start)[0] if at else None


def _found_line(one: TableDifference) -> int | None:
    at = one.place
    return at.source.location(at.start)[0] if at is not None and at.source is not None else None


def plain(
    document: Document, source: Source, differences: Iterable[TableDifference]
) -> dict[str, Any]:
    """The differences as plain data, version 1."""
    return {
        "version": 1,
        "lvs_cf": document.filename,
        "table": source.filename,
        "differences": [
            {
                "kind": one.kind,
                "service": one.service,
                "real_server": one.server,
                "lvs_cf": {"value": one.wanted, "line": _wanted_line(document, one)},
                "table": {
                    "value": one.found,
                    "file": one.place.source.filename
                    if one.place is not None and one.place.source is not None
                    else None,
                    "line": _found_line(one),
                },
                "down": one.is_down,
            }
            for one in differences
        ],
    }
