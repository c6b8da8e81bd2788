"""The bounds of a certificate as a table for other programs."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from fractions import Fraction
from io import StringIO
from math import inf, nextafter

from drmg_check.documents import Certified, CertifiedBounds
from drmg_check.vocabulary import visible


def render_csv(document: Certified) -> str:
    """Return a certificate as CSV: a row for each agent, each bound in float64, rounded outward.

    Rounded so, an interval still contains the true number; the certificate itself has the exact ends. A CE
    gain that is not known is an empty cell.

    >>> from drmg_check.documents import example_certificate
    >>> print(render_csv(example_certificate()).splitlines()[0])
    agent,value_low,value_high,best_response_low,best_response_high,gain_low,gain_high,ce_gain_low,ce_gain_high
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = ("value", "best_response", "gain", "ce_gain")
    writer.writerow(["agent", *(f"{name}_{end}" for name in names for end in ("low", "high"))])
    for agent in document.agents:
        bounds = (getattr(agent, name) for name in names)
        writer.writerow([_text(agent.name), *(cell for each in bounds for cell in _ends(each))])
    return out.getvalue()


def _ends(bounds: CertifiedBounds | None) -> Iterator[str]:
    if bounds is None:
        yield from ("", "")
        return
    low, high = bounds.pair
    yield repr(_outward(low, -inf))
    yield repr(_outward(high, inf))


def _outward(value: Fraction, towards: float) -> float:
    """Return the nearest float64, or its neighbour if that lies on the wrong side."""
    nearest = float(value)
    beyond = Fraction(nearest) > value if towards < 0 else Fraction(nearest) < value
    return nextafter(nearest, towards) if beyond else nearest


def _text(name: str) -> str:
    """Keep a name that a spreadsheet would take for a formula a text."""
    shown = visible(name)
    return f"'{shown}" if shown.startswith(("=", "+", "-", "@")) else shown
