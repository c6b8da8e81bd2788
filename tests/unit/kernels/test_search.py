"""What a tilt near the optimum tells of the optimum itself, against derivatives to fifty digits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from mpmath import mp, mpf

from drmg_check.kernels._search import ENOUGH, bent, cubic_optimum, recalled, remembered

ORDERS = [mpf(0), mpf(-1), mpf(1) / 2, mpf(-9), mpf(-1) / 3]  # r of Burg, Hellinger, and a = -1, 9/10, 1/4


def power_mean(p: list[mpf], y: list[mpf], r: mpf) -> mpf:
    """Return ``E[y^r]^(1/r)``, at r = 0 the geometric mean."""
    if r == 0:
        return mp.exp(mp.fdot(p, map(mp.log, y)))
    return mp.fdot(p, [x**r for x in y]) ** (1 / r)


@pytest.mark.parametrize("r", ORDERS, ids=[mp.nstr(r, 3) for r in ORDERS])
def test_the_gain_to_the_optimum_is_right_wherever_it_is_told(r: mpf):
    """Near the optimum it is told and within ENOUGH; far away it is refused, or within ENOUGH too."""
    mp.dps = 50
    told = {-5: 0, -2: 0, 0: 0}
    for seed in range(12):
        rng = np.random.default_rng(seed)
        p = [mpf(float(x)) for x in rng.dirichlet(np.ones(6))]
        p = [x / mp.fsum(p) for x in p]
        W = [mpf(0), *(mpf(float(x)) for x in rng.random(5))]
        best = mpf(10) ** mpf(float(rng.uniform(-2, 2)))  # where the optimum is to be
        scale = 1 / mp.diff(lambda z: power_mean(p, [z + w for w in W], r), best)  # noqa: B023 - used at once

        def dual(z: mpf) -> mpf:
            return scale * power_mean(p, [z + w for w in W], r) - z  # noqa: B023 - used at once

        for magnitude in told:
            z = best * (1 + mpf(float(rng.choice([-1, 1]))) * mpf(10) ** magnitude / 3)
            y = [z + w for w in W]
            share = z * mp.fdot(p, [x ** (r - 1) for x in y]) / mp.fdot(p, [x**r for x in y])
            _, first, second, third = mp.taylor(dual, z, 3)
            a2, a3 = -2 * second * z, 6 * third * z * z
            numbers = (float(x) for x in (first, 1 / z, a2, a3, r, share))
            gain, s = cubic_optimum(*numbers)
            if math.isnan(gain):
                continue
            told[magnitude] += 1
            # numbers of the size of a2 / s = - z^2 times the second derivative are rounded on the way
            rounding = 8 * 2.0**-53 * float(abs(first) * z)
            assert abs(dual(best) - dual(z) - gain) <= ENOUGH + rounding
            assert abs(dual(best) - dual(1 / mpf(s))) <= ENOUGH + rounding
    assert told[-5] == 12
    assert told[0] == 0


def test_a_bend_corrects_a_step_that_it_can_correct():
    """For ``exp(x) = 1`` from x = 0.1, the step is third order; a bend beyond 1 leaves Newton's."""
    newton = -(math.exp(0.1) - 1) / math.exp(0.1)
    assert abs(0.1 + newton) > 0.1**2 / 3
    assert abs(0.1 + bent(newton, 1.0)) < 0.1**3 / 2
    assert bent(newton, 20.0) == newton


def test_what_is_remembered_survives_a_new_smallest_value():
    """The optimal ``z + mean`` stays where it is when all values but the smallest move away from it."""
    s, mean = 5.0, 0.25
    kept = remembered(s, mean)
    assert recalled(kept, mean) == pytest.approx(s, rel=8 * 2.0**-53)
    moved = recalled(kept, mean + 0.125)  # z is less by as much
    assert 1 / moved == pytest.approx(1 / s - 0.125, rel=2.0**-50)


@pytest.mark.parametrize("s", [0.0, -1.0, math.inf])
def test_marks_are_remembered_as_they_are(s: float):
    """The nominal row, the boundary and the minimum leave no multiplier to start from."""
    assert remembered(s, 0.5) == s
    assert not recalled(s, 0.5) > 0.0
