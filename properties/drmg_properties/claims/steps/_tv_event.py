"""The concentration event of total variation, eq. (20) of the MORNAVI paper, second part."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

C1, C2 = 2, 3
"""The constants of Lemma 4 with which its fixed-V form holds."""


def on_event(p: Sequence[Fraction], q: Sequence[Fraction], t: Fraction) -> bool:
    """Whether the second part of event E_TV, eq. (20), holds; the root is decided by squares."""
    beyond = ((max(abs(x - w) - C2 * t, Fraction(0)), min(w, x)) for w, x in zip(p, q, strict=True))
    return all(rest**2 <= C1 * t * least for rest, least in beyond)
