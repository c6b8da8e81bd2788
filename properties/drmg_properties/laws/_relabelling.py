r"""Relabelling of a game: other names for its agents, states and actions change no result but their names.

Let sigma permute the agents, tau the states and kappa_i the actions of agent i. The renamed game has, at new
places, what the old one has at the old ones, so that its robust values are

    V'_{j,h}(t) = V_{sigma(j),h}(tau(t)),

and so are those of best responses and the gaps, if the policy is renamed as well. In exact arithmetic that is
an equality; floats, each within its stated error of the truth, differ by the sum of both errors at most.

A plan is one equilibrium of many, and the last bit of a value may decide which. Its values are held to the
law where all equilibria pay the same: for one agent, and in a zero-sum game of two without robustness.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.sets import ByRow, GameSet
from drmg_check.vocabulary import Array, InputError, IntArray

if TYPE_CHECKING:
    from drmg_check.planner import Evaluation, Gaps, Plan


@dataclass(frozen=True, slots=True)
class Relabelling:
    """New agent j is old agent ``agents[j]``, new state t old state ``states[t]``.

    Action b of the agent that was i is its old action ``actions[i][b]``.

    Raises
    ------
    InputError
        One of them is no permutation, or ``actions`` are not those of as many agents.

    Examples
    --------
    >>> Relabelling(agents=(1, 0), states=(0, 1, 2), actions=((0, 1), (1, 0))).agents
    (1, 0)
    """

    agents: tuple[int, ...]
    states: tuple[int, ...]
    actions: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        for name, order in (("agents", self.agents), ("states", self.states), *_named(self.actions)):
            if sorted(order) != list(range(len(order))):
                raise InputError(f"{name}={order!r}; expected a permutation of 0, ..., {len(order) - 1}")
        if len(self.actions) != len(self.agents):
            raise InputError(f"actions of {len(self.actions)} agents; expected {len(self.agents)}")


def inverse(how: Relabelling) -> Relabelling:
    """Return the relabelling that gives the old names back.

    >>> inverse(Relabelling(agents=(0,), states=(1, 2, 0), actions=((1, 0),))).states
    (2, 0, 1)
    """
    return Relabelling(
        _inverse(how.agents), _inverse(how.states), tuple(_inverse(how.actions[i]) for i in how.agents)
    )


def joint_actions(how: Relabelling) -> IntArray:
    """Return the old index of each new joint action, both in C order; length A.

    >>> joint_actions(Relabelling(agents=(1, 0), states=(0,), actions=((0, 1), (0, 1)))).tolist()
    [0, 2, 1, 3]
    """
    shape = tuple(len(order) for order in how.actions)
    old: IntArray = np.arange(np.prod(shape)).reshape(shape)[np.ix_(*how.actions)]
    return np.transpose(old, how.agents).ravel()


def relabel_game(game: RobustMarkovGame, how: Relabelling) -> RobustMarkovGame:
    """Return the game under its new names; labels for people go with what they name.

    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")
    >>> how = Relabelling(agents=(1, 0), states=(1, 0), actions=((0, 1), (1, 0)))
    >>> relabel_game(game, how).state_names
    ('bad', 'good')
    """
    agents, states, joint = list(how.agents), list(how.states), joint_actions(how)
    return RobustMarkovGame(
        transition=game.transition[:, states][:, :, joint][..., states],
        reward=game.reward[agents][:, :, states][..., joint],
        radius=game.radius[agents][:, :, states][..., joint],
        uncertainty=tuple(_relabelled(game.uncertainty[i], how) for i in agents),
        actions=tuple(game.actions[i] for i in agents),
        horizon=game.horizon,
        initial_state=states.index(game.initial_state),
        name=game.name,
        agent_names=tuple(game.agent_names[i] for i in agents),
        state_names=tuple(game.state_names[s] for s in states),
        action_names=tuple(tuple(game.action_names[i][a] for a in how.actions[i]) for i in agents),
    )


def _relabelled(uncertainty: GameSet, how: Relabelling) -> GameSet:
    moved = uncertainty.restrict(how.states)
    return moved.of_actions(joint_actions(how).tolist()) if isinstance(moved, ByRow) else moved


def relabel_policy(policy: JointPolicy, how: Relabelling) -> JointPolicy:
    """Return the policy that plays the same under the new names; a product stays one.

    >>> policy = JointPolicy(np.array([[[1.0, 0.0, 0.0, 0.0]]]), (2, 2))
    >>> how = Relabelling(agents=(0, 1), states=(0,), actions=((0, 1), (1, 0)))
    >>> relabel_policy(policy, how).weights.tolist()
    [[[0.0, 1.0, 0.0, 0.0]]]
    """
    weights = policy.weights[:, list(how.states)][..., joint_actions(how)]
    return JointPolicy(weights, tuple(policy.actions[i] for i in how.agents))


def relabel_values(values: Array, how: Relabelling) -> Array:
    """Return what belongs to agents and states, an array [m, ..., S], under the new names.

    >>> how = Relabelling(agents=(1, 0), states=(1, 0), actions=((0, 1), (0, 1)))
    >>> relabel_values(np.array([[1, 2], [3, 4]]), how).tolist()
    [[4, 3], [2, 1]]
    """
    return values[list(how.agents)][..., list(how.states)]


def values_are_permuted(
    evaluate: Callable[[RobustMarkovGame, JointPolicy], Evaluation],
    game: RobustMarkovGame,
    policy: JointPolicy,
    how: Relabelling,
) -> bool:
    """Whether ``evaluate`` gives every agent and state its value under the new names, within the errors.

    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")
    >>> how = Relabelling(agents=(1, 0), states=(1, 0), actions=((0, 1), (1, 0)))
    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.planner import evaluate
    >>> values_are_permuted(evaluate, game, uniform_policy(game), how)
    True
    """
    before, after = evaluate(game, policy), evaluate(relabel_game(game, how), relabel_policy(policy, how))
    error = before.error[list(how.agents)] + after.error
    return bool((np.abs(after.V - relabel_values(before.V, how)) <= error[..., None]).all())


def gaps_are_permuted(
    gaps: Callable[[RobustMarkovGame, JointPolicy], Gaps],
    game: RobustMarkovGame,
    policy: JointPolicy,
    how: Relabelling,
) -> bool:
    """Whether ``gaps`` gives every agent and state its gains under the new names, within the errors.

    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")
    >>> how = Relabelling(agents=(1, 0), states=(1, 0), actions=((0, 1), (1, 0)))
    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.planner import gaps
    >>> gaps_are_permuted(gaps, game, uniform_policy(game), how)
    True
    """
    before, after = gaps(game, policy), gaps(relabel_game(game, how), relabel_policy(policy, how))
    error = (before.error[list(how.agents)] + after.error)[:, None]
    gains = ((before.cce, after.cce), (before.ce, after.ce))
    return all(bool((np.abs(new - relabel_values(old, how)) <= error).all()) for old, new in gains)


def planned_values_are_permuted(
    plan: Callable[[RobustMarkovGame], Plan], game: RobustMarkovGame, how: Relabelling
) -> bool:
    """Whether two plans have the same values under both names, within their bounds.

    ``game`` is one in which all equilibria of the concept planned pay the same; an equilibrium up to b
    then pays each agent that up to b.

    >>> from drmg_check.planner import robust_value_iteration
    >>> from drmg_check.zoo import load
    >>> game = load("frozen-lake?horizon=3")
    >>> how = Relabelling((0,), tuple(reversed(range(game.n_states))), ((3, 2, 1, 0),))
    >>> planned_values_are_permuted(lambda game: robust_value_iteration(game, "nash"), game, how)
    True
    """
    before, after = plan(game), plan(relabel_game(game, how))
    return bool((np.abs(after.V - relabel_values(before.V, how)) <= before.bound + after.bound).all())


def _named(actions: tuple[tuple[int, ...], ...]) -> list[tuple[str, tuple[int, ...]]]:
    return [(f"actions[{i}]", order) for i, order in enumerate(actions)]


def _inverse(order: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(range(len(order)), key=order.__getitem__))
