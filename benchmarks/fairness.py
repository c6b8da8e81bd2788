"""Count how often the referee accuses an implementation that is right.

Each adversarial row is answered in every way of :data:`WAYS` that a correct implementation may answer: by
our kernels, by the certified interval rounded down, up and to nearest, by the worst distribution summed in
several orders, by the textbook dual in NumPy, by the mpmath dual rounded. Every answer goes through the
acceptance code of ``drmg-check validate`` at accuracy 0. Rows come from the families of the vectors, from
Hypothesis, from the mutations of the hill climb, and from the hardest inputs known. Run
``python benchmarks/fairness.py --calls 1000000``; it prints one line for each accusation, and the figure.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.hill_climb import Input, families, mutated
from drmg_check.kernels import worst_case_expectations
from drmg_check.referee.asking import InProcess, Session, row_as_given
from drmg_check.referee.evidence import Tally, certified
from drmg_check.referee.levels import session_for
from drmg_check.referee.levels._row_judges import judge_distribution, judge_law, judge_value
from drmg_check.referee.levels._row_questions import generated_rows
from drmg_check.sets import L1, Row, TotalVariation, UncertaintySet, Wasserstein, uncertainty_from_data
from drmg_check.targets import Implementation, set_family, set_name
from drmg_check.vocabulary import FloatArray, NumericalError, UnsupportedError
from drmg_oracles import dual, rows_by_family
from drmg_properties import hunt
from drmg_properties.laws import LAWS

HARD = Path(__file__).parents[1] / "oracles" / "vectors" / "hard-inputs.json"
SETS = (
    *("tv", "tv:nominal", "l1", "l1:nominal", "kl", "reverse-kl", "reverse-kl:nominal", "chi2", "hellinger"),
    *("hellinger:nominal", "cressie-read:3/2", "cressie-read:-1", "cressie-read:1/2:nominal"),
    *("contamination", "interval", "interval:nominal", "wasserstein", "wasserstein:2"),
)
MOST_STATES = 14
Way = Callable[[FloatArray, FloatArray, float, UncertaintySet], Any]


def kernel(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Call our numba kernel."""
    return float(worst_case_expectations(uncertainty, p[None], np.array([rho]), V)[0])


