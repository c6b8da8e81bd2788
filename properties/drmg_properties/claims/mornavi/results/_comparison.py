"""Sections 1, 5 and 6: the bounds against those of other papers (G3, G5, G6, G7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from drmg_check.vocabulary import Bounds, InputError, Verdict
from drmg_properties.bounds import TABLE_1, Size, formula, log_samples, samples
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Neighbour,
    Nothing,
    Proof,
    Undecidable,
    at_least,
    at_most,
    both,
    equal,
    nothing_to_derive,
)
from drmg_properties.claims.mornavi.results._theorems import TV_STEPS
from drmg_properties.claims.steps import Shock, least_by_formula
from drmg_properties.formulas import enclose_formula

WIDTH = Fraction(1, 2**60)
EPS = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class Compared:
    """A size at which two rows of Table 1 are compared; P_min is 1/S, and C the number of joint actions.

    That is what section 6 says of data generated uniformly.
    """

    S: int
    actions: tuple[int, ...]
    H: int
    radius: Fraction

    def __post_init__(self) -> None:
        if not 0 < self.radius <= 1 or self.H > 100:
            raise InputError(f"radius={self.radius}, H={self.H}; expected 0 < radius <= 1, H <= 100")
        _size(self)


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of a row of Table 1, such as ``"H"``."""

    name: str

    def __post_init__(self) -> None:
        known = _factors()
        if self.name not in known:
            raise InputError(f"name={self.name!r}; expected one of {known}")


@dataclass(frozen=True, slots=True)
class Shocked:
    """The constant 1 / c that an Omega may hide, a radius, and a single agent with M actions, horizon H."""

    c: Fraction
    radius: Fraction
    M: int
    H: int

    def __post_init__(self) -> None:
        if self.c < 1 or not 0 < self.radius <= 1:
            raise InputError(f"c={self.c}, radius={self.radius}; expected c >= 1, 0 < radius <= 1")
        Shock(self.M, 1, self.H)


def _size(case: Compared) -> Size:
    return Size(case.S, case.actions, case.H, case.radius, P_min=Fraction(1, case.S))


def _rising(budget: Budget) -> Iterator[Compared]:
    return (Compared(5, (2, 2), H, Fraction(1)) for H in range(1, 5 + budget.size))


def _tv_sizes(budget: Budget) -> Iterator[Compared]:
    radii = (Fraction(1), Fraction(1, 3), Fraction(1, 100))
    actions = ((2,), (2, 2), (3, 4, 5))
    sizes = product((1, 5, 50), actions, (2, 5, 10 * budget.size), radii)
    return (Compared(*size) for size in sizes)


def _fewer(online: str, *offline: str, uniform: bool = True) -> Callable[[Compared], Derivation]:
    """Derive that a row asks for no more samples than others, in logarithms; C = prod A_i, or 1."""

    def derive(case: Compared) -> Derivation:
        size = _size(case)
        C = Fraction(size.A if uniform else 1)

        def logarithm(name: str) -> Bounds:
            return enclose_formula(lambda: log_samples(TABLE_1[name], size, EPS, C), WIDTH)

        def lines() -> tuple[str, ...]:
            shown = (
                f"{name}: {formula(TABLE_1[name])} = {samples(TABLE_1[name], size, EPS, C).about()}"
                for name in (online, *offline)
            )
            return (
                f"S = {case.S}, actions {case.actions}, H = {case.H}, rho = {case.radius}, "
                f"P_min = {size.P_min}, eps = {EPS}, C = {C}; the sides are logarithms",
                *shown,
            )

        asked = logarithm(online)
        return both(*(at_most(asked, logarithm(name), lines) for name in offline))

    return derive


def _factors() -> tuple[str, ...]:
    """Return the factors of the two TV rows apart from those of the actions."""
    rows = TABLE_1["online-tv"].exponents, TABLE_1["lower-bound-tv"].exponents
    return tuple(sorted({key for row in rows for key in row if "A_i" not in key}))


