"""Theorems 1 and 2 as proofs: the regret bounds and the steps on which they rest (B29, B30, C7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from drmg_check.vocabulary import InputError, Verdict
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    Exhaustive,
    Neighbour,
    Nothing,
    Proof,
    bounded,
    nothing_to_derive,
)
from drmg_properties.claims.mornavi import kl, total_variation

MAX_OUTCOMES = 12


STEPS = {claim.id: claim for claim in (*total_variation.CLAIMS, *kl.CLAIMS)}
TV_STEPS = tuple(
    STEPS[name]
    for name in ("B11", "B12", "B6", "B8", "B9", "B23", "B24", "B25", "B26", "B27", "B28", "B28.sum")
)
"""What the proof of Theorem 1 uses, in its order."""
KL_STEPS = tuple(
    STEPS[name]
    for name in ("C1", "C1.which", "C4.unvisited", "C3", "C10", "C6", "C11", "C22", "C14", "C15", "C16")
)
"""What the proof of Theorem 2 uses, in its order."""


@dataclass(frozen=True, slots=True)
class Failures:
    """n equally likely outcomes, and for each of three events the outcomes at which it fails."""

    n: int
    fails: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MAX_OUTCOMES or len(self.fails) != 3:
            raise InputError(
                f"n={self.n}, {len(self.fails)} events; expected 1 <= n <= {MAX_OUTCOMES}, 3 events"
            )
        if not all(0 <= x < self.n for event in self.fails for x in event):
            raise InputError(f"fails={self.fails}; expected outcomes 0 to {self.n - 1}")

    @property
    def delta(self) -> Fraction:
        """The largest probability with which one of the events fails."""
        return max(Fraction(len(set(event)), self.n) for event in self.fails)


def _failures(budget: Budget) -> Iterator[Failures]:
    """Yield three events that fail at one outcome each, or never, among ever more outcomes."""
    for n in range(1, 5 + budget.size):
        fails: list[tuple[int, ...]] = [(), *((x,) for x in range(n))]
        yield from (Failures(n, chosen) for chosen in product(fails, repeat=3))


def _union(times: int) -> Callable[[Failures], Derivation]:
    """Derive that one of the events fails with probability at most ``times delta``."""

    def derive(case: Failures) -> Derivation:
        union = {x for event in case.fails for x in event}
        return bounded(
            Fraction(len(union), case.n),
            times * case.delta,
            1,
            lambda: (
                f"{case.n} equally likely outcomes; the events fail at {', '.join(map(str, case.fails))}",
                f"each fails with probability at most delta = {case.delta}",
                f"one of them fails with probability {len(union)} / {case.n}; allowed {times} delta",
            ),
        )

    return derive


B29 = Claim(
    id="B29",
    place="Theorem 1 (upper bound), eq. (41)",
    title="The regret of TV-MORNAVI",
    statement=(
        "With probability 1 - delta the regret is at most sqrt(min{1/rho, H} H^2 S K A), up to logarithms."
    ),
    latex=r"Regret(K) = \tilde O\left( \sqrt{\min\{\rho_{min}^{-1}, H\} H^2 S K \prod_i A_i} \right)",
    formalisation=(
        "With the bonus of the lemmas, / N; the one printed in (19) has another rate (claim B29.printed). "
        "The verdict comes from the steps of the proof. The repaired chain gives sqrt(min{m, 1/rho, H} "
        "min{1/rho, H} H^2 S^2 K A), a factor sqrt(S) more: whether that is lost in the proof only is open."
    ),
    assumptions=("Assumption 1", "EQUILIBRIUM in {NASH, CE, CCE}", "K large enough"),
    severity="proof",
    expected=Verdict.UNPROVED,
    instance_type=Nothing,
    search=Proof(TV_STEPS),
    derive=nothing_to_derive,
)
B30 = Claim(
    id="B30",
    place="Theorem 1, probability",
    title="Three events at the price of one",
    statement="Event E_TV, (38) and (40), each failing with at most delta, hold together with 1 - delta.",
    latex=(
        r"P(E_{TV}^c) \le \delta, \; P((38)^c) \le \delta, \; P((40)^c) \le \delta \Rightarrow "
        r"P(E_{TV} \cap (38) \cap (40)) \ge 1 - \delta"
    ),
    formalisation="Every choice of three sets of failures among few equally likely outcomes.",
    assumptions=("no more is known of the three events",),
    severity="constant",
    expected=Verdict.REFUTED,
    corrected="B30.corrected",
    instance_type=Failures,
    search=Exhaustive(_failures),
    derive=_union(1),
)
B30_CORRECTED = replace(
    B30,
    id="B30.corrected",
    title="Three events at the price of three",
    statement="Event E_TV, (38) and (40), each failing with at most delta, all hold with 1 - 3 delta.",
    latex=r"P(E_{TV} \cap (38) \cap (40)) \ge 1 - 3 \delta",
    formalisation="As B30, with 3 delta; running the algorithm with delta / 3 changes iota only.",
    assumptions=(),
    reading="corrected",
    severity="none",
    expected=Verdict.ON_A_LIST,
    corrected=None,
    derive=_union(3),
    neighbours=(Neighbour("2 delta", _union(2)),),
)
C7 = Claim(
    id="C7",
    place="Theorem 2 (upper bound), eq. (122), (126)",
    title="The regret of KL-MORNAVI",
    statement=(
        "With probability 1 - delta the regret is at most sqrt(H^4 e^(2 H^2) K S A / (rho^2 P_min)), "
        "up to logarithms."
    ),
    latex=(
        r"Regret(K) = \tilde O\left( \sqrt{\frac{H^4 e^{2 H^2} K S \prod_i A_i}"
        r"{\rho_{min}^2 P_{min}^\star}} \right)"
    ),
    formalisation=(
        "For K that is large enough for the game, of which a finite run says nothing: the verdict comes from "
        "the steps of the proof. Before P_min^-(H-2) / 2 episodes no learner has this regret (claim "
        "C7.finite). With 1 / P_min at each step (claim C6.corrected) the factor is P_min^(-2 H)."
    ),
    assumptions=("EQUILIBRIUM in {NASH, CE, CCE}", "K large enough"),
    severity="proof",
    expected=Verdict.UNPROVED,
    instance_type=Nothing,
    search=Proof(KL_STEPS),
    derive=nothing_to_derive,
)

CLAIMS: tuple[Claim[Any], ...] = (B29, B30, B30_CORRECTED, C7)
