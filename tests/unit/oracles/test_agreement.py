"""Acceptance: rounding is never blamed, and no wrong convention passes."""

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from drmg_check.sets import (
    L1,
    L2,
    ChiSquare,
    Contamination,
    CressieRead,
    Ellipsoid,
    Hellinger,
    Interval,
    KullbackLeibler,
    ReverseKL,
    Row,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
    WeightedInterval,
    WeightedL1,
)
from drmg_check.vocabulary import FloatArray, InputError
from drmg_oracles import agrees, agrees_backward, enclose, rounding_allowance, zero_pattern_sensitive

LINE = tuple(tuple(Fraction(abs(i - j)) for j in range(4)) for i in range(4))
SETS: tuple[UncertaintySet, ...] = (
    TotalVariation(),
    L1("nominal"),
    KullbackLeibler(),
    ReverseKL(),
    ChiSquare(),
    Hellinger(),
    CressieRead(Fraction(3, 2)),
    Contamination(),
    Interval(),
    Wasserstein(LINE),
    *(WeightedL1((1, 3, "1/2", 2)), WeightedInterval((1, 3, "1/2", 2)), L2(), Ellipsoid((1, 3, "1/2", 2))),
)
U = 2.0**-53


def corpus(uncertainty: UncertaintySet, count: int = 30, seed: int = 0) -> list[Row]:
    """Float rows of four states: zeros, tiny probabilities, ties, offsets, radii from 1e-12 to saturation."""
    rng = np.random.default_rng(seed)
    result = []
    for k in range(count):
        weights, values = rng.dirichlet(np.full(4, 0.7)), rng.normal(size=4)
        if k % 3 == 1:  # conventions about zeros show only where the smallest value has no mass
            weights[np.argmin(values)] = [0.0, 1e-300, 1e-14][k // 3 % 3]
        if k % 4 == 2:
            values[0] = values[1]
        if k % 5 == 3:
            values += 1e6
        radius = [1e-12, 1e-4, 0.05, 0.3, 0.9][k % 5]
        result.append(Row.of(uncertainty, weights.tolist(), values.tolist(), radius))
    return result


def rejected(rows: list[Row], answer: Callable[[Row], float]) -> int:
    return sum(not agrees(answer(row), row).accepted for row in rows)


def floats(row: Row) -> tuple[FloatArray, FloatArray, float]:
    p = np.array([float(x) for x in row.nominal])
    return p / p.sum(), np.array([float(v) for v in row.values]), float(row.radius)


def textbook_tv(row: Row) -> float:
    """Cut the mass rho from the largest values, in plain numpy."""
    p, V, rho = floats(row)
    q, left, lowest = p.copy(), rho, int(np.argmin(V))
    for s in np.argsort(-V):
        moved = min(left, q[s])
        q[s] -= moved
        left -= moved
    q[lowest] += rho - left
    return float(q @ V)


def textbook_kl(row: Row) -> float:
    """Maximise the dual over log lambda by golden section: honest, but it loses like u / sqrt(rho)."""
    p, V, rho = floats(row)
    inside = p > 0
    p, V = p[inside], V[inside]
    low = V.min()

    def g(log_lam: float) -> float:
        lam = math.exp(log_lam)
        return float(low - lam * math.log(np.sum(p * np.exp(-(V - low) / lam))) - lam * rho)

    a, b = -15.0, 30.0
    for _ in range(200):
        c, d = b - (b - a) * 0.618033988749895, a + (b - a) * 0.618033988749895
        a, b = (c, b) if g(c) < g(d) else (a, d)
    return max(g((a + b) / 2), float(low))


def rounded(row: Row) -> float:
    """Return the correctly rounded answer."""
    return float(enclose(row).lo)


@pytest.mark.parametrize("uncertainty", SETS, ids=lambda u: u.kind)
def test_correctly_rounded_values_are_accepted(uncertainty: UncertaintySet) -> None:
    """Half an ulp is explained by k = 1."""
    for row in corpus(uncertainty):
        judgement = agrees(rounded(row), row)
        assert judgement.accepted
        assert judgement.k_min <= 1


def test_textbook_tv_is_accepted() -> None:
    """A careless but correct TV in plain numpy is never blamed."""
    assert rejected(corpus(TotalVariation(), 100), textbook_tv) == 0


@pytest.mark.parametrize("uncertainty", SETS, ids=lambda u: u.kind)
def test_the_answer_to_an_input_a_few_ulp_away_is_accepted(uncertainty: UncertaintySet) -> None:
    """Every input perturbed relatively by up to 8 u: right by backward error, hence accepted."""
    rng = np.random.default_rng(7)
    for row in corpus(uncertainty):
        p, V, radius = ([*x] for x in (row.nominal, row.values, (row.radius,)))
        near = Row(
            uncertainty,
            *(tuple(x * (1 + Fraction(float(rng.uniform(-8, 8)) * U)) for x in part) for part in (p, V)),
            radius[0] * (1 + Fraction(float(rng.uniform(-8, 8)) * U)),
        )
        assert agrees(rounded(near), row).accepted


@pytest.mark.parametrize("uncertainty", SETS, ids=lambda u: u.kind)
def test_componentwise_conditioning_is_at_most_four(uncertainty: UncertaintySet) -> None:
    """The theorem behind the tolerance: relative changes of p, W and rho by eps move sigma by 4 eps span."""
    rng = np.random.default_rng(3)
    eps = Fraction(1, 2**30)
    for row in corpus(uncertainty):
        truth = enclose(row)
        low = min(row.values)
        for _ in range(4):
            signs = [int(x) for x in rng.choice([-1, 1], size=9)]
            moved = Row(
                uncertainty,
                tuple(x * (1 + eps * sign) for x, sign in zip(row.nominal, signs[:4], strict=True)),
                tuple(
                    low + (v - low) * (1 + eps * sign) for v, sign in zip(row.values, signs[4:8], strict=True)
                ),
                row.radius * (1 + eps * signs[8]),
            )
            other = enclose(moved)
            change = max(truth.lo - other.hi, other.lo - truth.hi)
            assert change <= 4 * eps * (1 + 8 * eps) * row.span


def single(row: Row) -> Row:
    return replace(
        row,
        nominal=tuple(Fraction(float(np.float32(float(x)))) for x in row.nominal),
        values=tuple(Fraction(float(np.float32(float(v)))) for v in row.values),
    )


def shifted(row: Row, eps: str) -> Row:
    return replace(row, nominal=tuple(x + Fraction(eps) for x in row.nominal))


def clipped(row: Row, eps: str) -> Row:
    return replace(row, nominal=tuple(x if x > Fraction(eps) else Fraction(0) for x in row.nominal))


def everywhere(row: Row) -> float:
    """KL whose saturated branch returns the minimum over all states."""
    truth = enclose(row)
    p, V = row.probabilities, row.values
    lowest = min((v, x) for v, x in zip(V, p, strict=True))
    if lowest[1] == 0 or float(row.radius) >= -math.log(lowest[1]):
        return float(lowest[0])
    return float(truth.lo)


def untruncated(row: Row) -> float:
    p, V, rho = floats(row)
    mean = float(p @ V)
    return mean - math.sqrt(rho * float(p @ (V - mean) ** 2))


WRONG: dict[str, tuple[UncertaintySet, Callable[[Row], float], int]] = {
    "TV with the coefficient rho / 2": (
        TotalVariation(),
        lambda row: rounded(replace(row, radius=row.radius / 2)),
        20,
    ),
    "TV confined to the support": (
        TotalVariation(),
        lambda row: rounded(replace(row, uncertainty=TotalVariation("nominal"))),
        3,
    ),
    "TV in single precision": (TotalVariation(), lambda row: rounded(single(row)), 25),
    "TV unnormalised in L1": (TotalVariation(), lambda row: rounded(replace(row, uncertainty=L1())), 20),
    "KL in single precision": (KullbackLeibler(), lambda row: rounded(single(row)), 25),
    "KL with p < 1e-12 clipped": (KullbackLeibler(), lambda row: rounded(clipped(row, "1e-12")), 3),
    "KL with p + 1e-12": (KullbackLeibler(), lambda row: rounded(shifted(row, "1e-12")), 15),
    "KL with the minimum over all states": (KullbackLeibler(), everywhere, 3),
    "KL reversed": (
        KullbackLeibler(),
        lambda row: rounded(replace(row, uncertainty=ReverseKL("nominal"))),
        15,
    ),
    "chi2 as half its sum": (ChiSquare(), lambda row: rounded(replace(row, radius=2 * row.radius)), 25),
    "chi2 never truncated": (ChiSquare(), untruncated, 5),
    "Hellinger with the factor 1/2": (
        Hellinger(),
        lambda row: rounded(replace(row, radius=2 * row.radius)),
        25,
    ),
    "Burg with the direction of KL": (
        ReverseKL(),
        lambda row: rounded(replace(row, uncertainty=KullbackLeibler())),
        15,
    ),
    "contamination over the support": (
        Contamination(),
        lambda row: rounded(replace(row, uncertainty=Contamination("nominal"))),
        1,
    ),
    "interval as TV": (Interval(), lambda row: rounded(replace(row, uncertainty=TotalVariation())), 15),
    "Wasserstein in one direction only": (
        Wasserstein(LINE),
        lambda row: float(np.dot(*floats(row)[:2])),
        20,
    ),
}


@pytest.mark.parametrize("lie", WRONG)
def test_wrong_implementations_are_rejected(lie: str) -> None:
    """The kill matrix: each lie is rejected on at least so many of 30 rows."""
    uncertainty, answer, least = WRONG[lie]
    assert rejected(corpus(uncertainty), answer) >= least


def test_an_honest_but_weak_kl_is_graded_not_called_wrong() -> None:
    """Golden section with the naive log-sum-exp: exact at moderate radii, engineering or weak below."""
    grades = {
        rho: agrees(textbook_kl(row), row).grade
        for rho in (0.3, 1e-4, 1e-12)
        for row in [Row.of(KullbackLeibler(), [0.2, 0.3, 0.5], [0.3, 1.0, 0.1], rho)]
    }
    assert grades[0.3] in ("exact", "engineering")
    assert grades[1e-12] in ("engineering", "weak")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, None, "much", True])
