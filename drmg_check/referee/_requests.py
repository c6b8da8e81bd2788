"""What is sent to an implementation for a row or a question, in the conventions that it declares."""

from __future__ import annotations

from fractions import Fraction
from math import nextafter

import numpy as np

from drmg_check.referee._precision import FORMATS
from drmg_check.referee._questions import DELTA, Question, set_of_row
from drmg_check.referee._rows import float_parts
from drmg_check.sets import Row
from drmg_check.targets import Implementation, set_on_the_wire
from drmg_check.vocabulary import UnsupportedError


def wire_request(declared: Implementation, row: Row) -> dict[str, object]:
    """Return the request for a row in the conventions that the implementation declares.

    Raises
    ------
    UnsupportedError
        A number of it is beyond float64.
    """
    p, V, rho = float_parts(row, declared.precision)
    sign = -1.0 if declared.quantity == "cost" else 1.0
    radius = _radius(declared, rho)
    if rho and radius != rho and radius < FORMATS[declared.precision].smallest_normal:
        raise UnsupportedError(
            f"the radius is beyond {declared.precision} in the convention that is declared"
        )
    return {
        "cmd": "worst_case",
        "set": set_on_the_wire(row.uncertainty),
        "S": len(V),
        "p": p,
        "V": [sign * v for v in V],
        "rho": radius,
        "distribution": declared.distribution,
    }


def question_request(declared: Implementation, question: Question) -> dict[str, object]:
    """Return the request for a question about a game, in the conventions that are declared.

    Raises
    ------
    UnsupportedError
        A number of it is beyond float64.
    """
    game, sign = question.game, -1.0 if declared.quantity == "cost" else 1.0
    rho = np.vectorize(lambda radius: _radius(declared, float(radius)), otypes=[np.float64])(game.rho)
    sizes = {"S": game.n_states, "A": game.n_joint_actions}
    if question.level == "backup":
        return {
            "cmd": "backup",
            "set": set_on_the_wire(set_of_row(game.uncertainty[0])),
            **sizes,
            "P": game.P[0].tolist(),
            "r": (sign * game.r[0, 0]).tolist(),
            "rho": rho[0, 0].tolist(),
            "V": [sign * float(v) for v in question.values],
        }
    if question.level == "equilibrium":
        return {
            "cmd": "equilibrium",
            "concept": question.concept,
            "m": game.n_agents,
            "A": game.n_joint_actions,
            "actions": list(game.actions),
            "u": (sign * game.r[:, 0, 0]).tolist(),
        }
    request = {
        "cmd": question.level.replace("-", "_"),
        "sets": [set_on_the_wire(set_of_row(one)) for one in game.uncertainty],
        "m": game.n_agents,
        "H": game.horizon,
        **sizes,
        "actions": list(game.actions),
        "P": game.P.tolist(),
        "r": (sign * game.r).tolist(),
        "rho": rho.tolist(),
    }
    if question.level == "planner":
        return request | {"concept": question.concept}
    if question.level == "learner":
        run = {"episodes": question.episodes, "delta": float(DELTA), "seed": question.seed}
        return request | {"concept": question.concept, **run}
    return request | {"pi": question.policy.pi.tolist()}


def _radius(declared: Implementation, rho: float) -> float:
    """Return ``factor * rho ** power``, rounded so that it means no radius above rho."""
    factor, power = declared.radius_factor, declared.radius_power
    radius = float(float(factor) * rho ** float(power))
    while radius and (Fraction(radius) / factor) ** power.denominator > Fraction(rho) ** power.numerator:
        radius = nextafter(radius, 0.0)
    return radius
