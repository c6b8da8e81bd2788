"""The Cressie-Read family."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from drmg_check.sets._base import (
    ROUND,
    Divergence,
    Maker,
    PowerDivergence,
    Support,
    check_support,
    whatever_the_size,
)
from drmg_check.vocabulary import InputError, exact


@dataclass(frozen=True, slots=True)
class CressieRead(PowerDivergence):
    """The Cressie-Read family: ``f(t) = (t^alpha - alpha t + alpha - 1) / (alpha (alpha - 1))``, radius >= 0.

    ``alpha`` is rational, not 0 and not 1 (those limits are :class:`ReverseKL` and
    :class:`KullbackLeibler`). alpha = 2 is chi-square with half its radius, alpha = 1/2 squared
    Hellinger with twice its radius. For alpha < 1 the adversary may leave the nominal support.
    Source: Cressie and Read (1984); Duchi and Namkoong (2021).

    Examples
    --------
    >>> from drmg_check.sets import Row
    >>> from drmg_oracles import enclose
    >>> round(float(enclose(Row.of(CressieRead(-1), ["1/2", "1/2"], [0, 1], "9/32")).lo), 6)
    0.2
    """

    alpha: Fraction
    support: Support = "all"
    kind: ClassVar[str] = "cressie-read"
    without = ROUND
    named: ClassVar[tuple[str, ...]] = ("alpha", "support")
    distance_in_numpy: ClassVar[str] = "(np.sum(p[p > 0] * (q[p > 0] / p[p > 0]) ** a) - 1) / (a * (a - 1))"
    dual_in_numpy: ClassVar[str] = (
        "v + (1 - (1 + a * (a - 1) * rho) ** (1 / a) * (p @ np.maximum(1 - (a - 1) * x * W, 0) ** (a / (a - "
        "1))) ** ((a - 1) / a)) / ((a - 1) * x)"
    )

    def __post_init__(self) -> None:
        alpha = exact(self.alpha, "alpha")
        if alpha in (0, 1):
            raise InputError(f"alpha={alpha} is a limit case; use ReverseKL for 0 and KullbackLeibler for 1")
        if not -8 <= alpha <= 8 or alpha.denominator > 64:
            raise InputError(f"alpha={alpha} is out of range; expected -8 <= p/q <= 8 with q <= 64")
        object.__setattr__(self, "alpha", alpha)
        check_support(self.support)

    @property
    def leaves_support(self) -> bool:
        """For alpha < 1 at most: a state of probability 0 costs ``1 / (1 - alpha)`` a unit of mass."""
        return self.alpha < 1 and self.support == "all"

    @property
    def power(self) -> tuple[Fraction, Fraction]:
        """Its own order."""
        return self.alpha, Fraction(1)

    @property
    def divergence(self) -> Divergence:
        """``(t^alpha - alpha t + alpha - 1) / (alpha (alpha - 1))``, infinite at 0 for alpha < 0."""
        from mpmath import mp, mpf

        a = mpf(self.alpha.numerator) / self.alpha.denominator
        return Divergence(
            lambda t: (t**a - a * t + a - 1) / (a * (a - 1)) if t or a > 0 else mp.inf,
            lambda t: (t ** (a - 1) - 1) / (a - 1),
            1 / (1 - a) if a < 1 else None,
        )

    @classmethod
    def variants(cls) -> dict[str, Maker]:
        """Return an order of each kind: negative, between 0 and 1, between 1 and 2, above 2."""
        chosen = {
            "cressie-read-minus-1-all": cls(Fraction(-1)),
            "cressie-read-minus-1-nominal": cls(Fraction(-1), "nominal"),
            "cressie-read-1-4-all": cls(Fraction(1, 4)),
            "cressie-read-3-2": cls(Fraction(3, 2)),
            "cressie-read-5": cls(Fraction(5)),
        }
        return {name: whatever_the_size(uncertainty) for name, uncertainty in chosen.items()}
