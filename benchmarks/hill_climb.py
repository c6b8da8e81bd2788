"""Search for the inputs on which a kernel is least accurate, by mutating the worst ones found so far.

Random families alone do not find the bugs that matter; the climb does. The score of an input is the
distance of the kernel's value from the certified enclosure beyond half an ulp of the value, in units of
the span of V. Run ``python benchmarks/hill_climb.py kl --steps 20000 --seed 1``; the same arguments give
the same climb. ``--freeze FILE`` adds the worst inputs to a JSON file of exact rows.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from drmg_check.kernels import worst_case_expectations
from drmg_check.sets import (
    CressieRead,
    Row,
    UncertaintySet,
    Wasserstein,
    set_family,
    uncertainty_from_data,
    uncertainty_to_data,
)
from drmg_check.vocabulary import FloatArray, UnsupportedError, exact, exact_tuple
from drmg_oracles import enclose, saturation_radius

LIMIT = 1e-13  # what the kernels promise, in units of the span
POPULATION = 20


@dataclass(frozen=True, slots=True)
class Input:
    """One row, exactly as the kernel sees it, and what a warm start would bring along."""

    uncertainty: UncertaintySet
    nominal: tuple[float, ...]
    values: tuple[float, ...]
    radius: float
    start: float = 0.0


def kernel_value(case: Input) -> float:
    """Return the kernel's worst-case expectation."""
    start = np.array([case.start])
    P, V = np.array([case.nominal]), np.array(case.values)
    return float(worst_case_expectations(case.uncertainty, P, np.array([case.radius]), V, start=start)[0])


def row(case: Input) -> Row:
    """Return the exact row that the floats mean."""
    return Row.of(case.uncertainty, case.nominal, case.values, case.radius)


def error(case: Input, value: Callable[[Input], float] = kernel_value) -> float:
    """Return the error of ``value`` beyond the final rounding, in units of the span; negative when none.

    A refusal is no error.
    """
    try:
        computed = value(case)
    except UnsupportedError:
        return -math.inf
    if not math.isfinite(computed):
        return math.inf
    enclosure = enclose(row(case))
    distance = max(enclosure.lo - Fraction(computed), Fraction(computed) - enclosure.hi)
    excess = distance - Fraction(math.ulp(computed)) / 2
    span = Fraction(max(case.values)) - Fraction(min(case.values))
    return float(excess / span) if span else (0.0 if excess <= 0 else math.inf)


def families(uncertainty: UncertaintySet, rng: np.random.Generator) -> Iterator[Input]:
    """Yield one input of every adversarial family."""
    S = int(rng.integers(2, 12))
    p = rng.dirichlet(np.full(S, float(rng.choice([0.1, 1.0, 10.0]))))
    V = rng.normal(size=S)
    rho = float(rng.choice([1e-3, 0.01, 0.1, 0.3, 0.9]))
    tiny, zeros, spread = p.copy(), p.copy(), p.copy()
    tiny[np.argmin(V)] = 1e-300
    zeros[np.argmin(V)] = 0.0
    spread *= 10.0 ** rng.uniform(-300, 0, S)
    rows = [
        (p, V, rho),
        (p, np.round(V), rho),  # ties
        (p, np.full(S, 0.1), rho),  # constant
        (p, V * 1e-12, rho),
        (p, V * 1e12, rho),
        (p, V + 1e9, rho),  # offset
        (p, 10.0 ** rng.uniform(-12, 12, S), rho),
        (p, V, 1e-16),
        (p, V, 0.0),
        (tiny, V, rho),
        (zeros, V, rho),
        (spread, V, rho),
        (np.ones(1), V[:1], rho),
    ]
    for nominal, values, radius in rows:
        if nominal.sum() > 0:
            yield _legal(uncertainty, nominal, values, radius, 0.0, rng)
    for case in saturated(_legal(uncertainty, p, V, rho, 0.0, rng)):
        yield case
    for case in saturated(_legal(uncertainty, tiny, V, rho, 0.0, rng)):
        yield case