def test_garbage_is_wrong_and_says_why(value: object) -> None:
    """No exception: garbage is a finding."""
    judgement = agrees(value, Row.of(TotalVariation(), [1, 1], [0, 1], "1/4"))
    assert (judgement.accepted, judgement.grade, judgement.k_min) == (False, "wrong", math.inf)
    assert judgement.reason.startswith(("value=", "value "))


@pytest.mark.parametrize(
    ("value", "grade", "direction", "words"),
    [
        (0.25, "exact", None, "needs k = 0"),
        (0.25 + 30 * U, "exact", "too optimistic", "k = 36 is allowed"),
        (0.25 + 1e-12, "engineering", "too optimistic", "1e-12 of the span"),
        (0.25 - 1e-8, "weak", "too pessimistic", "1e-08 of the span"),
        (0.375, "wrong", "too optimistic", "0.12 of the span"),
        (0.75, "wrong", "too optimistic", "above the nominal mean"),
        (-1.0, "wrong", "too pessimistic", "outside the range of V"),
    ],
)
def test_grades_and_reasons(value: float, grade: str, direction: str | None, words: str) -> None:
    """TV of a fair coin with radius 1/4: the value is 1/4."""
    judgement = agrees(value, Row.of(TotalVariation(), [1, 1], [0, 1], "1/4"))
    assert (judgement.grade, judgement.direction) == (grade, direction)
    assert judgement.accepted == (grade == "exact")
    assert words in judgement.reason


