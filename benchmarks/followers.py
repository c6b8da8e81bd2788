"""Wrong implementations made of the diagnosis catalogues themselves, so that no entry goes untested.

Whoever follows an entry at a level of policies plans for what the entry makes of the game; a learner plays
the same policies whatever it believes, and reports the regret that the entry says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias

import numpy as np

from drmg_check.equilibria import solve_stages
from drmg_check.models import JointPolicy, deterministic_policy, uniform_policy
from drmg_check.referee.asking import Answer, InProcess, Session
from drmg_check.referee.diagnosis import GameAlternative, Recursion, RegretAlternative, mixtures, tables_of
from drmg_check.referee.levels import level_of
from drmg_check.referee.levels._gap import gap_by
from drmg_check.referee.levels._of_solver import SolverQuestion
from drmg_check.referee.levels._played import LearnerQuestion
from drmg_check.targets import Implementation
from drmg_check.vocabulary import Array, DrmgError, FloatArray
from drmg_check.words import FailureKind, LevelName

Ask: TypeAlias = Callable[[Any], Answer]


def in_floats(values: Array) -> Answer:
    """Return the answer whose entries are the floats nearest to values."""
    array: Array = np.empty(values.shape, dtype=object)
    for at in np.ndindex(*values.shape):
        array[at] = Fraction(float(values[at]))
    return Answer(array=array)


def planner(entry: GameAlternative, kinds: Callable[[SolverQuestion], bool] = lambda _: True) -> Ask:
    """Return an equilibrium of what the entry makes of games of some kinds, by backward induction."""

    @cache
    def ask(question: SolverQuestion) -> Answer:
        if not kinds(question):
            return Answer(trouble=FailureKind.NOT_SUPPORTED, message="not this kind of game")
        try:
            return in_floats(_planned(entry.how, question))
        except (DrmgError, ArithmeticError, ValueError) as silent:  # it says nothing about this game
            return Answer(trouble=FailureKind.NOT_SUPPORTED, message=str(silent))

    return ask


def _planned(how: Recursion, question: SolverQuestion) -> FloatArray:
    t = tables_of(question.game)
    read = how.read(replace(t, pi=np.arange(t.pi.size).reshape(t.pi.shape)))
    H, S, A = read.pi.shape
    pi, V = np.zeros(read.pi.shape), np.full((len(read.actions), H + 1, S), Fraction(0), dtype=object)
    for h in reversed(range(H)):
        q = [mixtures(how, read, i, h, how.next_values(V[i], h).tolist()) for i in range(len(V))]
        Q = np.array([[[mix(s, {a: Fraction(1)}) for a in range(A)] for s in range(S)] for mix in q])
        x = solve_stages(Q.astype(float), read.actions, how.concept or question.concept).x
        pi[h] = np.clip(x, 0.0, None) / np.clip(x, 0.0, None).sum(axis=1, keepdims=True)
        earned = np.vectorize(Fraction)(pi[h]) * Q
        V[:, h] = [[how.settle(sum(row), H - h, H) for row in each] for each in earned]
    written = np.empty(t.pi.size)
    written[read.pi.ravel().astype(int)] = pi.ravel()  # undo what reading does to a policy
    planned: FloatArray = written.reshape(question.shape)
    return planned


def learner(entry: RegretAlternative) -> Ask:
    """Play two policies in turn, promise what is certain, and report as regret what the entry says."""

    @cache
    def ask(question: LearnerQuestion) -> Answer:
        each = _played(question)
        try:
            gaps = [gap_by(entry.gap.how, tables_of(question.game, policy))[:, 0] for policy in each]
        except (DrmgError, ArithmeticError, ValueError) as silent:
            return Answer(trouble=FailureKind.NOT_SUPPORTED, message=str(silent))
        bounds = np.ones((question.episodes, question.game.n_agents), dtype=object) * Fraction(1)
        run = {
            "pi": np.stack([policy.weights for policy in each]),
            "lower": 0 * bounds,
            "upper": question.game.horizon * bounds,
            "regret": in_floats(np.array(entry.total(gaps))).array,
        }
        return Answer(run=run)

    return ask


def _played(question: LearnerQuestion) -> list[JointPolicy]:
    """Return a pure policy, the uniform one, and for CE and CCE one that correlates, in turn."""
    game = question.game
    shape = (game.horizon, game.n_states)
    places = np.indices(shape).sum(axis=0) % game.n_joint_actions
    policies = [deterministic_policy(game, lambda h, s: int(places[h, s])), uniform_policy(game)]
    if question.concept != "nash":
        pi = np.zeros((*shape, game.n_joint_actions))
        for h, s in np.ndindex(*shape):  # two joint actions in which everybody acts otherwise
            pi[h, s, [places[h, s], -1 - places[h, s]]] += 0.5
        policies.append(JointPolicy(pi, game.actions))
    return [policies[k % len(policies)] for k in range(question.episodes)]


class Answering(Session[Any]):
    """A session that asks a function about questions."""

    def __init__(self, ask: Ask, level: LevelName) -> None:
        sets = () if level == "equilibrium" else ("tv",)
        told = Implementation(level=level, sets=sets)
        super().__init__(InProcess(lambda: None), told, level_of(level).form)
        self._ask_game = ask

    def answer(self, question: Any) -> Answer:  # noqa: ANN401 - of any level
        """Return the answer to a question."""
        return self._ask_game(question)
