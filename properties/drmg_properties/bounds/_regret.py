r"""The regret bounds of Theorems 1 and 2, with the constants that their repaired proofs give.

Total variation, from (37) to (41), with :math:`b = \min\{1/\rho, H\}`:

.. math::
    R(K) = \left(1 + \frac{20}{H}\right)^H \left[ c_M b \sqrt{H K \iota}
    + 4 \sqrt{\tfrac{3}{2} c_1 \iota \; c_V (b H K + b^3 H \iota) \; T}
    + 4 \cdot 3 c_2 H^2 S \iota \; T + 4 H \sqrt{K} \right], \quad T = H S A (2 + \log K)

where T bounds the sum of 1 / (N v 1) (claim B27.tight) and :math:`4 H \sqrt K` is what the covering
terms of four bonuses sum to (claim B8). The factors 3/2 and 3 cover those of Lemma 7 (claim B20.corrected):
1, and a last constant that is 14 above that of the bonus at c1 = 2, hence 3 c2 at c2 = 7. With (19) as
printed the c2 of the bonus goes with the sum of 1 / sqrt(N v 1), and the other 2 c2 with T.

KL, from (122) to (126), with the sum of 1 / sqrt(N v 1) at most :math:`2 H \sqrt{K S A}` (claim C15.tight)
and the :math:`\sqrt 8` of Lemma 18 (claim C12), rows never visited left out:

.. math::
    R(K) = d \left[ c_M \sqrt{H^3 K \iota}
    + \frac{8 \sqrt 8 \, c_f H \iota}{\rho \sqrt{P_{min}}} \cdot 2 H \sqrt{K S A} + 4 H \sqrt{K} \right],
    \quad d = e^{H^2}

A regret is at most H K, so a bound that exceeds it says nothing. Both bounds divided by K
decrease once iota > 3, hence for all K >= 16; up to K = 16 the last term alone is H K or more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from flint import arb

from drmg_check.vocabulary import InputError, NumericalError
from drmg_check.words import Rate
from drmg_properties.bounds._bonus import check_episodes, check_positive_radius, check_tv_radius
from drmg_properties.bounds._magnitude import Magnitude, log_of, log_sum, magnitude
from drmg_properties.bounds._size import Constants, Size, log_iota
from drmg_properties.formulas import MAX_BITS, ball, sign

OF_VARIANCE = Fraction(3, 2)
OF_COUNT = 3
"""What Lemma 7 makes of c1 and c2."""
FIRST_LOG = Fraction(2)  # log K below log 16
WIDTH = Fraction(1, 2**36)  # of log K: ten digits of K


@dataclass(frozen=True, slots=True)
class RegretBound:
    """A bound on the regret of K episodes: what it is called, what it says, its natural logarithm.

    ``log_bound(size, log K, constants)`` is a ball at the current precision.

    >>> REGRET_BOUNDS["theorem-1"].formula
    'sqrt(min{1/rho, H} H^2 S A K)'
    """

    name: str
    place: str
    formula: str
    needs_mass: bool
    log_bound: Callable[[Size, arb, Constants], arb]


def _log_total_visits(size: Size, log_K: arb) -> arb:
    return log_of(size.H * size.S * size.A) + (2 + log_K).log()


def _tv(rate: Rate) -> Callable[[Size, arb, Constants], arb]:
    def log_bound(size: Size, log_K: arb, c: Constants) -> arb:
        check_tv_radius(size)
        b, H, iota = size.span, size.H, log_iota(size, log_K)
        total = _log_total_visits(size, log_K)
        terms = [log_of(4 * H) + log_K / 2]
        if c.martingale:
            terms.append(log_of(c.martingale * b) + (log_of(H) + log_K + iota) / 2)
        if c.c1 * c.variance:
            variances = log_of(c.variance) + log_sum([log_of(b * H) + log_K, log_of(b**3 * H) + iota])
            uniform = size.S * min(Fraction(len(size.actions)), b) if rate == "sqrt_S" else Fraction(1)
            terms.append(log_of(4) + (log_of(OF_VARIANCE * c.c1 * uniform) + iota + variances + total) / 2)
        if c.c2:
            count = log_of(4 * c.c2 * H**2 * size.S) + iota
            bonus = _log_roots(size, log_K) if rate == "literal_19" else total
            terms += [count + bonus, count + log_of(OF_COUNT - 1) + total]
        return H * log_of(1 + Fraction(20, H)) + log_sum(terms)

    return log_bound


def _log_roots(size: Size, log_K: arb) -> arb:
    """Return the logarithm of ``2 H sqrt(K S A)``, which bounds the sum of 1 / sqrt(N v 1)."""
    return log_of(2 * size.H) + (log_K + log_of(size.S * size.A)) / 2


def _kl(log_growth: Callable[[Size], arb]) -> Callable[[Size, arb, Constants], arb]:
    def log_bound(size: Size, log_K: arb, c: Constants) -> arb:
        check_positive_radius(size)
        H, iota = size.H, log_iota(size, log_K)
        terms = [log_of(4 * H) + log_K / 2]
        if c.martingale:
            terms.append(log_of(c.martingale) + (log_of(H**3) + log_K + iota) / 2)
        if c.cf:
            bonus = log_of(8 * c.cf * H / size.radius) + iota + (log_of(8) - log_of(size.P_min)) / 2
            terms.append(bonus + _log_roots(size, log_K))
        return log_growth(size) + log_sum(terms)

    return log_bound


_ALL = (
    RegretBound(
        "theorem-1",
        "Theorem 1, with the bonus of its lemmas",
        "sqrt(min{1/rho, H} H^2 S A K)",
        False,
        _tv("per_N"),
    ),
    RegretBound(
        "theorem-1-printed",
        "Theorem 1, with the bonus (19) as printed",
        "sqrt(H^6 S^3 A K)",
        False,
        _tv("literal_19"),
    ),
    RegretBound(
        "theorem-1-repaired",
        "Theorem 1, with its refuted steps repaired",
        "sqrt(min{m, 1/rho, H} min{1/rho, H} H^2 S^2 A K)",
        False,
        _tv("sqrt_S"),
    ),
    RegretBound(
        "theorem-2",
        "Theorem 2",
        "sqrt(H^4 e^(2 H^2) S A K / (rho^2 P_min))",
        True,
        _kl(lambda size: ball(size.H**2)),
    ),
    RegretBound(
        "theorem-2-by-mass",
        "Theorem 2, with e^H replaced by 1 / P_min at each step",
        "sqrt(H^4 P_min^(-2 H) S A K / (rho^2 P_min))",
        True,
        _kl(lambda size: -size.H * log_of(size.P_min)),
    ),
)
REGRET_BOUNDS: Mapping[str, RegretBound] = MappingProxyType({bound.name: bound for bound in _ALL})
"""The regret bounds by name; ``formula`` leaves out constants and logarithms."""


def regret(
    bound: RegretBound,
    size: Size,
    K: Fraction,
    constants: Constants = Constants(),  # noqa: B008 - frozen
) -> Magnitude:
    """Return the bound on the regret of K episodes.

    Raises
    ------
    InputError
        K < 1, a KL bound for radius 0, or a bound for total variation for a radius above 1.

    Examples
    --------
    >>> size = Size(S=5, actions=(2, 2), H=5, radius=Fraction(1, 10), P_min=Fraction(1, 5))
    >>> regret(REGRET_BOUNDS["theorem-1"], size, Fraction(10**6)).about()
    '1.67e12'
    """
    check_episodes(K)
    return magnitude(lambda: bound.log_bound(size, log_of(K), constants))


def regret_at_power(
    bound: RegretBound,
    size: Size,
    exponent: Fraction,
    constants: Constants = Constants(),  # noqa: B008 - frozen
) -> Magnitude:
    """Return the bound on the regret of ``K = 10^exponent`` episodes, for K that no integer should hold.

    Raises
    ------
    InputError
        As :func:`regret`.

    Examples
    --------
    >>> size = Size(S=5, actions=(2, 2), H=5, radius=Fraction(1, 10), P_min=Fraction(1, 5))
    >>> regret_at_power(REGRET_BOUNDS["theorem-2"], size, Fraction(1000)).about()
    '6.21e519'
    """
    if exponent < 0:
        raise InputError(f"exponent={exponent}; expected K = 10^exponent of at least one episode")
    return magnitude(lambda: bound.log_bound(size, ball(exponent) * log_of(10), constants))


def vacuous_below(
    bound: RegretBound,
    size: Size,
    constants: Constants = Constants(),  # noqa: B008 - frozen
) -> Magnitude:
    """Return the K below which the bound is at least H K, so that it says nothing, and above which less.

    Bisection of log K with certified signs; the module's notes say why there is one such K.

    Raises
    ------
    InputError
        A KL bound for radius 0, or a bound for total variation for a radius above 1.
    NumericalError
        A sign stays open at ``MAX_BITS`` bits.

    Examples
    --------
    >>> size = Size(S=5, actions=(2, 2), H=5, radius=Fraction(1, 10), P_min=Fraction(1, 5))
    >>> vacuous_below(REGRET_BOUNDS["theorem-1"], size).about()
    '2.02e14'
    """

    def is_vacuous(log_K: Fraction) -> bool:
        excess = sign(lambda: bound.log_bound(size, ball(log_K), constants) - log_of(size.H) - ball(log_K))
        if excess == 0:
            raise NumericalError(f"the bound at log K = {log_K} cannot be told from H K in {MAX_BITS} bits")
        return excess > 0

    low, high = FIRST_LOG, 2 * FIRST_LOG
    while is_vacuous(high):
        low, high = high, 2 * high
    while high - low > WIDTH:
        middle = (low + high) / 2
        low, high = (middle, high) if is_vacuous(middle) else (low, middle)
    return Magnitude(magnitude(lambda: ball(low)).low, magnitude(lambda: ball(high)).high)
