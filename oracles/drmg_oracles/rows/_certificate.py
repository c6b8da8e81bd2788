"""Enclosures and the certificates that prove them, and their JSON form.

For ``sigma = inf { E_q V : D(q, p) <= rho, q in simplex }`` a certificate holds two exact points:

* a *primal* point, a distribution ``q`` with ``D(q, p) <= rho``, so that ``sigma <= E_q V <= hi``;
* a *dual* point, one number, whose bound lies below ``E_q V`` for every ``q`` in the ball, so that
  ``lo <= sigma``. ``checker.py`` states the bound of each set with its one-line proof.

Nothing about how the points were found is needed to believe the interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias, get_args

from drmg_check.sets import (
    UNCERTAINTY_SETS,
    Operation,
    Row,
    UncertaintySet,
    operation,
    uncertainty_from_data,
    uncertainty_to_data,
)
from drmg_check.vocabulary import Ends, InputError, normalise
from drmg_oracles.checker import KINDS, number, verify

FORMAT = "drmg-certificate"
VERSION = 1
_MAX_BITS = 13_000  # of an integer that may be written: Python converts 4,300 digits, the format allows 4,000
BoundKind: TypeAlias = Literal["dual", "mean", "minimum"]
Move: TypeAlias = tuple[int, int, Fraction]


@dataclass(frozen=True, slots=True)
class Certificate:
    r"""A feasible distribution and a dual point.

    Parameters
    ----------
    weights : tuple of Fraction, length S
        The primal point, meaning its exact normalisation ``q = w / sum(w)``.
    bound : {"dual", "mean", "minimum"}
        Why nothing is lower: the dual of the set at ``at``; the ball is the nominal row alone
        (``rho = 0``), so that the mean is the value; or no distribution that the set admits has an
        expectation below the smallest admissible value.
    at : Fraction or None
        The dual variable: the cap of TV and L1, eta of the interval sets, the multiplier of Wasserstein,
        weighted L1 and (of the squared radius) L2, the tilt s of the divergences; None for contamination
        and scenarios, whose duals have none, and without a dual.
    plan : tuple of (from, to, mass)
        Wasserstein only: the coupling that brings p to q within the budget.

    Examples
    --------
    >>> Certificate(weights=(Fraction(3), Fraction(1)), bound="dual", at=Fraction(1)).distribution
    (Fraction(3, 4), Fraction(1, 4))
    """

    weights: tuple[Fraction, ...]
    bound: BoundKind
    at: Fraction | None = None
    plan: tuple[Move, ...] = ()

    def __post_init__(self) -> None:
        if self.bound not in get_args(BoundKind):
            raise InputError(f"bound={self.bound!r}; expected one of {get_args(BoundKind)}")
        normalise(self.weights, "weights")

    @property
    def distribution(self) -> tuple[Fraction, ...]:
        """The feasible distribution q, exactly."""
        return normalise(self.weights)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """``lo <= sigma(row) <= hi``, with the certificate that proves it.

    Raises
    ------
    InputError
        ``lo > hi``, or a distribution over another number of states.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> from drmg_oracles import enclose
    >>> enclosure = enclose(Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4"))
    >>> enclosure.lo, enclosure.width, enclosure.worst_distribution
    (Fraction(1, 4), Fraction(0, 1), (Fraction(3, 4), Fraction(1, 4)))
    """

    row: Row
    lo: Fraction
    hi: Fraction
    certificate: Certificate

    def __post_init__(self) -> None:
        if self.lo > self.hi:
            raise InputError(f"enclosure=[{self.lo}, {self.hi}] is empty; expected lo <= hi")
        if len(self.certificate.weights) != len(self.row.nominal):
            raise InputError(
                f"the distribution has {len(self.certificate.weights)} states and the row "
                f"{len(self.row.nominal)}; expected the same"
            )

    @property
    def width(self) -> Fraction:
        """``hi - lo``; zero for the polyhedral sets."""
        return self.hi - self.lo

    @property
    def worst_distribution(self) -> tuple[Fraction, ...]:
        """A distribution in the ball whose expectation is at most ``hi``."""
        return self.certificate.distribution


def text(x: Fraction) -> str:
    """Write a rational exactly in the shortest of three forms: ratio, decimal, C99 hex float.

    >>> text(Fraction(1, 3)), text(Fraction(1, 10**9)), text(Fraction(0.1))
    ('1/3', '1e-9', '0x1.999999999999ap-4')

    Raises
    ------
    InputError
        No form has at most 4,000 characters, the most that the format allows.
    """
    forms = [form for form in (_ratio(x), _decimal(x), _hexadecimal(x)) if form and len(form) <= 4000]
    if not forms:
        raise InputError("a number has over 4,000 digits in every exact form; expected shorter inputs")
    return min(forms, key=len)


def _ratio(x: Fraction) -> str | None:
    bits = max(x.numerator.bit_length(), x.denominator.bit_length())
    return str(x) if bits <= _MAX_BITS else None


def _decimal(x: Fraction) -> str | None:
    """Return the scientific decimal form if it is finite."""
    rest = x.denominator
    twos, fives = (rest & -rest).bit_length() - 1, 0
    rest >>= twos
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    scaled = abs(x.numerator) * 2 ** (places - twos) * 5 ** (places - fives)
    if rest != 1 or x == 0 or scaled.bit_length() > _MAX_BITS or places > 9999:
        return None
    digits = str(scaled)
    head, exponent = digits.rstrip("0"), len(digits) - 1 - places
    point = f".{head[1:]}" if len(head) > 1 else ""
    return f"{'-' if x < 0 else ''}{head[0]}{point}" + (f"e{exponent}" if exponent else "")


def _hexadecimal(x: Fraction) -> str | None:
    """Return the hex form if a float64 has this value."""
    if x == 0 or abs(x) >= 2**1024 or float(x) != x:  # beyond float64, which float() would refuse
        return None
    mantissa, _, exponent = float(x).hex().partition("p")
    return f"{mantissa.rstrip('0').rstrip('.')}p{int(exponent)}"


def certificate_to_json(enclosure: Enclosure) -> dict[str, Any]:
    """Return the self-contained JSON object of an enclosure; every number is an exact string.

    ``drmg_oracles/schemas/certificate.schema.json`` describes it and ``drmg_oracles.checker.verify``
    checks what it claims.

    >>> from drmg_check.sets import TotalVariation
    >>> from drmg_oracles import enclose
    >>> data = certificate_to_json(enclose(Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")))
    >>> data["lo"], data["distribution"], data["bound"]
    ('1/4', ['3/4', '1/4'], {'kind': 'dual', 'at': '1'})
    """
    row, certificate = enclosure.row, enclosure.certificate
    bound = {"kind": certificate.bound} | ({} if certificate.at is None else {"at": text(certificate.at)})
    data: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "row": {
            "uncertainty": uncertainty_to_data(row.uncertainty, number=text),
            "nominal": [text(x) for x in row.nominal],
            "values": [text(x) for x in row.values],
            "radius": text(row.radius),
        },
        "lo": text(enclosure.lo),
        "hi": text(enclosure.hi),
        "distribution": [text(x) for x in certificate.weights],
        "bound": bound,
    }
    if certificate.plan:
        data["plan"] = [[i, j, text(mass)] for i, j, mass in certificate.plan]
    return data


checked: Operation[[Enclosure], Ends] = operation(
    "checker", __name__, "what the stand-alone checker proves of an enclosure"
)


@checked.register(*(UNCERTAINTY_SETS[kind] for kind in KINDS & UNCERTAINTY_SETS.keys()))
def _checked(_: UncertaintySet, enclosure: Enclosure) -> Ends:
    return verify(certificate_to_json(enclosure))


def certificate_from_json(data: Mapping[str, Any]) -> Enclosure:
    """Read what :func:`certificate_to_json` wrote, without checking the proof.

    Raises
    ------
    InputError
        Another format or version, a missing field, an illegal row.

    Examples
    --------
    >>> from drmg_check.sets import TotalVariation
    >>> from drmg_oracles import enclose
    >>> enclosure = enclose(Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4"))
    >>> certificate_from_json(certificate_to_json(enclosure)) == enclosure
    True
    """
    try:
        if (data["format"], data["version"]) != (FORMAT, VERSION):
            raise InputError(
                f"format={data['format']!r}, version={data['version']!r}; expected {FORMAT!r}, {VERSION}"
            )
        row, bound = data["row"], data["bound"]
        return Enclosure(
            Row.of(uncertainty_from_data(row["uncertainty"]), row["nominal"], row["values"], row["radius"]),
            number(data["lo"]),
            number(data["hi"]),
            Certificate(
                tuple(number(x) for x in data["distribution"]),
                bound["kind"],
                number(bound["at"]) if "at" in bound else None,
                tuple((int(i), int(j), number(mass)) for i, j, mass in data.get("plan", ())),
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"this is no certificate: {error!r}; expected the published schema") from error
