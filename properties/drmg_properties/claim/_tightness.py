"""How tight a claim is along each parameter of its instances: the smallest slack at each value."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from fractions import Fraction
from math import isfinite

from drmg_check.models import RobustMarkovGame
from drmg_check.sets import Row
from drmg_check.vocabulary import Slack

MOST_VALUES = 12
"""Values of one parameter that are kept; of more, neighbours share their smallest slack."""


@dataclass(frozen=True, slots=True)
class Tightness:
    """The smallest slack seen at some values of one parameter.

    Attributes
    ----------
    parameter : str
        ``S``, ``A``, ``H``, ``m`` or ``rho`` of a game or a row, or a number by which instances differ.
    values : tuple of float, increasing
    smallest : tuple of float
        Lower bounds of the slacks, to the nearest float.
    """

    parameter: str
    values: tuple[float, ...]
    smallest: tuple[float, ...]


@dataclass(slots=True)
class Profile:
    """Smallest slacks by parameter and value, gathered instance by instance."""

    seen: dict[str, dict[Fraction, Fraction]] = field(default_factory=dict)

    def add(self, instance: object, slack: Slack) -> None:
        """Take note of one instance."""
        for name, value in parameters(instance).items():
            least = self.seen.setdefault(name, {})
            least[value] = min(slack.low, least.get(value, slack.low))

    def tightness(self) -> tuple[Tightness, ...]:
        """Return the parameters with at least three values, in the order of the instance's fields."""
        found = []
        for name, least in self.seen.items():
            points = [_floats(min(group)) for group in _groups(least)]
            kept = [point for point in points if all(map(isfinite, point))]
            if len(kept) >= 3:
                ordered = sorted((value, slack) for slack, value in kept)
                values, smallest = zip(*ordered, strict=True)
                found.append(Tightness(name, values, smallest))
        return tuple(found)


def parameters(instance: object) -> dict[str, Fraction]:
    """Return the numbers that say which instance it is: sizes, a radius, its own numeric fields.

    >>> from drmg_check.sets import TotalVariation
    >>> half = Fraction(1, 2)
    >>> parameters(Row(TotalVariation(), (half, half), (half, half), Fraction(1, 4)))
    {'S': Fraction(2, 1), 'rho': Fraction(1, 4)}
    """
    if isinstance(instance, RobustMarkovGame):
        sizes = {
            "S": instance.n_states,
            "A": instance.n_joint_actions,
            "H": instance.horizon,
            "m": instance.n_agents,
        }
        return {name: Fraction(size) for name, size in sizes.items()}
    if isinstance(instance, Row):
        return {"S": Fraction(len(instance.nominal)), "rho": instance.radius}
    found: dict[str, Fraction] = {}
    if is_dataclass(instance):
        for one in fields(instance):
            value = getattr(instance, one.name)
            if isinstance(value, RobustMarkovGame | Row):
                found |= parameters(value)
            elif one.name != "seed" and type(value) in (int, Fraction):
                found[one.name] = Fraction(value)
    return found


def _groups(least: dict[Fraction, Fraction]) -> list[list[tuple[Fraction, Fraction]]]:
    """Split ``(slack, value)`` pairs by value into neighbours, at most twelve groups of about one size."""
    pairs = [(slack, value) for value, slack in sorted(least.items())]
    n = min(MOST_VALUES, len(pairs))
    return [pairs[k * len(pairs) // n : (k + 1) * len(pairs) // n] for k in range(n)]


def _floats(pair: tuple[Fraction, Fraction]) -> tuple[float, float]:
    try:
        return float(pair[0]), float(pair[1])
    except OverflowError:
        return float("inf"), float("inf")
