"""A certificate and a study that have everything that their pages can show."""

from __future__ import annotations

import json
from fractions import Fraction

import msgspec

from drmg_check.documents import (
    Certified,
    CertifiedAgent,
    CertifiedBounds,
    CertifiedDeparture,
    CertifiedGame,
    CertifiedPassage,
    CertifiedRow,
    Criterion,
    NamedValue,
    Panel,
    PolicyOrigin,
    Series,
    Study,
    StudyTable,
    study_fact,
)

PATH = (
    CertifiedPassage(h=0, s=0, reach=1.0, successors=((0, 1.0, 0.5), (1, 0.0, 0.5))),
    CertifiedPassage(h=1, s=0, reach=0.5, successors=()),
    CertifiedPassage(h=1, s=1, reach=0.5, successors=()),
)
VALUE = CertifiedBounds("3/2", "3/2")


def bounds(low: object, high: object = None) -> CertifiedBounds:
    return CertifiedBounds(str(low), str(low if high is None else high))


def departure(gain: CertifiedBounds, **changes: object) -> CertifiedDeparture:
    fields = {"h": 0, "s": 0, "told": None, "play": 1, "instead": ((0, "1"),), "gain": gain, "reach": 1.0}
    return CertifiedDeparture(**(fields | changes))


def row(**changes: object) -> CertifiedRow:
    fields = {"h": 0, "s": 0, "a": 0, "nominal": ((0, "1"),), "worst": ((0, "1/2"), (1, "1/2")), "loss": 0.5}
    return CertifiedRow(**(fields | changes))


def agent(name: str, *, gain: CertifiedBounds | None = None, **changes: object) -> CertifiedAgent:
    """Return an agent that gains 1/8, or something else, by one departure."""
    gain = gain or bounds("1/8")
    low, high = (Fraction(VALUE.lo) + end for end in gain.pair)
    fields = {
        "name": name,
        "value": VALUE,
        "best_response": bounds(low, high),
        "gain": gain,
        "ce_gain": bounds("33333/100000", "33334/100000"),
        "departures": (departure(gain),) if gain.pair[0] > 0 else (),
        "ce_departures": (),
        "row_action": "joint",
        "moved_rows": 1,
        "worst_rows": (row(),),
        "path": PATH,
    }
    return CertifiedAgent(**(fields | changes))


def product_agent(name: str, gain: CertifiedBounds) -> CertifiedAgent:
    """Return an agent who draws independently, so that its CE gain is its gain."""
    return agent(name, gain=gain, ce_gain=gain)


def certified(*agents: CertifiedAgent, product: bool = False, text: str = "", **changes: object) -> Certified:
    agents = agents or (agent(text or "row"), agent("column"))
    game = {
        "format": "drmg-game",
        "version": 1,
        "name": text or "a game",
        "horizon": 2,
        "states": 2,
        "actions": [2] * len(agents),
        "initial_state": 0,
        "agent_names": [each.name for each in agents],
        "state_names": [text or "good", "bad"],
        "action_names": [[text or "0", "1"]] * len(agents),
    }
    game_text = json.dumps(game, ensure_ascii=False)
    fields = {
        "tool_version": "1.0",
        "origin": PolicyOrigin("name", text or "uniform"),
        "product": product,
        "bits": None,
        "agents": agents,
        "game": msgspec.json.decode(json.dumps(game), type=CertifiedGame),
        "game_text": game_text,
        "policy_text": '{"format": "drmg-policy"}',
    }
    return Certified(**(fields | changes))


def study(*, text: str = "", **changes: object) -> Study:
    curve = Series(text or "V", [1, 2, 4], [3.0, 2.0, 1.0], [2.0, 1.5, 1.0], [4.0, 3.0, 1.0])
    other = Series("W", [1, 2, 4], [1.0, 1.0, 1.0])
    fields = {
        "tool_version": "1.0",
        "subject": "experiment",
        "name": text or "a study",
        "question": text or "Does it learn?",
        "setting": (study_fact("setting", _=text or "a game", rho="1/4", K=1000),),
        "findings": (NamedValue(text or "regret grows like", 0.5, "number"),),
        "tables": (
            StudyTable(
                (("episodes", "count"), (text or "gap", "number"), ("share", "share"), ("of", "text")),
                ((1000, 0.05, 0.5, text or "a"), (2000, None, None, None)),
            ),
        ),
        "criteria": (
            Criterion(statement=text or "gap <= 1/10", value=0.05, most=0.1, unit=text),
            Criterion(statement="regret below sqrt(K)", value=12.0, most=10.0),
        ),
        "panels": (Panel(text or "gap", "episodes", [curve, other], levels=((text or "aim", 0.5),)),),
        "small": True,
    }
    return Study(**(fields | changes))
