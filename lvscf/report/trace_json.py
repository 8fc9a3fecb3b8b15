"""A packet's way as JSON, version 1 of the format; rows and columns count from 1."""

import json
from typing import Any

from lvscf.firewall import Assumption, Outcome, Rule
from lvscf.hosts.discards import Discard
from lvscf.report.json import finding_data, span_data
from lvscf.report.route import Route
from lvscf.source import displayable

VERSION = 1


def render(route: Route) -> str:
    """Return one JSON object in ASCII, which survives any terminal or pipe."""
    packet = route.packet
    report = {
        "version": VERSION,
        "filename": displayable(route.firewall.source.filename),
        "way": route.way,
        "packet": {
            "protocol": packet.protocol,
            "destination": packet.destination,
            "port": packet.port,
            "source": packet.source,
            "source_port": packet.source_port,
            "interface": packet.interface,
            "outgoing": packet.outgoing,
            "state": packet.state,
            "turn": route.turn,
            "local_address": route.local_address,
        },
        "chains": [
            {"table": table, "chain": chain.name, "policy": chain.policy}
            for table, chain in route.chains
        ],
        "outcomes": [_outcome(route, outcome) for outcome in route.outcomes],
        "findings": [finding_data(finding) for finding in route.firewall.findings],
    }
    return json.dumps(report, indent=2) + "\n"


def _outcome(route: Route, outcome: Outcome) -> dict[str, Any]:
    table, chain = outcome.decided_in
    return {
        "mark": outcome.mark,
        "mark_known": outcome.mark_known,
        "destination": outcome.destination,
        "port": outcome.port,
        "accepted": outcome.accepted,
        "forwarded": outcome.forwarded,
        "delivered": outcome.delivered,
        "source": outcome.source,
        "source_port": outcome.source_port,
        "verdict": outcome.verdict,
        "discarded_by": [_discard(one) for one in route.discards_of(outcome)],
        "decided_in": {"table": table, "chain": chain},
        "decided_by": _optional(outcome.decided_by),
        "translated_by": _optional(outcome.translated_by),
        "source_translated_by": _optional(outcome.source_translated_by),
        "path": [_rule(rule) for rule in outcome.path],
        "assumptions": [_assumption(assumption) for assumption in outcome.assumptions],
        "uncertain": outcome.uncertain,
        "complete": outcome.complete,
    }


def _discard(discard: Discard) -> dict[str, Any]:
    at = discard.place
    where = None if at is None or at.source is None else span_data(at.source.span(at.start, at.end))
    return {"setting": discard.setting, "reason": discard.reason, "place": where}


def _assumption(assumption: Assumption) -> dict[str, Any]:
    return {
        "condition": str(assumption.setting) if assumption.setting else None,
        "holds": assumption.holds,
        "cause": assumption.cause,
        "rule": _rule(assumption.rule),
    }


def _optional(rule: Rule | None) -> dict[str, Any] | None:
    return None if rule is None else _rule(rule)


def _rule(rule: Rule) -> dict[str, Any]:
    return {"table": rule.table, "chain": rule.chain, "text": str(rule), **span_data(rule.span)}
