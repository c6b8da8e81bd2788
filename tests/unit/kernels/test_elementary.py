"""The lanes' exponential and logarithm keep their error bounds."""

from collections.abc import Callable

import mpmath
import numba
import numpy as np
import pytest

from drmg_check.kernels._elementary import exp_and_expm1, log_of_sum
from drmg_check.kernels._simd import load, load_first, store, total

U = mpmath.mpf(2) ** -53
RNG = np.random.default_rng(3)
SMALL = 10.0 ** RNG.uniform(-300, 0, 400)


@numba.njit(error_model="numpy")
def exponentials(x: np.ndarray, e: np.ndarray, e_less_one: np.ndarray) -> None:
    for k in range(0, x.shape[0], 8):
        a, b = exp_and_expm1(load(x, k))
        store(e, k, a)
        store(e_less_one, k, b)


@numba.njit(error_model="numpy")
def logarithms(x: np.ndarray, y: np.ndarray, out: np.ndarray) -> None:
    for k in range(0, x.shape[0], 8):
        store(out, k, log_of_sum(load(x, k), load(y, k)))


@numba.njit(error_model="numpy")
def first(x: np.ndarray, count: int) -> float:
    return total(load_first(x, 0, count))


def relative_error(computed: np.ndarray, truth: Callable[[mpmath.mpf], mpmath.mpf], x: np.ndarray) -> float:
    with mpmath.workprec(200):
        want = [truth(mpmath.mpf(float(v))) for v in x]
        return float(
            max(abs((mpmath.mpf(float(f)) - w) / w) for f, w in zip(computed, want, strict=True)) / U
        )


@pytest.mark.parametrize("x", [RNG.uniform(-1, 1, 400), RNG.uniform(-707, 690, 400), SMALL, -SMALL])
def test_exponentials_are_within_two_and_a_half_ulp(x: np.ndarray):
    e, e_less_one = np.empty_like(x), np.empty_like(x)
    exponentials(x, e, e_less_one)
    assert relative_error(e, mpmath.exp, x) <= 1.5
    assert relative_error(e_less_one, mpmath.expm1, x) <= 2.5


def test_the_exponential_is_flushed_and_not_clamped():
    """Below -708 it is 0: a clamp leaves junk that a factor s^2 turns into a variance."""
    x = np.array([-708.0, -1e3, -1e300, -np.inf, 0.0, -0.0, -707.0, 690.0])
    e, e_less_one = np.empty_like(x), np.empty_like(x)
    exponentials(x, e, e_less_one)
    assert np.array_equal(e[:6], [0, 0, 0, 0, 1, 1])
    assert np.array_equal(e_less_one[:6], [-1, -1, -1, -1, 0, 0])


@pytest.mark.parametrize("y", [RNG.uniform(-1, 1, 400), SMALL, -0.9 * SMALL])
def test_logarithms_are_within_two_ulp(y: np.ndarray):
    out = np.empty_like(y)
    logarithms(np.ones_like(y), y, out)
    assert relative_error(out, mpmath.log1p, y) <= 2.0


def test_a_partial_load_reads_nothing_beyond_its_count():
    x = np.array([1.0, 2.0, 4.0, np.nan])
    assert [first(x, count) for count in (0, 1, 2, 3)] == [0, 1, 3, 7]
