"""The page of a validation: what its templates need besides the run."""

from __future__ import annotations

from drmg_check.runs import Check, Failure
from drmg_reports.pictures import Picture, game_picture, row_picture
from drmg_reports.runs import (
    Validated,
    by_set,
    check_matrix,
    count_checks,
    diagnoses,
    paces,
    same_failures,
    set_of,
    slow_checks,
)
from drmg_reports.words import (
    CHECK_GROUPS,
    OUTCOMES_MEAN,
    declared_facts,
    fault_name,
    program_title,
    validation_headline,
    validation_sentence,
)


def validation_parts(run: Validated) -> dict[str, object]:
    """Return what the templates of a validation use, by name."""
    checks = run.checks
    tallies = {name: count_checks(members) for name, members in by_set(checks).items()}
    failures = {f"failure-{k}": group for k, group in enumerate(same_failures(checks), 1)}  # by address
    return {
        "target": run.target,
        "declaration": declared_facts(run.target),
        "headline": validation_headline(run.target, checks),
        "verdict": validation_sentence(checks),
        "checks": checks,
        "tally": count_checks(checks),
        "tallies": tallies,
        "widest": max((sum(tally.values()) for tally in tallies.values()), default=0),
        "diagnoses": diagnoses(checks),
        "matrix": check_matrix(checks),
        "groups": CHECK_GROUPS,
        "failures": failures,
        "anchor_of": {check.case: anchor for anchor, group in failures.items() for check in group},
        "paces": paces(checks),
        "slow": slow_checks(checks),
        "meanings": OUTCOMES_MEAN,
        "fault_name": fault_name,
        "program_title": _program_title,
        "set_of": set_of,
        "input_picture": _input_picture,
    }


def _program_title(failure: Failure) -> str:
    title = program_title(failure)
    return title[0].upper() + title[1:]


def _input_picture(check: Check) -> Picture | None:
    if check.failure is None:
        return None
    instance, salt = check.failure.instance, f"input {check.case}"
    return row_picture(instance, salt) or game_picture(instance, salt)
