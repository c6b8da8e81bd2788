"""Lemma 2 and step 3 of the proof of Theorem 3: steps wasted until a geometric escape (D5, D6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import factorial
from typing import Any, TypeAlias

from drmg_check.vocabulary import Bounds, InputError, Verdict
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Neighbour,
    at_least,
    at_most,
    both,
    equal,
)
from drmg_properties.claims.mornavi.hardness._trap import MAX_STEPS, wasted_steps

INVERSE_E = Bounds(
    *(sum((Fraction((-1) ** k, factorial(k)) for k in range(n)), Fraction(0)) for n in (16, 15))
)
"""1/e between two partial sums of its alternating series."""


@dataclass(frozen=True, slots=True)
class Geometric:
    """An escape time that is geometric with parameter p, cut at C steps."""

    p: Fraction
    C: int

    def __post_init__(self) -> None:
        if not 0 < self.p <= 1 or not 1 <= self.C <= MAX_STEPS:
            raise InputError(f"p={self.p}, C={self.C}; expected 0 < p <= 1 and 1 <= C <= {MAX_STEPS}")


@dataclass(frozen=True, slots=True)
class GeometricConstant:
    """A geometric escape, and the constant 1 / c that an Omega may hide."""

    c: Fraction
    escape: Geometric

    def __post_init__(self) -> None:
        if self.c < 1:
            raise InputError(f"c={self.c}; expected c >= 1")


@dataclass(frozen=True, slots=True)
class TwoParties:
    """Agent 1 plays its secret action with probability ``own`` a step, all the others theirs with ``others``.

    ``share`` is the part of the learner's waste that counts as "much less".
    """

    own: Fraction
    others: Fraction
    C: int
    share: Fraction

    def __post_init__(self) -> None:
        Geometric(self.own, self.C)
        Geometric(self.others, self.C)
        if not 0 < self.share < 1:
            raise InputError(f"share={self.share}; expected 0 < share < 1")


def _geometric(budget: Budget) -> Iterable[Geometric]:
    """Yield p on a grid, the simplest first, and around the extreme point 1 / (C + 1) of each C."""
    top = 8 * budget.size
    for C in range(1, top + 1):
        grid = {Fraction(n, d) for d in range(1, top + 1) for n in range(1, d + 1)}
        grid |= {Fraction(1, C + 1), Fraction(100, 100 * C + 99), Fraction(100, 100 * C + 101)}
        for p in sorted(grid, key=lambda p: (p.denominator, p)):
            yield Geometric(p, C)


def _waste(case: Geometric) -> tuple[Fraction, Fraction]:
    """Return ``E[min(tau - 1, C)]`` by tail sum, and ``min(E[tau - 1], C)``."""
    return wasted_steps((case.p,) * case.C), min((1 - case.p) / case.p, Fraction(case.C))


Steps: TypeAlias = Callable[[Geometric], Derivation]


def _lemma_2(share: Callable[[int], Bounds | Fraction], name: str) -> Callable[[Geometric], Derivation]:
    """Derive ``E[min(tau - 1, C)] >= share(C) min(E[tau - 1], C)``."""

    def derive(case: Geometric) -> Derivation:
        left, right = _waste(case)
        part = share(case.C)
        bounds = Bounds(part.low * right, part.high * right) if isinstance(part, Bounds) else part * right
        return at_least(
            left,
            bounds,
            lambda: (*_waste_lines(case), f"wanted: {name} of {right}"),
            silent="" if right else "both sides are 0: the escape is certain",
        )

    return derive


def _share(C: int) -> Fraction:
    return 1 - Fraction(C, C + 1) ** C


def _attained(p: Callable[[int], Fraction], share: Callable[[int], Fraction], name: str) -> Steps:
    """Derive Lemma 2 with a constant, and that ``p(C)`` attains it."""
    bound = _lemma_2(share, name)

    def derive(case: Geometric) -> Derivation:
        C = case.C if share is _share else 1
        attained, full = _waste(Geometric(p(C), C))
        there = f"at p = {p(C)}, C = {C} it is {attained}, and {name} of {full} is {share(C) * full}"
        lines = bound(case).lines
        return both(bound(case), equal(attained, share(C) * full, lambda: (*lines(), there)))

    return derive


def _waste_lines(case: Geometric) -> tuple[str, ...]:
    left, right = _waste(case)
    return (
        f"p = {case.p}, C = {case.C}",
        f"E[min(tau - 1, C)] = sum over j = 1..C of (1 - p)^j = {left}",
        f"min(E[tau - 1], C) = min({(1 - case.p) / case.p}, {case.C}) = {right}",
    )


def _order(case: GeometricConstant) -> Derivation:
    """Derive ``E[min(tau - 1, C)] >= min(1/p, C) / c``."""
    p, C = case.escape.p, case.escape.C
    wanted = min(1 / p, Fraction(C)) / case.c
    return at_least(
        _waste(case.escape)[0],
        wanted,
        lambda: (*_waste_lines(case.escape), f"min(1/p, C) / c = min({1 / p}, {C}) / {case.c} = {wanted}"),
    )


def _near_one(share: Fraction) -> Callable[[Geometric], Derivation]:
    """Derive ``E[min(tau - 1, C)] >= share (1 - p) min(1/p, C)``."""

    def derive(case: Geometric) -> Derivation:
        wanted = share * (1 - case.p) * min(1 / case.p, Fraction(case.C))
        return at_least(
            _waste(case)[0],
            wanted,
            lambda: (*_waste_lines(case), f"{share} (1 - p) min(1/p, C) = {wanted}"),
            silent="" if wanted else "both sides are 0: the escape is certain",
        )

    return derive


def _parties(budget: Budget) -> Iterator[TwoParties]:
    """Yield parties by the number of actions and steps, asking for ever less of the learner's waste."""
    share = 1 - Fraction(1, 10**budget.size)
    for C, a, b in sorted(
        product(range(1, 4), range(2, 11), (*range(2, 21), 200, 2000)), key=lambda x: (sum(x), x)
    ):
        yield TwoParties(Fraction(1, a), Fraction(1, b), C, share)


