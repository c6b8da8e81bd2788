"""Joint policies, possibly correlated: ``pi[h, s, a]`` over joint actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from typing import Protocol

import numpy as np

from drmg_check.models._game import checked_actions
from drmg_check.models._model import Model
from drmg_check.vocabulary import (
    Array,
    FloatArray,
    InputError,
    check_distributions,
    check_type,
    exact,
    float_view,
    normalise,
    numbers_array,
)


class Policy(Protocol):
    """A Markov joint policy, however it is kept: a rule for each step, ``pi_h(a | s)``.

    >>> policy: Policy = JointPolicy([[["1/2", 0, 0, "1/2"]]], (2, 2))
    >>> policy.rule(0).tolist()
    [[0.5, 0.0, 0.0, 0.5]]
    """

    @property
    def actions(self) -> tuple[int, ...]:
        """The number of actions of each agent."""

    @property
    def horizon(self) -> int:
        """Number H of steps."""

    @property
    def n_states(self) -> int:
        """Number S of states."""

    def rule(self, h: int) -> FloatArray:
        """Return the weights of step h in float64, ``[S, A]``; of a product each is rounded once an agent."""

    def exact_rule(self, h: int, s: int) -> list[Fraction]:
        """Return the exact weights at (h, s), length A, of which the normalisation is meant."""


@dataclass(frozen=True, slots=True, eq=False)
class JointPolicy:
    """A Markov joint policy: at step h in state s the joint action a is drawn with ``pi_h(a | s)``.

    Parameters
    ----------
    weights : array [H, S, A] or [S, A] with ``horizon``
        Non-negative; a row means its exact normalisation and must sum to 1 within ``A 2^-52``.
    actions : tuple of int, length m
        Number of actions of each agent, product A; joint actions in C order.

    Raises
    ------
    InputError
        Any shape, sign or sum that is illegal.

    Examples
    --------
    >>> policy = JointPolicy([[["1/2", 0, 0, "1/2"]]], (2, 2))  # both agents toss the same coin
    >>> policy.horizon, policy.n_states, is_product(policy)
    (1, 1, False)
    """

    weights: Array
    actions: tuple[int, ...]
    pi: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        actions = checked_actions(self.actions)
        given = self.weights
        same = isinstance(given, np.ndarray) and given.ndim == 3 and given.strides[0] == 0 and len(given) > 1
        weights = numbers_array(given[:1] if same else given, "policy")  # one rule for all steps is read once
        A = prod(actions)
        if weights.ndim != 3 or weights.shape[2] != A or 0 in weights.shape:
            raise InputError(f"policy.shape={weights.shape}; expected [H, S, A] with A={A}")
        check_distributions(weights, "policy")
        shape = given.shape if same else weights.shape
        object.__setattr__(self, "weights", np.broadcast_to(weights, shape))
        object.__setattr__(self, "actions", actions)
        object.__setattr__(self, "pi", np.broadcast_to(float_view(weights), shape))

    @property
    def horizon(self) -> int:
        """Number H of steps."""
        return int(self.weights.shape[0])

    @property
    def stored(self) -> Array:
        """The weights without repetition: those of one step, [1, S, A], where one rule serves them all."""
        return self.weights[:1] if self.weights.strides[0] == 0 else self.weights

    @property
    def n_states(self) -> int:
        """Number S of states."""
        return int(self.weights.shape[1])

    def rule(self, h: int) -> FloatArray:
        """Return the weights of step h in float64, ``[S, A]``."""
        rule: FloatArray = self.pi[h]
        return rule

    def exact_rule(self, h: int, s: int) -> list[Fraction]:
        """Return the exact weights at (h, s), length A, of which the normalisation is meant."""
        return [exact(x) if x else Fraction(0) for x in self.weights[h, s].tolist()]


def action_distribution(policy: Policy, h: int, s: int) -> tuple[Fraction, ...]:
    """Return the exact distribution over joint actions at (h, s), length A.

    Examples
    --------
    >>> action_distribution(JointPolicy([[["1/3", "2/3"]]], (2,)), 0, 0)
    (Fraction(1, 3), Fraction(2, 3))
    """
    return normalise(policy.exact_rule(h, s), f"policy[{h}, {s}]")


def product_policy(marginals: Sequence[object]) -> JointPolicy:
    """Return the policy in which agents draw independently.

    Parameters
    ----------
    marginals : one array [H, S, A_i] per agent
        Products are taken exactly, so that :func:`is_product` recognises the result.

    Examples
    --------
    >>> product_policy([[[["1/3", "2/3"]]], [[[1, 0]]]]).weights.tolist()
    [[[Fraction(1, 3), Fraction(0, 1), Fraction(2, 3), Fraction(0, 1)]]]
    """
    check_type(marginals, Iterable, "marginals", "one array for each agent")
    arrays = [numbers_array(marginal, f"marginals[{i}]") for i, marginal in enumerate(marginals)]
    if not arrays or any(x.ndim != 3 or x.shape[:2] != arrays[0].shape[:2] for x in arrays):
        raise InputError(
            f"marginals have shapes {[x.shape for x in arrays]}; expected [H, S, A_i] for each agent"
        )
    for i, x in enumerate(arrays):
        check_distributions(x, f"marginals[{i}]")
    actions = tuple(int(x.shape[2]) for x in arrays)
    H, S = arrays[0].shape[:2]
    joint = np.empty((H, S, prod(actions)), dtype=object)
    for h, s in np.ndindex(H, S):
        rows = [normalise([exact(value) for value in x[h, s]]) for x in arrays]
        for a, each in enumerate(np.ndindex(*actions)):
            joint[h, s, a] = prod((rows[i][k] for i, k in enumerate(each)), start=Fraction(1))
    return JointPolicy(joint, actions)


def uniform_policy(game: Model) -> JointPolicy:
    """Return the policy that draws every joint action with probability 1 / A.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> action_distribution(uniform_policy(game), 3, 0)
    (Fraction(1, 4), Fraction(1, 4), Fraction(1, 4), Fraction(1, 4))
    """
    _check_model(game)
    A = game.n_joint_actions
    once = np.full((1, game.n_states, A), Fraction(1, A), dtype=object)
    return JointPolicy(np.broadcast_to(once, (len(game.stages), *once.shape[1:])), game.actions)


def deterministic_policy(game: Model, choose: Callable[[int, int], int | Sequence[int]]) -> JointPolicy:
    """Return the policy that plays ``choose(h, s)``: a joint index, or one action per agent.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> deterministic_policy(game, lambda h, s: (s, 1)).pi[0].tolist()  # agent 0 plays the state's number
    [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    """
    weights = np.zeros((len(game.stages), game.n_states, game.n_joint_actions))
    for h, s in np.ndindex(len(game.stages), game.n_states):
        choice = choose(h, s)
        try:
            a = choice if isinstance(choice, int) else int(np.ravel_multi_index(tuple(choice), game.actions))
            if not 0 <= a < game.n_joint_actions:
                raise ValueError
        except ValueError as error:
            raise InputError(
                f"choose({h}, {s})={choice!r}; expected joint action of {game.actions}"
            ) from error
        weights[h, s, a] = 1.0
    return JointPolicy(weights, game.actions)


def marginal(policy: Policy, i: int, h: int, s: int) -> tuple[Fraction, ...]:
    """Return agent i's exact action distribution at (h, s), length A_i.

    Examples
    --------
    >>> marginal(JointPolicy([[["1/2", 0, "1/4", "1/4"]]], (2, 2)), 1, 0, 0)
    (Fraction(3, 4), Fraction(1, 4))
    """
    result = [Fraction(0)] * policy.actions[i]
    stride, n = prod(policy.actions[i + 1 :]), policy.actions[i]
    for a, weight in enumerate(action_distribution(policy, h, s)):
        if weight:
            result[a // stride % n] += weight
    return tuple(result)


def is_product(policy: JointPolicy) -> bool:
    """Whether every ``pi_h(. | s)`` is exactly the product of its marginals.

    Examples
    --------
    >>> is_product(product_policy([[[["1/3", "2/3"]]], [[["1/2", "1/2"]]]]))
    True
    """
    for h, s in np.ndindex(*policy.stored.shape[:2]):
        marginals = [marginal(policy, i, h, s) for i in range(len(policy.actions))]
        joint = action_distribution(policy, h, s)
        for each, weight in zip(np.ndindex(*policy.actions), joint, strict=True):
            if weight != prod((marginals[i][k] for i, k in enumerate(each)), start=Fraction(1)):
                return False
    return True


def check_policy_fits(game: Model, policy: Policy) -> None:
    """Refuse a policy of another game.

    Raises
    ------
    InputError
        One of them is something else, or the policy's shape or agents differ from the game's.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> check_policy_fits(game, JointPolicy([[[1]]], (1,)))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    drmg_check.vocabulary._errors.InputError: policy has shape (1, 1, 1) ...; the game ... needs (4, 2, 4) ...
    """
    _check_model(game)
    if not hasattr(policy, "exact_rule"):
        check_type(policy, JointPolicy, "policy", "a JointPolicy, as from read_policy")
    expected = (len(game.stages), game.n_states, game.n_joint_actions)
    shape = (policy.horizon, policy.n_states, prod(policy.actions))
    if shape != expected or policy.actions != game.actions:
        raise InputError(
            f"policy has shape {shape} and actions {policy.actions}; "
            f"the game {game.name!r} needs {expected} and {game.actions}"
        )


def _check_model(game: Model) -> None:
    if not hasattr(game, "stages"):  # asking for the whole protocol takes as long as a small backup
        check_type(game, Model, "game", "a RobustMarkovGame, as from read_game")
