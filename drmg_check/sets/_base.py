"""What every uncertainty set of single rows has; a set's own file overrides what is special about it.

Each set is ``{ q in simplex : D(q, p) <= rho }`` for a discrepancy ``D`` stated in its docstring; the
radius ``rho`` belongs to the game, not to the set. Writing ``f(t)`` for an f-divergence,
``D(q, p) = sum_s p_s f(q_s / p_s)`` with ``0 f(0/0) = 0`` and ``0 f(a/0) = a lim f(t)/t``, so the
adversary can leave the nominal support iff ``lim f(t)/t`` is finite. Where it can, ``support`` says
whether it may: ``"all"`` (the definition taken literally) or ``"nominal"``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Protocol, Self, TypeAlias, TypeVar, get_args

from drmg_check.vocabulary import FloatArray, InputError, show

Support: TypeAlias = Literal["all", "nominal"]
Radius = TypeVar("Radius", Fraction, FloatArray)
Maker: TypeAlias = "Callable[[int], UncertaintySet]"  # number of states -> set

ROUND: Mapping[str, str] = MappingProxyType(
    {
        "exact worst case": "it is irrational in general; enclose it",
        "integers": "its worst case is irrational in general; enclose it",
        "vertices": "its ball is no polytope; evaluate_exactly handles it",
        "linear program": "its dual is no linear program; evaluate_exactly handles it",
    }
)
"""What a set with a curved ball lacks, and why."""
ONE_BY_ONE: Mapping[str, str] = MappingProxyType(
    {"enclosing kernel": "no error bounds in float64 are derived for it; its rows are enclosed one by one"}
)
"""What sets lack whose kernels prove nothing."""
ROUND_ONE_BY_ONE: Mapping[str, str] = MappingProxyType({**ROUND, **ONE_BY_ONE})


@dataclass(frozen=True, slots=True)
class Divergence:
    """The ``f`` of ``D(q, p) = sum_s p_s f(q_s / p_s)``, on mpmath's numbers of whatever precision is set.

    ``f(1) = f'(1) = 0``: a multiple of ``t - 1`` is added where the usual ``f`` has another slope at 1, which
    changes no divergence of distributions.

    >>> from drmg_check.sets import ChiSquare
    >>> ChiSquare().divergence.f(3)
    4

    Attributes
    ----------
    f, slope : callable
        ``f(t)`` and ``f'(t)`` for t >= 0.
    away : number or None
        ``lim f(t)/t``, the price of a unit of mass outside the nominal support; None where it is infinite.
    """

    f: Callable[[Any], Any]
    slope: Callable[[Any], Any]
    away: Any


class UncertaintySet(ABC):
    """Which distributions the adversary may choose around one nominal row.

    >>> from drmg_check.sets import TotalVariation
    >>> TotalVariation("nominal").leaves_support
    False

    Attributes
    ----------
    kind : str
        Its name in files, and the first word of its short name.
    max_radius : Fraction or None
        The largest legal radius; None where every radius >= 0 is.
    named : tuple of str
        The parameters that its short name spells, in their order.
    fixed_by : str
        The parameter that fixes the number of states; empty where none does.
    without : mapping
        Name of an operation (``drmg-check doctor --sets`` lists them) to the reason why this set has none.
    distance_in_numpy, dual_in_numpy : str
        ``D(q, p)`` and the lower bound of weak duality at a multiplier ``x``, as expressions in NumPy of
        ``p, q, V, rho, v`` (the least admissible value), ``W = V - v`` and the parameters of the set.
    """

    __slots__ = ()
    kind: ClassVar[str]
    max_radius: ClassVar[Fraction | None] = None
    named: ClassVar[tuple[str, ...]] = ("support",)
    fixed_by: ClassVar[str] = ""
    without: ClassVar[Mapping[str, str]] = MappingProxyType({})
    distance_in_numpy: ClassVar[str]
    dual_in_numpy: ClassVar[str]

    @property
    @abstractmethod
    def leaves_support(self) -> bool:
        """Whether the adversary may move mass to states that the nominal row never visits."""

    @property
    def n_states(self) -> int | None:
        """The one number of states that it fits; None where it fits any."""
        return None

    @property
    def divergence(self) -> Divergence | None:
        """Its ``f``, or None where it is no f-divergence."""
        return None

    @property
    def saturates(self) -> bool:
        """Whether a finite radius lets the adversary reach the smallest value."""
        return True

    @property
    def is_convex_in_radius(self) -> bool:
        """Whether ``{(q, rho) : D(q, p) <= rho}`` is convex, and so the worst case as a function of rho."""
        return True

    def canonical(self, radius: Radius) -> tuple[UncertaintySet, Radius]:
        """Return the set and the radius that mean the same ball, where one set is another one renamed."""
        return self, radius

    def restrict(self, states: Sequence[int]) -> UncertaintySet:
        """Return the set for rows over these states only, in this order."""
        return self

    def placed(self, places: Sequence[Fraction]) -> UncertaintySet:
        """Return the set for states at these places of a line, where it measures distances between them."""
        return self

    def states_beyond_support(self, radius: Fraction, n_states: int) -> int:
        """Return how many states of probability 0, those of least value, a worst case may need.

        An f-divergence and a contamination ball charge for the mass alone, so that all of it sits on one
        argmin.
        """
        return int(self.leaves_support and radius > 0)

    @classmethod
    def read(cls, parameters: dict[str, Any]) -> Self:
        """Build the set from the parameters of its JSON form."""
        return cls(**parameters)

    @classmethod
    def spelt(cls, words: dict[str, str]) -> dict[str, Any]:
        """Return the parameters of the JSON form that the words of a short name mean, for one state.

        Raises
        ------
        ValueError
            A word is none.
        """
        return {**words}

    @classmethod
    def variants(cls) -> dict[str, Maker]:
        """Return examples that go through every operation, by their names in test vectors."""
        return {cls.kind: whatever_the_size(cls())}


@dataclass(frozen=True, slots=True)
class SupportedSet(UncertaintySet):
    """A set whose only parameter says whether the adversary keeps to the nominal support.

    >>> from drmg_check.sets import Hellinger
    >>> Hellinger(support="nominal")
    Hellinger(support='nominal')
    """

    support: Support = "all"

    def __post_init__(self) -> None:
        check_support(self.support)

    @property
    def leaves_support(self) -> bool:
        """Whether the adversary may move mass to states that the nominal row never visits."""
        return self.support == "all"

    @classmethod
    def variants(cls) -> dict[str, Maker]:
        """Return the set with either support."""
        return {f"{cls.kind}-{support}": whatever_the_size(cls(support)) for support in get_args(Support)}


class Shareable(UncertaintySet):
    """A set whose discrepancy is convex in q, so that the actions of a state may share a budget of it.

    >>> from drmg_check.sets import L1, Wasserstein
    >>> issubclass(L1, Shareable), issubclass(Wasserstein, Shareable)
    (True, False)
    """

    __slots__ = ()


class SmoothDivergence(UncertaintySet):
    """An f-divergence ball with a smooth strictly convex f: its worst case is a tilt of the nominal row.

    >>> from drmg_check.sets import KullbackLeibler, TotalVariation
    >>> isinstance(KullbackLeibler(), SmoothDivergence), isinstance(TotalVariation(), SmoothDivergence)
    (True, False)
    """

    __slots__ = ()
    without: ClassVar[Mapping[str, str]] = ROUND


class PowerDivergence(SmoothDivergence):
    """A set of the Cressie-Read family: its formulas are those of one order and one unit of the radius.

    >>> from drmg_check.sets import ChiSquare
    >>> ChiSquare().power
    (Fraction(2, 1), Fraction(1, 2))
    """

    __slots__ = ()

    @property
    @abstractmethod
    def power(self) -> tuple[Fraction, Fraction]:
        """``(alpha, c)``: its ball of radius rho is the Cressie-Read ball of order alpha, radius c rho.

        Kullback-Leibler is the limit alpha = 1 and its reverse alpha = 0.
        """

    @property
    def saturates(self) -> bool:
        """Only of positive order: otherwise leaving out a state of the support costs more than any radius."""
        return self.power[0] > 0


def whatever_the_size(uncertainty: UncertaintySet) -> Maker:
    """Return the function from the number of states to this set."""
    return lambda _states: uncertainty


def check_support(support: str) -> None:
    """Refuse anything but the two supports.

    Raises
    ------
    InputError
        As said.
    """
    if not isinstance(support, str) or support not in get_args(Support):
        raise InputError(f"support={support!r} is unknown; expected 'all' or 'nominal'")


def leaves_support(uncertainty: UncertaintySet) -> bool:
    """Whether the adversary may move mass to states that the nominal row never visits.

    >>> from drmg_check.sets import KullbackLeibler
    >>> leaves_support(KullbackLeibler())
    False
    """
    return uncertainty.leaves_support


class Ranged(Protocol):
    """What has a range of radii."""

    @property
    def kind(self) -> str:
        """Its name in files."""

    @property
    def max_radius(self) -> Fraction | None:
        """The largest legal radius; None where every radius >= 0 is."""


def check_radius(uncertainty: Ranged, radius: Fraction, name: str = "radius") -> Fraction:
    """Return ``radius`` if the set admits it.

    >>> from drmg_check.sets import TotalVariation
    >>> check_radius(TotalVariation(), Fraction(1, 4))
    Fraction(1, 4)

    Raises
    ------
    InputError
        A negative radius, or one above the set's ``max_radius``.
    """
    top = uncertainty.max_radius
    if radius < 0 or (top is not None and radius > top):
        bounds = ">= 0" if top is None else f"in [0, {top}]"
        raise InputError(
            f"{name}={show(radius)} is illegal for the {uncertainty.kind} set; expected {bounds}"
        )
    return radius
