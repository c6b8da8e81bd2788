"""A finite-horizon robust game as a sequence of stages, whose rows may be compressed: for many states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from drmg_check.models._game import RobustMarkovGame, checked_names
from drmg_check.models._rows import exact_array
from drmg_check.models._stage import Stage, check_size
from drmg_check.sets import GameSet
from drmg_check.vocabulary import FloatArray, InputError, check_type


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StagedGame:
    """A robust game of H steps, one stage each; nothing of it is written out over all pairs of states.

    It is what :class:`RobustMarkovGame` is, given by its stages. Whatever works on stages takes it.

    Parameters
    ----------
    stages : tuple of Stage, length H
        Of the same agents, actions, sets and states before and after; ``stages[h].step`` is h.
    initial_state : int
    name, agent_names, state_names, action_names : labels, optional

    Raises
    ------
    InputError
        No stage, stages that do not follow each other, rewards whose values float64 may not hold, an initial
        state or names that do not fit.

    Examples
    --------
    >>> from drmg_check.models import SparseRows
    >>> from drmg_check.sets import TotalVariation
    >>> rows = SparseRows(indptr=[0, 2, 3], indices=[0, 1, 1], weights=["1/2", "1/2", 1], shape=(2, 1, 2))
    >>> sets = (TotalVariation(),)
    >>> stage = Stage(rows=rows, reward=[[[1], [0]]], radius="1/4", uncertainty=sets, actions=(1,))
    >>> game = StagedGame(stages=repeated(stage, 3))
    >>> game.n_states, game.criterion, game.is_stationary
    (2, 'H = 3', True)
    """

    stages: tuple[Stage, ...]
    initial_state: int = 0
    name: str = "game"
    agent_names: tuple[str, ...] = ()
    state_names: tuple[str, ...] = field(default=(), repr=False)
    action_names: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        stages = tuple(self.stages)
        if not stages:
            raise InputError("stages is empty; expected one for each step")
        first = stages[0]
        S, m = first.n_states, first.n_agents
        for h, stage in enumerate(stages):
            same = (stage.actions, stage.uncertainty) == (first.actions, first.uncertainty)
            if not same or stage.rows.shape != (S, first.n_joint_actions, S) or stage.step != h:
                raise InputError(
                    f"stages[{h}] has actions={stage.actions!r}, rows {stage.rows.shape} and "
                    f"step={stage.step}; "
                    f"expected {first.actions!r}, {(S, first.n_joint_actions, S)}, step {h} and the same sets"
                )
        for stage in {id(stage.r): stage for stage in stages}.values():
            check_size(stage.r, len(stages))
        check_type(self.initial_state, (int, np.integer), "initial_state", f"0 <= s < {S}")
        if isinstance(self.initial_state, bool) or not 0 <= self.initial_state < S:
            raise InputError(f"initial_state={self.initial_state!r}; expected 0 <= s < {S}")
        action_names = self.action_names or ((),) * m
        if len(action_names) != m:
            raise InputError(f"action_names has {len(action_names)} entries; expected one per agent ({m})")
        each = enumerate(zip(action_names, first.actions, strict=True))
        labels = {
            "stages": stages,
            "agent_names": checked_names(self.agent_names, m, "agent_names", "agent {}"),
            "state_names": checked_names(self.state_names, S, "state_names", "s{}"),
            "action_names": tuple(
                checked_names(names, n, f"action_names[{i}]", "{}") for i, (names, n) in each
            ),
        }
        for attribute, value in labels.items():
            object.__setattr__(self, attribute, value)

    @property
    def horizon(self) -> int:
        """Number H of steps."""
        return len(self.stages)

    @property
    def uncertainty(self) -> tuple[GameSet, ...]:
        """One set for each agent."""
        return self.stages[0].uncertainty

    @property
    def actions(self) -> tuple[int, ...]:
        """The number of actions of each agent."""
        return self.stages[0].actions

    @property
    def n_agents(self) -> int:
        """Number m of agents."""
        return self.stages[0].n_agents

    @property
    def n_states(self) -> int:
        """Number S of states."""
        return self.stages[0].n_states

    @property
    def n_joint_actions(self) -> int:
        """Number A of joint actions, the product over agents."""
        return self.stages[0].n_joint_actions

    @property
    def occupancy(self) -> FloatArray:
        """How often each stage is played: once."""
        return np.ones(self.horizon)

    @property
    def is_stationary(self) -> bool:
        """Whether all stages have the same rows."""
        return all(stage.rows is self.stages[0].rows for stage in self.stages)

    @property
    def criterion(self) -> str:
        """The horizon in words."""
        return f"H = {self.horizon}"

    def alone(self, i: int, stages: Sequence[Stage]) -> StagedGame:
        """Return the game of agent i as its only agent, with these stages in place of its own."""
        return StagedGame(
            stages=tuple(stages),
            initial_state=self.initial_state,
            name=self.name,
            agent_names=(self.agent_names[i],),
            state_names=self.state_names,
            action_names=(self.action_names[i],),
        )


def repeated(stage: Stage, horizon: int) -> tuple[Stage, ...]:
    """Return a stage once for each step; all share its numbers.

    >>> from drmg_check.zoo import load
    >>> stages = repeated(load("good-bad-chain").stages[0], 3)
    >>> [stage.step for stage in stages], stages[0].rows is stages[2].rows
    ([0, 1, 2], True)
    """
    check_type(horizon, int, "horizon", ">= 1")
    if horizon < 1:
        raise InputError(f"horizon={horizon!r}; expected >= 1")
    return tuple(replace(stage, step=h, views=(stage.r, stage.rho)) for h in range(horizon))


def written_out(game: StagedGame) -> RobustMarkovGame:
    """Return the same game by its arrays, with all pairs of states: for few of them.

    >>> from drmg_check.zoo import load
    >>> game = load("good-bad-chain")
    >>> same = written_out(StagedGame(stages=game.stages, name=game.name))
    >>> same.P.tolist() == game.P.tolist()
    True
    """
    kernels = [exact_array(stage.rows) for stage in game.stages[: 1 if game.is_stationary else None]]
    return RobustMarkovGame(
        transition=kernels[0] if game.is_stationary else np.stack(kernels),
        reward=np.stack([stage.reward for stage in game.stages], axis=1),
        radius=np.stack([stage.radius for stage in game.stages], axis=1),
        uncertainty=game.uncertainty,
        actions=game.actions,
        horizon=game.horizon,
        initial_state=game.initial_state,
        name=game.name,
        agent_names=game.agent_names,
        state_names=game.state_names,
        action_names=game.action_names,
    )
