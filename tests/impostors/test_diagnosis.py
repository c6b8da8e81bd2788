"""Each entry of the diagnosis catalogue has an impostor that follows it; each is caught, and named, alone."""

import math
import random
from collections.abc import Callable

import numpy as np
import pytest

from drmg_check.referee import check_implementation, diagnose
from drmg_check.referee.asking import InProcess, Session
from drmg_check.referee.diagnosis import FEWEST, catalogue, discriminating_rows
from drmg_check.referee.diagnosis._naming import ACCEPTED
from drmg_check.referee.evidence import Tally, certified
from drmg_check.referee.levels import session_for
from drmg_check.referee.levels._row_judges import judge_value
from drmg_check.sets import Row
from drmg_check.targets import Implementation, set_family
from drmg_check.vocabulary import FloatArray, UnsupportedError
from tests.impostors.row_impostors import (
    CR32,
    IMPOSTORS,
    Impostor,
    of_set,
    solve,
)

SETS = (
    *("tv", "tv:nominal", "l1", "kl", "reverse-kl", "chi2", "hellinger", CR32, "contamination", "interval"),
    *("wasserstein", "wasserstein:2", "wasserstein:3", "weighted-l1", "weighted-interval", "l2", "ellipsoid"),
    *("bounds", "scenarios"),
)


def session(impostor: Impostor, name: str) -> Session[Row]:
    return session_for(InProcess(impostor), Implementation(sets=(name,)))


def caught(asked: Session[Row], name: str) -> Row | None:
    rows = discriminating_rows(set_family(name).make(1))
    return next((row for row in rows if judge_value(asked, row, Tally()) is not None), None)


@pytest.mark.parametrize("entry", IMPOSTORS)
def test_the_impostor_is_caught_and_named(entry: str):
    name, impostor = IMPOSTORS[entry]
    asked = session(impostor, name)
    row = caught(asked, name)
    assert row is not None
    said = diagnose(asked.solve, row.uncertainty, [row])
    assert said is not None
    assert said.startswith(f"agrees with {entry} (")
    assert "tells these apart" not in said


def test_every_entry_of_the_catalogue_has_an_impostor():
    entries = {entry.name for name in SETS for entry in catalogue(set_family(name).make(1))}
    assert entries == set(IMPOSTORS)


@pytest.mark.parametrize("name", SETS)
def test_names_are_unique_in_the_catalogue_of_a_set(name: str):
    names = [entry.name for entry in catalogue(set_family(name).make(1))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "name", ["tv", "tv:nominal", "kl", "chi2", "hellinger", "reverse-kl", "interval", "l2"]
)
def test_a_correct_implementation_is_never_diagnosed(name: str):
    """Not even on rows that a failure hands in, and not when its last bits are off."""
    rows = discriminating_rows(set_family(name).make(1))
    assert (
        diagnose(lambda row: float(certified(row).lo) + 1e-8 * float(row.span), rows[0].uncertainty, rows)
        is None
    )
    assert caught(session(of_set(name), name), name) is None


def noise(row: Row) -> float:
    """Returns anything between the minimum and the maximum."""
    return random.Random(repr(row)).uniform(float(min(row.values)), float(max(row.values)))  # noqa: S311


def rough(row: Row) -> float:
    """Halves the radius, and is off by 1e-4 of the span besides."""
    return solve("tv", *floats(row)[:2], floats(row)[2] / 2) + 1e-4 * float(row.span)


def two_at_once(row: Row) -> float:
    """Halves the radius on the nominal support: two entries, neither of which it follows."""
    p, V, rho = floats(row)
    return solve("tv:nominal", p, V, rho / 2)


def off_catalogue(row: Row) -> float:
    """Averages the worst case and the mean, as nobody does."""
    p, V, rho = floats(row)
    return (solve("tv", p, V, rho) + float(p @ V)) / 2


def mostly(row: Row) -> float:
    """Halves the radius, but for one row in ten."""
    p, V, rho = floats(row)
    return solve("tv", p, V, rho / 2 if random.Random(repr(row)).random() < 0.9 else rho)  # noqa: S311


def refuses_nearly_all(row: Row) -> float:
    """Halves the radius, and answers fewer rows than a diagnosis needs."""
    if row not in discriminating_rows(row.uncertainty)[: FEWEST - 1]:
        raise UnsupportedError("no")
    p, V, rho = floats(row)
    return solve("tv", p, V, rho / 2)


def not_a_number(row: Row) -> float:
    """Returns NaN."""
    return math.nan


def floats(row: Row) -> tuple[FloatArray, FloatArray, float]:
    p = np.array([float(x) for x in row.probabilities])
    return p, np.array([float(v) for v in row.values]), float(row.radius)


@pytest.mark.parametrize(
    "impostor", [noise, rough, two_at_once, off_catalogue, mostly, refuses_nearly_all, not_a_number]
)
def test_nothing_is_said_rather_than_guessed(impostor: Callable[[Row], float]):
    rows = discriminating_rows(set_family("tv").make(1))
    assert diagnose(impostor, rows[0].uncertainty, rows[:1]) is None


def test_a_failure_that_the_alternative_does_not_explain_is_not_put_down_to_it():
    """It keeps to the support, and besides loses 1e-7 where the support makes no difference."""
    rows = discriminating_rows(set_family("tv").make(1))
    inside = next(row for row in rows if all(row.nominal) and 0 < row.radius < 1)
    outside = next(
        row
        for row in rows
        if certified(row).lo < min(v for p, v in zip(row.nominal, row.values, strict=True) if p)
    )

    def impostor(row: Row) -> float:
        p, V, rho = floats(row)
        return solve("tv:nominal", p, V, rho) + float(ACCEPTED) / 10 * float(row.span)

    assert diagnose(impostor, inside.uncertainty, [inside]) is None
    said = diagnose(impostor, outside.uncertainty, [outside])
    assert said is not None
    assert said.startswith("agrees with the nominal support (")


def test_alternatives_that_no_row_tells_apart_are_all_named():
    """chi-square is the Cressie-Read ball of order 2 with half its radius."""
    ball = set_family("cressie-read:2").make(1)
    rows = discriminating_rows(ball)
    said = diagnose(lambda row: solve("chi2", *floats(row)), ball, rows[:1])
    assert said is not None
    assert "agrees with half the radius (" in said
    assert "and with chi-square (" in said
    assert said.endswith("none of the cases tells these apart")


def test_a_failed_law_and_a_wrong_value_are_diagnosed_in_the_record():
    checks = ("tv/law/bounds", "tv/oracle/small")
    checks_run = check_implementation(
        IMPOSTORS["the largest expectation"][1], "tv", checks=checks, on_fail=None
    )
    kinds = {one.failure.kind: one.failure.diagnosis for one in checks_run if one.failure is not None}
    assert set(kinds) == {"law broken", "wrong value"}
    for diagnosis in kinds.values():
        assert diagnosis.startswith("agrees with the largest expectation (V taken for a cost")
        assert diagnosis.endswith("if that is meant, declare quantity='cost'")


def test_rows_of_every_regime_are_asked_and_always_the_same():
    for name in SETS:
        ball = set_family(name).make(1)
        rows = discriminating_rows(ball)
        assert rows == discriminating_rows.__wrapped__(ball)
        outside = [row for row in rows if not all(row.nominal)]
        lowest = [row for row in outside if not row.nominal[row.values.index(min(row.values))]]
        assert FEWEST <= len(lowest) < len(outside) < len(rows)
        assert ball.fixed_by or all(row.uncertainty == ball for row in rows)
