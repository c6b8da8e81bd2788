"""The games of the claims about whole theorems are what those say, and the learner does as they say."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from drmg_check.learners import Settings, learn
from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.planner import Optimism, Rate
from drmg_check.sets import KullbackLeibler, TotalVariation
from drmg_oracles import best_response_exactly, evaluate_exactly
from drmg_properties.claims.mornavi.results._ladder import Rare, Rungs, _gap, _log_climb
from drmg_properties.formulas import enclose_closely

LADDER, SAFE, LOST = range(3)


def ladder_game(n: int, p: Fraction, radius: Fraction, theta: int) -> RobustMarkovGame:
    """Return the game of the ladder's module, as its text says."""
    H = n + 2
    transition = np.zeros((H, 3, 2, 3), dtype=object)
    reward = np.zeros((H, 3, 2), dtype=object)
    transition[:, SAFE, :, SAFE] = transition[:, LOST, :, LOST] = 1
    transition[:n, LADDER, :, LADDER], transition[:n, LADDER, :, SAFE] = p, 1 - p
    transition[n:, LADDER, theta, SAFE] = transition[n:, LADDER, 1 - theta, LOST] = 1
    reward[-1, SAFE] = 1
    return RobustMarkovGame(
        transition=transition,
        reward=reward,
        horizon=H,
        actions=(2,),
        radius=radius,
        uncertainty=(KullbackLeibler(),),
        initial_state=LADDER,
    )


@pytest.mark.parametrize(("n", "p", "radius"), [(3, "1/8", "1"), (1, "1/2", "1/10"), (2, "1/100", "6")])
@pytest.mark.parametrize("theta", [0, 1])
def test_play_at_the_top_of_the_ladder_loses_what_the_adversary_climbs(
    n: int, p: str, radius: str, theta: int
) -> None:
    """``V^dagger - V^pi = q^n (1 - pi(theta))`` by the exact recursion, for even play and for another."""
    game = ladder_game(n, Fraction(p), Fraction(radius), theta)
    gap = _gap(Rungs(n, Fraction(p), Fraction(radius)))
    for often in (0.5, 0.25):
        pi = np.full((n + 2, 3, 2), 0.5)
        pi[n, LADDER, theta], pi[n, LADDER, 1 - theta] = often, 1 - often
        policy = JointPolicy(pi, (2,))
        best = best_response_exactly(game, policy, 0)
        own = evaluate_exactly(game, policy)
        lost = float(best.lo[0, LADDER] - own.hi[0, 0, LADDER])
        assert lost == pytest.approx(float(2 * gap.low) * (1 - often), rel=1e-9)
    if n == 3:
        assert float(2 * gap.low) == pytest.approx(0.404978, abs=1e-6)


def test_the_adversary_climbs_at_least_as_often_as_the_closed_form_says() -> None:
    for rarity, radius in ((3, "1"), (40, "1"), (40, "1/10"), (40, "40")):
        case = Rare(Fraction(1), 1, Fraction(radius), Fraction(rarity))
        p = Fraction(np.exp(-rarity))
        climbed = 2 * _gap(Rungs(1, p, Fraction(radius))).high
        assert float(enclose_closely(lambda case=case: _log_climb(case).exp()).low) <= float(climbed) * (
            1 + 1e-9
        )


def contexts(n: int) -> RobustMarkovGame:
    """Return the game of contexts with known rewards: s0, n contexts, a failure state."""
    S = n + 2
    transition = np.zeros((S, 2, S), dtype=object)
    transition[0, :, 1 : n + 1] = Fraction(1, n)
    transition[1:, :, S - 1] = 1
    reward = np.zeros((S, 2), dtype=object)
    reward[1 : n + 1, 1] = Fraction(1, 2)
    return RobustMarkovGame(
        transition=transition,
        reward=reward,
        horizon=2,
        actions=(2,),
        radius=Fraction(1, 2),
        uncertainty=(TotalVariation(),),
        initial_state=0,
    )


@pytest.mark.parametrize(("rate", "keeps_trying"), [("literal_19", True), ("per_N", False)])
def test_the_printed_bonus_keeps_a_known_bad_action_in_play(rate: Rate, keeps_trying: bool) -> None:
    """Of the first 16 B^2 visits 3/2 B^2 go to the bad action, and the regret is 3 n B^2 / 16 at least."""
    n, B, iota = 3, 5, 20.0
    K = 64 * (n + 2) * B * B
    c2 = B / (4 * (n + 2) * iota)
    optimism = Optimism(episodes=K, iota=iota, c1=2.0, c2=c2, c3=1.0, cf=1.0, rate=rate)
    run = learn(
        contexts(n), Settings(algorithm="mornavi", concept="nash", episodes=K, optimism=optimism), [0]
    )
    visits = run.N[0, 1, 1 : n + 1].sum(axis=-1)
    assert (visits.sum(axis=-1) >= 16 * B * B).all()
    assert (visits[:, 0] >= 1.5 * B * B).all() == keeps_trying
    assert (run.regret[0, -1] >= 3 * n * B * B / 16) == keeps_trying
