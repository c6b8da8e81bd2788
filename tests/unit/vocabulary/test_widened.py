"""Rows of float32 have one stated rule: their weights in float64, divided by their sums."""

import numpy as np
import pytest

from drmg_check.models import JointPolicy
from drmg_check.vocabulary import InputError, widened

SINGLE = np.array([[[0.1, 0.2, 0.7], [1 / 3, 1 / 3, 1 / 3]]], dtype=np.float32)


def test_rows_of_float32_are_divided_by_their_sums_in_float64():
    wide = SINGLE.astype(np.float64)
    assert np.array_equal(widened(SINGLE), wide / wide.sum(axis=-1, keepdims=True))
    assert np.array_equal(JointPolicy(widened(SINGLE), (3,)).pi, widened(SINGLE))


def test_many_random_rows_of_every_short_type_become_legal():
    rng = np.random.default_rng(5)
    for dtype in (np.float16, np.float32):
        for states in (2, 7, 300):
            rows = rng.dirichlet(np.full(states, 0.5), size=(1, 50)).astype(dtype)
            rows /= rows.sum(axis=-1, keepdims=True)
            assert JointPolicy(widened(rows), (states,)).n_states == 50


def test_a_zero_stays_outside_the_support():
    assert widened(np.array([0.3, 0.7, 0.0], dtype=np.float32))[2] == 0.0


def test_what_answers_to_an_array_is_read_by_its_own_type():
    """As the arrays of JAX and PyTorch do."""

    class Tensor:
        def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
            return SINGLE

    assert np.array_equal(widened(Tensor()), widened(SINGLE))


def test_any_other_array_is_left_alone():
    for array in (SINGLE.astype(np.float64), np.array(["1/3", "2/3"]), np.array([1, 0])):
        assert widened(array) is array


def test_rows_that_are_off_by_more_than_rounding_are_refused():
    with pytest.raises(InputError, match=r"policy\[0, 0\] sums to .* rounding of float32"):
        widened(SINGLE * np.float32(1 + 1e-6), "policy")
    with pytest.raises(InputError, match="not finite"):
        widened(np.array([np.nan, 1.0], dtype=np.float32))
    with pytest.raises(InputError, match="widened does so for float32"):
        JointPolicy(SINGLE, (3,))
