"""What sets whose discrepancy weighs the states have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar, Self, get_args

from drmg_check.sets._base import ONE_BY_ONE, Maker, Support, UncertaintySet, check_support
from drmg_check.vocabulary import InputError, check_type, exact_tuple


@dataclass(frozen=True, slots=True)
class WeightedSet(UncertaintySet):
    """A set in which a unit of probability of state s counts ``weights[s] > 0``, the same in every row.

    The number of weights fixes the number of states. A short name stands for the weights 1, 2, 3, ...

    >>> from drmg_check.sets import WeightedL1
    >>> WeightedL1((1, "1/2")).weights
    (Fraction(1, 1), Fraction(1, 2))
    """

    weights: tuple[Fraction, ...]
    support: Support = "all"
    fixed_by: ClassVar[str] = "weights"
    without: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"integers": "its worst case fills many states; its enclosure is exact", **ONE_BY_ONE}
    )

    def __post_init__(self) -> None:
        check_type(self.weights, Iterable, "weights", "one positive number for each state")
        weights = exact_tuple(self.weights, "weights")
        if not weights:
            raise InputError("weights is empty; expected one positive number for each state")
        for s, weight in enumerate(weights):
            if weight <= 0:
                raise InputError(f"weights[{s}]={weight}; expected a positive number")
        object.__setattr__(self, "weights", weights)
        check_support(self.support)

    @property
    def leaves_support(self) -> bool:
        """Whether the adversary may move mass to states that the nominal row never visits."""
        return self.support == "all"

    @property
    def n_states(self) -> int:
        """The number of weights."""
        return len(self.weights)

    def restrict(self, states: Sequence[int]) -> Self:
        """Return the set with the weights of these states."""
        return replace(self, weights=tuple(self.weights[s] for s in states))

    def placed(self, places: Sequence[Fraction]) -> Self:
        """Return the set in which a state at place x has the weight ``1 + |x|``."""
        return replace(self, weights=tuple(1 + abs(Fraction(x)) for x in places))

    def states_beyond_support(self, radius: Fraction, n_states: int) -> int:
        """Return all of them: the weights are those of all states."""
        return n_states

    @classmethod
    def read(cls, parameters: dict[str, Any]) -> Self:
        """Build the set from the parameters of its JSON form."""
        weights = parameters.get("weights", ())
        if not isinstance(weights, list | tuple):
            raise InputError(f"weights={weights!r}; expected a list of numbers")
        return cls(**parameters | {"weights": tuple(weights)})

    @classmethod
    def spelt(cls, words: dict[str, str]) -> dict[str, Any]:
        """Return the support, if it is said, and the weight of one state."""
        return {"weights": (1,), **words}

    @classmethod
    def variants(cls) -> dict[str, Maker]:
        """Return either support, state s of weight ``(s + 2) / 2``."""
        return {f"{cls.kind}-{support}": partial(_example, cls, support) for support in get_args(Support)}


def _example(cls: type[WeightedSet], support: Support, states: int) -> WeightedSet:
    return cls(tuple(Fraction(s + 2, 2) for s in range(states)), support)
