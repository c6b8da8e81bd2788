r"""Other conventions: balls that authors write down under the same name, and what they read the data as.

An alternative maps a row to the number that an implementation returns if it follows that convention. Most
are a certified value of another row: with ``rho / 2`` or ``rho^2`` for ``rho``, with another support, with
``-V`` for ``V``. The conversions between divergences, writing ``f`` for the generator that the set has:

    tv, l1        1/2 sum |q - p|  against  sum |q - p|
    chi2          (t - 1)^2        against  1/2 (t - 1)^2, its root, or Neyman's (t - 1)^2 / t
    hellinger     (sqrt t - 1)^2   against  1/2 (sqrt t - 1)^2, or the root of either
    kl            KL(q || p)       against  KL(p || q); nats against bits
    cressie-read  its f            against  alpha (alpha - 1) f
    wasserstein   cost <= rho^k    against  cost <= rho

Sources: the definitions in :mod:`drmg_check.sets`; Ben-Tal et al. (2013) tabulates the variants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from math import sqrt

from drmg_check.referee.evidence import certified
from drmg_check.sets import (
    ChiSquare,
    Contamination,
    CressieRead,
    Hellinger,
    Interval,
    KullbackLeibler,
    Operation,
    ReverseKL,
    Row,
    TotalVariation,
    UncertaintySet,
    leaves_support,
    operation,
    uncertainty_from_data,
    uncertainty_to_data,
)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something else that an implementation may compute for a row.

    Parameters
    ----------
    name : str
        A few words, unique in the catalogue of a set.
    words : str
        What it means, or how it comes about.
    value : callable
        Row to Fraction. It raises a ``DrmgError``, an ``ArithmeticError`` or a ``ValueError`` for a row about
        which it says nothing.
    remedy : str
        How to declare it, if it is a convention and no mistake.
    """

    name: str
    words: str
    value: Callable[[Row], Fraction]
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What may be taken for a set of one class, beside what may be taken for any.

    Attributes
    ----------
    radii : tuple
        Names, factors and powers of radii: ``factor rho^power`` in place of rho.
    origins : mapping
        How a change of the radius comes about in this set, by its name.
    others : tuple of Alternative
        Other sets of the same class.
    closed_forms : mapping
        What a closed form means that is nearly right in this set, by its name.
    spans : tuple of Fraction
        Further multiples of ``rho span`` below the mean that are closed forms without ``q >= 0``.
    mistakes : tuple of Alternative
    """

    radii: tuple[tuple[str, Fraction, Fraction], ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    others: tuple[Alternative, ...] = ()
    closed_forms: Mapping[str, str] = field(default_factory=dict)
    spans: tuple[Fraction, ...] = ()
    mistakes: tuple[Alternative, ...] = ()


particulars: Operation[[], Particulars] = operation(
    "diagnosis", __name__, "the conventions and mistakes that make sense for this set alone"
)


def conventions(declared: UncertaintySet) -> Iterator[Alternative]:
    """Yield the conventions that a set may be confused with; only the type of a Wasserstein set matters."""
    yield from _radii(declared)
    yield from _supports(declared)
    yield from _signs()
    yield from _other_sets(declared)


def solved(row: Row, uncertainty: UncertaintySet | None = None, radius: Fraction | None = None) -> Fraction:
    """Return the certified value of a row after a change; a radius is cut at the largest of the set."""
    if not row.span:  # the last step of a game: every distribution has the same expectation
        return row.values[0]
    ball = row.uncertainty if uncertainty is None else uncertainty
    rho = row.radius if radius is None else radius
    rho = rho if ball.max_radius is None else min(rho, ball.max_radius)
    return certified(replace(row, uncertainty=ball, radius=rho)).lo


_RADII: tuple[tuple[str, Fraction, Fraction], ...] = (
    ("half the radius", Fraction(1, 2), Fraction(1)),
    ("twice the radius", Fraction(2), Fraction(1)),
    ("the squared radius", Fraction(1), Fraction(2)),
    ("the root of the radius", Fraction(1), Fraction(1, 2)),
)
_DECLARE_RADIUS = "declare radius_factor and radius_power"


def _radii(declared: UncertaintySet) -> Iterator[Alternative]:
    own = particulars(declared)
    for name, factor, power in (*_RADII, *own.radii):
        words = own.origins.get(name, f"{_formula(factor, power)} in place of rho")
        yield Alternative(name, words, partial(_with_radius, factor, power), _DECLARE_RADIUS)


def _formula(factor: Fraction, power: Fraction) -> str:
    base = {Fraction(1): "rho", Fraction(2): "rho^2", Fraction(1, 2): "sqrt(rho)"}.get(
        power, f"rho^({power})"
    )
    if factor == 1:
        return base
    return f"{factor} {base}" if factor.denominator < 100 else f"{float(factor):.4g} {base}"


def _with_radius(factor: Fraction, power: Fraction, row: Row) -> Fraction:
    if power.denominator == 1:
        radius = row.radius**power.numerator
    else:
        radius = Fraction(sqrt(row.radius) if power == Fraction(1, 2) else float(row.radius) ** float(power))
    return solved(row, radius=factor * radius)


def _supports(declared: UncertaintySet) -> Iterator[Alternative]:
    if not hasattr(declared, "support") or (leaves_support(declared) != (declared.support == "all")):
        return
    if declared.support == "all":
        name, other, words = "the nominal support", "nominal", "the adversary kept where p > 0"
    else:
        name, other, words = "all states", "all", "the adversary may move mass to states with p = 0"
    yield Alternative(name, words, partial(_on_support, other), "declare the set with or without ':nominal'")


def _on_support(support: str, row: Row) -> Fraction:
    return solved(row, uncertainty_from_data({**uncertainty_to_data(row.uncertainty), "support": support}))


def _signs() -> Iterator[Alternative]:
    remedy = "declare quantity='cost'"
    yield Alternative("the largest expectation", "V taken for a cost, or max in place of min", _best, remedy)
    yield Alternative("the value of -V", "the sign of V changed and not changed back", _of_negative)
    yield Alternative("minus the value", "the minimum of a solver with its sign changed", _negative)


def _of_negative(row: Row) -> Fraction:
    return solved(replace(row, values=tuple(-v for v in row.values)))


def _best(row: Row) -> Fraction:
    return -_of_negative(row)


def _negative(row: Row) -> Fraction:
    return -solved(row)


def _other_sets(declared: UncertaintySet) -> Iterator[Alternative]:
    for ball, name, words in _SETS:
        alike = ball.kind == declared.kind and "alpha" not in ball.named  # other orders are other sets
        if not alike and {ball.kind, declared.kind} != {"tv", "l1"} and ball != declared:
            yield Alternative(name, words, partial(_in_ball, ball), "declare that set")
    yield from particulars(declared).others


_NEYMAN = (CressieRead(Fraction(-1)), CressieRead(Fraction(-1), "nominal"))
_SETS: tuple[tuple[UncertaintySet, str, str], ...] = (
    (TotalVariation(), "total variation", "half of L1, to all states"),
    (TotalVariation("nominal"), "total variation on the support", "half of L1"),
    (KullbackLeibler(), "KL(q || p)", "the divergence in its usual direction"),
    (ReverseKL(), "KL(p || q)", "the reversed divergence"),
    (ReverseKL("nominal"), "KL(p || q) on the support", "the reversed divergence"),
    (ChiSquare(), "chi-square", "sum (q - p)^2 / p, Pearson's"),
    (_NEYMAN[0], "Neyman's chi-square", "sum (q - p)^2 / q"),
    (_NEYMAN[1], "Neyman's chi-square on the support", "sum (q - p)^2 / q"),
    (Hellinger(), "the squared Hellinger distance", "sum (sqrt q - sqrt p)^2"),
    (Contamination(), "contamination", "(1 - rho) E V + rho min V"),
    (Contamination("nominal"), "contamination on the support", "(1 - rho) E V + rho min of V where p > 0"),
    (Interval(), "an interval around each probability", "the largest deviation in place of the distance"),
)


def _in_ball(ball: UncertaintySet, row: Row) -> Fraction:
    # Neyman's generator is (t - 1)^2 / t, that of order -1 half of it
    return solved(row, ball, row.radius / 2 if ball in _NEYMAN else row.radius)
