"""Every uncertainty set, once: what files, command line, tests, schemas and docs take their lists from."""

from __future__ import annotations

from typing import TypeAlias

from drmg_check.sets._base import UncertaintySet
from drmg_check.sets._bounds import ProbabilityBounds
from drmg_check.sets._by_row import ByRow
from drmg_check.sets._chi2 import ChiSquare
from drmg_check.sets._contamination import Contamination
from drmg_check.sets._cressie_read import CressieRead
from drmg_check.sets._ellipsoid import Ellipsoid
from drmg_check.sets._fictitious import FictitiousTotalVariation
from drmg_check.sets._hellinger import Hellinger
from drmg_check.sets._interval import Interval
from drmg_check.sets._kl import KullbackLeibler
from drmg_check.sets._l1 import L1
from drmg_check.sets._l2 import L2
from drmg_check.sets._reverse_kl import ReverseKL
from drmg_check.sets._s_rectangular import SRectangular
from drmg_check.sets._scenarios import Scenarios
from drmg_check.sets._tv import TotalVariation
from drmg_check.sets._wasserstein import Wasserstein
from drmg_check.sets._weighted_interval import WeightedInterval
from drmg_check.sets._weighted_l1 import WeightedL1

UNCERTAINTY_SETS: dict[str, type[UncertaintySet]] = {
    cls.kind: cls
    for cls in (
        TotalVariation,
        L1,
        KullbackLeibler,
        ReverseKL,
        ChiSquare,
        Hellinger,
        CressieRead,
        Contamination,
        Interval,
        Wasserstein,
        WeightedL1,
        WeightedInterval,
        L2,
        Ellipsoid,
        ProbabilityBounds,
        Scenarios,
    )
}
"""The sets of single rows by their kind."""

GameSet: TypeAlias = UncertaintySet | FictitiousTotalVariation | ByRow | SRectangular
"""Any set that an agent of a game may have."""


def examples(states: int = 3) -> tuple[UncertaintySet, ...]:
    """Return the variants of every set, for rows of so many states.

    >>> [str(one) for one in examples()[:2]]
    ["TotalVariation(support='all')", "TotalVariation(support='nominal')"]
    """
    return tuple(make(states) for cls in UNCERTAINTY_SETS.values() for make in cls.variants().values())