def saturated(case: Input) -> Iterator[Input]:
    """Yield the case with the radius at which the minimum is reached, just below, at and just above."""
    V, p = np.array(case.values), np.array(case.nominal)
    P = float(p[V[p > 0].min() == V].sum() / p.sum())
    if not 0 < P < 1 or case.uncertainty.n_states not in (None, len(p)):
        return
    kind = case.uncertainty.kind
    alpha = float(case.uncertainty.alpha) if isinstance(case.uncertainty, CressieRead) else 0.0
    threshold = {
        "tv": 1 - P,
        "l1": 2 * (1 - P),
        "kl": -math.log(P),
        "chi2": 1 / P - 1,
        "hellinger": 2 * (1 - math.sqrt(P)),
        "cressie-read": math.expm1(min((alpha - 1) * -math.log(P), 700)) / (alpha * (alpha - 1))
        if alpha > 0
        else math.inf,
        "interval": max(1 - P, float(p[V.min() < V].max() / p.sum())),
        "contamination": 1.0,
    }.get(kind)
    if threshold is None:
        threshold = float(saturation_radius(row(case)) or math.inf)
    if threshold < 1e6:
        for radius in (math.nextafter(threshold, 0), threshold, math.nextafter(threshold, 9e9)):
            yield replace(case, radius=_radius(case.uncertainty, radius))
        for factor in (1 - 1e-12, 1 - 1e-6, 1 - 1e-3):
            yield replace(case, radius=_radius(case.uncertainty, threshold * factor))


def mutated(case: Input, rng: np.random.Generator) -> Input:
    """Return the case with one to three small or brutal changes."""
    p, V, rho, start = np.array(case.nominal), np.array(case.values), case.radius, case.start
    for _ in range(int(rng.integers(1, 4))):
        k, j = (int(x) for x in rng.integers(0, len(p), 2))
        match int(rng.integers(0, 20)):
            case 0:
                p[k] = float(rng.choice([0.0, 1.0, 1e-300, 1e-16, 5e-324, 1e-8]))
            case 1:
                p[k] = 10.0 ** rng.uniform(-320, 0)
            case 2:
                p[k] *= 1 + 2.0**-52 * rng.integers(-4, 5)
            case 3:
                p[k] *= math.exp(rng.normal())
            case 4:
                p[k] = p[j]
            case 5:
                V[k] = V[j]
            case 6:
                V[k] = np.nextafter(V[j], float(rng.choice([-np.inf, np.inf])))
            case 7:
                V[k] += rng.normal() * 10.0 ** rng.uniform(-16, 2)
            case 8:
                V = V - V.min()
            case 9:
                V *= 2.0 ** rng.integers(-40, 41)
            case 10:
                V += float(rng.choice([1.0, 1e3, 1e9])) * rng.normal()
            case 11:
                V[k] *= 10.0 ** rng.uniform(-20, 0)
            case 12:
                rho *= math.exp(rng.normal() * 10.0 ** rng.uniform(-8, 1))
            case 13:
                rho = float(rng.choice([0.0, 1e-300, 1e-30, 1e-20, 1e-16, 1e-12, 1e-8, 1e-4, 0.01, 0.1, 1.0]))
            case 14:
                rho *= 1 + 2.0**-52 * rng.integers(-4, 5)
            case 15 if len(p) < 100:
                p, V = np.append(p, p[k]), np.append(V, V[j])
            case 16 if len(p) > 1:
                p, V = np.delete(p, k), np.delete(V, k)
            case 17:
                start = float(rng.choice([0.0, 10.0 ** rng.uniform(-300, 300), 10.0 ** rng.uniform(-3, 3)]))
            case 18:
                start = left_behind(case, rng)
            case _:
                near = (
                    list(saturated(replace(case, nominal=tuple(p), values=tuple(V)))) if p.sum() > 0 else []
                )
                rho = near[int(rng.integers(len(near)))].radius if near else rho
    if not p.sum() > 0 or not np.all(np.abs(V) < 1e300) or 0 < np.ptp(V) < 1e-290:
        return case  # in the subnormal range the last addition alone costs a span
    return _legal(case.uncertainty, p, V, rho, start, rng)


def left_behind(case: Input, rng: np.random.Generator) -> float:
    """Return the start that a sweep leaves for the row with other values and another radius."""
    V = np.array(case.values)
    V = V + np.ptp(V) * 10.0 ** rng.uniform(-16, 1) * rng.normal(size=V.shape)
    radius = _radius(case.uncertainty, case.radius * math.exp(rng.normal() * 10.0 ** rng.uniform(-8, 1)))
    start = np.zeros(1)
    try:
        worst_case_expectations(
            case.uncertainty, np.array([case.nominal]), np.array([radius]), V, start=start
        )
    except UnsupportedError:
        return case.start
    return float(start[0])


