"""What a declared precision means: which numbers an implementation is given, which rounding is forgiven."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from drmg_check.targets import Implementation
from drmg_check.words import Precision
from drmg_properties.laws import Tolerance


@dataclass(frozen=True, slots=True)
class Format:
    """A binary floating-point format: its digits, and where its normal numbers begin and end."""

    digits: int
    smallest_normal: Fraction
    largest: Fraction

    @property
    def unit(self) -> Fraction:
        """Half the gap at 1."""
        return Fraction(1, 2**self.digits)

    @property
    def smallest(self) -> Fraction:
        """The smallest positive number."""
        return self.smallest_normal * 2 * self.unit


FORMATS: dict[Precision, Format] = {
    "float64": Format(53, Fraction(1, 2**1022), Fraction(np.finfo(np.float64).max)),
    "float32": Format(24, Fraction(1, 2**126), Fraction(float(np.finfo(np.float32).max))),
}


def rounded(x: Fraction, precision: Precision) -> Fraction:
    """Return the number of a format that stands for x; one beyond float32 stays what it is in float64."""
    if precision == "float32" and abs(x) <= FORMATS[precision].largest:
        return Fraction(float(np.float32(float(x))))
    return Fraction(float(x))


def tolerance_of(declared: Implementation) -> Tolerance:
    """Return what an implementation is forgiven."""
    used = FORMATS[declared.precision]
    return Tolerance(declared.accuracy, used.unit, used.smallest, declared.accuracy_absolute)
