"""What every model is: stages, and who plays in them.

A model yields stages, an operator maps next values through a stage, and a driver iterates it. The drivers are
not here: the planner has one for each kind of model, in float64, and the oracles have another, in fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar, runtime_checkable

from drmg_check.models._stage import Stage
from drmg_check.sets import GameSet
from drmg_check.vocabulary import FloatArray

T = TypeVar("T")
Step = TypeVar("Step")


@runtime_checkable
class Model(Protocol):
    """A robust game: stages, agents and names.

    A policy has one decision rule for each stage, ``pi[stage.step, s, a]``.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> isinstance(game, Model), len(game.stages), game.criterion
    (True, 4, 'H = 4')
    """

    @property
    def stages(self) -> Sequence[Stage]:
        """The stages; of a finite horizon one for each step."""

    @property
    def occupancy(self) -> FloatArray:
        """How often each stage is played, in expectation and discounted.

        It is 1 for a step of a finite horizon and 1 / (1 - gamma) for the one stage of a discounted model. So
        no value exceeds its sum times the largest reward, and errors of a stage count that often.
        """

    @property
    def is_stationary(self) -> bool:
        """Whether all stages have the same rows."""

    @property
    def criterion(self) -> str:
        """How what is paid at different times counts, in a few words: ``H = 3``."""

    @property
    def uncertainty(self) -> tuple[GameSet, ...]:
        """One set for each agent."""

    @property
    def actions(self) -> tuple[int, ...]:
        """The number of actions of each agent."""

    @property
    def initial_state(self) -> int:
        """Where play starts."""

    @property
    def n_agents(self) -> int:
        """Number m of agents."""

    @property
    def n_states(self) -> int:
        """Number S of states."""

    @property
    def n_joint_actions(self) -> int:
        """Number A of joint actions, in C order of the agents' own."""

    @property
    def name(self) -> str:
        """What messages and reports call the model."""

    @property
    def agent_names(self) -> tuple[str, ...]:
        """One name for each agent."""

    @property
    def state_names(self) -> tuple[str, ...]:
        """One name for each state."""

    @property
    def action_names(self) -> tuple[tuple[str, ...], ...]:
        """For each agent one name for each action."""

    def alone(self, i: int, stages: Sequence[Stage]) -> Model:
        """Return the same model for agent i as its only agent, with these stages in place of its own."""


def backwards(steps: Sequence[Step], update: Callable[[Step, T], T], last: T) -> list[T]:
    """Return what ``update(step, following)`` makes of every step, computed from the last one to the first.

    Entry h belongs to ``steps[h]``, and ``last`` follows the last step: it is the entry at the end.

    Examples
    --------
    >>> backwards(["a", "b"], lambda step, following: step + following, ".")
    ['ab.', 'b.', '.']
    """
    results = [last]
    for step in reversed(steps):
        results.append(update(step, results[-1]))
    return results[::-1]
