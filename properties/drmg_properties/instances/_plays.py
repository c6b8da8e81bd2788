"""Instances that several claims share, and how derivations describe them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from hypothesis.strategies import SearchStrategy

from drmg_check.models import (
    JointPolicy,
    RobustMarkovGame,
    action_distribution,
    check_policy_fits,
    deterministic_policy,
    exact_radius,
    exact_reward,
    nominal_row,
    uniform_policy,
)
from drmg_check.vocabulary import InputError
from drmg_properties.formulas import vector
from drmg_properties.strategies import correlated_policies, games, policies


@dataclass(frozen=True, slots=True, eq=False)
class Play:
    """A game and a joint policy for it.

    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")
    >>> Play(game, uniform_policy(game)).policy.n_states
    2
    """

    game: RobustMarkovGame
    policy: JointPolicy

    def __post_init__(self) -> None:
        check_policy_fits(self.game, self.policy)


@dataclass(frozen=True, slots=True, eq=False)
class FailingPlay(Play):
    """A play of a game that satisfies Assumption 1: it has failure states, and rewards >= 0.

    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")
    >>> from drmg_check.models import uniform_policy
    >>> FailingPlay(game, uniform_policy(game))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    drmg_check.vocabulary._errors.InputError: 'initial-shock' breaks Assumption 1, no closed set of ...
    """

    def __post_init__(self) -> None:
        Play.__post_init__(self)
        if why := lacks_failure_state(self.game):
            raise InputError(why)


def lacks_failure_state(game: RobustMarkovGame) -> str:
    """Return why the game breaks Assumption 1, or "": a closed set of states pays 0, and no reward is < 0.

    >>> from drmg_check.zoo import load
    >>> lacks_failure_state(load("initial-shock")).partition(";")[0]
    "'initial-shock' breaks Assumption 1, no closed set of states is without reward"
    """
    if game.r.min() < 0:
        return f"{game.name!r} has negative rewards; Assumption 1 needs rewards >= 0"
    closed = np.all(game.reward == 0, axis=(0, 1, 3))
    leads_to = np.any(game.transition != 0, axis=(0, 2))
    for _ in range(game.n_states):  # each pass but the last takes out a state that may leave the others
        closed &= ~np.any(leads_to[:, ~closed], axis=1)
    if closed.any():
        return ""
    return (
        f"{game.name!r} breaks Assumption 1, no closed set of states is without reward; expected a failure "
        "state: add one that pays 0 and is never left"
    )


def plays(drawn: SearchStrategy[RobustMarkovGame]) -> SearchStrategy[Play]:
    """Draw a game and a policy for it, product or correlated.

    >>> from drmg_properties.claim import hunt
    >>> from drmg_properties.strategies import games
    >>> drawn = []
    >>> _ = hunt(plays(games()), drawn.append, max_examples=2, seed=0)
    >>> {play.game.n_agents == len(play.policy.actions) for play in drawn}
    {True}
    """
    return drawn.flatmap(lambda game: policies(game).map(lambda policy: Play(game, policy)))


def correlated_plays(drawn: SearchStrategy[RobustMarkovGame]) -> SearchStrategy[Play]:
    """Draw a game and a policy for it whose agents need not act independently.

    >>> from drmg_properties.claim import hunt
    >>> from drmg_properties.strategies import games
    >>> drawn = []
    >>> _ = hunt(correlated_plays(games()), drawn.append, max_examples=2, seed=0)
    >>> {play.game.n_agents == len(play.policy.actions) for play in drawn}
    {True}
    """
    return drawn.flatmap(lambda game: correlated_policies(game).map(lambda policy: Play(game, policy)))


def failing_plays(max_states: int, max_horizon: int, failure_states: int = 1) -> SearchStrategy[FailingPlay]:
    """Draw a game of total variation with failure states besides ``max_states`` others, and a policy.

    >>> from drmg_properties.claim import hunt
    >>> drawn = []
    >>> _ = hunt(failing_plays(2, 2), drawn.append, max_examples=2, seed=0)
    >>> {lacks_failure_state(play.game) for play in drawn}
    {''}
    """
    drawn = games(max_states=max_states, max_horizon=max_horizon, failure_states=failure_states)
    return plays(drawn).map(lambda play: FailingPlay(play.game, play.policy))


def plays_on(game: RobustMarkovGame) -> Iterator[Play]:
    """Yield the uniform policy, and for games that are not large the one that always plays joint action 0.

    >>> from drmg_check.zoo import load
    >>> [play.policy.weights[0, 0].tolist() for play in plays_on(load("initial-shock"))]
    [[Fraction(1, 4), Fraction(1, 4), Fraction(1, 4), Fraction(1, 4)], [1.0, 0.0, 0.0, 0.0]]
    """
    yield Play(game, uniform_policy(game))
    if game.n_joint_actions > 1 and is_small(game):
        yield Play(game, deterministic_policy(game, lambda h, s: 0))


def is_small(game: RobustMarkovGame) -> bool:
    """Whether exact rationals of unbounded length are affordable: at most 2000 rows (h, s, a).

    >>> from drmg_check.zoo import load
    >>> is_small(load("initial-shock")), is_small(load("random-dirichlet?states=40&horizon=20"))
    (True, False)
    """
    return game.horizon * game.n_states * game.n_joint_actions <= 2000


def describe_play(play: Play) -> tuple[str, ...]:
    """Write a tiny game and its policy in lines: one per row of the kernel, one per row of the policy.

    >>> from drmg_check.zoo import load
    >>> describe_play(next(plays_on(load("initial-shock"))))[-1]
    'step 4, s1: pi = (1/4, 1/4, 1/4, 1/4)'
    """
    return (*describe_game(play.game), *describe_policy(play))


def describe_game(game: RobustMarkovGame) -> tuple[str, ...]:
    """Write S, H and the radii, then the nominal row and the rewards of each (s, a).

    >>> from drmg_check.zoo import load
    >>> describe_game(load("initial-shock"))[:2]
    ('S = 2, H = 4, actions (2, 2), radius (0, 1/10); (0, 1/10)', 's0, a0: P* = (1, 0), r = (1, 1)')
    """
    H, S, A, m = game.horizon, game.n_states, game.n_joint_actions, game.n_agents
    radii = [
        sorted({exact_radius(game.stages[h], i, s, a) for h, s, a in np.ndindex(H, S, A)}) for i in range(m)
    ]
    lines = [f"S = {S}, H = {H}, actions {game.actions}, radius {'; '.join(vector(r) for r in radii)}"]
    steps = range(1) if game.is_stationary else range(H)
    for h, s, a in ((h, s, a) for h in steps for s in range(S) for a in range(A)):
        when = "" if game.is_stationary else f"step {h + 1}, "
        reward = [exact_reward(game.stages[h], i, s, a) for i in range(m)]
        lines.append(
            f"{when}s{s}, a{a}: P* = {vector(nominal_row(game.stages[h], s, a))}, r = {vector(reward)}"
        )
    return tuple(lines)


def describe_policy(play: Play) -> tuple[str, ...]:
    """Write the distribution over joint actions at each (h, s); nothing when there is only one action.

    >>> from drmg_check.zoo import load
    >>> describe_policy(next(plays_on(load("initial-shock"))))[0]
    'step 1, s0: pi = (1/4, 1/4, 1/4, 1/4)'
    """
    if play.game.n_joint_actions == 1:
        return ()
    return tuple(
        f"step {h + 1}, s{s}: pi = {vector(action_distribution(play.policy, h, s))}"
        for h in range(play.game.horizon)
        for s in range(play.game.n_states)
    )
