"""Eq. (18) and Lemma 11: all best replies, played at once (B16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from drmg_check.vocabulary import InputError, Verdict
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, both, equal
from drmg_properties.formulas import vector


@dataclass(frozen=True, slots=True)
class Replies:
    """Payoffs of two agents with two actions each, and a pure profile."""

    R1: tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]
    R2: tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]
    profile: tuple[int, int]

    def __post_init__(self) -> None:
        if not all(a in (0, 1) for a in self.profile):
            raise InputError(f"profile={self.profile}; expected actions 0 or 1")


def _together(case: Replies) -> Derivation:
    """State that each agent earns by both best replies what it earns by its own alone."""
    a, b = case.profile
    x = max((0, 1), key=lambda own: (case.R1[own][b], -own))
    y = max((0, 1), key=lambda own: (case.R2[a][own], -own))
    paid, alone = (case.R1[x][y], case.R2[x][y]), (case.R1[x][b], case.R2[a][y])

    def lines() -> tuple[str, ...]:
        return (
            f"R1 = {', '.join(map(vector, case.R1))}; R2 = {', '.join(map(vector, case.R2))}",
            f"pi plays {case.profile}; best replies to it, ties to 0, give pi_dagger = {(x, y)}",
            f"V^(dagger, pi_-i) = {vector(alone)}, but pi_dagger itself earns V^(pi_dagger) = {vector(paid)}",
        )

    return both(*(equal(together, own, lines) for together, own in zip(paid, alone, strict=True)))


def _zero_one(budget: Budget) -> Iterator[Replies]:
    """Yield all payoffs 0 or 1, the fewest ones first."""
    numbers = (Fraction(0), Fraction(1))
    for total in range(9):
        for bits in product(numbers, repeat=8):
            if sum(bits) == total:
                w, x, y, z, *other = bits
                k, m, n, o = other
                yield Replies(((w, x), (y, z)), ((k, m), (n, o)), (0, 0))


B16 = Claim(
    id="B16",
    place="Lemma 11, case pi^k = pi_dagger, and eq. (18)",
    title="All agents' best replies, played at once",
    statement="The profile pi_dagger of all best replies earns each agent its best-response value.",
    latex=r"V^{\pi^\dagger}_i = V^{\dagger,\pi_{-i}}_i",
    formalisation="One state, H = 1, two agents, payoffs 0 or 1, ties to 0.",
    severity="typo",
    expected=Verdict.REFUTED,
    corrected="B16.corrected",
    instance_type=Replies,
    search=Exhaustive(_zero_one),
    derive=_together,
)
CLAIMS: tuple[Claim[Any], ...] = (B16,)
