"""One entry for every uncertainty set: a certified interval around the worst-case expectation."""

from __future__ import annotations

from drmg_check.vocabulary import L1, Contamination, Interval, Row, TotalVariation, Wasserstein
from drmg_oracles._certificate import Enclosure
from drmg_oracles._polyhedral import enclose_contamination, enclose_interval, enclose_tv
from drmg_oracles._smooth import enclose_smooth
from drmg_oracles._transport import enclose_wasserstein


def enclose(row: Row, *, bits: int = 110) -> Enclosure:
    """Return a certified interval that contains ``inf { E_q V : D(q, p) <= rho }``.

    Parameters
    ----------
    row : Row
        A nominal row, a value vector, a radius and any uncertainty set.
    bits : int
        The interval is at most ``2**-bits`` times the span of V over the admissible states wide; exact,
        lo == hi, for TV, L1, contamination, interval and Wasserstein, whatever ``bits``.

    Raises
    ------
    NumericalError
        A divergence ball that would need more than 12,000 bits of working precision.
    """
    if isinstance(row.uncertainty, TotalVariation | L1):
        return enclose_tv(row)
    if isinstance(row.uncertainty, Contamination):
        return enclose_contamination(row)
    if isinstance(row.uncertainty, Interval):
        return enclose_interval(row)
    if isinstance(row.uncertainty, Wasserstein):
        return enclose_wasserstein(row)
    return enclose_smooth(row, bits)
