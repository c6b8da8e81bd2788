"""One entry for every uncertainty set: a certified interval, or the exact number where there is one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from drmg_check.sets import (
    Contamination,
    Interval,
    Operation,
    PowerDivergence,
    ProbabilityBounds,
    Quadratic,
    Row,
    Scenarios,
    TotalVariation,
    UncertaintySet,
    Wasserstein,
    WeightedInterval,
    WeightedL1,
    leaves_support,
    operation,
)
from drmg_check.vocabulary import Ends, check_type
from drmg_oracles.rows._asked import note_row
from drmg_oracles.rows._certificate import Enclosure
from drmg_oracles.rows._polyhedral import (
    enclose_bounds,
    enclose_contamination,
    enclose_interval,
    enclose_scenarios,
    enclose_tv,
    enclose_weighted_interval,
    tv_worst_case,
)
from drmg_oracles.rows._quadratic import enclose_quadratic
from drmg_oracles.rows._smooth import enclose_smooth
from drmg_oracles.rows._transport import enclose_wasserstein, enclose_weighted_l1

enclosure: Operation[[Row, int], Enclosure] = operation(
    "enclosure", __name__, "a certified interval around the worst case", canonical=True
)
enclosure.register(TotalVariation)(enclose_tv)
enclosure.register(Contamination)(enclose_contamination)
enclosure.register(Interval)(enclose_interval)
enclosure.register(WeightedInterval)(enclose_weighted_interval)
enclosure.register(ProbabilityBounds)(enclose_bounds)
enclosure.register(Scenarios)(enclose_scenarios)
enclosure.register(Wasserstein)(enclose_wasserstein)
enclosure.register(WeightedL1)(enclose_weighted_l1)
enclosure.register(Quadratic)(enclose_quadratic)
enclosure.register(PowerDivergence)(enclose_smooth)

exact: Operation[[Row], Fraction] = operation(
    "exact worst case", __name__, "the worst case as a rational number, without a certificate", canonical=True
)


def enclose(row: Row, *, bits: int = 110) -> Enclosure:
    """Return a certified interval that contains ``inf { E_q V : D(q, p) <= rho }``.

    Parameters
    ----------
    row : Row
        A nominal row, a value vector, a radius and any uncertainty set.
    bits : int
        The interval is at most ``2**-bits`` times the span of V over the admissible states wide; exact,
        lo == hi, for the polyhedral sets, whatever ``bits``.

    Raises
    ------
    InputError
        Something else than a row.
    NumericalError
        A divergence ball that would need more than 12,000 bits of working precision.

    Examples
    --------
    >>> from drmg_check.sets import KullbackLeibler, TotalVariation
    >>> enclose(Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")).hi
    Fraction(1, 4)
    >>> kl = enclose(Row.of(KullbackLeibler(), ["1/2", "1/2"], [0, 1], "1/4"))
    >>> float(kl.lo), kl.width <= Fraction(1, 2**110)
    (0.1621069221498177, True)
    """
    check_type(row, Row, "row", "a Row, as from Row.of")
    check_type(bits, int, "bits", "a number of bits")
    note_row(row, bits)
    plain = row.canonical
    proved = enclosure(plain.uncertainty, plain, bits)
    return proved if plain is row else replace(proved, row=row)  # what proves the one proves the other


def enclose_best(row: Row, *, bits: int = 110) -> Ends:
    """Return an interval that contains the best case ``sup { E_q V : D(q, p) <= rho }``: optimistic nature.

    It is minus the worst case of -V, so that ``enclose(row.mirrored)`` holds its certificate.

    Parameters
    ----------
    row, bits
        As in :func:`enclose`.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> enclose_best(Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4"))
    (Fraction(3, 4), Fraction(3, 4))
    """
    worst = enclose(row.mirrored, bits=bits)
    return -worst.hi, -worst.lo


def worst_case_exact(row: Row) -> Fraction:
    """Return the exact worst case of a row of a polyhedral set, without a certificate.

    Sparse TV, L1 and contamination rows cost O(support log support) and one minimum over the states.
    For whole games, :func:`tv_worst_case` lets the caller take that minimum once per sweep.

    Raises
    ------
    UnsupportedError
        The worst case of a divergence ball is irrational in general; :func:`enclose` it.

    Examples
    --------
    >>> from drmg_check.sets import Contamination
    >>> worst_case_exact(Row.of(Contamination(), ["1/3", "2/3"], [0, 1], "1/2"))
    Fraction(1, 3)
    """
    note_row(row, 0)
    plain = row.canonical
    return exact(plain.uncertainty, plain)


@exact.register(TotalVariation)
def _tv(uncertainty: TotalVariation, row: Row) -> Fraction:
    weights, values, floor = _sparse(uncertainty, row)
    return tv_worst_case(weights, values, floor, row.radius)


@exact.register(Contamination)
def _contamination(uncertainty: Contamination, row: Row) -> Fraction:
    weights, values, floor = _sparse(uncertainty, row)
    return (1 - row.radius) * tv_worst_case(weights, values, floor, Fraction(0)) + row.radius * floor


@exact.register(Interval, WeightedInterval, ProbabilityBounds, Scenarios, Wasserstein, WeightedL1)
def _by_its_enclosure(uncertainty: UncertaintySet, row: Row) -> Fraction:
    return enclosure(uncertainty, row, 0).hi


def _sparse(uncertainty: UncertaintySet, row: Row) -> tuple[list[Fraction], list[Fraction], Fraction]:
    """Return weights and values on the nominal support, and the least value that may be reached."""
    support = [s for s, weight in enumerate(row.nominal) if weight]
    weights, values = [row.nominal[s] for s in support], [row.values[s] for s in support]
    return weights, values, min(row.values) if leaves_support(uncertainty) else min(values)
