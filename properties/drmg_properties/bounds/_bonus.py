"""The bonuses (19) and (102), as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from drmg_check.vocabulary import InputError
from drmg_check.words import Rate
from drmg_properties.bounds._magnitude import Magnitude, log_of, log_sum, magnitude
from drmg_properties.bounds._size import Constants, Size, log_iota


@dataclass(frozen=True, slots=True)
class CountedRow:
    """What is known of one row when its bonus is computed.

    Parameters
    ----------
    visits : int >= 0
        N.
    variance : Fraction in [0, H^2 / 4]
        Of the middle of the two estimates, under the empirical row.
    width : Fraction in [0, H]
        The expected difference of the two estimates.

    Examples
    --------
    >>> CountedRow(100).width
    Fraction(0, 1)
    """

    visits: int
    variance: Fraction = Fraction(0)
    width: Fraction = Fraction(0)


def tv_bonus(
    size: Size,
    K: Fraction,
    row: CountedRow,
    *,
    rate: Rate = "literal_19",
    constants: Constants = Constants(),  # noqa: B008 - frozen
) -> Magnitude:
    r"""Return the bonus of total variation after N visits, in episode at most K.

    .. math::
        \beta = \sqrt{\frac{c_1 \iota Var}{N \vee 1}} + \frac{c_2 H^2 S \iota}{\sqrt{N \vee 1}}
        + \frac{2 E[\bar V - V_{low}]}{H} + \frac{1}{\sqrt K}

    with ``rate="per_N"`` the second term is divided by N, which is what the paper's lemmas use, and with
    ``"sqrt_S"`` the first is also multiplied by sqrt(S), which covers every V at once.

    Raises
    ------
    InputError
        A number out of range.

    Examples
    --------
    >>> size = Size(S=5, actions=(2, 2), H=5, radius=Fraction(1, 10))
    >>> tv_bonus(size, Fraction(10**6), CountedRow(visits=100), rate="per_N").about()
    '276'
    """
    check_episodes(K)
    _check_visits(row.visits)
    largest, variance, width = Fraction(size.H**2, 4), row.variance, row.width
    if not 0 <= variance <= largest:
        raise InputError(f"variance={variance}; expected 0 <= variance <= H^2 / 4 = {largest}")
    if not 0 <= width <= size.H:
        raise InputError(f"width={width}; expected 0 <= width <= H = {size.H}")
    N = max(row.visits, 1)
    union = size.S if rate == "sqrt_S" else 1

    def natural_log() -> arb:
        iota = log_iota(size, log_of(K))
        terms = [-log_of(K) / 2]
        if constants.c1 * variance:
            terms.append((log_of(constants.c1 * union * variance / N) + iota) / 2)
        if constants.c2:
            count = log_of(N) / 2 if rate == "literal_19" else log_of(N)
            terms.append(log_of(constants.c2 * size.H**2 * size.S) + iota - count)
        if width:
            terms.append(log_of(2 * width / size.H))
        return log_sum(terms)

    return magnitude(natural_log)


def kl_bonus(
    size: Size,
    K: Fraction,
    visits: int,
    *,
    constants: Constants = Constants(),  # noqa: B008 - frozen
) -> Magnitude:
    r"""Return the bonus of KL after N visits, in episode at most K, for the true P_min.

    .. math:: \beta = \frac{2 c_f H}{\rho} \sqrt{\frac{\iota}{(N \vee 1) P_{min}}} + \frac{1}{\sqrt K}

    Raises
    ------
    InputError
        A number out of range, or radius 0.

    Examples
    --------
    >>> size = Size(S=5, actions=(2, 2), H=5, radius=Fraction(1, 10), P_min=Fraction(1, 10))
    >>> kl_bonus(size, Fraction(10**6), visits=100).about()
    '391'
    """
    check_episodes(K)
    _check_visits(visits)
    check_positive_radius(size)

    def natural_log() -> arb:
        cover = -log_of(K) / 2
        if not constants.cf:
            return cover
        root = (log_iota(size, log_of(K)) - log_of(max(visits, 1) * size.P_min)) / 2
        return log_sum([log_of(2 * constants.cf * size.H / size.radius) + root, cover])

    return magnitude(natural_log)


def check_episodes(K: Fraction) -> None:
    """Refuse a number of episodes below 1."""
    if K < 1:
        raise InputError(f"K={K}; expected at least one episode")


def check_positive_radius(size: Size) -> None:
    """Refuse radius 0, by which the KL bounds divide."""
    if size.radius == 0:
        raise InputError("radius=0; the bounds for KL divide by it: expected a radius > 0")


def check_tv_radius(size: Size) -> None:
    """Refuse a radius that no total variation distance exceeds."""
    if size.radius > 1:
        raise InputError(f"radius={size.radius}; expected at most 1 for total variation")


def _check_visits(visits: int) -> None:
    if visits < 0:
        raise InputError(f"visits={visits}; expected an integer >= 0")
