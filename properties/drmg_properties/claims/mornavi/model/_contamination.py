"""Section 6: contamination sets, and the game without an adversary that they are said to equal (G8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from hypothesis.strategies import SearchStrategy

from drmg_check.sets import Contamination
from drmg_check.vocabulary import Array, Bounds
from drmg_oracles import worst_case_exact
from drmg_properties.claim import Budget, Claim, Derivation, Generated, Neighbour
from drmg_properties.claims.steps import Expectation, action_values, mean, values_by
from drmg_properties.formulas import vector
from drmg_properties.instances import Play, describe_play, plays
from drmg_properties.strategies import games


def _plays(budget: Budget) -> SearchStrategy[Play]:
    return plays(games(uncertainty=Contamination(), max_horizon=1 + budget.size))


def _discounted(share: Fraction) -> Expectation:
    """Return the operator ``(1 - share rho) E V`` under the nominal row."""
    return lambda row: (1 - share * row.radius) * mean(row.probabilities, row.values)


def _offsets(play: Play, discounted: Expectation) -> Iterator[tuple[str, Array, Fraction]]:
    """Yield agent and step, robust minus discounted action values [S, A], and the largest robust one."""
    game, policy = play.game, play.policy
    for i in range(game.n_agents):
        robust, plain = (values_by(game, policy, i, sigma) for sigma in (worst_case_exact, discounted))
        for h in range(game.horizon):
            Q = action_values(game, i, h, robust[h + 1], worst_case_exact)
            offset = Q - action_values(game, i, h, plain[h + 1], discounted)
            yield f"agent {i}, step {h + 1}", offset, max(abs(q) for q in Q.flat)


def _constant(share: Fraction) -> Callable[[Play], Derivation]:
    """Derive that the difference from the game discounted by ``1 - share rho`` does not depend on (s, a)."""

    def derive(play: Play) -> Derivation:
        every = tuple(_offsets(play, _discounted(share)))
        return Derivation(
            Bounds.of(max(max(d.flat) - min(d.flat) for _, d, _ in every)),
            Bounds.of(0),
            lambda: (
                *describe_play(play),
                *(
                    f"{place}: robust - discounted Q = {vector(d.flatten().tolist())}"
                    for place, d, _ in every
                ),
            ),
            silent="" if play.game.r.max() > play.game.r.min() else "all rewards are equal",
            scale=max(largest for _, _, largest in every),
            names=("largest spread of the difference", "0"),
        )

    return derive


G8 = Claim(
    id="G8",
    place="Section 6",
    title="Contamination is a discount",
    statement=(
        "A game with contamination sets is equivalent to the one without adversary whose values are "
        "discounted by 1 - rho: action values differ by a number that does not depend on (s, a)."
    ),
    latex=(
        r"Q^{\pi,\rho_i}_{i,h}(s,a) - Q^{\pi, 1 - \rho_i}_{i,h}(s,a) = "
        r"\sum_{t=h+1}^{H} (1 - \rho_i)^{t-h-1} \rho_i \min_{s'} V^{\pi,\rho_i}_{i,t}(s')"
    ),
    formalisation=(
        "A finding beyond the table of claims; the paper quotes it of Wang et al. (2023a). Exact recursions; "
        "the spread of the difference over (s, a), for every agent and step. Equal advantages mean equal "
        "best responses, but not equal gaps: the difference depends on the policy."
    ),
    assumptions=("contamination of any state", "one radius per agent"),
    reading="intended",
    instance_type=Play,
    search=Generated(_plays),
    derive=_constant(Fraction(1)),
    neighbours=(Neighbour("the discount 1 - 9/10 rho", _constant(Fraction(9, 10))),),
)

CLAIMS: tuple[Claim[Any], ...] = (G8,)
