"""A validation that has everything that a page about one can show."""

from __future__ import annotations

import json

from drmg_check.runs import Check, Event, Failure, Footer, Header, Speed, TargetText, count_outcomes

ROW = {
    "uncertainty": {"kind": "tv", "support": "all"},
    "nominal": ["1/2", "1/2"],
    "values": ["0", "1"],
    "radius": "1/4",
}
HALVED = "agrees with half the radius (rho taken for an L1 distance) on 100 % of 89 cases"
SNIPPET = "import numpy as np\n\nassert value <= V @ q + 3.3e-14  # more than rounding explains\n"


def failure(**changes: object) -> Failure:
    fields = {
        "kind": "wrong value",
        "instance": json.dumps(ROW),
        "got": "0.375",
        "low": "1/4",
        "high": "1/4",
        "direction": "too optimistic",
        "grade": "wrong",
        "lines": ("p = (1/2, 1/2)   V = (0, 1)   rho = 1/4", "got 0.375, certified 1/4"),
        "diagnosis": HALVED,
        "snippet": SNIPPET,
    }
    return Failure(**(fields | changes))


def check(case: str, outcome: str = "passed", wrong: Failure | None = None, **changes: object) -> Check:
    fields = {
        "case": case,
        "title": f"agrees: {case.rpartition('/')[2]} rows",
        "outcome": outcome,
        "reason": "" if wrong is None else f"{wrong.kind}: off by 1/8",
        "expected_to_fail": outcome == "xfail",
        "judged": 1234 if outcome == "passed" else 1,
        "not_supported": 0,
        "grade": "" if wrong is None else wrong.grade,
        "failure": wrong,
        "replay": f"drmg-check validate mine.py:solve --checks {case}",
        "seconds": 0.25,
        "speed": Speed(calls=10, seconds=0.02, slowest=0.0125, size=5) if outcome == "passed" else None,
    }
    return Check(**(fields | changes))


def sample_checks() -> tuple[Check, ...]:
    law = failure(kind="law broken", direction="", grade="", low="", high="", got="0.5, 0.375", diagnosis="")
    below = failure(direction="too pessimistic", diagnosis="", got="0.125")
    nothing = failure(kind="not a number", direction="", grade="", got="returned nan", diagnosis="")
    return (
        check("tv/smoke/two-states", "failed", failure()),
        check("tv/law/bounds", "failed", law, title="min V <= value <= nominal mean"),
        check("tv/oracle/small", "failed", failure()),
        check("tv/oracle/zeros", "xfail", below, reason="keeps to the support (wrong value)"),
        check("kl/smoke/two-states", judged=1),
        check("kl/law/bounds", speed=Speed(calls=5, seconds=0.5, slowest=0.4, size=100)),
        check("kl/law/inclusion", "skipped", reason="it declares no set tv:nominal"),
        check("kl/oracle/zeros", "failed", nothing),
    )


def sample_validation(
    *checks: Check, footer: bool = True, name: str = "a toolbox", declaration: str | None = None
) -> tuple[Event, ...]:
    recorded = checks or sample_checks()
    declared = {"name": name, "level": "worst-case", "sets": ["tv", "kl"], "accuracy": "1/1000000000"}
    header = Header(
        tool_version="1.0",
        profile="ci",
        seed=0,
        cases=tuple(each.case for each in recorded),
        started="2026-11-20T09:30:00Z",
        versions={"python": "3.12.0"},
        target=TargetText(
            address="mine.py:solve",
            name=name,
            declaration=json.dumps(declared) if declaration is None else declaration,
        ),
    )
    end = (Footer(**count_outcomes(recorded), seconds=2.5),) if footer else ()
    return (header, *recorded, *end)
