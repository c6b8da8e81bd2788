"""Uncertainty sets: which kernels the adversary may choose around a nominal row.

Each set is ``{ q in simplex : D(q, p) <= rho }`` for a discrepancy ``D`` stated in its docstring; the
radius ``rho`` belongs to the game, not to the set. Writing ``f(t)`` for an f-divergence,
``D(q, p) = sum_s p_s f(q_s / p_s)`` with ``0 f(0/0) = 0`` and ``0 f(a/0) = a lim f(t)/t``, so the
adversary can leave the nominal support iff ``lim f(t)/t`` is finite. Where it can, ``support`` says
whether it may: ``"all"`` (the definition taken literally) or ``"nominal"``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from fractions import Fraction
from typing import ClassVar, Literal, TypeAlias, get_args

import numpy as np

from drmg_check.vocabulary import InputError, check_type, exact, exact_tuple, on_one_scale, show

Support: TypeAlias = Literal["all", "nominal"]


def _check_support(support: str) -> None:
    if not isinstance(support, str) or support not in get_args(Support):
        raise InputError(f"support={support!r} is unknown; expected 'all' or 'nominal'")


@dataclass(frozen=True, slots=True)
class TotalVariation:
    """Total variation, half the L1 distance: ``D = 1/2 sum |q - p|``, radius in [0, 1].

    f(t) = |t - 1| / 2. The worst case cuts mass ``rho`` from the largest values and puts it on one
    argmin; the dual is ``max_c E_p[min(V, c)] - rho (c - min V)``, the coefficient being rho and not
    rho / 2. Regimes: ``rho = 0`` is the nominal mean; ``rho >= 1 - p(argmin)`` gives min V.
    Source: Iyengar (2005); eq. (10) of the MORNAVI paper prints the dual of radius rho / 2.
    """

    support: Support = "all"
    kind: ClassVar[str] = "tv"
    max_radius: ClassVar[Fraction | None] = Fraction(1)

    def __post_init__(self) -> None:
        _check_support(self.support)


@dataclass(frozen=True, slots=True)
class L1:
    """The full L1 distance: ``D = sum |q - p|``, radius in [0, 2]: the TV ball of radius rho / 2."""

    support: Support = "all"
    kind: ClassVar[str] = "l1"
    max_radius: ClassVar[Fraction | None] = Fraction(2)

    def __post_init__(self) -> None:
        _check_support(self.support)


@dataclass(frozen=True, slots=True)
class KullbackLeibler:
    """KL(q || p): ``D = sum q log(q / p)``, radius >= 0 (nats). f(t) = t log t.

    The adversary never leaves the nominal support. Worst case ``q ~ p exp(-s V)``; dual
    ``sup_{s>0} -(log E_p[exp(-s V)] + rho) / s``. Regimes: ``rho = 0`` is the nominal mean;
    ``rho >= -log p(argmin over supp p)`` gives the essential minimum.
    Source: Nilim and El Ghaoui (2005); Donsker-Varadhan.
    """

    kind: ClassVar[str] = "kl"
    max_radius: ClassVar[Fraction | None] = None


@dataclass(frozen=True, slots=True)
class ReverseKL:
    """KL(p || q), Burg's entropy: ``D = sum p log(p / q)``, radius >= 0 (nats). f(t) = -log t.

    Worst case ``q = p kappa / (V - eta)``; the minimum is reached for no finite radius unless the
    nominal row already sits on it. With ``support="all"`` and p(argmin) = 0 the adversary may place
    the remaining mass on the argmin. Source: Ben-Tal et al. (2013).
    """

    support: Support = "all"
    kind: ClassVar[str] = "reverse-kl"
    max_radius: ClassVar[Fraction | None] = None

    def __post_init__(self) -> None:
        _check_support(self.support)


@dataclass(frozen=True, slots=True)
class ChiSquare:
    """Pearson's chi-square: ``D = sum (q - p)^2 / p``, radius >= 0. f(t) = (t - 1)^2.

    The adversary never leaves the nominal support. Worst case ``q ~ p (eta - V)_+``; dual
    ``max_c E[V^c] - sqrt(rho Var(V^c))`` with ``V^c = min(V, c)``. Regimes: no truncation iff
    ``rho <= Var / (max V - mean)^2``; the essential minimum iff ``rho >= 1 / p(argmin) - 1``.
    Source: Duchi and Namkoong (2019).
    """

    kind: ClassVar[str] = "chi2"
    max_radius: ClassVar[Fraction | None] = None


@dataclass(frozen=True, slots=True)
class Hellinger:
    """Squared Hellinger distance: ``D = sum (sqrt q - sqrt p)^2``, radius in [0, 2]. f(t) = (sqrt t - 1)^2.

    No factor 1/2. Worst case ``q ~ p / (V + z)^2``; dual ``sup_z b^2 HM_p(V + z) - z`` with
    ``b = 1 - rho / 2`` and HM the harmonic mean. The minimum is reached iff
    ``p(argmin) >= (1 - rho / 2)^2`` or ``rho = 2``. Source: Ben-Tal et al. (2013).
    """

    support: Support = "all"
    kind: ClassVar[str] = "hellinger"
    max_radius: ClassVar[Fraction | None] = Fraction(2)

    def __post_init__(self) -> None:
        _check_support(self.support)


@dataclass(frozen=True, slots=True)
class CressieRead:
    """The Cressie-Read family: ``f(t) = (t^alpha - alpha t + alpha - 1) / (alpha (alpha - 1))``, radius >= 0.

    ``alpha`` is rational, not 0 and not 1 (those limits are :class:`ReverseKL` and
    :class:`KullbackLeibler`). alpha = 2 is chi-square with half its radius, alpha = 1/2 squared
    Hellinger with twice its radius. For alpha < 1 the adversary may leave the nominal support.
    Source: Cressie and Read (1984); Duchi and Namkoong (2021).
    """

    alpha: Fraction
    support: Support = "all"
    kind: ClassVar[str] = "cressie-read"
    max_radius: ClassVar[Fraction | None] = None

    def __post_init__(self) -> None:
        alpha = exact(self.alpha, "alpha")
        if alpha in (0, 1):
            raise InputError(f"alpha={alpha} is a limit case; use ReverseKL for 0 and KullbackLeibler for 1")
        if not -8 <= alpha <= 8 or alpha.denominator > 64:
            raise InputError(f"alpha={alpha} is out of range; expected -8 <= p/q <= 8 with q <= 64")
        object.__setattr__(self, "alpha", alpha)
        _check_support(self.support)


@dataclass(frozen=True, slots=True)
class Contamination:
    """Huber's contamination: ``q = (1 - rho) p + rho q'`` for any ``q'``, radius in [0, 1].

    The value is ``(1 - rho) E_p V + rho min V``, the minimum over all states or over the nominal
    support. Source: Huber (1964); Wang and Zou (2021).
    """

    support: Support = "all"
    kind: ClassVar[str] = "contamination"
    max_radius: ClassVar[Fraction | None] = Fraction(1)

    def __post_init__(self) -> None:
        _check_support(self.support)


@dataclass(frozen=True, slots=True)
class Interval:
    """The L-infinity ball: ``max_s |q_s - p_s| <= rho``, radius in [0, 1].

    A fractional knapsack between ``l = max(0, p - rho)`` and ``u = min(1, p + rho)``; dual
    ``max_eta eta + sum l (V - eta)_+ - u (eta - V)_+``. With ``support="nominal"``, ``u = 0`` where
    ``p = 0``. Source: Givan, Leach and Dean (2000).
    """

    support: Support = "all"
    kind: ClassVar[str] = "interval"
    max_radius: ClassVar[Fraction | None] = Fraction(1)

    def __post_init__(self) -> None:
        _check_support(self.support)


@dataclass(frozen=True, slots=True)
class Wasserstein:
    """Wasserstein-p: ``min over couplings of sum_{s,s'} pi(s, s') d(s, s')^p <= rho^p``, radius >= 0.

    ``ground[s][s']`` is the ground metric (zero diagonal, symmetric, positive off the diagonal,
    triangle inequality), ``order`` the integer p >= 1, so the budget ``rho^p`` stays rational. Dual
    ``max_{lam >= 0} -lam rho^p + sum_s p_s min_s' (V_s' + lam d(s, s')^p)``.
    Source: Gao and Kleywegt (2023).
    """

    ground: tuple[tuple[Fraction, ...], ...]
    order: int = 1
    kind: ClassVar[str] = "wasserstein"
    max_radius: ClassVar[Fraction | None] = None

    def __post_init__(self) -> None:
        if isinstance(self.order, bool) or not isinstance(self.order, int) or not 1 <= self.order <= 16:
            raise InputError(f"order={self.order!r}; expected an integer between 1 and 16")
        check_type(self.ground, Iterable, "ground", "a square matrix of distances")
        d = tuple(exact_tuple(row, f"ground[{s}]") for s, row in enumerate(self.ground))
        S = len(d)
        if S == 0 or any(len(row) != S for row in d):
            raise InputError(
                f"ground has rows of lengths {[len(row) for row in d]}; expected a square matrix"
            )
        _check_metric(d)
        object.__setattr__(self, "ground", d)


def _check_metric(d: tuple[tuple[Fraction, ...], ...]) -> None:
    D = on_one_scale(np.array(d, dtype=object))
    wrong = ((D == 0) != np.eye(len(d), dtype=bool)) | (D < 0) | (D != D.T)
    for s, t in np.argwhere(wrong)[:1]:
        raise InputError(
            f"ground[{s}][{t}]={d[s][t]} and ground[{t}][{s}]={d[t][s]}; a metric is symmetric, "
            "zero on the diagonal and positive elsewhere"
        )
    for row in D:
        for s, t in np.argwhere(row[:, None] + row < D)[:1]:
            raise InputError(f"ground[{s}][{t}]={d[s][t]} breaks the triangle inequality")


UncertaintySet: TypeAlias = (
    TotalVariation
    | L1
    | KullbackLeibler
    | ReverseKL
    | ChiSquare
    | Hellinger
    | CressieRead
    | Contamination
    | Interval
    | Wasserstein
)
UNCERTAINTY_SETS: dict[str, type[UncertaintySet]] = {cls.kind: cls for cls in get_args(UncertaintySet)}


def check_radius(uncertainty: UncertaintySet, radius: Fraction, name: str = "radius") -> Fraction:
    """Return ``radius`` if the set admits it.

    Raises
    ------
    InputError
        A negative radius, or one above the set's ``max_radius``.
    """
    top = uncertainty.max_radius
    if radius < 0 or (top is not None and radius > top):
        bounds = ">= 0" if top is None else f"in [0, {top}]"
        raise InputError(
            f"{name}={show(radius)} is illegal for the {uncertainty.kind} set; expected {bounds}"
        )
    return radius


def leaves_support(uncertainty: UncertaintySet) -> bool:
    """Whether the adversary may move mass to states that the nominal row never visits."""
    if isinstance(uncertainty, KullbackLeibler | ChiSquare):
        return False
    if isinstance(uncertainty, Wasserstein):
        return True
    if isinstance(uncertainty, CressieRead) and uncertainty.alpha > 1:
        return False
    return uncertainty.support == "all"


def uncertainty_to_data(uncertainty: UncertaintySet) -> dict[str, object]:
    """Return the JSON form: ``{"kind": "tv", "support": "all"}``; numbers are exact strings."""
    data: dict[str, object] = {"kind": uncertainty.kind}
    for field in fields(uncertainty):
        value = getattr(uncertainty, field.name)
        if isinstance(value, Fraction):
            value = show(value)
        elif isinstance(value, tuple):
            value = [[show(x) for x in row] for row in value]
        data[field.name] = value
    return data


def uncertainty_from_data(data: object, *, other_kinds: tuple[str, ...] = ()) -> UncertaintySet:
    """Read what :func:`uncertainty_to_data` wrote; a bare kind such as ``"kl"`` means its defaults.

    ``other_kinds`` are those that the caller reads itself, for the message that lists what is known.

    Raises
    ------
    InputError
        An unknown kind or parameter, or an illegal value.
    """
    if isinstance(data, str):
        data = {"kind": data}
    if not isinstance(data, dict) or not isinstance(data.get("kind"), str):
        raise InputError(f'uncertainty={data!r}; expected an object such as {{"kind": "tv"}}')
    parameters = {str(key): value for key, value in data.items() if key != "kind"}
    cls = UNCERTAINTY_SETS.get(data["kind"])
    if cls is None:
        known = ", ".join(sorted((*UNCERTAINTY_SETS, *other_kinds)))
        raise InputError(f"uncertainty kind={data['kind']!r} is unknown; expected one of {known}")
    allowed = {field.name for field in fields(cls)}
    if unknown := sorted(set(parameters) - allowed):
        raise InputError(
            f"uncertainty {data['kind']!r} has no parameter {unknown[0]!r}; expected {sorted(allowed)}"
        )
    if cls is Wasserstein and "ground" in parameters:
        ground = parameters["ground"]
        if not isinstance(ground, list | tuple) or not all(isinstance(row, list | tuple) for row in ground):
            raise InputError(f"ground={ground!r}; expected a list of rows")
        parameters["ground"] = tuple(tuple(row) for row in ground)
    for field in fields(cls):
        if field.default is MISSING and field.name not in parameters:
            raise InputError(
                f"uncertainty {data['kind']!r} is incomplete: no {field.name!r}; expected "
                f'{{"kind": "{data["kind"]}", "{field.name}": ...}}'
            )
    return cls(**parameters)
