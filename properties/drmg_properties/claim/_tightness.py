"""How tight a claim is along each parameter of its instances: the smallest relative slack at each value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from fractions import Fraction
from math import inf, isfinite

from drmg_check.models import RobustMarkovGame
from drmg_check.sets import Row

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
        Relative slacks: 0 is tight.
    """

    parameter: str
    values: tuple[float, ...]
    smallest: tuple[float, ...]


@dataclass(slots=True)
class Profile:
    """Smallest relative slacks by parameter and value, gathered instance by instance."""

    seen: dict[str, dict[Fraction, float]] = field(default_factory=dict)

    def add(self, instance: object, relative: float) -> None:
        """Take note of one instance."""
        for name, value in parameters(instance).items():
            least = self.seen.setdefault(name, {})
            least[value] = min(relative, least.get(value, relative))

    def tightness(self) -> tuple[Tightness, ...]:
        """Return the parameters with at least three values, in the order of the instance's fields."""
        profiles = []
        for name, least in self.seen.items():
            points = [(_float(value), slack) for slack, value in map(min, _groups(least))]
            kept = sorted(point for point in points if all(map(isfinite, point)))
            if len(kept) >= 3:
                values, smallest = zip(*kept, strict=True)
                profiles.append(Tightness(name, values, smallest))
        return tuple(profiles)


def merged(before: Sequence[Tightness], further: Sequence[Tightness]) -> tuple[Tightness, ...]:
    """Return the curves of two searches as those of one; at most as many values are kept as of one.

    >>> first = Tightness("H", (1, 2, 3), (0.5, 0.5, 0.5))
    >>> merged([first], [Tightness("H", (2, 3, 4), (0.25, 0.75, 0.5))])[0].smallest
    (0.5, 0.25, 0.5, 0.5)
    """
    profile = Profile()
    for curve in (*before, *further):
        least = profile.seen.setdefault(curve.parameter, {})
        for value, slack in zip(map(Fraction, curve.values), curve.smallest, strict=True):
            least[value] = min(slack, least.get(value, slack))
    return profile.tightness()


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
    numbers: dict[str, Fraction] = {}
    if is_dataclass(instance):
        for one in fields(instance):
            value = getattr(instance, one.name)
            if isinstance(value, RobustMarkovGame | Row):
                numbers |= parameters(value)
            elif one.name != "seed" and type(value) in (int, Fraction):
                numbers[one.name] = Fraction(value)
    return numbers


def _groups(least: dict[Fraction, float]) -> list[list[tuple[float, Fraction]]]:
    """Split ``(slack, value)`` pairs by value into neighbours, at most twelve groups of about one size."""
    pairs = [(slack, value) for value, slack in sorted(least.items())]
    n = min(MOST_VALUES, len(pairs))
    return [pairs[k * len(pairs) // n : (k + 1) * len(pairs) // n] for k in range(n)]


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return inf
