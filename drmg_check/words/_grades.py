"""How wrong a value is, and on which side."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

Grade: TypeAlias = Literal["exact", "engineering", "weak", "wrong"]
"""Right up to rounding; off by at most 1e-9 or 1e-6 of the span beyond that; off by more."""
Direction: TypeAlias = Literal["too optimistic", "too pessimistic"]
"""Above the truth, which promises more than the adversary leaves, or below it."""
GRADES: tuple[Grade, ...] = get_args(Grade)
"""The best one first."""
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