def kernel_shuffled(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Call our numba kernel with the states in another order, as another library may keep them."""
    if isinstance(uncertainty, Wasserstein):
        raise NotImplementedError("the ground metric has an order of its own")
    order = np.random.default_rng(len(p)).permutation(len(p))
    return kernel(p[order], V[order], rho, uncertainty)


def rounded_down(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the largest float64 below the certified interval."""
    lo = _truth(p, V, rho, uncertainty).lo
    value = float(lo)
    return value if Fraction(value) <= lo else math.nextafter(value, -math.inf)


def rounded_up(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the smallest float64 above the certified interval."""
    hi = _truth(p, V, rho, uncertainty).hi
    value = float(hi)
    return value if Fraction(value) >= hi else math.nextafter(value, math.inf)


def rounded(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the float64 nearest to the certified interval."""
    return float(_truth(p, V, rho, uncertainty).lo)


def rounded_anyhow(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the certified interval rounded up for some rows and down for others: the worst for laws."""
    up = sum(np.concatenate([p, V, [rho]]).tobytes()) % 2
    return (rounded_up if up else rounded_down)(p, V, rho, uncertainty)


def rounded_distribution(
    p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet
) -> tuple[float, FloatArray]:
    """Return the worst distribution of the certificate, rounded, and its expectation."""
    if isinstance(uncertainty, Wasserstein):
        raise NotImplementedError("no distribution is judged")
    q = _worst(p, V, rho, uncertainty)
    return float(q @ V), q


def numpy_sum(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the expectation under the worst distribution, as ``q @ V``."""
    return float(_worst(p, V, rho, uncertainty) @ V)


def forward_sum(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the same in a loop."""
    return sum((_worst(p, V, rho, uncertainty) * V).tolist())


def backward_sum(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the same in a loop that runs backwards."""
    return sum((_worst(p, V, rho, uncertainty) * V).tolist()[::-1])


def ascending_sum(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the same by ascending values, above the smallest one."""
    q, lowest = _worst(p, V, rho, uncertainty), float(V.min())
    return lowest + sum((q * (V - lowest))[np.argsort(V)].tolist())


def textbook_dual(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the dual of total variation at each of its breakpoints."""
    if not isinstance(uncertainty, TotalVariation | L1):
        raise NotImplementedError("total variation only")
    half = rho / 2 if isinstance(uncertainty, L1) else rho
    floor = V[p > 0].min() if uncertainty.support == "nominal" else V.min()
    return max(float(np.minimum(V, eta) @ p - half * max(eta - floor, 0.0)) for eta in V if eta >= floor)


def mpmath_dual(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return the mpmath dual with thirty digits, rounded."""
    if len(p) > 8:
        raise NotImplementedError("slow")
    return float(dual(_row(p, V, rho, uncertainty), 30).value)


WAYS: tuple[Way, ...] = (
    *(kernel, kernel_shuffled, rounded_down, rounded_up, rounded, rounded_anyhow),
    *(numpy_sum, forward_sum, backward_sum, ascending_sum, textbook_dual, mpmath_dual),
)
LAWFUL: tuple[Way, ...] = (kernel, rounded_anyhow)


@dataclass(slots=True)
class Count:
    """What has been judged."""

    rows: int = 0
    calls: int = 0
    accusations: int = 0


def judge_row(row: Row, tally: Count, *, laws: bool = False) -> Iterator[str]:
    """Judge every way to answer a row, and yield each accusation as a sentence."""
    tally.rows += 1
    name = set_name(row.uncertainty)
    for way in WAYS:
        session = _session(way, name)
        yield from _accused(way, judge_value, session, row, tally)
        if laws and way in LAWFUL:
            for law in LAWS:
                yield from _accused(way, _by(law), session, row, tally)
    session = _session(rounded_distribution, name)
    yield from _accused(rounded_distribution, judge_distribution, session, row, tally)


def adversarial_rows(name: str, number: int, examples: int = 60, mutations: int = 800) -> Iterator[Row]:
    """Yield rows of a set: mutations, Hypothesis, then the vectors' families; another number, others."""
    family = set_family(name)
    rng = np.random.default_rng([number, sum(name.encode())])
    population: list[Input] = list(families(family.make(1), rng))
    for _ in range(mutations):
        case = mutated(population[int(rng.integers(len(population)))], rng)
        population[int(rng.integers(len(population)))] = case
        if len(case.nominal) <= MOST_STATES:
            yield row_as_given(Row.of(case.uncertainty, case.nominal, case.values, case.radius))
    drawn: list[Row] = []
    hunt(generated_rows(family), drawn.append, examples, number)
    yield from drawn
    for adverse in rows_by_family(family.make, f"fairness {number}", MOST_STATES):
        yield row_as_given(adverse.row)


def hardest_rows() -> list[Row]:
    """Return the frozen inputs on which a kernel once failed, as an implementation is given them."""
    return [
        row_as_given(
            Row.of(
                uncertainty_from_data(data["uncertainty"]), data["nominal"], data["values"], data["radius"]
            )
        )
        for data in json.loads(HARD.read_text(encoding="ascii"))
    ]


def _accused(
    way: Way, judge: Callable[..., Any], session: Session[Row], row: Row, tally: Count
) -> Iterator[str]:
    seen = Tally()
    fault = judge(session, row, seen)
    tally.calls += seen.judged
    if fault is not None:
        tally.accusations += 1
        p, V = ([float(x) for x in numbers] for numbers in (row.nominal, row.values))
        where = f"{row.uncertainty} p={p} V={V} rho={float(row.radius)!r}"
        yield f"{way.__name__}: {fault.kind}: {fault.message}\n  {where}"


def _by(law: Any) -> Callable[..., Any]:  # noqa: ANN401 - a law
    return lambda session, row, tally: judge_law(law, session, row, tally)


def _session(way: Way, name: str) -> Session[Row]:
    return session_for(InProcess(way), _declared(name, way is rounded_distribution))


@lru_cache
def _declared(name: str, distribution: bool) -> Implementation:
    return Implementation(sets=(name,), accuracy=Fraction(0), distribution=distribution)


def _row(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> Row:
    return Row.of(uncertainty, p.tolist(), V.tolist(), rho)


def _truth(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> Any:  # noqa: ANN401
    try:
        return certified(_row(p, V, rho, uncertainty))
    except NumericalError as error:
        raise UnsupportedError(str(error)) from error


def _worst(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> FloatArray:
    return np.array([float(x) for x in _truth(p, V, rho, uncertainty).worst_distribution])


def main() -> int:
    """Judge until so many answers are judged; exit code 1 if one was accused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first batch of rows")
    arguments = parser.parse_args()
    tally, started = Count(), perf_counter()
    for sentence in (said for row in hardest_rows() for said in judge_row(row, tally, laws=True)):
        print(sentence)
    for number in count(arguments.first):
        for name in SETS:
            for k, row in enumerate(adversarial_rows(name, number)):
                for sentence in judge_row(row, tally, laws=k % 8 == 0):
                    print(sentence, flush=True)
                if tally.calls >= arguments.calls:
                    break
        seconds = perf_counter() - started
        print(f"{tally}, {seconds:.0f} s", file=sys.stderr, flush=True)
        if tally.calls >= arguments.calls:
            break
    print(f"{tally.accusations} accusations in {tally.calls:,} judged answers to {tally.rows:,} rows")
    return 1 if tally.accusations else 0


if __name__ == "__main__":
    sys.exit(main())
