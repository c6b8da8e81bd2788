"""The pages say that for a finite horizon a discount is exactly the reward at step h times gamma^h."""

from fractions import Fraction

import pytest

from drmg_check.models import RobustMarkovGame
from drmg_check.planner import robust_value_iteration
from drmg_check.sets import Row, TotalVariation
from drmg_oracles import worst_case_exact

GAMMA, H = Fraction(9, 10), 4
P = [[["1/2", "1/2"], ["1/4", "3/4"]], [["1", "0"], ["1/3", "2/3"]]]
R = [["1", "0"], ["1/2", "3/4"]]


@pytest.mark.parametrize("radius", ["0", "1/5"])
def test_a_discount_is_a_reward_that_shrinks_with_the_step(radius: str):
    V = (Fraction(0), Fraction(0))
    for _ in range(H):  # backwards, with the discount where a discounted model has it
        V = tuple(
            max(
                Fraction(R[s][a]) + GAMMA * worst_case_exact(Row.of(TotalVariation(), P[s][a], V, radius))
                for a in range(2)
            )
            for s in range(2)
        )
    game = RobustMarkovGame(
        transition=P,
        reward=[[[[GAMMA**h * Fraction(R[s][a]) for a in range(2)] for s in range(2)] for h in range(H)]],
        radius=radius,
        uncertainty=TotalVariation(),
        actions=(2,),
        horizon=H,
    )
    plan = robust_value_iteration(game, "nash")
    assert plan.V[0, 0].tolist() == pytest.approx([float(v) for v in V], rel=1e-14)