def test_values_of_the_size_of_the_smallest_floats_are_not_blamed() -> None:
    """Gradual underflow rounds absolutely."""
    row = Row.of(TotalVariation(), [1 / 3, 1 / 3, 1 / 3], [0, 5e-324, 1.5e-323], 0.1)
    assert agrees(rounded(row), row).accepted
    assert agrees(textbook_tv(row), row).accepted


def test_a_value_of_another_world_is_wrong_however_far_off() -> None:
    """The rounding allowed for a constant near 0 is 2^-1074; 1e17 times its inverse is no float."""
    row = Row.of(TotalVariation(), [1, 1], [0, 0], "1/4")
    judgement = agrees(1e17, row)
    assert (judgement.grade, judgement.direction) == ("wrong", "too optimistic")
    tiny = Row.of(TotalVariation(), [1, 1], [0, 5e-324], "1/4")
    assert agrees(-1e300, tiny).grade == "wrong"


def test_zero_pattern_flag() -> None:
    """KL hinges on a state of probability 1e-300 or 0 where it alone carries the low value; TV does not."""
    for tiny in (0, 1e-300):
        row = Row.of(KullbackLeibler(), [tiny, 1], [0, 1], 0.1)
        assert zero_pattern_sensitive(row)
        assert not zero_pattern_sensitive(replace(row, uncertainty=TotalVariation()))
        clipped_away = 1.0 if tiny else rounded(shifted(row, "1e-16"))
        judgement = agrees(clipped_away, row)
        assert judgement.accepted == (rounded(row) == clipped_away)
        assert judgement.accepted or "zero-pattern" in judgement.flags


def test_backward_test_is_sound_and_rescues_perturbed_inputs() -> None:
    """Values beyond the forward tolerance but right for an input k ulp away are accepted; others not."""
    row = Row.of(TotalVariation(), [0.5, 0.25, 0.25], [-1.0, 0.0, 1.0], 0.25)
    k = rounding_allowance(row)
    eps = Fraction(k, 2**53)
    near = Row(
        row.uncertainty,
        tuple(
            x * (1 + eps) if v > enclose(row).hi else x * (1 - eps)
            for x, v in zip(row.nominal, row.values, strict=True)
        ),
        tuple(v + eps * abs(v) for v in row.values),
        row.radius * (1 - eps),
    )
    value = rounded(near)
    judgement = agrees(value, row)
    assert judgement.k_min > k / 2
    assert judgement.accepted
    assert agrees_backward(value, row)
    assert not agrees_backward(value + 6 * k * U, row)
    assert not agrees_backward(math.nan, row)


def test_an_enclosure_of_another_row_is_refused() -> None:
    """Judging by the wrong truth is an error of the caller."""
    row = Row.of(TotalVariation(), [1, 1], [0, 1], "1/4")
    with pytest.raises(InputError, match="another row"):
        agrees(0.25, row, enclose(replace(row, radius=Fraction(1, 2))))
