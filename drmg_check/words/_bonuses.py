"""Of bonuses: which reading of the count term of equation (19)."""

from __future__ import annotations

from typing import Literal, TypeAlias

Rate: TypeAlias = Literal["literal_19", "per_N", "sqrt_S"]
"""As printed by 1 / sqrt(N); by 1 / N, as the lemmas use it; and that with a variance for every V at once."""
