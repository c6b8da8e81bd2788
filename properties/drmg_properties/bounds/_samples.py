"""Corollary 1 and Table 1: sample sizes K H as products of powers, comparable by their exponents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from flint import arb

from drmg_check.vocabulary import InputError
from drmg_properties.bounds._bonus import check_positive_radius, check_tv_radius
from drmg_properties.bounds._magnitude import Magnitude, log_of, magnitude
from drmg_properties.bounds._size import Size
from drmg_properties.formulas import ball


@dataclass(frozen=True, slots=True)
class SampleSize:
    """A row of Table 1: the exponents of the factors in :data:`FACTORS`; constants and logs are left out.

    >>> TABLE_1["online-tv"].exponents["H"]
    3
    """

    name: str
    setting: str
    source: str
    uncertainty: str
    exponents: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Point:
    """Where a row is evaluated: a size, the accuracy, the coverage coefficient."""

    size: Size
    eps: Fraction
    coverage: Fraction


def entry(rho: Fraction, H: int) -> Fraction:
    """Return ``f(H, rho) = (H rho - 1 + (1 - rho)^H) / rho^2``, by continuity ``H (H - 1) / 2`` at 0.

    >>> entry(Fraction(1, 2), 2), entry(Fraction(0), 2)
    (Fraction(1, 1), Fraction(1, 1))
    """
    return Fraction(H * (H - 1), 2) if rho == 0 else (H * rho - 1 + (1 - rho) ** H) / rho**2


def _log_entry(at: _Point) -> arb:
    least = min(entry(at.size.radius, at.size.H), Fraction(at.size.H))
    if least <= 0:
        raise InputError(f"H={at.size.H}: f(H, rho) = 0, the row asks for no samples; expected H >= 2")
    return log_of(least)


FACTORS: Mapping[str, Callable[[_Point], arb]] = MappingProxyType(
    {
        "eps": lambda at: log_of(at.eps),
        "rho": lambda at: log_of(at.size.radius),
        "P_min": lambda at: log_of(at.size.P_min),
        "C": lambda at: log_of(at.coverage),
        "H": lambda at: log_of(at.size.H),
        "S": lambda at: log_of(at.size.S),
        "prod A_i": lambda at: log_of(at.size.A),
        "sum A_i": lambda at: log_of(sum(at.size.actions)),
        "max A_i": lambda at: log_of(max(at.size.actions)),
        "min{1/rho, H}": lambda at: log_of(at.size.span),
        "min{f(H, rho), H}": _log_entry,
        "e^H": lambda at: ball(at.size.H),
        "e^(2 H^2)": lambda at: ball(2 * at.size.H**2),
    }
)
"""The natural logarithm of each factor."""


def _row(name: str, setting: str, source: str, uncertainty: str, **powers: int) -> SampleSize:
    names = {
        "product": "prod A_i",
        "sum": "sum A_i",
        "largest": "max A_i",
        "span": "min{1/rho, H}",
        "f": "min{f(H, rho), H}",
        "exp": "e^H",
        "exp2": "e^(2 H^2)",
    }
    exponents = {names.get(key, key): power for key, power in powers.items()}
    order = {key: exponents[key] for key in FACTORS if key in exponents}
    return SampleSize(name, setting, source, uncertainty, MappingProxyType(order))


_ALL = (
    _row("generative-tv", "generative", "Shi et al. 2024b", "TV", eps=-2, H=3, S=1, product=1, span=1),
    _row(
        "generative-contamination",
        "generative",
        "Jiao, Li 2024",
        "contamination",
        eps=-2,
        H=3,
        S=1,
        sum=1,
        span=1,
    ),
    _row(
        "generative-fictitious",
        "generative",
        "Shi et al. 2024a",
        "TV, fictitious",
        eps=-4,
        H=6,
        S=1,
        sum=1,
        span=1,
    ),
    _row(
        "offline-kl", "offline", "Blanchet et al. 2023", "KL", eps=-2, rho=-2, C=1, H=4, exp=1, S=2, product=1
    ),
    _row("offline-tv", "offline", "Blanchet et al. 2023", "TV", eps=-2, C=1, H=4, S=2, product=1),
    _row("offline-tv-coverage", "offline", "Li et al. 2025", "TV", eps=-2, C=1, H=4, S=1, sum=1, f=1),
    _row("online-kl-oracle", "online", "Ma et al. 2023", "KL, with an oracle", eps=-2, H=5, S=1, largest=2),
    _row("online-tv", "online", "Corollary 1", "TV", eps=-2, H=3, S=1, product=1, span=1),
    _row(
        "online-kl",
        "online",
        "Corollary 1",
        "KL",
        eps=-2,
        rho=-2,
        P_min=-1,
        H=5,
        exp2=1,
        S=1,
        product=1,
    ),
    _row("lower-bound-tv", "lower bound", "Shi et al. 2024b", "TV", eps=-2, H=3, S=1, largest=1, span=1),
)
TABLE_1: Mapping[str, SampleSize] = MappingProxyType({row.name: row for row in _ALL})
"""The rows of Table 1 by name, in its order; Corollary 1 is ``online-tv`` and ``online-kl``."""


def formula(row: SampleSize) -> str:
    """Write a row as a product.

    >>> formula(TABLE_1["online-tv"])
    'eps^-2 H^3 S prod A_i min{1/rho, H}'
    """
    return " ".join(key if power == 1 else f"{_base(key)}^{power}" for key, power in row.exponents.items())


def _base(key: str) -> str:
    return f"({key})" if " " in key else key


def log_samples(
    row: SampleSize,
    size: Size,
    eps: Fraction,
    coverage: Fraction = Fraction(1),
    *,
    by_mass: bool = False,
) -> arb:
    """Return the natural logarithm of the row's K H, constants and logarithms left out, as a ball.

    Parameters
    ----------
    eps : Fraction > 0
        The accuracy.
    coverage : Fraction > 0
        The coverage coefficient of an offline data set; of uniform data it holds a factor prod A_i.
    by_mass : bool
        Replace ``e^H`` by ``1 / P_min``, as the caption of the table allows, at each of the H steps
        of ``e^(2 H^2)``.

    Raises
    ------
    InputError
        A number out of range, or a factor that the size leaves undefined.

    Examples
    --------
    >>> size = Size(S=5, actions=(2, 2), H=5, radius=Fraction(1, 10))
    >>> round(float(log_samples(TABLE_1["online-tv"], size, eps=Fraction(1, 10))), 4)
    14.0387
    """
    for name, value in (("eps", eps), ("coverage", coverage)):
        if value <= 0:
            raise InputError(f"{name}={value}; expected > 0")
    if "rho" in row.exponents:
        check_positive_radius(size)
    if row.uncertainty.startswith("TV"):
        check_tv_radius(size)
    at, total = _Point(size, eps, coverage), ball(0)
    for key, power in row.exponents.items():
        steps = {"e^H": 1, "e^(2 H^2)": 2 * size.H}.get(key) if by_mass else None
        total += power * (FACTORS[key](at) if steps is None else -steps * log_of(size.P_min))
    return total


def samples(
    row: SampleSize,
    size: Size,
    eps: Fraction,
    coverage: Fraction = Fraction(1),
    *,
    by_mass: bool = False,
) -> Magnitude:
    """Return the row's K H; parameters and errors as in :func:`log_samples`.

    >>> size = Size(S=5, actions=(2, 2), H=5, radius=Fraction(1, 10))
    >>> samples(TABLE_1["online-tv"], size, eps=Fraction(1, 10)).about()
    '1.25e6'
    """
    return magnitude(lambda: log_samples(row, size, eps, coverage, by_mass=by_mass))
