"""What requests have in common: the radius and the sign that are declared, the members of a game."""

from __future__ import annotations

from fractions import Fraction
from math import nextafter

import numpy as np

from drmg_check.models import RobustMarkovGame
from drmg_check.sets import UncertaintySet
from drmg_check.targets import Implementation, set_family, set_name, set_on_the_wire
from drmg_check.vocabulary import FloatArray, InputError


def sign_of(declared: Implementation) -> float:
    """Return what turns rewards into the quantity that is declared.

    >>> sign_of(Implementation(quantity="cost"))
    -1.0
    """
    return -1.0 if declared.quantity == "cost" else 1.0


def radius_on_the_wire(declared: Implementation, rho: float) -> float:
    """Return ``factor * rho ** power``, rounded so that it means no radius above rho.

    >>> radius_on_the_wire(Implementation(radius_factor=Fraction(2)), 0.25)
    0.5
    """
    factor, power = declared.radius_factor, declared.radius_power
    radius = float(float(factor) * rho ** float(power))
    while radius and (Fraction(radius) / factor) ** power.denominator > Fraction(rho) ** power.numerator:
        radius = nextafter(radius, 0.0)
    return radius


def radii_on_the_wire(declared: Implementation, rho: FloatArray) -> FloatArray:
    """Return every radius of an array in the convention that is declared."""
    wanted = np.vectorize(lambda radius: radius_on_the_wire(declared, float(radius)), otypes=[np.float64])
    radii: FloatArray = wanted(rho)
    return radii


def game_members(declared: Implementation, game: RobustMarkovGame) -> dict[str, object]:
    """Return the members of a request that a whole game has, in their order."""
    return {
        "sets": [set_on_the_wire(set_of_rows(uncertainty)) for uncertainty in game.uncertainty],
        "m": game.n_agents,
        "H": game.horizon,
        "S": game.n_states,
        "A": game.n_joint_actions,
        "actions": list(game.actions),
        "P": game.P.tolist(),
        "r": (sign_of(declared) * game.r).tolist(),
        "rho": radii_on_the_wire(declared, game.rho).tolist(),
    }


def set_of_rows(uncertainty: object) -> UncertaintySet:
    """Return a set of single rows.

    Raises
    ------
    InputError
        A set that has no meaning for one row.
    """
    if not isinstance(uncertainty, UncertaintySet):
        raise InputError(f"the set {uncertainty!r} has no meaning for a single row")
    return uncertainty


def on_states(uncertainty: UncertaintySet, states: int) -> UncertaintySet:
    """Return the set for so many states: a Wasserstein set gets the metric ``|s - t|``, others stay."""
    return set_family(set_name(uncertainty)).make(states)
