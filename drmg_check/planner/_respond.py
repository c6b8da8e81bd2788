r"""Robust best responses and the NE, CCE and CE gaps of a joint policy.

Agent i's best response faces the marginal ``pi_{-i}`` of the others:

    V^dagger_h(s) = max_{a_i} E_{a_{-i} ~ pi_{-i,h}(.|s)} Q^dagger_h(s, a_i, a_{-i}),

and its best modification of the recommendations (equations (80) and (170) of the MORNAVI paper)

    V^phi_h(s) = sum_{a_i} max_{a_i'} sum_{a_{-i}} pi_h(a_i, a_{-i}|s) Q^phi_h(s, a_i', a_{-i}),

with ``Q = r + worst case of the next V`` in both. The gap is the larger of the agents' gains over V^pi.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from drmg_check.equilibria import Concept, deviation_payoffs, modification_value, response_values
from drmg_check.models import (
    JointPolicy,
    Model,
    Policy,
    Stage,
    check_policy_fits,
    is_product,
    is_rounded_product,
    set_at,
)
from drmg_check.planner._evaluate import evaluate
from drmg_check.planner._fictitious import backup_under, error_under
from drmg_check.planner._iterate import Backup, iterate
from drmg_check.planner._s_rectangular import answer_shared, error_shared
from drmg_check.planner._sweeps import Sweeps
from drmg_check.sets import FictitiousTotalVariation, SRectangular
from drmg_check.vocabulary import FloatArray, InputError, IntArray, UnsupportedError

Answer: TypeAlias = tuple[IntArray, FloatArray | None]
"""A best action in each state, and the probabilities of all of them where a response is mixed."""


@dataclass(frozen=True, slots=True, eq=False)
class BestResponse:
    """What agent i can reach against the others, and how.

    Attributes
    ----------
    V : array [H + 1, S]
        The best-response value, zero at ``h = H``.
    Q : array [H, S, A]
    actions : int array [H, S] or [H, S, A_i]
        A best action at (h, s), the first in index order of those that tie; for a modification, a
        best answer to each recommendation. For an s-rectangular set the likeliest action of ``mixture``.
    error : array [H + 1]
        ``|V[h, s] - exact| <= error[h]``.
    mixture : array [H, S, A_i] or None
        For an s-rectangular set the probabilities of the actions: a best response may have to be mixed.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> response = best_response(game, policy, 0)
    >>> response.actions[0].tolist(), response.V[0].tolist()
    ([0, 1], [3.9125, 3.0625])
    """

    V: FloatArray
    Q: FloatArray
    actions: IntArray
    error: FloatArray
    mixture: FloatArray | None = None


def best_response(game: Model, policy: Policy, i: int, *, threads: int = 1) -> BestResponse:
    """Return agent i's robust best response to the marginal of the others.

    A deterministic Markov response is enough: given ``pi_{-i}``, agent i faces a robust Markov
    decision process with (s, a)-rectangular sets (Iyengar, 2005). It is not for an s-rectangular set, whose
    response is mixed (Wiesemann, Kuhn and Rustem, 2013). ``threads`` as for :func:`evaluate`.

    Raises
    ------
    InputError
        The policy is one of another game, or there is no agent i.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> best_response(game, policy, 0).V[0].tolist()
    [3.9125, 3.0625]
    """
    return _respond(game, policy, i, obedient=False, threads=threads)


def best_modification(game: Model, policy: Policy, i: int, *, threads: int = 1) -> BestResponse:
    """Return agent i's best answer to each of its recommendations, its deviation from a CE.

    ``threads`` as for :func:`evaluate`.

    Raises
    ------
    InputError
        The policy is one of another game, or there is no agent i.
    UnsupportedError
        Agent i's set is fictitious: recommendations that are answered alike share one ball, so they
        cannot be answered each on its own. Or it is s-rectangular: all recommendations share one budget.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import JointPolicy
    >>> told = JointPolicy([[["1/2", 0, 0, "1/2"]] * 2] * 4, (2, 2))  # both are told the same action
    >>> best_modification(game, told, 0).actions[0, 1].tolist()  # in bad; an answer to each recommendation
    [0, 1]
    """
    set_at(game.stages[0], i, 0, 0)
    return _respond(game, policy, i, obedient=True, threads=threads)


def _respond(game: Model, policy: Policy, i: int, *, obedient: bool, threads: int) -> BestResponse:
    check_policy_fits(game, policy)
    if not 0 <= i < game.n_agents:
        raise InputError(f"i={i!r}; expected an agent in 0..{game.n_agents - 1}")

    sweeps = Sweeps(threads)

    def deviate(stage: Stage, V: FloatArray, error: FloatArray) -> Backup[Answer]:
        x = policy.rule(stage.step)
        if isinstance(stage.uncertainty[i], SRectangular):
            worth, d = answer_shared(stage, i, V[0], x, threads=threads)
            bound = error_shared(stage, i, error[0], V[0])
            Q = np.broadcast_to(worth[:, None], x.shape)
            return Backup(worth[None], Q[None], np.array([bound]), x, (d.argmax(axis=1), d))
        Q = backup_under(stage, i, V[0], x, obeying=False, sweeps=sweeps)
        D = deviation_payoffs(Q, x, i, stage.actions)
        if obedient:
            actions, values = D.argmax(axis=2), modification_value(D)
        else:
            always = response_values(D)
            actions, values = always.argmax(axis=1), always.max(axis=1)
        bound = error_under(stage, i, error[0], V[0], Q)
        return Backup(values[None], Q[None], np.array([bound]), x, (actions, None))

    response = iterate(game, (i,), deviate)
    actions = np.array([each for each, _ in response.choices])
    mixed = [d for _, d in response.choices if d is not None]
    mixture = np.stack(mixed) if mixed else None
    return BestResponse(response.V[0], response.Q[0], actions, response.error[0], mixture)


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """How much each agent gains by deviating from one joint policy, in the unit of the rewards.

    Attributes
    ----------
    cce : array [m, S]
        ``V^dagger - V^pi`` at the first step. It is the NE gain too, if the policy is a product;
        if it is not, it may be negative, since obeying can earn more than any response that ignores
        the recommendation.
    ce : array [m, S]
        ``V^phi - V^pi`` at the first step; at least 0 and at least ``cce``. NaN for a fictitious or an
        s-rectangular set, whose modifications :func:`best_modification` refuses.
    error : array [m]
        Each entry is within ``error[i]`` of the exact gain.
    product : bool
        Whether the policy is a product of its marginals, exactly or up to the rounding of float64 weights.
    initial_state : int

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> gaps(game, policy).cce.tolist()
    [[0.0859375, 1.11328125], [0.0859375, 1.11328125]]
    """

    cce: FloatArray
    ce: FloatArray
    error: FloatArray
    product: bool
    initial_state: int

    def at_start(self, concept: Concept) -> float:
        """Return the gap at the initial state: the largest gain over agents.

        Raises
        ------
        InputError
            The NE gap of a correlated policy was asked for; it has a CCE and a CE gap only.
        UnsupportedError
            The CE gap of a game with a fictitious or an s-rectangular set was asked for.
        """
        if concept == "nash" and not self.product:
            raise InputError("the policy is correlated, so it has no NE gap; ask for 'cce' or 'ce'")
        gains = self.ce if concept == "ce" else self.cce
        if np.isnan(gains).any():
            raise UnsupportedError(
                "the game has a fictitious or an s-rectangular set, so its CE gap is not known; ask for 'cce'"
            )
        return float(gains[:, self.initial_state].max())


def gaps(game: Model, policy: JointPolicy, *, threads: int = 1) -> Gaps:
    """Return the NE / CCE and the CE gain of every agent at every state.

    ``threads`` as for :func:`evaluate`.

    Raises
    ------
    InputError
        The policy is one of another game.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> each = gaps(game, policy)
    >>> each.product, each.at_start("nash")
    (True, 0.0859375)
    """
    values = evaluate(game, policy, threads=threads)
    m, S = game.n_agents, game.n_states
    cce, ce, error = np.empty((m, S)), np.empty((m, S)), np.empty(m)
    for i in range(m):
        response = best_response(game, policy, i, threads=threads)
        cce[i] = response.V[0] - values.V[i, 0]
        error[i] = values.error[i, 0] + response.error[0]
        if isinstance(game.uncertainty[i], FictitiousTotalVariation | SRectangular):
            ce[i] = np.nan
            continue
        modification = best_modification(game, policy, i, threads=threads)
        ce[i] = modification.V[0] - values.V[i, 0]
        error[i] = max(error[i], values.error[i, 0] + modification.error[0])
    return Gaps(
        cce, ce, error, m == 1 or is_rounded_product(policy) or is_product(policy), game.initial_state
    )
