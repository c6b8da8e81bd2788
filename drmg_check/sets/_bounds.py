"""Bounds on each probability, given as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar, Self

from drmg_check.sets._base import ONE_BY_ONE, Maker, UncertaintySet
from drmg_check.vocabulary import InputError, exact_tuple


@dataclass(frozen=True, slots=True)
class ProbabilityBounds(UncertaintySet):
    """Bounds given as data: ``lower_s <= q_s <= upper_s`` at radius 1; a smaller radius draws them to p.

    At the radius rho in [0, 1] they are ``p - rho (p - lower)_+ <= q <= p + rho (upper - p)_+``, so that the
    nominal row always belongs to the set, and rho = 0 leaves it alone. They are bounds of one row: an
    interval model has others for each (s, a), as a game may have them. Worst case and dual are those of
    :class:`Interval` between these bounds. Where ``upper_s = 0`` a state that p never visits stays
    unvisited. Source: Givan, Leach and Dean (2000); Nilim and El Ghaoui (2005).

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import worst_case_exact
    >>> worst_case_exact(Row.of(ProbabilityBounds((0, "1/4"), (1, 1)), ["1/2", "1/2"], [0, 1], 1))
    Fraction(1, 4)
    """

    lower: tuple[Fraction, ...]
    upper: tuple[Fraction, ...]
    kind: ClassVar[str] = "bounds"
    max_radius: ClassVar[Fraction | None] = Fraction(1)
    named: ClassVar[tuple[str, ...]] = ()
    fixed_by: ClassVar[str] = "lower"
    without: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"integers": "its worst case fills many states; its enclosure is exact", **ONE_BY_ONE}
    )
    distance_in_numpy: ClassVar[str] = (
        "np.max(np.abs(q - p) / (np.where(q > p, upper - p, p - lower) + (q == p)))"
    )
    dual_in_numpy: ClassVar[str] = (
        "x + (p - rho * np.maximum(p - lower, 0)) @ np.maximum(V - x, 0) - (p + rho * np.maximum(upper - p, "
        "0)) @ np.maximum(x - V, 0)"
    )

    def __post_init__(self) -> None:
        lower, upper = exact_tuple(self.lower, "lower"), exact_tuple(self.upper, "upper")
        if not lower or len(lower) != len(upper):
            raise InputError(
                f"lower has {len(lower)} states and upper has {len(upper)}; expected the same, at least one"
            )
        for s, (low, high) in enumerate(zip(lower, upper, strict=True)):
            if not 0 <= low <= high <= 1:
                raise InputError(f"lower[{s}]={low} and upper[{s}]={high}; expected 0 <= lower <= upper <= 1")
        object.__setattr__(self, "lower", lower)
        object.__setattr__(self, "upper", upper)

    @property
    def leaves_support(self) -> bool:
        """Whether some state may be visited, whatever p says."""
        return any(self.upper)

    @property
    def n_states(self) -> int:
        """The number of bounds."""
        return len(self.lower)

    def restrict(self, states: Sequence[int]) -> Self:
        """Return the bounds of these states."""
        return type(self)(tuple(self.lower[s] for s in states), tuple(self.upper[s] for s in states))

    def placed(self, places: Sequence[Fraction]) -> Self:
        """Return the bounds ``[w / 4, w]`` with ``w = 1 / (1 + |x|)`` of a state at place x."""
        w = [1 / (1 + abs(Fraction(x))) for x in places]
        return type(self)(tuple(x / 4 for x in w), tuple(w))

    def states_beyond_support(self, radius: Fraction, n_states: int) -> int:
        """Return all of them: each has bounds of its own."""
        return n_states

    @classmethod
    def read(cls, parameters: dict[str, Any]) -> Self:
        """Build the set from the parameters of its JSON form."""
        for name, values in parameters.items():
            if not isinstance(values, list | tuple):
                raise InputError(f"{name}={values!r}; expected a list of numbers")
        return cls(**{name: tuple(values) for name, values in parameters.items()})

    @classmethod
    def spelt(cls, words: dict[str, str]) -> dict[str, Any]:
        """Return the bounds of one state."""
        return {"lower": (0,), "upper": (1,)}

    @classmethod
    def variants(cls) -> dict[str, Maker]:
        """Return bounds from 0 for every other state, upwards to 1 for every third."""
        return {cls.kind: partial(_example, cls)}


def _example(cls: type[ProbabilityBounds], states: int) -> ProbabilityBounds:
    lower = tuple(Fraction(s % 2, 8) for s in range(states))
    return cls(lower, tuple(Fraction(1, 1 + s % 3) for s in range(states)))
