"""Not one accusation of a right answer, however it was rounded, by the acceptance code of the referee.

CI judges a sample; ``HYPOTHESIS_PROFILE=deep`` judges more, and ``python -m benchmarks.fairness`` a million.
"""

import os
from fractions import Fraction
from itertools import islice

import pytest

from benchmarks.fairness import (
    EXACT,
    SETS,
    Count,
    Honest,
    accusations,
    adversarial_rows,
    hardest_rows,
)
from benchmarks.fairness.__main__ import of_set
from drmg_check.sets import ChiSquare, Contamination, CressieRead, Row, TotalVariation
from drmg_check.targets import set_name
from drmg_properties.laws import Tolerance, check_worst_distribution

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
SAMPLE = {} if DEEP else {"examples": 3, "mutations": 30}
SAMPLED = SETS if DEEP else ("tv", "kl", "wasserstein:2")


def said_of(honest: Honest, name: str, rows: list[Row], *groups: str) -> list[str]:
    count = Count()
    said = [each for row in rows for each in accusations(of_set(honest, name), row, count, groups)]
    assert len(said) == count.accusations
    return said


@pytest.mark.parametrize("name", SETS)
def test_no_right_answer_is_accused(name: str):
    rows = list(islice(adversarial_rows(name, 0, **SAMPLE), 0, None, 1 if DEEP else 17))
    for honest in EXACT:
        assert said_of(honest, name, rows, "oracle", "distribution") == []
    assert said_of(EXACT[0], name, rows[3:4]) == []


@pytest.mark.parametrize("row", hardest_rows(), ids=lambda row: row.uncertainty.kind)
def test_no_right_answer_to_the_hardest_inputs_is_accused(row: Row):
    for honest in EXACT:
        assert said_of(honest, set_name(row.uncertainty), [row], "oracle") == []


@pytest.mark.parametrize(
    ("row", "q"),
    [
        # 1e-323 times what is left of it rounds to 0, and 0 is further from it than the ball allows
        (
            Row.of(Contamination(), [1e-323, 0.5, 0.5], [-1.0, 0.0, 1.0], 0.999999999999),
            [0.0, 5e-13, 1 - 5e-13],
        ),
        # completing the sum to 1 leaves one ulp where the nominal probability is 0
        (
            Row.of(CressieRead(Fraction(1, 64)), [0.5, 0.5, 0.0], [1, 1, 1], 1e-30),
            [0.5, 0.5 - 2**-53, 2**-53],
        ),
        # 5e-16 to the square over 1e-300 is beyond every radius; its mass is beyond every sum
        (Row.of(ChiSquare(), [1.0, 1e-300], [1, 1], 1e-4), [1.0 - 2**-53, 2**-53]),
    ],
)
def test_a_distribution_may_miss_the_ball_by_an_ulp_of_one(row: Row, q: list[float]):
    value = float(sum(x * float(v) for x, v in zip(q, row.values, strict=True)))
    assert check_worst_distribution(q, value, row) is None


def test_the_mean_of_a_distribution_may_miss_as_its_entries_may_and_no_more():
    """Each of six entries is off by 1e-3, which moves the mean by 3e-3 of the span."""
    row = Row.of(TotalVariation(), [0.25, 0.0, 0.25, 0.0, 0.25, 0.25], [0, 1, 0, 1, 0, 1], 0.25)
    moved = [0.5 - 1e-3, 1e-3, 0.25 - 1e-3, 1e-3, 0.25 - 1e-3, 1e-3]
    assert check_worst_distribution(moved, 0.0, row, Tolerance(Fraction(1, 10**3))) is None
    assert "mean" in str(check_worst_distribution(moved, -3.1e-3, row, Tolerance(Fraction(1, 10**3))))


def test_a_distribution_may_miss_by_the_accuracy_declared_and_no_more():
    row = Row.of(ChiSquare(), [0.5, 0.5], [0, 1], 0.25)
    near = [0.75 + 1e-7, 0.25 - 1e-7]
    assert check_worst_distribution(near, 0.25, row, Tolerance(Fraction(1, 10**6))) is None
    assert "outside the ball" in str(check_worst_distribution(near, 0.25, row, Tolerance(Fraction(1, 10**8))))
    assert "outside the ball" in str(
        check_worst_distribution([0.8, 0.2], 0.25, row, Tolerance(Fraction(1, 10**6)))
    )