def _party_wastes(case: TwoParties) -> tuple[Fraction, Fraction]:
    """Return the waste of the best response of agent 1, and that of the learner."""
    learner = wasted_steps((case.own * case.others,) * case.C)
    return wasted_steps((case.others,) * case.C), learner


def _party_lines(case: TwoParties) -> tuple[str, ...]:
    best, learner = _party_wastes(case)
    return (
        f"C = {case.C}; a step, agent 1 plays a*_1 with probability p_1 = {case.own}, the others theirs "
        f"with p_-1 = {case.others}",
        f"learner: escapes with p_1 p_-1 = {case.own * case.others} a step, wastes {learner}",
        f"best response: escapes with p_-1 = {case.others} a step, wastes {best}",
    )


def _much_less(case: TwoParties) -> Derivation:
    """Derive that the best response wastes at most a share of what the learner wastes."""
    best, learner = _party_wastes(case)
    return at_most(
        best,
        case.share * learner,
        lambda: (
            *_party_lines(case),
            f"much less, at most {case.share} of the learner's waste, would be {case.share * learner}",
        ),
    )


def _party_gap(share: Fraction) -> Callable[[TwoParties], Derivation]:
    """Derive ``0 <= gap <= share C (C + 1) / 2 p_-1 (1 - p_1)``."""

    def derive(case: TwoParties) -> Derivation:
        best, learner = _party_wastes(case)
        bound = share * case.C * case.others * (1 - case.own) * Fraction(case.C + 1, 2)

        def lines() -> tuple[str, ...]:
            return (
                *_party_lines(case),
                f"value gap = {learner - best}; {share} C (C + 1) / 2 p_-1 (1 - p_1) = {bound}",
            )

        return both(at_most(0, learner - best, lines), at_most(learner - best, bound, lines))

    return derive


HALF, ONE = Fraction(1, 2), Fraction(1)

