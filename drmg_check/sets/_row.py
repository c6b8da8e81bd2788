"""One row of a robust backup: the smallest problem that an oracle, a kernel and a target all solve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from drmg_check.sets._all import UNCERTAINTY_SETS
from drmg_check.sets._base import UncertaintySet, check_radius
from drmg_check.vocabulary import InputError, Number, exact, exact_tuple, normalise


@dataclass(frozen=True, slots=True)
class Row:
    r"""The worst-case expectation ``inf { E_q V : D(q, p) <= rho, q in simplex }`` for one nominal row.

    Parameters
    ----------
    uncertainty : UncertaintySet
    nominal : tuple of Fraction, length S
        Weights >= 0, not all zero; they mean their exact normalisation ``p = w / sum(w)``. Zeros are
        structural: a state of weight 0 is outside the nominal support, however small the others are.
    values : tuple of Fraction, length S
        The value vector V.
    radius : Fraction
        In the range of the set (see :func:`check_radius`).

    Raises
    ------
    InputError
        No set of single rows, different lengths, illegal weights or radius.

    Examples
    --------
    >>> from drmg_check.sets import KullbackLeibler
    >>> row = Row.of(KullbackLeibler(), [1, 2, 0], ["1/2", 1, 3], 0.1)
    >>> [str(x) for x in row.probabilities], str(row.span)
    (['1/3', '2/3', '0'], '5/2')
    """

    uncertainty: UncertaintySet
    nominal: tuple[Fraction, ...]
    values: tuple[Fraction, ...]
    radius: Fraction

    def __post_init__(self) -> None:
        if getattr(self.uncertainty, "kind", None) not in UNCERTAINTY_SETS:
            raise InputError(
                f"uncertainty={self.uncertainty!r} is no set of single rows; expected one of "
                f"{', '.join(sorted(UNCERTAINTY_SETS))} (a fictitious set belongs to a game and a policy)"
            )
        if len(self.nominal) != len(self.values):
            raise InputError(
                f"nominal has {len(self.nominal)} states and values has {len(self.values)}; expected the same"
            )
        if self.uncertainty.n_states not in (None, len(self.nominal)):
            raise InputError(
                f"{self.uncertainty.fixed_by} has {self.uncertainty.n_states} states and nominal has "
                f"{len(self.nominal)}; "
                "expected the same"
            )
        normalise(self.nominal, "nominal")
        check_radius(self.uncertainty, self.radius)

    @classmethod
    def of(
        cls,
        uncertainty: UncertaintySet,
        nominal: Iterable[Number],
        values: Iterable[Number],
        radius: Number,
    ) -> Row:
        """Build a row from anything that :func:`exact` reads.

        >>> from drmg_check.sets import TotalVariation
        >>> Row.of(TotalVariation(), ["1/2", "1/2"], [1, 0], 0.25).radius
        Fraction(1, 4)
        """
        return cls(
            uncertainty,
            exact_tuple(nominal, "nominal"),
            exact_tuple(values, "values"),
            exact(radius, "radius"),
        )

    def restrict(self, states: Sequence[int]) -> Row:
        """Return the row over these states only, in this order.

        Raises
        ------
        InputError
            They have no nominal weight.
        """
        kept = self.uncertainty.restrict(states)
        return Row(
            kept, tuple(self.nominal[s] for s in states), tuple(self.values[s] for s in states), self.radius
        )

    @property
    def mirrored(self) -> Row:
        """The row of -V: its worst case is minus the best case of this one.

        >>> from drmg_check.sets import TotalVariation
        >>> Row.of(TotalVariation(), [1, 1], [1, 0], 0).mirrored.values
        (Fraction(-1, 1), Fraction(0, 1))
        """
        return Row(self.uncertainty, self.nominal, tuple(-v for v in self.values), self.radius)

    @property
    def canonical(self) -> Row:
        """The same problem in the set's canonical form: that of total variation for L1, itself elsewhere."""
        uncertainty, radius = self.uncertainty.canonical(self.radius)
        if uncertainty is self.uncertainty:
            return self
        return Row(uncertainty, self.nominal, self.values, radius)

    @property
    def probabilities(self) -> tuple[Fraction, ...]:
        """The exact nominal distribution p."""
        return normalise(self.nominal)

    @property
    def span(self) -> Fraction:
        """``max V - min V`` over all states."""
        return max(self.values) - min(self.values)


def example_row(uncertainty: UncertaintySet) -> Row:
    """Return a row of three states with a radius that moves some of the mass, in every set.

    >>> from drmg_check.sets import TotalVariation
    >>> example_row(TotalVariation()).radius
    Fraction(1, 10)
    """
    return Row.of(uncertainty, ["1/2", "1/3", "1/6"], [1, 0, 2], "1/10")
