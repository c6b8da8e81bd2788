"""All bounds at one size: regret, bonus and samples, a line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from types import MappingProxyType

from drmg_check.vocabulary import InputError
from drmg_check.words import Rate
from drmg_properties.bounds._bonus import CountedRow, kl_bonus, tv_bonus
from drmg_properties.bounds._magnitude import Magnitude, log_of, magnitude
from drmg_properties.bounds._regret import REGRET_BOUNDS, regret, vacuous_below
from drmg_properties.bounds._samples import TABLE_1, formula, samples
from drmg_properties.bounds._size import LEADING, Constants, Size

FINE = 2**10  # a number of visits is found up to one part of this
MOST = 2**8192  # visits beyond which none are searched


@dataclass(frozen=True, slots=True)
class Point:
    """Where all bounds are evaluated.

    Parameters
    ----------
    size : Size
    K : Fraction >= 1
        Episodes.
    eps : Fraction > 0
        Accuracy, for rows of Table 1.
    coverage : Fraction > 0
        Coverage coefficient C, for the offline rows of Table 1.
    visits : int >= 0
        N of a bonus.
    variance : Fraction in [0, H^2 / 4]
    width : Fraction in [0, H]
        Variance and expected width of the two estimates in the bonus (19).
    constants : Constants
    by_mass : bool
        Write 1 / P_min for e^H at each step, in rows of Table 1.

    Examples
    --------
    >>> size = Size(S=5, actions=(2, 2), H=5, radius=Fraction(1, 10), P_min=Fraction(1, 5))
    >>> half = Fraction(1, 2)
    >>> Point(size, K=Fraction(10**6), eps=half, coverage=half, visits=10, variance=half, width=half).by_mass
    False
    """

    size: Size
    K: Fraction
    eps: Fraction
    coverage: Fraction
    visits: int
    variance: Fraction
    width: Fraction
    constants: Constants = Constants()  # noqa: RUF009 - frozen
    by_mass: bool = False


@dataclass(frozen=True, slots=True)
class BoundLine:
    """One bound: its numbers by the title of their column; None where there is no such number.

    ``undefined`` says why the size has none at all.

    >>> BoundLine("bonus-kl", "(102)", "1 / rho", {"bonus": None}, "radius=0").undefined
    'radius=0'
    """

    name: str
    place: str
    formula: str
    numbers: Mapping[str, Magnitude | None]
    undefined: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of three tables.

    >>> Sheet(regret=(), bonus=(), samples=()).bonus
    ()
    """

    regret: tuple[BoundLine, ...]
    bonus: tuple[BoundLine, ...]
    samples: tuple[BoundLine, ...]


_TV: Mapping[str, tuple[str, str, Rate]] = MappingProxyType(
    {
        "bonus-tv": ("(19), as the lemmas use it", "count / N", "per_N"),
        "bonus-tv-printed": ("(19), as printed", "count / sqrt(N)", "literal_19"),
        "bonus-tv-repaired": ("(19), for every V at once", "count / N, sqrt(S) variance", "sqrt_S"),
    }
)


def sheet(at: Point) -> Sheet:
    """Compute every bound at one point.

    A bound that the size leaves undefined, as KL at radius 0, says why in its line.

    Raises
    ------
    InputError
        K < 1, visits < 0, or eps, coverage, variance or width out of range.

    Examples
    --------
    >>> size = Size(S=5, actions=(2, 2), H=5, radius=Fraction(1, 10), P_min=Fraction(1, 5))
    >>> numbers = dict.fromkeys(("eps", "coverage", "variance", "width"), Fraction(1, 10))
    >>> for line in sheet(Point(size, K=Fraction(10**6), visits=100, **numbers)).regret:
    ...     print(line.name, line.numbers["bound"].about())
    theorem-1 1.67e12
    theorem-1-printed 1.66e13
    theorem-1-repaired 1.75e12
    theorem-2 5.65e20
    theorem-2-by-mass 2.45e13
    """
    return Sheet(regret=_regret_lines(at), bonus=_bonus_lines(at), samples=_sample_lines(at))


def _regret_lines(at: Point) -> tuple[BoundLine, ...]:
    leading = replace(at.constants, c2=LEADING.c2, martingale=LEADING.martingale)
    return tuple(
        _line(
            bound.name,
            bound.place,
            bound.formula,
            {
                "bound": partial(regret, bound, at.size, at.K, at.constants),
                "vacuous for K below": partial(vacuous_below, bound, at.size, at.constants),
                "by its leading terms": partial(vacuous_below, bound, at.size, leading),
            },
        )
        for bound in REGRET_BOUNDS.values()
    )


def _bonus_lines(at: Point) -> tuple[BoundLine, ...]:
    def tv(rate: Rate, N: int) -> Magnitude:
        row = CountedRow(N, at.variance, at.width)
        return tv_bonus(at.size, at.K, row, rate=rate, constants=at.constants)

    def kl(N: int) -> Magnitude:
        return kl_bonus(at.size, at.K, N, constants=at.constants)

    tv(_TV["bonus-tv"][2], at.visits)  # numbers out of range are an error of every line, not of this one
    lines = [
        _bonus_line(name, place, shape, at, partial(tv, rate)) for name, (place, shape, rate) in _TV.items()
    ]
    return (*lines, _bonus_line("bonus-kl", "(102)", "1 / (rho sqrt(N P_min))", at, kl))


def _bonus_line(name: str, place: str, shape: str, at: Point, bonus: Callable[[int], Magnitude]) -> BoundLine:
    return _line(
        name,
        place,
        shape,
        {"bonus": partial(bonus, at.visits), "at most H from N": partial(visits_for, bonus, at.size.H)},
    )


def _sample_lines(at: Point) -> tuple[BoundLine, ...]:
    for name, value in (("eps", at.eps), ("coverage", at.coverage)):
        if value <= 0:
            raise InputError(f"{name}={value}; expected > 0")
    return tuple(
        _line(
            row.name,
            f"{row.source}, {row.uncertainty}",
            formula(row),
            {"samples": partial(samples, row, at.size, at.eps, at.coverage, by_mass=at.by_mass)},
        )
        for row in TABLE_1.values()
    )


def _line(
    name: str, place: str, shape: str, numbers: Mapping[str, Callable[[], Magnitude | None]]
) -> BoundLine:
    try:
        return BoundLine(name, place, shape, {title: compute() for title, compute in numbers.items()})
    except InputError as error:
        return BoundLine(name, place, shape, dict.fromkeys(numbers), str(error))


def visits_for(bonus: Callable[[int], Magnitude], H: int) -> Magnitude | None:
    """Return the least N >= 1, up to a part of ``1 / FINE``, at which a decreasing bonus is at most H.

    A bonus above H says nothing: no value exceeds H. None if the bonus stays above, as that of one episode
    does for H = 1.

    >>> size = Size(S=5, actions=(2, 2), H=5, radius=Fraction(1, 10), P_min=Fraction(1, 5))
    >>> visits_for(lambda N: kl_bonus(size, Fraction(10**6), N), H=5).about()
    '306000'
    """
    least = magnitude(lambda: log_of(H)).low

    def enough(N: int) -> bool:
        return bonus(N).high <= least

    if not enough(MOST):
        return None
    low, high = 0, 1
    while not enough(high):
        low, high = high, 2 * high
    while high - low > max(1, high // FINE):
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return magnitude(lambda: log_of(high))
