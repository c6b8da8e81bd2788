"""Honest approximate code for single rows: wrong by no more than it declares, in the ways of real code.

Some err by all that they declare, in a direction that the row decides: nothing is harder on laws. Others are
what people write: the textbook in float32, loops compiled by numba, sums in whatever order threads come, and
the searches of the file beside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from numba import njit

from benchmarks.fairness._exact import SETS, kernel, truth_of
from benchmarks.fairness._honest import ABSOLUTE, ACCURACIES, ANY_ORDER, Honest, in_digits, sign_by
from benchmarks.fairness._searches import bisected, compiled_search, gridded, seeded, solved_primal, unseeded
from drmg_check.sets import UncertaintySet, Wasserstein
from drmg_check.targets import Implementation
from drmg_check.vocabulary import FloatArray
from drmg_properties.laws import scale_of

single = np.float32
SEARCHED: dict[Callable[..., Any], tuple[str, ...]] = {
    **dict.fromkeys((bisected, seeded, unseeded), ("tv", "chi2", "kl")),
    **dict.fromkeys((compiled_search, solved_primal), ("chi2", "kl")),
    gridded: ("tv", "chi2"),
}
"""The sets of each search."""


def off_by(share: Fraction, p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return a value that is off by all that is declared, a share of the span."""
    return _moved(share * scale_of([Fraction(v) for v in V.tolist()]), p, V, rho, uncertainty)


def off_absolutely(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Return a value that is off by all that is declared, whatever V is."""
    return _moved(ABSOLUTE, p, V, rho, uncertainty)


def _moved(error: Fraction, p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    enclosure = truth_of(p, V, rho, uncertainty)
    return float(enclosure.hi + error if sign_by(p, V, rho) > 0 else enclosure.lo - error)


def distribution_off_by(
    share: Fraction, p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet
) -> tuple[float, FloatArray]:
    """Return a worst distribution, each probability of which is off by what is declared, and a value."""
    if isinstance(uncertainty, Wasserstein):
        raise NotImplementedError("no distribution is judged")
    enclosure = truth_of(p, V, rho, uncertainty)
    q = np.array([float(x) for x in enclosure.worst_distribution])
    wave = np.resize([1.0, -1.0], len(q)) * sign_by(p, V, rho)
    wave[-1] *= len(q) % 2 == 0  # as much is added as is taken away
    return float(q @ V), q + float(share) * wave


def single_kernel(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> np.float32:
    """Return the float32 on one side of the value or the other."""
    value = kernel(p, V, rho, uncertainty)
    return np.nextafter(single(value), single(sign_by(p, V, rho) * np.inf))


def single_textbook(p: FloatArray, V: FloatArray, rho: float) -> np.float32:
    """Cut the mass rho from the largest values and put it on the smallest, in float32."""
    order = np.argsort(-V)
    q, W = p.astype(single)[order], V.astype(single)[order]
    above = np.cumsum(q, dtype=single) - q
    cut = np.clip(single(rho) - above, 0, q)
    cut[W[-1] == W] = 0
    return (q - cut) @ W + cut.sum(dtype=single) * W[-1]


@njit
def compiled_tv(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Move the mass rho from the largest values to the smallest, in a compiled loop."""
    order = np.argsort(-V)
    low, left, value = V[order[-1]], rho, 0.0
    for s in order:
        moved = min(left, p[s])
        left -= moved
        value += (p[s] - moved) * (V[s] - low)
    return low + value


@njit
def compiled_contamination(p: FloatArray, V: FloatArray, rho: float) -> float:
    """Return the mixture, in a compiled loop."""
    value = 0.0
    for s in range(len(p)):
        value += p[s] * V[s]
    return (1 - rho) * value + rho * V.min()


def _at(share: Fraction) -> Iterator[Honest]:
    for kind, function in (
        ("off by all of it", off_by),
        ("its distribution off by all of it", distribution_off_by),
    ):
        told = Implementation(sets=SETS, accuracy=share, distribution=function is distribution_off_by)
        yield Honest(
            name=f"{kind}, {in_digits(share)}",
            kind=f"declares {in_digits(share)}, {kind}",
            function=partial(function, share),
            declared=told,
        )
    for kind, search in (
        ("a stopping rule", bisected),
        ("random points, seeded", seeded),
        ("random points", unseeded),
        ("compiled", compiled_search),
        ("a library's optimiser", solved_primal),
        ("a grid", gridded),
    ):
        sets = SEARCHED[search]
        told = Implementation(sets=sets, accuracy=share, distribution=search is solved_primal)
        if search is not gridded or share == ACCURACIES[0]:
            yield Honest(
                name=f"{kind}, {in_digits(share)}",
                kind=kind,
                function=partial(search, share),
                declared=told,
                repeats=search is not unseeded,
            )


def single_contamination(p: FloatArray, V: FloatArray, rho: float) -> np.float32:
    """Return the mixture in float32."""
    q, W, share = p.astype(single), V.astype(single), single(rho)
    return (1 - share) * (q @ W) + share * W.min()


def kernel_in_any_order(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet) -> float:
    """Call our kernel with the states in an order that is drawn each time, as threads add in any order."""
    if isinstance(uncertainty, Wasserstein):
        raise NotImplementedError("the ground metric has an order of its own")
    order = np.random.default_rng().permutation(len(p))
    return kernel(p[order], V[order], rho, uncertainty)


def _others() -> Iterator[Honest]:
    yield Honest(
        name="off by 1e-4",
        kind="declares an absolute error, off by all of it",
        function=off_absolutely,
        declared=Implementation(sets=SETS, accuracy=Fraction(0), accuracy_absolute=ABSOLUTE),
    )
    for name, function, sets in (
        ("kernel in float32", single_kernel, SETS),
        ("textbook in float32", single_textbook, ("tv",)),
        ("mixture in float32", single_contamination, ("contamination",)),
    ):
        told = Implementation(sets=sets, accuracy=Fraction(0), precision="float32")
        yield Honest(name=name, kind="float32", function=function, declared=told)
    told = Implementation(sets=SETS, accuracy=Fraction(0))
    yield Honest(name="in any order", kind=ANY_ORDER, function=kernel_in_any_order, declared=told)
    for compiled, name in ((compiled_tv, "tv"), (compiled_contamination, "contamination")):
        told = Implementation(sets=(name,), accuracy=Fraction(0))
        yield Honest(name=f"compiled {name}", kind="compiled", function=compiled, declared=told)


APPROXIMATE = (*(honest for share in ACCURACIES for honest in _at(share)), *_others())
"""What is judged on single rows."""
