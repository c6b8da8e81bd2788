"""Sections 1, 5 and 6: the bounds against those of other papers (C9, G3, G5, G6, G7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from drmg_check.vocabulary import InputError, Slack, Verdict
from drmg_properties.bounds import TABLE_1, Size, formula, log_samples, samples
from drmg_properties.claim import (
    Budget,
    Check,
    Claim,
    Exhaustive,
    Nothing,
    Proof,
    Undecidable,
    nothing_to_derive,
    twins,
)
from drmg_properties.claims.mornavi.hardness._shock_game import Shock, least_by_formula
from drmg_properties.claims.mornavi.results._theorems import TV_STEPS
from drmg_properties.formulas import enclose_formula, interval

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
    """A constant that an Omega may hide, a radius, and a single agent with M actions and horizon H."""

    c: Fraction
    radius: Fraction
    M: int
    H: int

    def __post_init__(self) -> None:
        if self.c <= 0 or not 0 < self.radius <= 1:
            raise InputError(f"c={self.c}, radius={self.radius}; expected c > 0, 0 < radius <= 1")
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


def _rows_check(online: str, *offline: str) -> Check[Compared]:
    """Check that a row asks for no more samples than others; slack = least difference of logarithms."""

    def excess(case: Compared, name: str) -> Slack:
        size, C = _size(case), Fraction(_size(case).A)
        rows = TABLE_1[name], TABLE_1[online]
        return enclose_formula(
            lambda: log_samples(rows[0], size, EPS, C) - log_samples(rows[1], size, EPS, C), WIDTH
        )

    def slack(case: Compared) -> Slack:
        return min((excess(case, name) for name in offline), key=lambda each: each.low)

    def explain(case: Compared) -> tuple[str, ...]:
        size, C = _size(case), Fraction(_size(case).A)
        lines = (
            f"{name}: {formula(TABLE_1[name])} = {samples(TABLE_1[name], size, EPS, C).about()}"
            for name in (online, *offline)
        )
        return (
            f"S = {case.S}, actions {case.actions}, H = {case.H}, rho = {case.radius}, P_min = {size.P_min}",
            f"eps = {EPS}, C = prod A_i = {C}",
            *lines,
            f"slack = difference of the logarithms {interval(slack(case))}",
        )

    return Check(slack, explain)


def _factors() -> tuple[str, ...]:
    """Return the factors of the two TV rows apart from those of the actions."""
    rows = TABLE_1["online-tv"].exponents, TABLE_1["lower-bound-tv"].exponents
    return tuple(sorted({key for row in rows for key in row if "A_i" not in key}))


def _powers(factor: Factor) -> tuple[int, int]:
    upper, lower = (TABLE_1[name].exponents.get(factor.name, 0) for name in ("online-tv", "lower-bound-tv"))
    return upper, lower


def _power_slack(factor: Factor) -> Slack:
    upper, lower = _powers(factor)
    return Slack.of(-abs(upper - lower))


def _power_explain(factor: Factor) -> tuple[str, ...]:
    upper, lower = _powers(factor)
    return (
        f"{factor.name} has power {upper} in the bound of Corollary 1 and {lower} in the lower bound",
        f"slack = -|{upper} - {lower}| = {-abs(upper - lower)}",
    )


def _shocked(budget: Budget) -> Iterator[Shocked]:
    c = Fraction(1, 10**budget.size)
    return (Shocked(c, Fraction(1, 10**k), 2, 2) for k in range(3 + budget.size))


def _shocks(budget: Budget) -> Iterator[Shocked]:
    radii = (Fraction(1), Fraction(1, 10), Fraction(1, 1000))
    for rho, M, H in product(radii, (2, 3, 10), (2, 5, 10 * budget.size)):
        yield Shocked(Fraction(1, 4), rho, M, H)


def _shock_check(with_radius: bool) -> Check[Shocked]:
    """Check the exact minimax regret of an episode against ``c min(H, A)``, or ``c rho min(H, A)``."""

    def sides(case: Shocked) -> tuple[Fraction, Fraction]:
        found = case.radius * least_by_formula(Shock(case.M, 1, case.H), "single-agent")
        return found, case.c * min(case.H, case.M) * (case.radius if with_radius else 1)

    def slack(case: Shocked) -> Slack:
        found, claimed = sides(case)
        return Slack.of(found - claimed)

    def explain(case: Shocked) -> tuple[str, ...]:
        found, claimed = sides(case)
        name = "c rho min(H, A)" if with_radius else "c min(H, A)"
        return (
            f"Example 1 with one agent, A = {case.M}, H = {case.H}, rho = {case.radius}; c = {case.c}",
            f"the best learner loses {found} an episode at the worst secret, exactly",
            f"{name} = {claimed}",
            f"slack = {found} - {claimed} = {found - claimed}",
        )

    return Check(slack, explain)


_KL_ROWS = _rows_check("online-kl", "offline-kl")
_TV_ROWS = _rows_check("online-tv", "offline-tv", "offline-tv-coverage")
_BARE, _SCALED = _shock_check(with_radius=False), _shock_check(with_radius=True)

CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="C9",
        place="Section 5.2",
        title="Exponential factors said to be inevitable",
        statement="The factors e^H and 1 / P_min of the KL bound are inevitable.",
        latex=r"\inf_{ALG} \sup Regret(K) \ge \Omega\left(e^H \sqrt{K}\right), \; "
        r"\Omega\left(P_{min}^{-1/2} \sqrt{K}\right)",
        formalisation="None: the paper states no lower bound with these factors, and cites none.",
        assumptions=(),
        reading="literal",
        severity="proof",
        expected=Verdict.NOT_CHECKABLE,
        corrected=None,
        instance_type=Nothing,
        search=Undecidable(
            "no lower bound is stated; a finite computation cannot range over all learners and games"
        ),
        derive=nothing_to_derive,
    ),
    Claim(
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
            "out; slack = log(offline) - log(online). The ratio is H e^(2 H^2 - H) / (C S P_min)."
        ),
        assumptions=("C = prod A_i, as section 6 says of uniform data",),
        reading="literal",
        severity="result false",
        expected=Verdict.REFUTED,
        corrected="G3.corrected",
        instance_type=Compared,
        search=Exhaustive(_rising),
        derive=twins(_KL_ROWS.slack, _KL_ROWS.explain),
    ),
    Claim(
        id="G3.corrected",
        place="Section 6, Table 1",
        title="Total variation: online against offline",
        statement="With uniform data the bound for total variation is at most both offline ones.",
        latex=(
            r"\frac{H^3 S \prod_i A_i \min\{\rho^{-1}, H\}}{\epsilon^2} \le \min\left\{ "
            r"\frac{C H^4 S^2 \prod_i A_i}{\epsilon^2}, "
            r"\frac{C H^4 S \sum_i A_i \min\{f(H, \rho), H\}}{\epsilon^2} \right\}"
        ),
        formalisation="Rows of Table 1 on a grid of sizes; slack = the smaller difference of logarithms.",
        assumptions=("C = prod A_i", "H >= 2", "every agent has two actions or more", "Theorem 1"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Compared,
        search=Exhaustive(_tv_sizes),
        derive=twins(_TV_ROWS.slack, _TV_ROWS.explain),
    ),
    Claim(
        id="G5",
        place="Section 1",
        title="The lower bound without the radius",
        statement="The hard instance forces regret Omega(K min{H, prod A_i}).",
        latex=r"\inf_{ALG} \sup_{a^*} E[Regret(K)] \ge c K \min\left\{H, \prod_i A_i\right\}",
        formalisation=(
            "One agent, the most favourable case; the exact minimax regret of an episode of Example 1. The "
            "constant c is part of the instance: refuting one refutes the larger ones. slack = left - right."
        ),
        assumptions=("one agent",),
        reading="literal",
        severity="typo",
        expected=Verdict.REFUTED,
        corrected="G5.corrected",
        instance_type=Shocked,
        search=Exhaustive(_shocked),
        derive=twins(_BARE.slack, _BARE.explain),
    ),
    Claim(
        id="G5.corrected",
        place="Section 1, as Theorem 1 of section 4 has it",
        title="The lower bound with the radius",
        statement="With one agent the hard instance forces regret rho K min{H, A} / 4.",
        latex=r"\inf_{ALG} \sup_{a^*} E[Regret(K)] \ge \frac{1}{4} \rho K \min\{H, A\}",
        formalisation="As G5, with the factor rho; slack = left - right.",
        assumptions=("one agent",),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Shocked,
        search=Exhaustive(_shocks),
        derive=twins(_SCALED.slack, _SCALED.explain),
    ),
    Claim(
        id="G6",
        place="Section 6",
        title="Total variation: near-optimal except for the product of actions",
        statement="Corollary 1 matches the lower bound in all parameters but prod A_i against max A_i.",
        latex=(
            r"\epsilon^{-2} H^3 S \prod_i A_i \min\{\rho^{-1}, H\} \quad \text{against} \quad "
            r"\epsilon^{-2} H^3 S \max_i A_i \min\{\rho^{-1}, H\}"
        ),
        formalisation=(
            "The powers of each factor in the two rows of Table 1; slack = -|difference|. The upper row is "
            "Theorem 1's, so the steps of its proof are the steps here."
        ),
        assumptions=("Theorem 1", "the lower bound of Shi et al. 2024b as quoted"),
        reading="literal",
        severity="proof",
        expected=Verdict.UNPROVED,
        corrected=None,
        instance_type=Factor,
        search=Proof(TV_STEPS, Exhaustive(lambda budget: [Factor(name) for name in _factors()])),
        derive=twins(_power_slack, _power_explain),
    ),
    Claim(
        id="G6.KL",
        place="Section 6",
        title="KL: near-optimal except for the product of actions",
        statement="The KL bound matches the minimax lower bound in all parameters but prod A_i.",
        latex=r"\epsilon^{-2} \rho^{-2} P_{min}^{-1} H^5 e^{2 H^2} S \prod_i A_i",
        formalisation="None: Table 1 has no lower bound for KL to compare with.",
        assumptions=(),
        reading="literal",
        severity="proof",
        expected=Verdict.NOT_CHECKABLE,
        corrected=None,
        instance_type=Nothing,
        search=Undecidable("no lower bound for KL is stated or cited, so there is nothing to compare with"),
        derive=nothing_to_derive,
    ),
    Claim(
        id="G7",
        place="Section 6",
        title="What other papers prove",
        statement="The sample sizes of Shi et al., Jiao and Li, Li et al., and Ma et al. are as quoted.",
        latex=r"\epsilon^{-2} H^3 S \sum_i A_i \min\{\rho^{-1}, H\}, \; \ldots",
        formalisation="None: the theorems of other papers are quoted here, not derived.",
        assumptions=(),
        reading="literal",
        severity="none",
        expected=Verdict.NOT_CHECKABLE,
        corrected=None,
        instance_type=Nothing,
        search=Undecidable("a quotation of theorems of other papers, whose proofs are not examined here"),
        derive=nothing_to_derive,
    ),
)
