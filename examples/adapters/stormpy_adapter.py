"""stormpy: a row is an interval Markov chain whose states reach a goal with probability (V - min) / span."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

import stormpy
from stormpy import Interval, Rational, RationalInterval, UncertaintyResolutionMode
from stormpy.datastructures import SparseMatrixBuilder
from stormpy.models import SparseDtmc, SparseModelComponents, StateLabeling

from drmg_check.targets import implementation
from drmg_check.vocabulary import FloatArray

Type: TypeAlias = Any  # of a template instance
EVENTUALLY, IN_TWO_STEPS = 'P=? [F "goal"]', 'P=? [F<=2 "goal"]'


@implementation("interval", name="stormpy, two steps")
def finite_horizon(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Bound the steps: backward induction in floats."""
    return float(_worst(p, V, rho, IN_TWO_STEPS, Interval, float))


@implementation("interval", name="stormpy, two steps, exact rationals")
def exact(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Do the same in rationals."""
    return float(_worst(p, V, rho, IN_TWO_STEPS, RationalInterval, lambda x: Rational(str(x))))


@implementation("interval", name="stormpy, unbounded", accuracy="1e-6")
def unbounded(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Ask for the probability of ever reaching the goal: robust value iteration."""
    return float(_worst(p, V, rho, EVENTUALLY, Interval, float))


def _worst(
    p: FloatArray, V: FloatArray, rho: float, formula: str, interval: Type, number: Callable[[Fraction], Type]
) -> Fraction:
    values, radius = [Fraction(v) for v in V], Fraction(rho)
    low, span, S = min(values), max(values) - min(values), len(values)
    share = [(v - low) / span if span else Fraction(0) for v in values]
    matrix = SparseMatrixBuilder[interval](rows=S + 3, columns=S + 3)

    def entry(s: int, t: int, lower: Fraction, upper: Fraction) -> None:
        if upper > 0:
            matrix.add_next_value(s, t, interval(number(lower), number(upper)))

    for s, x in enumerate(map(Fraction, p)):
        entry(0, s + 1, max(x - radius, Fraction(0)), min(x + radius, Fraction(1)))
    for s, x in enumerate(share):
        entry(s + 1, S + 1, x, x)
        entry(s + 1, S + 2, 1 - x, 1 - x)
    for s in (S + 1, S + 2):
        entry(s, s, Fraction(1), Fraction(1))
    labels = StateLabeling(S + 3)
    for label, s in (("init", 0), ("goal", S + 1)):
        labels.add_label(label)
        labels.add_label_to_state(label, s)
    chain = SparseDtmc[interval](
        SparseModelComponents[interval](transition_matrix=matrix.build(), state_labeling=labels)
    )
    try:
        result = stormpy.model_checking(
            chain,
            stormpy.parse_properties(formula)[0],
            only_initial_states=True,
            uncertainty_resolution_mode=UncertaintyResolutionMode.MINIMIZE,
        )
    except RuntimeError as error:
        if "graph-preservation" in str(error):
            raise NotImplementedError("intervals that begin at 0") from error
        raise
    return low + span * Fraction(str(result.get_value(0)))
