"""What a failed check shows of a game: its numbers, the answer, the certified interval."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

import numpy as np

from drmg_check.models import FiniteHorizon, JointPolicy, exact_radius, exact_reward, nominal_row
from drmg_check.readers import game_to_data
from drmg_check.referee.asking import GameQuestion
from drmg_check.referee.evidence._faults import GameFault
from drmg_check.referee.evidence._row_failure import percentage, share
from drmg_check.runs import Failure, rational_above, rational_below
from drmg_check.sets import UncertaintySet, Wasserstein, uncertainty_to_data
from drmg_check.vocabulary import Array, exact, show

Q = TypeVar("Q", bound=GameQuestion)


def game_failure(
    fault: GameFault[Q],
    *,
    beside: Mapping[str, object],
    lines: Sequence[str],
    program: Sequence[str],
    diagnosis: str,
) -> Failure:
    """Return the record of a fault.

    Parameters
    ----------
    fault : GameFault
    beside : mapping
        What the question asks beside the game, as JSON.
    lines : sequence of str
        The same for people, as :func:`game_lines` begins it.
    program : sequence of str
        That shows the fault with NumPy alone.
    diagnosis : str
    """
    instance = {"game": game_to_data(fault.question.model)} | dict(beside)
    return Failure(
        kind=fault.kind,
        instance=json.dumps(instance, separators=(",", ":")),
        got=_got(fault),
        low="" if fault.low is None else rational_below(fault.low),
        high="" if fault.high is None else rational_above(fault.high),
        direction=fault.direction,
        grade=fault.grade,
        lines=(*_lines(fault, lines), *_first(fault)),
        diagnosis=diagnosis,
        snippet="\n".join(program) + "\n",
        severity=share(fault),
    )


def _lines(fault: GameFault[Q], asked: Sequence[str]) -> list[str]:
    lines = list(asked)
    if fault.answer.trouble is None:
        lines.append(f"got {_got(fault)}")
    if fault.low is not None and fault.high is not None:
        interval = [shown(fault.low), shown(fault.high)]
        place = "".join(f"[{k}]" for k in fault.where)
        lines.append(f"certified at {place}: {interval[0] if len(set(interval)) == 1 else interval}")
    return [*lines, f"{fault.kind}: {fault.message}"]


def _first(fault: GameFault[Q]) -> list[str]:
    """Say what kind of game was seen first, if a simpler one is shown."""
    if fault.first is None or fault.severity is None:
        return []
    game = fault.first.question.game
    size = f"m = {game.n_agents}, H = {game.horizon}, S = {game.n_states}, actions {game.actions}"
    sizes = f"{percentage(fault)} here, {percentage(fault.first)} there"
    return [f"simplified from a game with {size}: wrong by {sizes}"]


def _got(fault: GameFault[Q]) -> str:
    answer = fault.answer
    if answer.run is not None and fault.part:
        return f"{fault.part} = {_array(answer.run[fault.part])}"
    return answer.message if answer.array is None else _array(answer.array)


def game_lines(game: FiniteHorizon, policy: JointPolicy | None = None) -> list[str]:
    """Return the numbers of a game for people, a line for each place, with those of a policy for it."""
    H, S, A, m = game.horizon, game.n_states, game.n_joint_actions, game.n_agents
    lines = [f"m = {m}, H = {H}, S = {S}, actions {game.actions}"]
    for i, uncertainty in enumerate(game.uncertainty):
        if isinstance(uncertainty, Wasserstein):
            rows = (f"({', '.join(map(shown, row))})" for row in uncertainty.ground)
            lines.append(f"distances of agent {i}: ({', '.join(rows)}), order {uncertainty.order}")
        elif isinstance(uncertainty, UncertaintySet) and uncertainty.fixed_by:
            lines.append(f"set of agent {i}: {uncertainty_to_data(uncertainty)}")
    for h, s, a in np.ndindex(H, S, A):
        row = ", ".join(shown(x) for x in nominal_row(game.stages[h], s, a))
        r = ", ".join(shown(exact_reward(game.stages[h], i, s, a)) for i in range(m))
        rho = ", ".join(shown(exact_radius(game.stages[h], i, s, a)) for i in range(m))
        pi = "" if policy is None else f", pi = {shown(exact(policy.weights[h, s, a]))}"
        lines.append(f"step {h + 1}, s{s}, a{a}: P = ({row}), r = ({r}), rho = ({rho}){pi}")
    return lines


def shown(x: Fraction) -> str:
    """Write a rational as a fraction if that is short, else as a float.

    >>> shown(Fraction(1, 3)), shown(Fraction(1, 10**12))
    ('1/3', '1e-12')
    """
    text = show(x)
    return text if len(text) <= 9 else repr(float(x))


def _array(values: Array) -> str:
    return str(values.astype(np.float64).tolist())
