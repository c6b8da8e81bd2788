"""What an implementer may want to know of a row before blaming an implementation for its answer."""

from __future__ import annotations

from fractions import Fraction

from drmg_check.sets import Row
from drmg_oracles.rows._agreement import zero_pattern_sensitive
from drmg_oracles.rows._regimes import saturation_radius

FLAGS = {
    "constant": "All values are equal: the answer is that value at every radius.",
    "hard": "Found by maximising the error of a good implementation; hard for no visible reason.",
    "large": "At least 100 states.",
    "normalisation": "The weights do not sum to 1 and mean their exact normalisation. Using them raw in the "
    "divergence changes the answer: by their scale, or at a tiny radius by the rounding of their sum.",
    "one-state": "A single state: the only distribution is the nominal one.",
    "point-mass": "The nominal row puts all its mass on one state.",
    "rational": "An input is no float64. Rounding the inputs costs at most 4 u span (docs/vectors.md).",
    "saturation": "The radius is up to two ulps the least one that reaches the minimum; equality reaches it.",
    "ties": "States share a value.",
    "tiny-radius": "0 < radius <= 1e-8: a dual formula that is not centred loses u span / sqrt(radius).",
    "tiny-weight": "A nominal probability in (0, 1e-15): it is in the support, do not flush or clip it.",
    "value-scale": "span V is below 1e-6, above 1e6 or below 1e-6 max |V|: tolerances must scale with it.",
    "zero-pattern": "Moving the probabilities by 4 u absolutely moves the answer by over 1e-8 span, because "
    "zeros or tiny weights matter. Valid only for implementations that keep the weights as given.",
    "zero-radius": "The ball is the nominal row alone: the answer is the nominal mean.",
}


def flags_of(row: Row) -> list[str]:
    """Return the flags (keys of :data:`FLAGS`) that are true of a row, in alphabetical order."""
    p, V, rho = row.probabilities, row.values, row.radius
    span, size = row.span, max(map(abs, V))
    excess = abs(sum(row.nominal, Fraction(-1)))
    tiny = 0 < rho <= Fraction(1, 10**8)
    threshold = saturation_radius(row) or Fraction(0)
    # the limits are those that the meanings of the flags state
    facts = {
        "constant": span == 0,
        "large": len(p) >= 100,
        "normalisation": excess > Fraction(1, 10**9) or (excess > 0 and tiny),
        "one-state": len(p) == 1,
        "point-mass": max(p) == 1,
        "rational": not all(_is_float(x) for x in (*row.nominal, *V, rho)),
        "saturation": threshold > 0 and abs(rho - threshold) <= threshold / 2**51,
        "ties": len(set(V)) < len(V),
        "tiny-radius": tiny,
        "tiny-weight": any(0 < m < Fraction(1, 10**15) for m in p),
        "value-scale": span > 0 and (span * 10**6 < max(size, Fraction(1)) or span > 10**6),
        "zero-pattern": span > 0 and any(m * 10**6 < 1 for m in p) and zero_pattern_sensitive(row),
        "zero-radius": rho == 0,
    }
    return [flag for flag, true in facts.items() if true]


def _is_float(x: Fraction) -> bool:
    # float() refuses what is beyond
    return abs(x) < 2**1024 and Fraction(float(x)) == x