def climb(
    uncertainty: UncertaintySet,
    steps: int,
    seed: int,
    value: Callable[[Input], float] = kernel_value,
) -> list[tuple[float, Input]]:
    """Return the worst inputs found with their errors, worst first."""
    rng = np.random.default_rng(seed)
    population: list[tuple[float, Input]] = []
    fresh = families(uncertainty, rng)
    for _ in range(steps):
        case = next(fresh, None)
        if case is None and population:
            case = mutated(population[int(rng.integers(len(population)) * rng.random())][1], rng)
            if rng.random() < 0.01:
                fresh = families(uncertainty, rng)
        if case is None:
            fresh = families(uncertainty, rng)
            continue
        population.append((error(case, value), case))
        population.sort(key=lambda scored: -scored[0])
        del population[POPULATION:]
    return population


def frozen(case: Input, comment: str) -> dict[str, object]:
    """Return the row as JSON data: hex floats, as :func:`drmg_check.vocabulary.exact` reads them.

    ``start`` is no part of the row: it is what a warm start brought along, 0 for none.
    """
    return {
        "uncertainty": uncertainty_to_data(case.uncertainty),
        "nominal": [x.hex() for x in case.nominal],
        "values": [x.hex() for x in case.values],
        "radius": case.radius.hex(),
        "start": case.start.hex(),
        "comment": comment,
    }


def thawed(data: dict[str, object]) -> Input:
    """Read what :func:`frozen` wrote."""
    nominal, values = data["nominal"], data["values"]
    assert isinstance(nominal, list)
    assert isinstance(values, list)
    return Input(
        uncertainty_from_data(data["uncertainty"]),
        tuple(float(x) for x in exact_tuple(nominal)),
        tuple(float(x) for x in exact_tuple(values)),
        float(exact(data["radius"])),
        float(exact(data.get("start", "0"))),
    )


def named_set(name: str) -> UncertaintySet:
    """Read ``kl``, ``tv:nominal``, ``cressie-read:3/2`` or ``cressie-read:1/4:nominal``."""
    kind, *parameters = name.split(":")
    if kind == "wasserstein":
        return _line(np.arange(2.0), int(parameters[0]) if parameters else 1)
    if set_family(name).make(1).fixed_by:
        return set_family(name).make(2)
    data = {"kind": kind}
    for parameter in parameters:
        data["support" if parameter in ("all", "nominal") else "alpha"] = parameter
    return uncertainty_from_data(data)


def _legal(
    uncertainty: UncertaintySet,
    p: FloatArray,
    V: FloatArray,
    rho: float,
    start: float,
    rng: np.random.Generator,
) -> Input:
    if isinstance(uncertainty, Wasserstein) and len(uncertainty.ground) != len(p):
        uncertainty = _line(np.cumsum(rng.integers(1, 9, len(p))) / 8, uncertainty.order)
    elif uncertainty.n_states not in (None, len(p)):
        uncertainty = uncertainty.placed([Fraction(int(x), 8) for x in rng.integers(-9, 99, len(p))])
    return Input(
        uncertainty,
        tuple(float(x) for x in p),
        tuple(float(x) for x in V),
        _radius(uncertainty, rho),
        start,
    )


def _radius(uncertainty: UncertaintySet, radius: float) -> float:
    # Beyond 50 the tilt of reverse KL is exp(50) and its enclosure needs a precision to match.
    top = uncertainty.max_radius
    limit = float(top) if top is not None else 50.0 if uncertainty.kind == "reverse-kl" else 1e3
    return min(float(radius), limit)


def _line(positions: FloatArray, order: int) -> Wasserstein:
    points = [Fraction(float(x)) for x in positions]
    return Wasserstein(tuple(tuple(abs(x - y) for y in points) for x in points), order)


def main() -> None:
    """Climb, print the worst inputs, freeze them if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=named_set, help="kl, tv:nominal, cressie-read:3/2, ...")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--freeze", type=Path, help="add the worst three of every set to this JSON file")
    arguments = parser.parse_args()
    hard: list[dict[str, object]] = []
    for uncertainty in arguments.sets:
        worst = climb(uncertainty, arguments.steps, arguments.seed)
        print(f"{uncertainty.kind}: seed {arguments.seed}, {arguments.steps} steps, {worst[0][0]:.2e} span")
        for score, case in worst[:3]:
            print(f"  {score:.2e} {case}")
            comment = f"hill climb, seed {arguments.seed}, {arguments.steps} steps"
            hard.append(frozen(case, comment))
    if arguments.freeze:
        known = json.loads(arguments.freeze.read_text()) if arguments.freeze.exists() else []
        known += [entry for entry in hard if entry not in known]
        arguments.freeze.write_text(json.dumps(known, indent=1) + "\n")


if __name__ == "__main__":
    main()
