"""Of games: which equilibrium is meant, what is earned or paid, in which numbers."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

Concept: TypeAlias = Literal["nash", "cce", "ce"]
"""Nash, coarse correlated, correlated."""
Quantity: TypeAlias = Literal["reward", "cost"]
"""Of a reward the worst case is the infimum, of a cost the supremum."""
Precision: TypeAlias = Literal["float64", "float32"]
"""What an implementation computes in."""
Nature: TypeAlias = Literal["own", "common", "best"]
"""Each agent's worst kernel, one that is worst for the sum of rewards, or each agent's best kernel."""
CONCEPTS: tuple[Concept, ...] = get_args(Concept)
NATURES: tuple[Nature, ...] = get_args(Nature)
QUANTITIES: tuple[Quantity, ...] = get_args(Quantity)
PRECISIONS: tuple[Precision, ...] = get_args(Precision)
