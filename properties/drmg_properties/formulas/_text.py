"""How derivations write numbers: in fractions, as with a pencil."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from drmg_check.vocabulary import Slack


def vector(values: Sequence[Fraction]) -> str:
    """Write ``(1/2, 0, 1/2)``."""
    return f"({', '.join(str(value) for value in values)})"


def interval(slack: Slack) -> str:
    """Write an exact slack as one fraction, an enclosed one as two decimals rounded outward."""
    if slack.low == slack.high:
        return str(slack.low)
    return f"in [{outward(slack.low, -1)}, {outward(slack.high, 1)}]"


def outward(value: Fraction, direction: int, digits: int = 12) -> str:
    """Write a decimal that is not above (-1) or not below (+1) the value."""
    scaled = value * 10**digits
    whole = scaled.numerator // scaled.denominator + (direction > 0 and scaled.denominator > 1)
    sign, magnitude = ("-" if whole < 0 else ""), abs(whole)
    return f"{sign}{magnitude // 10**digits}.{magnitude % 10**digits:0{digits}d}"
