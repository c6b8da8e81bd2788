"""What honest code is: a function that keeps what it declares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from drmg_check.targets import Implementation

ACCURACIES = (Fraction(1, 10**3), Fraction(1, 10**6), Fraction(1, 10**9))
ABSOLUTE = Fraction(1, 10**4)
RIGHT, ANY_ORDER = "right to rounding", "right to rounding, in any order"
"""Kinds of code that do not approximate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Honest:
    """An implementation that keeps what it declares.

    Parameters
    ----------
    name : str
    kind : str
        What is counted together.
    function : callable
    declared : Implementation
    repeats : bool
        Whether it gives equal questions equal answers, which is asked of everybody: who starts at random is
        judged on the rest.
    """

    name: str
    kind: str
    function: Callable[..., Any]
    declared: Implementation
    repeats: bool = True


def sign_by(*arrays: object) -> int:
    """Return -1 or 1, as the numbers decide.

    >>> sign_by([0.5], 1.0) in (-1, 1)
    True
    """
    return 1 if sum(np.concatenate([np.ravel(x) for x in arrays]).tobytes()) % 2 else -1  # type: ignore[call-overload]


def in_digits(share: Fraction) -> str:
    """Return a share in words.

    >>> in_digits(Fraction(1, 1000))
    '1e-3'
    """
    return f"1e-{len(str(share.denominator)) - 1}"
