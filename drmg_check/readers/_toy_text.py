"""Gymnasium's tabular environments as robust games of one agent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from reprlib import repr as brief
from typing import TypeAlias

import numpy as np

from drmg_check.models import RobustMarkovGame, StagedGame
from drmg_check.readers._rows import exact_distribution
from drmg_check.readers._table import Names, Table, game_of_table, written_table
from drmg_check.sets import UncertaintySet, set_for
from drmg_check.vocabulary import InputError, Number, exact

Outcome: TypeAlias = tuple[Number, int, Number, bool]
ToyTextTable: TypeAlias = Mapping[int, Mapping[int, Sequence[Outcome]]]


TOY_TEXT = Names("toy-text")


def from_toy_text(
    table: ToyTextTable,
    *,
    horizon: int,
    radius: Number,
    uncertainty: UncertaintySet | str | None = None,
    initial_state: int = 0,
    names: Names = TOY_TEXT,
) -> RobustMarkovGame:
    """Return the robust game of a table ``env.unwrapped.P``.

    >>> table = {0: {0: [(0.5, 0, 0.0, False), (0.5, 0, 1.0, True)]}}
    >>> game = from_toy_text(table, horizon=3, radius="1/10")
    >>> game.n_states, game.r[0, 0].tolist()
    (2, [[0.5], [0.0]])

    Parameters
    ----------
    table : mapping s -> mapping a -> sequence of (probability, s', reward, terminated)
        States 0 ... S - 1, in each the actions 0 ... A - 1. Gymnasium itself is not needed.
    horizon : int
        H. The table is used at every step; nothing else ends an episode.
    radius : Number
        One radius for all (h, s, a).
    uncertainty : UncertaintySet or str
        A set or its short name; total variation with ``support="all"`` when not given.
    initial_state : int
    names : Names
        For the S states of the table; the additional one gets a name by itself.

    Returns
    -------
    RobustMarkovGame
        With float64 arrays where they lose nothing, else with Fractions; the kernel is stored once.

    Raises
    ------
    InputError
        A table of another shape, or a row that is no distribution.

    Notes
    -----
    *Rows.* Duplicate successors are added exactly; then the rule of ``exact_distribution`` makes
    ``0.33333333333333337 + 0.3333333333333333 + 0.33333333333333337`` three times 1/3.

    *Termination.* Transitions with ``terminated`` lead to one additional state, the last, named "end":
    absorbing, with reward 0. It is an ordinary state for the adversary, who may lead there (or away
    from there) as the uncertainty set permits.

    *Rewards.* The table has rewards r(s, a, s'), the model r(s, a). The game's reward is the expectation
    under the nominal row, ``sum_s' p(s'|s,a) r(s,a,s')``, exactly. So at radius 0 every value is that of
    the environment; at a positive radius the adversary worsens where the agent goes, not the reward of
    the step that takes it there. Where the reward is paid on arrival (FrozenLake's goal), the last step
    before it is therefore valued at its nominal success probability.
    """
    return written_table(
        _table(table, horizon, radius, uncertainty, initial_state=initial_state, names=names)
    )


def model_from_toy_text(
    table: ToyTextTable,
    *,
    horizon: int,
    radius: Number,
    uncertainty: UncertaintySet | str | None = None,
    initial_state: int = 0,
    names: Names = TOY_TEXT,
) -> RobustMarkovGame | StagedGame:
    """Return the same game as :func:`from_toy_text`, with compressed rows if arrays would be too large.

    Errors are those of :func:`from_toy_text` and :func:`check_nonzeros`.

    >>> ring = {s: {0: [(1.0, (s + 1) % 9000, 0.0, False)]} for s in range(9000)}
    >>> type(model_from_toy_text(ring, horizon=3, radius="1/10")).__name__
    'StagedGame'
    """
    return game_of_table(
        _table(table, horizon, radius, uncertainty, initial_state=initial_state, names=names)
    )


def _table(
    table: ToyTextTable,
    horizon: int,
    radius: Number,
    uncertainty: UncertaintySet | str | None,
    *,
    initial_state: int,
    names: Names,
) -> Table:
    states, actions = _shape(table)
    rows: dict[tuple[int, int], dict[int, Fraction]] = {}
    rewards: dict[tuple[int, int], Fraction] = {}
    for s, a in np.ndindex(states, actions):
        where = f"table[{s}][{a}]"
        arrivals: defaultdict[tuple[int, Fraction], Fraction] = defaultdict(Fraction)
        for k, outcome in enumerate(table[s][a]):
            p, t, r = _outcome(outcome, states, f"{where}[{k}]")
            arrivals[t, r] += p
        row = rows[s, a] = defaultdict(Fraction)
        rewards[s, a] = Fraction(0)
        for (t, r), p in exact_distribution(arrivals, states, where).items():
            row[t] += p
            rewards[s, a] += p * r
    ends = any(states in row for row in rows.values())
    S = states + ends
    if ends:
        rows.update({(states, a): {states: Fraction(1)} for a in range(actions)})
    return Table(
        rows=rows,
        rewards=rewards,
        radius=np.array(exact(radius, "radius"), dtype=object),
        uncertainty=set_for("tv" if uncertainty is None else uncertainty, S),
        horizon=horizon,
        size=(S, actions),
        names=replace(names, states=(*names.states, "end")) if ends and names.states else names,
        initial_state=initial_state,
    )


def from_gymnasium(
    env: object,
    *,
    horizon: int,
    radius: Number,
    uncertainty: UncertaintySet | str | None = None,
    initial_state: int | None = None,
) -> RobustMarkovGame:
    """Return the robust game of a tabular Gymnasium environment, wrapped or not, by its own table.

    :func:`model_from_gymnasium` takes one of any number of states.

    Parameters
    ----------
    env : gymnasium.Env
        With a table ``env.unwrapped.P``, as FrozenLake, CliffWalking, Taxi and their like have.
    horizon, radius, uncertainty
        As for :func:`from_toy_text`; time limits of wrappers are not read.
    initial_state : int
        By default the first that ``env.unwrapped.initial_state_distrib`` can draw.

    Raises
    ------
    InputError
        An environment without a table, or that does not say where it begins.

    Examples
    --------
    >>> import gymnasium
    >>> game = from_gymnasium(gymnasium.make("FrozenLake-v1"), horizon=5, radius="1/10")
    >>> game.name, game.n_states, game.actions
    ('FrozenLake-v1', 17, (4,))
    """
    return written_table(_of_environment(env, horizon, radius, uncertainty, initial_state))


def model_from_gymnasium(
    env: object,
    *,
    horizon: int,
    radius: Number,
    uncertainty: UncertaintySet | str | None = None,
    initial_state: int | None = None,
) -> RobustMarkovGame | StagedGame:
    """Return the same game as :func:`from_gymnasium`, with compressed rows if arrays would be too large.

    Errors are those of :func:`from_gymnasium` and :func:`check_nonzeros`.

    >>> import gymnasium
    >>> model_from_gymnasium(gymnasium.make("FrozenLake-v1"), horizon=5, radius="1/10").n_states
    17
    """
    return game_of_table(_of_environment(env, horizon, radius, uncertainty, initial_state))


def _of_environment(
    env: object,
    horizon: int,
    radius: Number,
    uncertainty: UncertaintySet | str | None,
    initial_state: int | None,
) -> Table:
    environment = getattr(env, "unwrapped", env)
    table = getattr(environment, "P", None)
    if table is None:
        raise InputError(
            f"env={brief(env)} has no table env.unwrapped.P; enumerate its transitions yourself and give "
            "them to from_toy_text, as {s: {a: [(probability, s', reward, terminated), ...]}}"
        )
    if initial_state is None:
        chances = getattr(environment, "initial_state_distrib", None)
        if chances is None:
            raise InputError(f"env={brief(env)} does not say where it begins; give initial_state")
        initial_state = int(np.argmax(np.asarray(chances) > 0))
    names = Names(str(getattr(getattr(env, "spec", None), "id", type(environment).__name__)))
    return _table(table, horizon, radius, uncertainty, initial_state=initial_state, names=names)


def _shape(table: ToyTextTable) -> tuple[int, int]:
    if hasattr(table, "unwrapped"):
        raise InputError("table is an environment; give it to from_gymnasium, or its env.unwrapped.P here")
    try:
        states, actions = len(table), len(table[0])
        same = all(
            len(table[s]) == actions and all(table[s][a] for a in range(actions)) for s in range(states)
        )
    except (KeyError, IndexError, TypeError) as error:
        raise InputError(
            f"table has no entry {error}; expected table[s][a] = [(probability, s', reward, terminated), "
            "...] for states 0 ... S - 1 and actions 0 ... A - 1"
        ) from error
    if not same:
        raise InputError(
            f"table has states without exactly {actions} actions; expected the same in every state"
        )
    return states, actions


def _outcome(outcome: object, states: int, name: str) -> tuple[Fraction, int, Fraction]:
    """Return the probability, the next state (``states`` is the end) and the reward."""
    if not isinstance(outcome, Sequence) or len(outcome) != 4:
        raise InputError(f"{name}={brief(outcome)}; expected (probability, s', reward, terminated)")
    p, t, r, terminated = outcome
    if isinstance(t, bool) or not isinstance(t, int | np.integer) or not 0 <= t < states:
        raise InputError(f"{name} leads to state {brief(t)}; expected 0 <= s' < {states}")
    return exact(p, f"{name}[0]"), states if terminated else int(t), exact(r, f"{name}[2]")