D5 = Claim(
    id="D5",
    place="Lemma 2",
    title="Wasted steps of a geometric escape",
    statement="If tau is geometric, E[min(tau - 1, C)] >= (1/e) min(E[tau - 1], C).",
    latex=r"E[\min(\tau - 1, C)] \ge \frac{1}{e} \min(E[\tau - 1], C)",
    formalisation=(
        "The left side by the tail sum in rationals, 1/e enclosed to 12 digits. p and C on a grid that "
        "contains p = 1/(C + 1), where the two cases of the proof meet."
    ),
    assumptions=("tau geometric with 0 < p <= 1", "C >= 1"),
    severity="constant",
    expected=Verdict.ON_A_LIST,
    corrected="D5.tight",
    instance_type=Geometric,
    search=Exhaustive(_geometric),
    derive=_lemma_2(lambda C: INVERSE_E, "1/e"),
    neighbours=(Neighbour("51/100 for 1/e", _lemma_2(lambda C: Fraction(51, 100), "51/100")),),
)
D5_TIGHT = replace(
    D5,
    id="D5.tight",
    title="Wasted steps, best absolute constant",
    statement="E[min(tau - 1, C)] >= (1/2) min(E[tau - 1], C), with equality at C = 1, p = 1/2.",
    latex=r"E[\min(\tau - 1, C)] \ge \frac{1}{2} \min(E[\tau - 1], C)",
    formalisation="The inequality on the grid of D5, and the equality.",
    reading="corrected",
    severity="none",
    corrected=None,
    derive=_attained(lambda C: HALF, lambda C: HALF, "1/2"),
)
D5_EACH = replace(
    D5_TIGHT,
    id="D5.each-C",
    title="Wasted steps, best constant for each C",
    statement=(
        "For each C, E[min(tau - 1, C)] >= (1 - (C/(C+1))^C) min(E[tau - 1], C), with equality at "
        "p = 1/(C + 1)."
    ),
    latex=r"E[\min(\tau - 1, C)] \ge \left(1 - \left(\frac{C}{C+1}\right)^C\right) \min(E[\tau - 1], C)",
    derive=_attained(lambda C: Fraction(1, C + 1), _share, "1 - (C / (C + 1))^C"),
    neighbours=(
        Neighbour("1 % more", _lemma_2(lambda C: Fraction(101, 100) * _share(C), "1.01 (1 - (C/(C+1))^C)")),
    ),
)
D6 = Claim(
    id="D6",
    place="Appendix D.1, proof of Theorem 3, step 3",
    title="Wasted steps of the order of the escape time",
    statement="The expected waste is Omega(min(1/p, C)) for the one-step escape probability p.",
    latex=r"E[\min(\tau - 1, C)] \ge \Omega\left(\min\left\{\frac{1}{p}, C\right\}\right)",
    formalisation=(
        "Lemma 2 has E[tau - 1] = (1 - p) / p, step 3 has 1 / p in its place. At p = 1 the left side is 0, "
        "so every constant fails. The sentence presumes besides that tau is geometric, i.e. the same play at "
        "every step."
    ),
    assumptions=("tau geometric with 0 < p <= 1", "C >= 1"),
    severity="proof",
    expected=Verdict.REFUTED,
    corrected="D6.corrected",
    instance_type=GeometricConstant,
    search=EveryConstant(lambda c: GeometricConstant(c, Geometric(ONE, 1))),
    derive=_order,
)
D6_CORRECTED = Claim(
    id="D6.corrected",
    place=D6.place,
    title="Wasted steps of the order of the escape time, away from p = 1",
    statement="The expected waste is at least (1 - p) / 2 min(1/p, C).",
    latex=r"E[\min(\tau - 1, C)] \ge \frac{1 - p}{2} \min\left\{\frac{1}{p}, C\right\}",
    formalisation="The left side by the tail sum in rationals.",
    assumptions=D6.assumptions,
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=Geometric,
    search=Exhaustive(_geometric),
    derive=_near_one(HALF),
    neighbours=(Neighbour("2/3 for 1/2", _near_one(Fraction(2, 3))),),
)
D6_RESPONSE = Claim(
    id="D6.response",
    place=D6.place,
    title="The best response wastes much less",
    statement="The best response suffers much less waste than the learner, so its waste can be dropped.",
    latex=r"E[\min(\tau^* - 1, C)] \ll E[\min(\tau - 1, C)]",
    formalisation=(
        "Much less: at most a share < 1 of it, which is part of the instance and as near to 1 as the "
        "budget asks. Refuting a share refutes every smaller one; as p_-1 -> 0 both wastes tend to C."
    ),
    assumptions=("stationary play in the trap", "agent 1 deviates alone"),
    severity="proof",
    expected=Verdict.REFUTED,
    corrected="D6.gap",
    instance_type=TwoParties,
    search=Exhaustive(_parties),
    derive=_much_less,
)
D6_GAP = replace(
    D6_RESPONSE,
    id="D6.gap",
    title="What one agent alone can gain",
    statement="The value gap is at most C (C + 1) / 2 p_-1 (1 - p_1), so it vanishes with p_-1.",
    latex=r"0 \le \Delta V_2(s_{bad}) \le \frac{C (C + 1)}{2} \, p_{-1} (1 - p_1)",
    formalisation="Both wastes by tail sums in rationals.",
    reading="corrected",
    severity="none",
    expected=Verdict.ON_A_LIST,
    corrected=None,
    derive=_party_gap(ONE),
    neighbours=(Neighbour("9/10 of the bound", _party_gap(Fraction(9, 10))),),
)

CLAIMS: tuple[Claim[Any], ...] = (
    D5,
    D5_TIGHT,
    D5_EACH,
    D6,
    D6_CORRECTED,
    D6_RESPONSE,
    D6_GAP,
)
