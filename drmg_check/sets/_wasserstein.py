"""The Wasserstein balls: mass moves at a price for the distance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, partial
from types import MappingProxyType
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np

from drmg_check.sets._base import Maker, UncertaintySet
from drmg_check.vocabulary import InputError, check_type, exact_tuple, on_one_scale

Metric: TypeAlias = tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True, slots=True)
class Wasserstein(UncertaintySet):
    """Wasserstein-p: ``min over couplings of sum_{s,s'} pi(s, s') d(s, s')^p <= rho^p``, radius >= 0.

    ``ground[s][s']`` is the ground metric (zero diagonal, symmetric, positive off the diagonal,
    triangle inequality), ``order`` the integer p >= 1, so the budget ``rho^p`` stays rational. Dual
    ``max_{lam >= 0} -lam rho^p + sum_s p_s min_s' (V_s' + lam d(s, s')^p)``.
    Source: Gao and Kleywegt (2023).

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import worst_case_exact
    >>> worst_case_exact(Row.of(Wasserstein([[0, 2], [2, 0]]), ["1/2", "1/2"], [0, 1], "1/4"))
    Fraction(3, 8)
    """

    ground: Metric
    order: int = 1
    _hash: int = field(init=False, repr=False, compare=False)
    kind: ClassVar[str] = "wasserstein"
    named: ClassVar[tuple[str, ...]] = ("order",)
    fixed_by: ClassVar[str] = "ground"
    without: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "integers": "its worst case is a transport plan; its enclosure is exact",
            "vertices": "its ball is given by transport plans; evaluate_exactly handles it",
            "linear program": "its dual has a variable for each pair of states; evaluate_exactly handles it",
            "nearest member": "its discrepancy is a linear program; the solver's transport plan stands in",
            "distribution": "a transport plan would be needed to judge it",
        }
    )
    distance_in_numpy: ClassVar[str] = "np.sum(plan * ground**order) ** (1 / order)"
    dual_in_numpy: ClassVar[str] = "(V + x * ground**order).min(axis=1) @ p - x * rho**order"

    def __post_init__(self) -> None:
        if isinstance(self.order, bool) or not isinstance(self.order, int) or not 1 <= self.order <= 16:
            raise InputError(f"order={self.order!r}; expected an integer between 1 and 16")
        check_type(self.ground, Iterable, "ground", "a square matrix of distances")
        d = tuple(exact_tuple(row, f"ground[{s}]") for s, row in enumerate(self.ground))
        S = len(d)
        if S == 0 or any(len(row) != S for row in d):
            raise InputError(
                f"ground has rows of lengths {[len(row) for row in d]}; expected a square matrix"
            )
        _check_metric(d)
        object.__setattr__(self, "ground", d)
        # Caches look a set up at every sweep: hashing S^2 fractions takes longer than many a sweep.
        object.__setattr__(self, "_hash", hash((d, self.order)))

    def __hash__(self) -> int:
        return self._hash

    @property
    def leaves_support(self) -> bool:
        """Always: a state of probability 0 is as near as any."""
        return True

    @property
    def n_states(self) -> int:
        """Those of the ground metric."""
        return len(self.ground)

    @property
    def is_convex_in_radius(self) -> bool:
        """Only of order 1: the set is convex in the budget ``rho^p``."""
        return self.order == 1

    def restrict(self, states: Sequence[int]) -> Wasserstein:
        """Return the set whose metric is that of these states."""
        return replace(self, ground=tuple(tuple(self.ground[s][t] for t in states) for s in states))

    def placed(self, places: Sequence[Fraction]) -> Wasserstein:
        """Return the set whose metric is the distance between places on a line."""
        return replace(self, ground=tuple(tuple(abs(x - y) for y in places) for x in places))

    def states_beyond_support(self, radius: Fraction, n_states: int) -> int:
        """Return all of them: any may be the best bargain for some state of the support."""
        return n_states

    @classmethod
    def read(cls, parameters: dict[str, Any]) -> Self:
        """Build the set from the parameters of its JSON form."""
        ground = parameters.get("ground", ())
        if not isinstance(ground, list | tuple) or not all(isinstance(row, list | tuple) for row in ground):
            raise InputError(f"ground={ground!r}; expected a list of rows")
        return cls(**parameters | {"ground": tuple(map(tuple, ground))})

    @classmethod
    def spelt(cls, words: dict[str, str]) -> dict[str, Any]:
        """Return the order, 1 where it is not said, and the metric of one state."""
        text = words.get("order", "1")
        if not (text.isdecimal() and text.isascii()):
            raise ValueError(text)
        return {"ground": ((0,),), "order": int(text[:3])}  # none of four digits is legal, or should be read

    @classmethod
    def variants(cls) -> dict[str, Maker]:
        """Return order 1 with state s at s on a line, and order 2 with it at ``s (s + 1) / 4``."""
        return {f"wasserstein-{order}": partial(_example, order) for order in (1, 2)}


@cache  # a metric of S states is checked in S^3 steps
def _example(order: int, states: int) -> Wasserstein:
    places = [Fraction(s) if order == 1 else Fraction(s * (s + 1), 4) for s in range(states)]
    return Wasserstein(((Fraction(0),),), order).placed(places)


def _check_metric(d: Metric) -> None:
    D = on_one_scale(np.array(d, dtype=object))
    wrong = ((D == 0) != np.eye(len(d), dtype=bool)) | (D < 0) | (D != D.T)
    for s, t in np.argwhere(wrong)[:1]:
        raise InputError(
            f"ground[{s}][{t}]={d[s][t]} and ground[{t}][{s}]={d[t][s]}; a metric is symmetric, "
            "zero on the diagonal and positive elsewhere"
        )
    for row in D:
        for s, t in np.argwhere(row[:, None] + row < D)[:1]:
            raise InputError(f"ground[{s}][{t}]={d[s][t]} breaks the triangle inequality")
