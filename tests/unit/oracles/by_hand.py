"""Certificates written by hand, as JSON: what the checker must accept or refuse, without what finds them."""

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any, TypeAlias

F = Fraction
Json: TypeAlias = Any
SMALL = F(1, 10**30)


def claim(
    ball: Json, p: str, V: str, rho: object, q: str, ends: object, bound: Json, plan: Json = None
) -> dict[str, Json]:
    """Return a certificate; words of numbers for rows, one end or two."""
    lo, hi = ends if isinstance(ends, tuple) else (ends, ends)
    row = {
        "uncertainty": {"kind": ball} if isinstance(ball, str) else ball,
        "nominal": p.split(),
        "values": V.split(),
        "radius": str(rho),
    }
    at = bound if isinstance(bound, dict) else {"kind": bound}
    data = {"format": "drmg-certificate", "version": 1, "row": row, "lo": str(lo), "hi": str(hi)}
    return data | {"distribution": q.split(), "bound": at} | ({} if plan is None else {"plan": plan})


def changed(data: Json, **row: Json) -> Json:
    """Return the certificate with other entries in its row."""
    return data | {"row": data["row"] | row}


def dual(at: object) -> Json:
    return {"kind": "dual", "at": str(at)}


def family(alpha: object, support: str = "all") -> Json:
    return {"kind": "cressie-read", "alpha": str(alpha), "support": support}


def confined(kind: str) -> Json:
    return {"kind": kind, "support": "nominal"}


def weighted(kind: str, weights: str, support: str = "all") -> Json:
    return {"kind": kind, "weights": weights.split(), "support": support}


def transport(order: Json, *lines: str) -> Json:
    return {"kind": "wasserstein", "order": order, "ground": [line.split() for line in lines]}


def logarithm(x: Fraction, digits: int, up: bool) -> Fraction:
    """Return log x, rounded up or down to so many digits after the point."""
    with localcontext() as context:
        context.prec = digits + 20
        exact = F((Decimal(x.numerator) / Decimal(x.denominator)).ln())
    return F(exact * 10**digits // 1 + up, 10**digits)


HALF = logarithm(F(5, 4), 60, up=True)  # reverse KL from (1/2, 1/2) to (4/5, 1/5) is log(5/4)
# The KL divergence of (3/4, 1/4) from (1/2, 1/2).
TILTED = F(3, 4) * logarithm(F(3), 60, up=True) - logarithm(F(2), 60, up=False)
THREE = logarithm(F(3), 50, up=False)
# Reverse KL from (1/2, 1/4, 1/4) to (8, 2, 1) / 11.
ELEVEN = logarithm(F(11), 60, up=True) - F(13, 4) * logarithm(F(2), 60, up=False)
LINE = transport(1, "0 1", "1 0")
