"""A finite-horizon robust game as a sequence of stages, whose rows may be compressed: for many states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from drmg_check.models._finite_horizon import FiniteHorizon
from drmg_check.models._game import RobustMarkovGame, game_of_stages
from drmg_check.models._stage import Stage, check_size
from drmg_check.models._staged import checked_labels, labels_alone, labels_of
from drmg_check.sets import GameSet
from drmg_check.vocabulary import InputError, UnsupportedError, check_type


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StagedGame(FiniteHorizon):
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
    horizon: int = field(init=False, repr=False)
    actions: tuple[int, ...] = field(init=False, repr=False)
    uncertainty: tuple[GameSet, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        stages = tuple(self.stages)
        if not stages:
            raise InputError("stages is empty; expected one for each step")
        first = stages[0]
        S = first.n_states
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
        of_stages = {
            "stages": stages,
            "horizon": len(stages),
            "actions": first.actions,
            "uncertainty": first.uncertainty,
        }
        for attribute, value in of_stages.items():
            object.__setattr__(self, attribute, value)
        for attribute, names in checked_labels(self).items():
            object.__setattr__(self, attribute, names)

    def alone(self, i: int, stages: Sequence[Stage]) -> StagedGame:
        """Return the game of agent i as its only agent, with these stages in place of its own."""
        return StagedGame(stages=tuple(stages), **labels_alone(self, i))


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
    if any(stage.arrival is not None for stage in game.stages):
        raise UnsupportedError(f"{game.name!r} pays on arrival, which arrays of rewards do not hold")
    return game_of_stages(game.stages, **labels_of(game))
