"""The parts of a certificate, as a file keeps them while it is computed: steps of values, and walks.

Each agent has the steps of its value, of its best response and, for a correlated policy, of its best
modification; and one walk along the worst path of each, whose findings are kept as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from hashlib import sha256
from typing import Any

from drmg_check.files import Parts, Steps
from drmg_check.models import JointPolicy, Model, RobustMarkovGame, is_product
from drmg_check.readers import game_to_json, policy_to_json
from drmg_check.sets import FictitiousTotalVariation, SRectangular
from drmg_check.version import __version__
from drmg_oracles.games import WorstRow
from drmg_oracles.policies._departure import Departure
from drmg_oracles.rows import IntegerRow

VALUE, RESPONSE, MODIFICATION = "value", "response", "modification"


def work_on(game: RobustMarkovGame, policy: JointPolicy | str) -> str:
    """Return a name of all that a certificate depends on, 64 hexadecimal digits: game, policy, this version.

    A policy that is planned first is said by its concept.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> work_on(load("initial-shock"), "nash") == work_on(load("initial-shock"), "cce")
    False
    """
    said = policy if isinstance(policy, str) else policy_to_json(policy)
    return sha256("\n".join((__version__, game_to_json(game), said)).encode()).hexdigest()


def count_parts(game: Model, policy: JointPolicy) -> int:
    """Return how many parts the certificate of a policy has.

    Examples
    --------
    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # two agents, four steps: 2 (4 + 1) parts each
    >>> count_parts(game, uniform_policy(game))
    20
    """
    alike = game.n_agents == 1 or is_product(policy)
    questions = sum(
        2 if alike or isinstance(each, FictitiousTotalVariation | SRectangular) else 3
        for each in game.uncertainty
    )
    return questions * (len(game.stages) + 1)


def steps_of(parts: Parts | None, question: str, i: int) -> Steps | None:
    """Return where the steps of one question about agent i are kept, if anywhere."""
    return None if parts is None else parts.steps(f"{question} of agent {i}")


def moved_once(
    parts: Parts | None, i: int, walk: Callable[[], tuple[int, tuple[WorstRow, ...]]]
) -> tuple[int, tuple[WorstRow, ...]]:
    """Return what a walk along agent i's worst path found, from the file if an earlier run has walked."""
    if parts is None:
        return walk()
    return parts.once(  # type: ignore[no-any-return]
        f"path of agent {i}",
        walk,
        lambda walked: [walked[0], list(map(_row_data, walked[1]))],
        lambda data: (int(data[0]), tuple(map(_row, data[1]))),
    )


def departures_once(
    parts: Parts | None, question: str, i: int, walk: Callable[[], tuple[Departure, ...]]
) -> tuple[Departure, ...]:
    """Return the departures that a walk along agent i's deviation found, kept in the same way."""
    if parts is None:
        return walk()
    return parts.once(  # type: ignore[no-any-return]
        f"path of agent {i}'s {question}",
        walk,
        lambda departures: list(map(_departure_data, departures)),
        lambda data: tuple(map(_departure, data)),
    )


def _row_data(row: WorstRow) -> list[Any]:
    return [row.h, row.s, row.a, _distribution_data(row.nominal), _distribution_data(row.worst), row.loss]


def _row(data: list[Any]) -> WorstRow:
    h, s, a, nominal, worst, loss = data
    return WorstRow(h, s, a, _distribution(nominal), _distribution(worst), loss)


def _distribution_data(row: IntegerRow) -> list[Any]:
    return [list(row.states), [f"{w:x}" for w in row.weights], f"{row.total:x}"]


def _distribution(data: list[Any]) -> IntegerRow:
    states, weights, total = data
    return IntegerRow(tuple(states), tuple(int(w, 16) for w in weights), int(total, 16))


def _departure_data(departure: Departure) -> list[Any]:
    instead = [[k, _fraction_data(weight)] for k, weight in departure.instead]
    gain = [_fraction_data(end) for end in departure.gain]
    return [departure.h, departure.s, departure.told, departure.play, instead, gain, departure.reach]


def _departure(data: list[Any]) -> Departure:
    h, s, told, play, instead, (low, high), reach = data
    own = tuple((k, _fraction(weight)) for k, weight in instead)
    return Departure(h, s, told, play, own, (_fraction(low), _fraction(high)), reach)


def _fraction_data(x: Fraction) -> list[str]:
    return [f"{x.numerator:x}", f"{x.denominator:x}"]


def _fraction(data: list[str]) -> Fraction:
    top, bottom = data
    return Fraction(int(top, 16), int(bottom, 16))