def _powers(factor: Factor) -> tuple[int, int]:
    upper, lower = (TABLE_1[name].exponents.get(factor.name, 0) for name in ("online-tv", "lower-bound-tv"))
    return upper, lower


def _same_power(factor: Factor) -> Derivation:
    """Derive that a factor has the same power in the bound and in the lower bound."""
    upper, lower = _powers(factor)
    return equal(
        upper,
        lower,
        lambda: (
            f"{factor.name} has power {upper} in the bound of Corollary 1 and {lower} in the lower bound",
        ),
    )


def _small_radius(c: Fraction) -> Shocked:
    """Return a game with so small a radius that a quarter of what is asked for is lost."""
    return Shocked(c, 1 / c, 2, 2)


def _shocks(budget: Budget) -> Iterator[Shocked]:
    radii = (Fraction(1), Fraction(1, 10), Fraction(1, 1000))
    for rho, M, H in product(radii, (2, 3, 10), (2, 5, 10 * budget.size)):
        yield Shocked(Fraction(4), rho, M, H)


def _shock(with_radius: bool, more: Fraction = Fraction(1)) -> Callable[[Shocked], Derivation]:
    """Derive that the minimax regret of an episode is at least ``more min(H, A) / c``, or rho times that."""

    def derive(case: Shocked) -> Derivation:
        lost = case.radius * least_by_formula(Shock(case.M, 1, case.H), "single-agent")
        claimed = more * min(case.H, case.M) * (case.radius if with_radius else 1) / case.c
        name = "rho min(H, A) / c" if with_radius else "min(H, A) / c"
        return at_least(
            lost,
            claimed,
            lambda: (
                f"Example 1 with one agent, A = {case.M}, H = {case.H}, rho = {case.radius}; c = {case.c}",
                f"the best learner loses {lost} an episode at the worst secret, exactly",
                f"{more} {name} = {claimed}",
            ),
        )

    return derive


