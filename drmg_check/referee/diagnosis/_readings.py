"""Readings of a question: its rewards, radii, steps, joint actions or policy, taken for others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import prod
from typing import TypeAlias

import numpy as np

from drmg_check.referee.diagnosis._recursion import Tables, own_action, played
from drmg_check.vocabulary import Array

Reading: TypeAlias = Callable[[Tables], Tables]
BACKWARDS = slice(None, None, -1)


def of_rewards(change: Callable[[Array], Array]) -> Reading:
    """Return a reading with other rewards ``[i, h, s, a]``."""
    return lambda t: replace(t, r=change(t.r))


def of_radii(change: Callable[[Array], Array]) -> Reading:
    """Return a reading with other radii ``[i, h, s, a]``."""
    return lambda t: replace(t, rho=change(t.rho))


def of_own_actions(reduce: Callable[..., Array]) -> Reading:
    """Return a reading with the rewards of agent i's own action, reduced over what the others do."""

    def read(t: Tables) -> Tables:
        r: Array = np.empty(t.r.shape, dtype=object)
        for i, own in enumerate(t.r):
            joint = own.reshape(*own.shape[:2], *t.actions)
            others = tuple(2 + j for j in range(len(t.actions)) if j != i)
            r[i] = np.broadcast_to(reduce(joint, axis=others, keepdims=True), joint.shape).reshape(own.shape)
        return replace(t, r=r)

    return read


def everywhere(choose: Callable[[Sequence[Fraction]], Fraction]) -> Callable[[Array], Array]:
    """Give every place of an agent the one radius that is chosen from all of its own."""

    def change(rho: Array) -> Array:
        result: Array = np.empty(rho.shape, dtype=object)
        for i in range(len(rho)):
            result[i] = choose(list(rho[i].ravel()))
        return result

    return change


def of_kernel(change: Callable[[Array], Array]) -> Reading:
    """Return a reading with another kernel ``[h, s, a, s']``."""
    return lambda t: replace(t, P=change(t.P))


def mean_over_actions(rho: Array) -> Array:
    """Give every joint action the mean radius of its state."""
    return np.broadcast_to(rho.sum(axis=-1, keepdims=True) / Fraction(rho.shape[-1]), rho.shape)


def of_first_action(rho: Array) -> Array:
    """Give every joint action the radius of the first."""
    return np.broadcast_to(rho[..., :1], rho.shape)


def of_first_state(rho: Array) -> Array:
    """Give every state the radii of the first."""
    return np.broadcast_to(rho[..., :1, :], rho.shape)


def transposed(rho: Array) -> Array:
    """Read the numbers of ``[s, a]`` as if they were stored as ``[a, s]``."""
    m, H, S, A = rho.shape
    flipped: Array = rho.reshape(m, H, A, S).swapaxes(2, 3)
    return flipped


def without_adversary(steps: slice) -> Reading:
    """Return a reading with radius 0 at some steps."""

    def change(rho: Array) -> Array:
        result: Array = rho.copy()
        result[:, steps] = Fraction(0)
        return result

    return of_radii(change)


def first_agent(array: Array) -> Array:
    """Give every agent what the first one has."""
    return np.stack([array[0]] * len(array))


def reversed_agents(array: Array) -> Array:
    """Give every agent what the one with the opposite index has."""
    return array[BACKWARDS]


def unpaid_last(t: Tables) -> Tables:
    """Start from ``V_H = 0`` in place of ``V_{H+1} = 0``."""
    r: Array = t.r.copy()
    r[:, -1] = Fraction(0)
    return replace(t, r=r)


def game_steps(kept: Callable[[int], slice | list[int]]) -> Reading:
    """Return a reading of the game, and no policy, with other steps; ``kept`` is given their number H."""

    def read(t: Tables) -> Tables:
        steps = kept(len(t.P))
        return replace(t, P=t.P[steps], r=t.r[:, steps], rho=t.rho[:, steps])

    return read


def policy_steps(kept: Callable[[int], slice | list[int]]) -> Reading:
    """Return a reading of the policy, and nothing else, with other steps."""
    return lambda t: replace(t, pi=t.pi[kept(len(t.P))])


def both(first: Reading, second: Reading) -> Reading:
    """Return one reading after the other; the second is given the number of steps that was asked."""

    def read(t: Tables) -> Tables:
        return replace(first(t), pi=second(t).pi)

    return read


def all_steps(kept: Callable[[int], slice | list[int]]) -> Reading:
    """Return a reading of everything with other steps."""
    return both(game_steps(kept), policy_steps(kept))


def backwards(_H: int) -> slice:
    """Take step H - h + 1 for h."""
    return BACKWARDS


def first_for_all(H: int) -> list[int]:
    """Take the first step for each, as if the game were stationary."""
    return [0] * H


def next_step(H: int) -> list[int]:
    """Take step h + 1 for h, and the last for itself."""
    return [*range(1, H), H - 1]


def one_more(H: int) -> list[int]:
    """Take the last step twice."""
    return [*range(H), H - 1]


def all_but_first(_H: int) -> slice:
    """Begin with the second step."""
    return slice(1, None)


def reordered_game(t: Tables) -> Tables:
    """Read the game, and no policy, with the first agent's action fastest, in column-major order."""
    order = _column_major(t)
    return replace(t, P=t.P[:, :, order], r=t.r[..., order], rho=t.rho[..., order])


def reordered_policy(t: Tables) -> Tables:
    """Read the policy, and nothing else, with the first agent's action fastest."""
    return replace(t, pi=t.pi[..., _column_major(t)])


def _column_major(t: Tables) -> list[int]:
    """Return for each joint action in C order its index in the other order."""
    order: list[int] = np.arange(t.pi.shape[2]).reshape(t.actions, order="F").ravel().tolist()
    return order


def uniform(t: Tables) -> Tables:
    """Ignore the policy."""
    A = t.pi.shape[2]
    return replace(t, pi=np.full(t.pi.shape, Fraction(1, A), dtype=object))


def independent(t: Tables) -> Tables:
    """Replace the policy by the product of its marginals."""
    pi: Array = np.empty(t.pi.shape, dtype=object)
    agents = range(len(t.actions))
    for h, s in np.ndindex(*pi.shape[:2]):
        marginals = [own_weights(t, i, h, s) for i in agents]
        for a in range(pi.shape[2]):
            pi[h, s, a] = prod((marginals[i][own_action(t, i, a)] for i in agents), start=Fraction(1))
    return replace(t, pi=pi)


def own_weights(t: Tables, i: int, h: int, s: int) -> list[Fraction]:
    """Return the marginal of agent i."""
    weights = [Fraction(0)] * t.actions[i]
    for a, w in played(t, h, s).items():
        weights[own_action(t, i, a)] += w
    return weights


def likeliest(t: Tables) -> Tables:
    """Take the first likeliest joint action for certain."""
    pi: Array = np.full(t.pi.shape, Fraction(0), dtype=object)
    for h, s in np.ndindex(*pi.shape[:2]):
        row = t.pi[h, s].tolist()
        pi[h, s, row.index(max(row))] = Fraction(1)
    return replace(t, pi=pi)
