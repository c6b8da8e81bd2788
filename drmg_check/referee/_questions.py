r"""Questions about a whole game: what is asked, the certified answer, and how far rounding may carry one.

With ``V_H = 0`` and ``sigma`` the worst-case expectation over agent i's ball (eq. (12)-(13) of MORNAVI),

    Q_h(s, a) = r_h(s, a) + sigma(V_{h+1}),    V_h(s) = E_{a ~ pi_h(.|s)} Q_h(s, a),

and a best response replaces the average over agent i's own actions by a maximum. Questions are ``backup``
(Q of one agent for given next values), ``evaluation`` (V^pi at the first step), ``best-response`` (V^dagger
there) and ``gap`` (their difference), the last three for each agent and state. Three questions have many
right answers: ``equilibrium`` and ``planner`` ask for a policy of which the gap is 0, ``learner`` for a run.

**Rounding.** sigma is 1-Lipschitz in V, so errors add over the steps: with k = 36 + 2 S for the row and
3 A + 6 for the average over A joint actions, one step costs a careful implementation at most

    u k (span V + max |V|) + u (3 A + 6) (max |Q| + max |r|)

(see ``drmg_check/planner/_bellman.py``). Six times that is forgiven, as for single rows, and the declared
accuracy, a fraction of span V, is forgiven at every step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import numpy as np

from drmg_check.models import JointPolicy, RobustMarkovGame, exact_radius, exact_reward, nominal_row
from drmg_check.referee._precision import rounded
from drmg_check.referee._rows import given_probabilities
from drmg_check.sets import Row, UncertaintySet
from drmg_check.targets import LEARNED, set_family, set_name
from drmg_check.vocabulary import Array, InputError, exact
from drmg_check.words import Concept, LevelName, Precision
from drmg_oracles import best_response_exactly, enclose, evaluate_exactly
from drmg_properties.laws import FLOAT64, Tolerance

FORGIVEN = 6  # units of rounding
DELTA = Fraction(1, 100)
"""The probability with which a learner's bounds may fail in one run."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked of an implementation at the level of games.

    Parameters
    ----------
    level : {"backup", "evaluation", "best-response", "gap", "equilibrium", "planner", "learner"}
    game : RobustMarkovGame
        Of one agent and one step for a backup; of one state and one step for an equilibrium.
    policy : JointPolicy
        Of an evaluation, best response or gap; ignored otherwise.
    values : tuple of Fraction, length S
        The next values of a backup.
    concept : {"nash", "cce", "ce"}
        Of an equilibrium, planner or learner.
    episodes, seed : int
        Of a learner.
    """

    level: LevelName
    game: RobustMarkovGame
    policy: JointPolicy
    values: tuple[Fraction, ...]
    concept: Concept = "nash"
    episodes: int = 0
    seed: int = 0

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the answer: ``[S, A]`` for a backup, a policy's for an equilibrium or plan, else ``[m, S]``."""
        game = self.game
        if self.level == "backup":
            return game.n_states, game.n_joint_actions
        if self.level == "equilibrium":
            return (game.n_joint_actions,)
        if self.level == "planner":
            return game.horizon, game.n_states, game.n_joint_actions
        return game.n_agents, game.n_states

    @property
    def run_shapes(self) -> dict[str, tuple[int, ...]]:
        """Of the arrays of a learner, by name."""
        game, K = self.game, self.episodes
        each = (K, game.n_agents)
        pi = (K, game.horizon, game.n_states, game.n_joint_actions)
        return dict(zip(LEARNED, (pi, each, each, (K,)), strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """The certified answer ``lo <= exact <= hi``, and the error that is forgiven in each entry."""

    lo: Array
    hi: Array
    allowed: Array


def question_as_given(question: Question, precision: Precision = "float64") -> Question:
    """Return the question that an implementation of that precision is asked for this one.

    Every number is rounded; see :func:`~drmg_check.referee._rows.as_given`.
    """
    game = question.game
    H, S, A, m = game.horizon, game.n_states, game.n_joint_actions, game.n_agents
    P = np.empty((H, S, A, S), dtype=object)
    r, rho = np.empty((m, H, S, A), dtype=object), np.empty((m, H, S, A), dtype=object)
    pi = np.empty((H, S, A), dtype=object)
    for h, s, a in np.ndindex(H, S, A):
        P[h, s, a] = given_probabilities(nominal_row(game.stages[h], s, a), precision)
    for i, h, s, a in np.ndindex(m, H, S, A):
        r[i, h, s, a] = rounded(exact_reward(game.stages[h], i, s, a), precision)
        rho[i, h, s, a] = rounded(exact_radius(game.stages[h], i, s, a), precision)
    for h, s in np.ndindex(H, S):
        pi[h, s] = given_probabilities([exact(x) for x in question.policy.weights[h, s]], precision)
    given = RobustMarkovGame(
        transition=P,
        reward=r,
        radius=rho,
        uncertainty=game.uncertainty,
        actions=game.actions,
        initial_state=game.initial_state,
    )
    values = tuple(rounded(v, precision) for v in question.values)
    return replace(question, game=given, policy=JointPolicy(pi, game.actions), values=values)


def with_rewards(question: Question, factor: Fraction, shift: Fraction) -> Question:
    """Return the question with rewards ``factor * r + shift`` and next values ``factor * V``."""
    reward = _exactly(question.game.reward) * factor + shift
    values = tuple(factor * v for v in question.values)
    return replace(question, game=_changed(question.game, reward=reward), values=values)


def with_radius(question: Question, factor: Fraction) -> Question:
    """Return the question with every radius multiplied."""
    return replace(question, game=_changed(question.game, radius=_exactly(question.game.radius) * factor))


def _changed(
    game: RobustMarkovGame, *, reward: Array | None = None, radius: Array | None = None
) -> RobustMarkovGame:
    return RobustMarkovGame(
        transition=game.transition,
        reward=game.reward if reward is None else reward,
        radius=game.radius if radius is None else radius,
        uncertainty=game.uncertainty,
        actions=game.actions,
        initial_state=game.initial_state,
    )


def _exactly(array: Array) -> Array:
    result: Array = np.empty(array.shape, dtype=object)
    for where in np.ndindex(array.shape):
        result[where] = exact(array[where])
    return result


@lru_cache(maxsize=1024)
def certified_answer(question: Question, tolerance: Tolerance = FLOAT64) -> Truth:
    """Return the exact answer to a question and the error forgiven.

    Raises
    ------
    NumericalError
        No enclosure at any precision that is tried.
    """
    if question.level == "backup":
        return _backup(question, tolerance)
    game, m = question.game, question.game.n_agents
    values = evaluate_exactly(game, question.policy)
    lo, hi = values.lo[:, 0], values.hi[:, 0]
    allowed = [_forgiven(game, i, values.lo[i], tolerance) for i in range(m)]
    if question.level != "evaluation":
        best = [best_response_exactly(game, question.policy, i) for i in range(m)]
        low, high = np.stack([one.lo[0] for one in best]), np.stack([one.hi[0] for one in best])
        more = [_forgiven(game, i, best[i].lo, tolerance) for i in range(m)]
        if question.level == "best-response":
            lo, hi, allowed = low, high, more
        else:
            lo, hi = low - hi, high - lo
            allowed = [one + other for one, other in zip(allowed, more, strict=True)]
    wide = np.array([[x] * game.n_states for x in allowed], dtype=object)
    return Truth(lo, hi, wide)


def _forgiven(game: RobustMarkovGame, i: int, V: Array, tolerance: Tolerance) -> Fraction:
    """Return the error that is forgiven at the first step, for values V [H + 1, S]."""
    S, A = game.n_states, game.n_joint_actions
    error = Fraction(0)
    for h in reversed(range(game.horizon)):
        after = [exact(v) for v in V[h + 1]]
        span, size = max(after) - min(after), max(abs(v) for v in after)
        reward = max(abs(exact_reward(game.stages[h], i, s, a)) for s, a in np.ndindex(S, A))
        rounding = (36 + 2 * S) * (span + size) + (3 * A + 6) * (2 * reward + size)
        error += FORGIVEN * tolerance.unit * rounding + tolerance.accuracy * span
    return error


def _backup(question: Question, tolerance: Tolerance) -> Truth:
    game, V = question.game, question.values
    S, A = question.shape
    lo, hi, allowed = (np.empty((S, A), dtype=object) for _ in range(3))
    span, size = max(V) - min(V), max(abs(v) for v in V)
    one = game.uncertainty[0]
    for s, a in np.ndindex(S, A):
        r = exact_reward(game.stages[0], 0, s, a)
        found = enclose(
            Row(set_of_row(one), nominal_row(game.stages[0], s, a), V, exact_radius(game.stages[0], 0, s, a))
        )
        lo[s, a], hi[s, a] = r + found.lo, r + found.hi
        rounding = (36 + 2 * S) * (span + size) + 4 * (abs(r) + size)
        allowed[s, a] = FORGIVEN * tolerance.unit * rounding + tolerance.accuracy * span
    return Truth(lo, hi, allowed)


def set_of_row(one: object) -> UncertaintySet:
    """Return a set of single rows.

    Raises
    ------
    InputError
        A set that has no meaning for one row.
    """
    if not isinstance(one, UncertaintySet):
        raise InputError(f"the set {one!r} has no meaning for a single row")
    return one


def on_states(one: UncertaintySet, states: int) -> UncertaintySet:
    """Return the set for so many states: a Wasserstein set gets the metric ``|s - t|``, others stay."""
    return set_family(set_name(one)).make(states)


def smoke_questions(level: LevelName, one: UncertaintySet) -> dict[str, Question]:
    """Return questions whose answers a reader can check: one step, then two with radius 1/4."""
    half = Fraction(1, 2)

    def question(P: Sequence[object], r: Sequence[object], horizon: int) -> Question:
        game = RobustMarkovGame(
            transition=np.array(P, dtype=object),
            reward=np.array(r, dtype=object).reshape(1, 1, len(r), 1),
            radius=np.array(Fraction(1, 4), dtype=object).reshape(1, 1, 1, 1),
            uncertainty=(on_states(one, len(r)),),
            actions=(1,),
            horizon=horizon,
        )
        certain = np.full((horizon, len(r), 1), Fraction(1), dtype=object)
        return Question(level, game, JointPolicy(certain, (1,)), tuple(map(Fraction, range(len(r)))))

    fair = [[[half, half]]] * 2
    return {
        "one-state": question([[[Fraction(1)]]], [Fraction(3)], 1),
        "two-states": question(fair, [Fraction(0), Fraction(1)], 1 if level == "backup" else 2),
    }
