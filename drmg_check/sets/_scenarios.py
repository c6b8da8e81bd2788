"""A finite list of distributions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar, Self

from drmg_check.sets._base import ONE_BY_ONE, Maker, UncertaintySet
from drmg_check.vocabulary import InputError, check_type, exact_tuple, normalise


@dataclass(frozen=True, slots=True)
class Scenarios(UncertaintySet):
    """A finite list of rows: the adversary keeps p, or puts one row of the list in its place.

    At the radius rho in [0, 1] it does so with probability rho: ``q = (1 - rho) p + rho q_k`` or ``q = p``.
    The value is ``(1 - rho) E_p V + rho min(E_p V, min_k E_{q_k} V)``, and that of the convex hull is the
    same. The list is that of one row: a finite list of kernels has another for each (s, a), as
    a game may have them, and nature chooses at each. Each row means its exact normalisation.
    Source: Iyengar (2005); Nilim and El Ghaoui (2005).

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import worst_case_exact
    >>> worst_case_exact(Row.of(Scenarios([["3/4", "1/4"], [0, 1]]), ["1/2", "1/2"], [0, 1], 1))
    Fraction(1, 4)
    """

    rows: tuple[tuple[Fraction, ...], ...]
    kind: ClassVar[str] = "scenarios"
    max_radius: ClassVar[Fraction | None] = Fraction(1)
    named: ClassVar[tuple[str, ...]] = ()
    fixed_by: ClassVar[str] = "rows"
    without: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "integers": "its worst case may be any row of the list; its enclosure is exact",
            "vertices": "its ball is given by points; evaluate_exactly handles it",
            "distribution": "a linear program would be needed to judge it",
            **ONE_BY_ONE,
        }
    )
    distance_in_numpy: ClassVar[str] = (
        "min(np.abs(q - (1 - rho) * p - rho * row).max() for row in (p, *rows)), 'from the list,'"
    )
    dual_in_numpy: ClassVar[str] = "(1 - rho) * (V @ p) + rho * min(V @ p, (rows @ V).min())"

    def __post_init__(self) -> None:
        check_type(self.rows, Iterable, "rows", "a list of distributions")
        rows = tuple(
            normalise(exact_tuple(row, f"rows[{k}]"), f"rows[{k}]") for k, row in enumerate(self.rows)
        )
        if not rows or {len(row) for row in rows} != {len(rows[0])}:
            raise InputError(
                f"rows have the lengths {[len(row) for row in rows]}; expected one, at least one row"
            )
        object.__setattr__(self, "rows", rows)

    @property
    def leaves_support(self) -> bool:
        """Always: a row of the list may go anywhere."""
        return True

    @property
    def n_states(self) -> int:
        """The length of its rows."""
        return len(self.rows[0])

    def restrict(self, states: Sequence[int]) -> Self:
        """Return the list in the order of these states.

        Raises
        ------
        InputError
            A row of the list visits another state.
        """
        for k, row in enumerate(self.rows):
            if sum((row[s] for s in states), Fraction(0)) != 1:
                raise InputError(
                    f"rows[{k}] visits other states than {list(states)}; expected all that it visits"
                )
        return type(self)(tuple(tuple(row[s] for s in states) for row in self.rows))

    def placed(self, places: Sequence[Fraction]) -> Self:
        """Return two rows: weights ``1 + |x|`` of a state at place x, and their inverses."""
        weights = [1 + abs(Fraction(x)) for x in places]
        return type(self)((normalise(weights), normalise([1 / w for w in weights])))

    def states_beyond_support(self, radius: Fraction, n_states: int) -> int:
        """Return all of them: the rows are over all states."""
        return n_states

    @classmethod
    def read(cls, parameters: dict[str, Any]) -> Self:
        """Build the set from the parameters of its JSON form."""
        rows = parameters.get("rows", ())
        if not isinstance(rows, list | tuple) or not all(isinstance(row, list | tuple) for row in rows):
            raise InputError(f"rows={rows!r}; expected a list of rows")
        return cls(tuple(map(tuple, rows)))

    @classmethod
    def spelt(cls, words: dict[str, str]) -> dict[str, Any]:
        """Return the one row of one state."""
        return {"rows": ((1,),)}

    @classmethod
    def variants(cls) -> dict[str, Maker]:
        """Return three rows: towards the first state, towards the last, and one that skips every other."""
        return {cls.kind: partial(_example, cls)}


def _example(cls: type[Scenarios], states: int) -> Scenarios:
    down = [Fraction(states - s) for s in range(states)]
    skipping = [Fraction(1 - s % 2) for s in range(states)]
    return cls((normalise(down), normalise(down[::-1]), normalise(skipping)))
