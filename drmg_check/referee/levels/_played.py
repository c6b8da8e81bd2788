"""What a learner is asked, and the truth about the policies that it has played."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from drmg_check.models import JointPolicy
from drmg_check.referee.evidence import policy_in
from drmg_check.referee.levels._of_solver import SolverQuestion, largest_change, policy_gap
from drmg_check.targets import LEARNED
from drmg_check.vocabulary import Array
from drmg_oracles import evaluate_exactly
from drmg_properties.laws import Tolerance


@dataclass(frozen=True, eq=False)
class LearnerQuestion(SolverQuestion):
    """What is asked: a run on a game.

    Parameters
    ----------
    game : RobustMarkovGame
        With rewards in [0, 1].
    concept : {"nash", "cce", "ce"}
    episodes, seed : int
    """

    episodes: int
    seed: int = 0

    @property
    def run_shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the arrays of a run, by name."""
        game, K = self.game, self.episodes
        each = (K, game.n_agents)
        pi = (K, game.horizon, game.n_states, game.n_joint_actions)
        return dict(zip(LEARNED, (pi, each, each, (K,)), strict=True))


@dataclass(frozen=True, slots=True)
class PolicyTruth:
    """Of one policy at the initial state: each agent's value and gain, and the error forgiven."""

    value_lo: tuple[Fraction, ...]
    value_hi: tuple[Fraction, ...]
    gap_lo: tuple[Fraction, ...]
    gap_hi: tuple[Fraction, ...]
    allowed: Fraction


class PlayedPolicies:
    """The truth about the policies ``pi[k, h, s, a]`` of a run, about equal ones once."""

    def __init__(self, question: SolverQuestion, policies: Array, tolerance: Tolerance) -> None:
        self._question, self._policies, self._tolerance = question, policies, tolerance
        self._known: dict[bytes, PolicyTruth | None] = {}

    def truth(self, k: int) -> PolicyTruth | None:
        """Return the truth about the policy of episode k, or None if it is no policy."""
        weights = self._policies[k]
        key = weights.astype(np.float64).tobytes()
        if key not in self._known:
            _, policy = policy_in(self._question.game, weights, self._question.concept, self._tolerance)
            self._known[key] = None if policy is None else self._of(policy, largest_change(weights, policy))
        return self._known[key]

    def _of(self, policy: JointPolicy, moved: Fraction) -> PolicyTruth:
        game, s = self._question.game, self._question.game.initial_state
        lo, hi, allowed = policy_gap(game, policy, self._question.concept, self._tolerance, moved)
        values = evaluate_exactly(game, policy)
        return PolicyTruth(
            tuple(values.lo[:, 0, s]), tuple(values.hi[:, 0, s]), tuple(lo[:, s]), tuple(hi[:, s]), allowed
        )