G3 = Claim(
    id="G3",
    place="Section 6, Table 1",
    title="KL: online against offline",
    statement="With uniform data the KL bound matches or surpasses the offline one in all parameters.",
    latex=(
        r"\frac{H^5 e^{2 H^2} S \prod_i A_i}{\epsilon^2 \rho^2 P_{min}} \le "
        r"\frac{C H^4 e^H S^2 \prod_i A_i}{\epsilon^2 \rho^2}, \qquad C = \prod_i A_i"
    ),
    formalisation=(
        "Both rows of Table 1 at S = 5, A = 4, P_min = 1/5 and growing H, constants and logarithms left "
        "out, in logarithms. The ratio is H e^(2 H^2 - H) / (C S P_min)."
    ),
    assumptions=("C = prod A_i, as section 6 says of uniform data",),
    severity="result false",
    expected=Verdict.REFUTED,
    corrected="G3.corrected",
    instance_type=Compared,
    search=Exhaustive(_rising),
    derive=_fewer("online-kl", "offline-kl"),
)
_TV_ROWS = ("online-tv", "offline-tv", "offline-tv-coverage")
G3_CORRECTED = replace(
    G3,
    id="G3.corrected",
    title="Total variation: online against offline",
    statement="With uniform data the bound for total variation is at most both offline ones.",
    latex=(
        r"\frac{H^3 S \prod_i A_i \min\{\rho^{-1}, H\}}{\epsilon^2} \le \min\left\{ "
        r"\frac{C H^4 S^2 \prod_i A_i}{\epsilon^2}, "
        r"\frac{C H^4 S \sum_i A_i \min\{f(H, \rho), H\}}{\epsilon^2} \right\}"
    ),
    formalisation="Rows of Table 1 on a grid of sizes, in logarithms.",
    assumptions=("C = prod A_i", "H >= 2", "every agent has two actions or more", "Theorem 1"),
    reading="corrected",
    severity="none",
    expected=Verdict.ON_A_LIST,
    corrected=None,
    search=Exhaustive(_tv_sizes),
    derive=_fewer(*_TV_ROWS),
    neighbours=(Neighbour("with C = 1", _fewer(*_TV_ROWS, uniform=False)),),
)
G5 = Claim(
    id="G5",
    place="Section 1",
    title="The lower bound without the radius",
    statement="The hard instance forces regret Omega(K min{H, prod A_i}).",
    latex=r"\inf_{ALG} \sup_{a^*} E[Regret(K)] \ge c K \min\left\{H, \prod_i A_i\right\}",
    formalisation=(
        "One agent, the most favourable case; the exact minimax regret of an episode of Example 1 is rho "
        "times something, so a small radius contradicts every constant 1 / c."
    ),
    assumptions=("one agent",),
    severity="typo",
    expected=Verdict.REFUTED,
    corrected="G5.corrected",
    instance_type=Shocked,
    search=EveryConstant(_small_radius),
    derive=_shock(with_radius=False),
)
G5_CORRECTED = replace(
    G5,
    id="G5.corrected",
    place="Section 1, as Theorem 1 of section 4 has it",
    title="The lower bound with the radius",
    statement="With one agent the hard instance forces regret rho K min{H, A} / 4.",
    latex=r"\inf_{ALG} \sup_{a^*} E[Regret(K)] \ge \frac{1}{4} \rho K \min\{H, A\}",
    formalisation="As G5, with the factor rho.",
    reading="corrected",
    severity="none",
    expected=Verdict.ON_A_LIST,
    corrected=None,
    search=Exhaustive(_shocks),
    derive=_shock(with_radius=True),
    neighbours=(Neighbour("11/40 for 1/4", _shock(with_radius=True, more=Fraction(11, 10))),),
)
G6 = Claim(
    id="G6",
    place="Section 6",
    title="Total variation: near-optimal except for the product of actions",
    statement="Corollary 1 matches the lower bound in all parameters but prod A_i against max A_i.",
    latex=(
        r"\epsilon^{-2} H^3 S \prod_i A_i \min\{\rho^{-1}, H\} \quad \text{against} \quad "
        r"\epsilon^{-2} H^3 S \max_i A_i \min\{\rho^{-1}, H\}"
    ),
    formalisation=(
        "The powers of each factor in the two rows of Table 1. The upper row is Theorem 1's, so the steps of "
        "its proof are the steps here."
    ),
    assumptions=("Theorem 1", "the lower bound of Shi et al. 2024b as quoted"),
    severity="proof",
    expected=Verdict.UNPROVED,
    instance_type=Factor,
    search=Proof(TV_STEPS, Exhaustive(lambda budget: [Factor(name) for name in _factors()])),
    derive=_same_power,
)
G6_KL = Claim(
    id="G6.KL",
    place="Section 6",
    title="KL: near-optimal except for the product of actions",
    statement="The KL bound matches the minimax lower bound in all parameters but prod A_i.",
    latex=r"\epsilon^{-2} \rho^{-2} P_{min}^{-1} H^5 e^{2 H^2} S \prod_i A_i",
    formalisation="None: Table 1 has no lower bound for KL to compare with.",
    severity="proof",
    expected=Verdict.NOT_CHECKABLE,
    instance_type=Nothing,
    search=Undecidable("no lower bound for KL is stated or cited, so there is nothing to compare with"),
    derive=nothing_to_derive,
)
G7 = Claim(
    id="G7",
    place="Section 6",
    title="What other papers prove",
    statement="The sample sizes of Shi et al., Jiao and Li, Li et al., and Ma et al. are as quoted.",
    latex=r"\epsilon^{-2} H^3 S \sum_i A_i \min\{\rho^{-1}, H\}, \; \ldots",
    formalisation="None: the theorems of other papers are quoted here, not derived.",
    expected=Verdict.NOT_CHECKABLE,
    instance_type=Nothing,
    search=Undecidable("a quotation of theorems of other papers, whose proofs are not examined here"),
    derive=nothing_to_derive,
)

CLAIMS: tuple[Claim[Any], ...] = (G3, G3_CORRECTED, G5, G5_CORRECTED, G6, G6_KL, G7)
