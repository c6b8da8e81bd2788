"""What the bounds depend on: the size of a game, and the constants that the paper leaves unnamed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod

from flint import arb

from drmg_check.vocabulary import InputError
from drmg_properties.bounds._magnitude import log_of


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a game and the level of confidence.

    Parameters
    ----------
    S, H : int >= 1
        States and horizon.
    actions : tuple of int >= 1
        A_1, ..., A_m: the actions of each agent.
    radius : Fraction >= 0
        The least radius of the agents, rho_min.
    delta : Fraction in (0, 1)
        The bound fails with at most this probability.
    P_min : Fraction in (0, 1]
        The least positive entry of the nominal kernel; only KL bounds use it.

    Raises
    ------
    InputError
        A number out of range.

    Examples
    --------
    >>> size = Size(S=5, actions=(2, 3), H=5, radius=Fraction(1, 4))
    >>> size.A, size.span
    (6, Fraction(4, 1))
    """

    S: int
    actions: tuple[int, ...]
    H: int
    radius: Fraction
    delta: Fraction = Fraction(1, 20)
    P_min: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        for name, value in (
            ("S", self.S),
            ("H", self.H),
            *((f"A_{i + 1}", a) for i, a in enumerate(self.actions)),
        ):
            if value < 1:
                raise InputError(f"{name}={value}; expected an integer >= 1")
        if not self.actions:
            raise InputError("actions=(); expected the number of actions of each agent")
        if self.radius < 0:
            raise InputError(f"radius={self.radius}; expected >= 0")
        if not 0 < self.delta < 1:
            raise InputError(f"delta={self.delta}; expected 0 < delta < 1")
        if not 0 < self.P_min <= 1:
            raise InputError(f"P_min={self.P_min}; expected 0 < P_min <= 1")

    @property
    def A(self) -> int:
        """The number of joint actions."""
        return prod(self.actions)

    @property
    def span(self) -> Fraction:
        """``min{1 / rho, H}``, the bound of Lemma 5 on the span of a value under total variation."""
        return Fraction(self.H) if self.radius * self.H <= 1 else 1 / self.radius


@dataclass(frozen=True, slots=True)
class Constants:
    """The absolute constants of Theorems 1 and 2 that the paper leaves unnamed.

    The defaults are the least that the steps of the proofs are known to hold with, once repaired.

    Parameters
    ----------
    c1, c2 : Fraction >= 0
        Of the bonus (19). With 2 and 3 the Bernstein bound of Lemma 4 holds for a fixed function
        (Maurer and Pontil, 2009); Lemma 12 adds that 2 to the 3, and Lemma 6 another 2 (claims B15 and B21).
    cf : Fraction >= 0
        Of the KL bonus (102). With 11/5 the estimates are on their sides at rows with ``N P_min >= 12 iota``
        (claims C1.corrected and C3.corrected); at fewer visits no constant does (claim C3).
    martingale : Fraction >= 0
        Of (38) and (123). With 1 it is Azuma's inequality for 2 H K increments of the clipped recursion.
    variance : Fraction >= 0
        Of (40). With 2 the law of total variance holds in expectation; of the sum over K episodes this is
        only what the paper claims.

    Examples
    --------
    >>> Constants(c2=Fraction(3)).c1
    Fraction(2, 1)
    """

    c1: Fraction = Fraction(2)
    c2: Fraction = Fraction(7)
    cf: Fraction = Fraction(11, 5)
    martingale: Fraction = Fraction(1)
    variance: Fraction = Fraction(2)

    def __post_init__(self) -> None:
        for name in ("c1", "c2", "cf", "martingale", "variance"):
            value = getattr(self, name)
            if value < 0:
                raise InputError(f"{name}={value}; expected a constant >= 0")


LEADING = Constants(c2=Fraction(0), martingale=Fraction(0))
"""Only the leading terms: the most generous reading of a bound."""


def iota(size: Size, log_K: arb) -> arb:
    """Return ``iota = log(S^2 A H^2 K^(3/2) / delta)`` of Theorems 1 and 2, as a ball.

    >>> size = Size(S=5, actions=(2, 2), H=5, radius=Fraction(1, 10))
    >>> round(float(iota(size, log_of(10**6))), 4)
    31.543
    """
    fixed = Fraction(size.S**2 * size.A * size.H**2) / size.delta
    return log_of(fixed) + 3 * log_K / 2


def log_iota(size: Size, log_K: arb) -> arb:
    """Return ``log iota``."""
    return iota(size, log_K).log()
