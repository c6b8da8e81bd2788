"""Parallel environments of PettingZoo, enumerated: what cannot be looked up in a table is played out.

An environment says nothing of its states but where a step leads. So each state that play can reach is
copied, and every joint action is tried from it. That needs dynamics without chance, which are looked for: a
state that is met again must do what it did, and a copy that draws other numbers must, too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import product
from math import prod
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from drmg_check.models import RobustMarkovGame
from drmg_check.readers._limits import check_size
from drmg_check.sets import UncertaintySet, game_set_for
from drmg_check.vocabulary import InputError, Number, brief, exact

OTHER_DRAWS = range(3)  # seeds; a fair coin that decides escapes one state in eight
TIMED = 20  # joint actions that are tried to know what one takes
ENDED = "end"
StateOf = Callable[[Any], Hashable]


class _Step(NamedTuple):
    """Where one joint action leads, and what each agent is paid."""

    after: Hashable
    paid: tuple[float, ...]


@dataclass(slots=True)
class _Graph:
    """What the walk has seen: numbers of states, and where each joint action leads from them."""

    numbers: dict[Hashable, int] = field(default_factory=dict)
    steps: dict[int, list[_Step]] = field(default_factory=dict)


def from_parallel(
    env: object,
    *,
    horizon: int,
    radius: Number,
    uncertainty: UncertaintySet | str = "tv",
    most_states: int | None = None,
    state: StateOf | None = None,
) -> RobustMarkovGame:
    """Return the robust game of a parallel environment without chance, by trying everything.

    Parameters
    ----------
    env : pettingzoo.ParallelEnv
        Or whatever has ``reset``, ``step``, ``agents``, ``possible_agents`` and ``action_space(agent)`` with
        ``n`` actions each, and can be copied. Play begins where ``reset(seed=0)`` leads.
    horizon, radius, uncertainty
        H, one radius for all (h, s, a), and the set, or its short name.
    most_states : int
        Enumerate so many states at most. Left out, nothing is enumerated: the error says what it would take.
    state : callable (env), optional
        What tells states apart, by default ``env.state()``; who still plays counts as well. It has to hold
        whatever decides what happens next, a count of steps too where the environment has a limit of its own.

    Raises
    ------
    InputError
        No such environment, actions that are not finitely many, ``most_states`` left out or too few, or a
        state that does different things at different times.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> class Light:  # two agents at two switches; the first is paid when it is on
    ...     possible_agents = agents = ["ann", "bob"]
    ...     def action_space(self, agent):
    ...         return SimpleNamespace(n=2)
    ...     def reset(self, seed=None):
    ...         self.on = 0
    ...     def state(self):
    ...         return self.on
    ...     def step(self, acts):
    ...         self.on ^= acts["ann"] ^ acts["bob"]
    ...         return {}, {"ann": self.on, "bob": 1 - self.on}, {}, {}, {}
    >>> game = from_parallel(Light(), horizon=3, radius="1/10", most_states=10)
    >>> game.agent_names, game.actions, game.n_states, game.r[0, 0].tolist()
    (('ann', 'bob'), (2, 2), 2, [[0.0, 1.0, 1.0, 0.0], [1.0, 0.0, 0.0, 1.0]])
    """
    agents, actions = _sizes(env)
    work: Any = deepcopy(env)
    work.reset(seed=0)
    state_of = _who_and(state or _own_state)
    if most_states is None:
        raise InputError(
            f"a parallel environment has no table: its states would be tried one by one, "
            f"{_seconds(work, agents, actions) * prod(actions):.1g} s each on this machine, with "
            f"{prod(actions)} joint actions; say how many at most, as in most_states=1000"
        )
    check_size(states=1, actions=actions, horizon=horizon)
    graph = _walk(work, agents, actions, (horizon, most_states, state_of))
    return _game(env, graph, (agents, actions, horizon), radius, uncertainty)


def _sizes(env: Any) -> tuple[tuple[str, ...], tuple[int, ...]]:  # noqa: ANN401 - any environment
    """Return the agents and how many actions each has."""
    missing = [
        name for name in ("reset", "step", "action_space", "possible_agents") if not hasattr(env, name)
    ]
    if missing:
        raise InputError(
            f"env is a {type(env).__name__} without {', '.join(missing)}; expected a parallel environment"
        )
    agents = tuple(env.possible_agents)
    spaces = [env.action_space(agent) for agent in agents]
    for agent, space in zip(agents, spaces, strict=True):
        if not isinstance(getattr(space, "n", None), int | np.integer) or getattr(space, "start", 0) != 0:
            raise InputError(
                f"agent {agent!r} acts in {brief(repr(space), 60)}; expected finitely many actions 0, 1, ..."
            )
    return tuple(map(str, agents)), tuple(int(space.n) for space in spaces)


def _own_state(env: Any) -> Hashable:  # noqa: ANN401
    try:
        return np.asarray(env.state()).tobytes()
    except (AttributeError, NotImplementedError) as error:
        raise InputError(
            f"{type(env).__name__} has no state(); say what tells its states apart: state=lambda env: ..."
        ) from error


def _who_and(state: StateOf) -> StateOf:
    """Let who still plays be a part of the state; where nobody does, the play has ended."""
    return lambda env: (tuple(map(str, env.agents)), state(env)) if env.agents else ENDED


def _walk(
    start: Any,  # noqa: ANN401
    agents: tuple[str, ...],
    actions: tuple[int, ...],
    asked: tuple[int, int, StateOf],
) -> _Graph:
    """Try every joint action from every state that is reached before the last step, breadth first."""
    horizon, most, state_of = asked
    graph = _Graph()
    graph.numbers[state_of(start)] = 0
    waiting = deque([(start, 0)])
    while waiting:
        env, h = waiting.popleft()
        here, steps = graph.numbers[state_of(env)], []
        for joint in product(*map(range, actions)):
            after, step = _tried(env, agents, joint, state_of)
            steps.append(step)
            if step.after not in graph.numbers:
                if len(graph.numbers) >= most:
                    raise InputError(
                        f"more than most_states={most} states are reached; give more, or a shorter horizon"
                    )
                graph.numbers[step.after] = len(graph.numbers)
                if h + 1 < horizon:
                    waiting.append((after, h + 1))
            elif step.after != ENDED and (known := graph.steps.get(graph.numbers[step.after])):
                _must_repeat(after, agents, (actions, state_of), known)
        graph.steps[here] = steps
        for seed in OTHER_DRAWS:
            _must_repeat(_other_draws(env, seed), agents, (actions, state_of), steps)
    return graph


def _tried(
    env: Any,  # noqa: ANN401
    agents: tuple[str, ...],
    joint: tuple[int, ...],
    state_of: StateOf,
) -> tuple[Any, _Step]:
    """Step a copy; agents that have left do not act and are paid nothing."""
    copy: Any = deepcopy(env)
    if not copy.agents:
        return copy, _Step(ENDED, (0.0,) * len(agents))
    playing = {str(agent): agent for agent in copy.agents}
    acts = {playing[agent]: a for agent, a in zip(agents, joint, strict=True) if agent in playing}
    _, rewards, *_ = copy.step(acts)
    paid = {str(agent): float(reward) for agent, reward in rewards.items()}
    return copy, _Step(state_of(copy), tuple(paid.get(agent, 0.0) for agent in agents))


def _other_draws(env: Any, seed: int) -> Any:  # noqa: ANN401
    """Return a copy that draws other numbers, where it has a generator to draw from."""
    copy: Any = deepcopy(env)
    if hasattr(copy, "np_random"):
        copy.np_random = np.random.default_rng(seed)
    return copy


def _must_repeat(
    env: Any,  # noqa: ANN401
    agents: tuple[str, ...],
    asked: tuple[tuple[int, ...], StateOf],
    known: list[_Step],
) -> None:
    """Refuse a state that does something else than before."""
    actions, state_of = asked
    for joint, before in zip(product(*map(range, actions)), known, strict=True):
        _, now = _tried(env, agents, joint, state_of)
        if now != before:
            raise InputError(
                f"one state and the joint action {joint} led to different ends or rewards; expected no "
                "chance, and a state that holds all that decides, such as a count of steps if the "
                "environment ends by one"
            )


def _seconds(env: Any, agents: tuple[str, ...], actions: tuple[int, ...]) -> float:  # noqa: ANN401
    """Return what trying one joint action takes."""
    began, joint = perf_counter(), (0,) * len(actions)
    for _ in range(TIMED):
        _tried(env, agents, joint, lambda _: ENDED)
    return (perf_counter() - began) / TIMED


def _game(
    env: object,
    graph: _Graph,
    sizes: tuple[tuple[str, ...], tuple[int, ...], int],
    radius: Number,
    uncertainty: UncertaintySet | str,
) -> RobustMarkovGame:
    """Return the game of what was seen; states that only the last step reaches stay where they are."""
    agents, actions, horizon = sizes
    S, A = len(graph.numbers), prod(actions)
    check_size(states=S, actions=actions, horizon=horizon)
    transition, reward = np.zeros((S, A, S)), np.zeros((len(agents), 1, S, A))
    for s, a, step in _entries(graph, S, A):
        transition[s, a, s if step is None else graph.numbers[step.after]] = 1.0
        if step is not None:
            reward[:, 0, s, a] = step.paid
    same = game_set_for(uncertainty, S) if isinstance(uncertainty, str) else uncertainty
    return RobustMarkovGame(
        transition=transition,
        reward=reward,
        radius=np.array(exact(radius, "radius"), dtype=object),
        uncertainty=(same,) * len(agents),
        actions=actions,
        horizon=horizon,
        name=type(env).__name__,
        agent_names=agents,
    )


def _entries(graph: _Graph, S: int, A: int) -> Iterator[tuple[int, int, _Step | None]]:
    for s, a in product(range(S), range(A)):
        yield s, a, graph.steps[s][a] if s in graph.steps else None
