"""Lemma 2 and step 3 of the proof of Theorem 3: steps wasted until a geometric escape (D5, D6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import factorial
from typing import Any

from drmg_check.vocabulary import InputError, Slack, Verdict
from drmg_properties.claim import Budget, Claim, Exhaustive, twins
from drmg_properties.claims.mornavi.hardness._trap import MAX_STEPS, wasted_steps

INVERSE_E = Slack(
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
    """A geometric escape, and a constant c that an Omega may hide."""

    c: Fraction
    escape: Geometric

    def __post_init__(self) -> None:
        if not 0 < self.c <= 1:
            raise InputError(f"c={self.c}; expected 0 < c <= 1")


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


def _d5_slack(case: Geometric) -> Slack:
    left, right = _waste(case)
    return Slack(left - INVERSE_E.high * right, left - INVERSE_E.low * right)


def _tight_slack(case: Geometric) -> Slack:
    left, right = _waste(case)
    attained, full = _waste(Geometric(Fraction(1, 2), 1))
    return Slack.of(min(left - right / 2, -abs(attained - full / 2)))


def _share(C: int) -> Fraction:
    return 1 - Fraction(C, C + 1) ** C


def _each_slack(case: Geometric) -> Slack:
    left, right = _waste(case)
    attained, full = _waste(Geometric(Fraction(1, case.C + 1), case.C))
    return Slack.of(min(left - _share(case.C) * right, -abs(attained - _share(case.C) * full)))


def _waste_lines(case: Geometric) -> tuple[str, ...]:
    left, right = _waste(case)
    return (
        f"p = {case.p}, C = {case.C}",
        f"E[min(tau - 1, C)] = sum over j = 1..C of (1 - p)^j = {left}",
        f"min(E[tau - 1], C) = min({(1 - case.p) / case.p}, {case.C}) = {right}",
    )


def _d5_explain(case: Geometric) -> tuple[str, ...]:
    left, right = _waste(case)
    return (*_waste_lines(case), f"slack = {left} - (1/e) * {right}, with 1/e = 0.36787944...")


def _tight_explain(case: Geometric) -> tuple[str, ...]:
    left, right = _waste(case)
    return (
        *_waste_lines(case),
        f"{left} - (1/2) * {right} = {left - right / 2}",
        "equality at C = 1, p = 1/2: E[min(tau - 1, 1)] = 1/2 and min(E[tau - 1], 1) = 1",
    )


def _each_explain(case: Geometric) -> tuple[str, ...]:
    left, right = _waste(case)
    share = _share(case.C)
    return (
        *_waste_lines(case),
        f"1 - (C / (C + 1))^C = {share}; {left} - {share} * {right} = {left - share * right}",
        f"equality at p = 1 / (C + 1) = {Fraction(1, case.C + 1)}, where E[tau - 1] = C",
    )


def _constants(budget: Budget) -> Iterator[GeometricConstant]:
    c = Fraction(1, 10 ** (1 + budget.size))
    return (GeometricConstant(c, case) for case in _geometric(budget))


def _d6_sides(case: GeometricConstant) -> tuple[Fraction, Fraction]:
    p, C = case.escape.p, case.escape.C
    return _waste(case.escape)[0], case.c * min(1 / p, Fraction(C))


def _d6_slack(case: GeometricConstant) -> Slack:
    left, right = _d6_sides(case)
    return Slack.of(left - right)


def _d6_explain(case: GeometricConstant) -> tuple[str, ...]:
    left, right = _d6_sides(case)
    p, C = case.escape.p, case.escape.C
    return (
        f"p = {p}, C = {C}, c = {case.c}",
        f"E[min(tau - 1, C)] = sum over j = 1..C of (1 - p)^j = {left}",
        f"c min(1/p, C) = {case.c} * min({1 / p}, {C}) = {right}",
        f"slack = {left} - {right} = {left - right}",
    )


def _near_one_sides(case: Geometric) -> tuple[Fraction, Fraction]:
    return _waste(case)[0], (1 - case.p) / 2 * min(1 / case.p, Fraction(case.C))


def _near_one_slack(case: Geometric) -> Slack:
    left, right = _near_one_sides(case)
    return Slack.of(left - right)


def _near_one_explain(case: Geometric) -> tuple[str, ...]:
    left, right = _near_one_sides(case)
    return (
        *_waste_lines(case),
        f"(1 - p) / 2 min(1/p, C) = {right}",
        f"slack = {left} - {right} = {left - right}",
    )


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


def _party_slack(case: TwoParties) -> Slack:
    best, learner = _party_wastes(case)
    return Slack.of(case.share * learner - best)


def _party_explain(case: TwoParties) -> tuple[str, ...]:
    best, learner = _party_wastes(case)
    return (
        f"C = {case.C}; a step, agent 1 plays a*_1 with probability p_1 = {case.own}, the others theirs "
        f"with p_-1 = {case.others}",
        f"learner: escapes with p_1 p_-1 = {case.own * case.others} a step, wastes {learner}",
        f"best response: escapes with p_-1 = {case.others} a step, wastes {best}",
        f"much less, at most {case.share} of the learner's waste, would be {case.share * learner}",
        f"slack = {case.share * learner} - {best} = {case.share * learner - best}",
    )


def _party_gap_sides(case: TwoParties) -> tuple[Fraction, Fraction]:
    best, learner = _party_wastes(case)
    return learner - best, case.C * case.others * (1 - case.own) * Fraction(case.C + 1, 2)


def _party_gap_slack(case: TwoParties) -> Slack:
    gap, bound = _party_gap_sides(case)
    return Slack.of(min(gap, bound - gap))


def _party_gap_explain(case: TwoParties) -> tuple[str, ...]:
    gap, bound = _party_gap_sides(case)
    return (
        *_party_explain(case)[:3],
        f"value gap = {gap}",
        f"C (C + 1) / 2 p_-1 (1 - p_1) = {bound}",
        f"slack = min({gap}, {bound - gap})",
    )


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="D5",
        place="Lemma 2",
        title="Wasted steps of a geometric escape",
        statement="If tau is geometric, E[min(tau - 1, C)] >= (1/e) min(E[tau - 1], C).",
        latex=r"E[\min(\tau - 1, C)] \ge \frac{1}{e} \min(E[\tau - 1], C)",
        formalisation=(
            "Left side by the tail sum in rationals, 1/e enclosed to 12 digits. "
            "p and C on a grid that contains p = 1/(C + 1), where the two cases of the proof meet."
        ),
        assumptions=("tau geometric with 0 < p <= 1", "C >= 1"),
        reading="literal",
        severity="constant",
        expected=Verdict.ON_A_LIST,
        corrected="D5.tight",
        instance_type=Geometric,
        search=Exhaustive(_geometric),
        derive=twins(_d5_slack, _d5_explain),
    ),
    Claim(
        id="D5.tight",
        place="Lemma 2",
        title="Wasted steps, best absolute constant",
        statement="E[min(tau - 1, C)] >= (1/2) min(E[tau - 1], C), with equality at C = 1, p = 1/2.",
        latex=r"E[\min(\tau - 1, C)] \ge \frac{1}{2} \min(E[\tau - 1], C)",
        formalisation="slack = the smaller of (left - right) and -|difference at C = 1, p = 1/2|.",
        assumptions=("tau geometric with 0 < p <= 1", "C >= 1"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Geometric,
        search=Exhaustive(_geometric),
        derive=twins(_tight_slack, _tight_explain),
    ),
    Claim(
        id="D5.each-C",
        place="Lemma 2",
        title="Wasted steps, best constant for each C",
        statement=(
            "For each C, E[min(tau - 1, C)] >= (1 - (C/(C+1))^C) min(E[tau - 1], C), with equality at "
            "p = 1/(C + 1)."
        ),
        latex=r"E[\min(\tau - 1, C)] \ge \left(1 - \left(\frac{C}{C+1}\right)^C\right) \min(E[\tau - 1], C)",
        formalisation="slack = the smaller of (left - right) and -|difference at p = 1/(C + 1)|.",
        assumptions=("tau geometric with 0 < p <= 1", "C >= 1"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Geometric,
        search=Exhaustive(_geometric),
        derive=twins(_each_slack, _each_explain),
    ),
    Claim(
        id="D6",
        place="Appendix D.1, proof of Theorem 3, step 3",
        title="Wasted steps of the order of the escape time",
        statement="The expected waste is Omega(min(1/p, C)) for the one-step escape probability p.",
        latex=r"E[\min(\tau - 1, C)] \ge \Omega\left(\min\left\{\frac{1}{p}, C\right\}\right)",
        formalisation=(
            "Lemma 2 has E[tau - 1] = (1 - p) / p, step 3 has 1 / p in its place. The constant is part of "
            "the instance; slack = left - c min(1/p, C). At p = 1 the left side is 0, so every c fails. The "
            "sentence presumes besides that tau is geometric, i.e. the same play at every step."
        ),
        assumptions=("tau geometric with 0 < p <= 1", "C >= 1"),
        reading="literal",
        severity="proof",
        expected=Verdict.REFUTED,
        corrected="D6.corrected",
        instance_type=GeometricConstant,
        search=Exhaustive(_constants),
        derive=twins(_d6_slack, _d6_explain),
    ),
    Claim(
        id="D6.corrected",
        place="Appendix D.1, proof of Theorem 3, step 3",
        title="Wasted steps of the order of the escape time, away from p = 1",
        statement="The expected waste is at least (1 - p) / 2 min(1/p, C).",
        latex=r"E[\min(\tau - 1, C)] \ge \frac{1 - p}{2} \min\left\{\frac{1}{p}, C\right\}",
        formalisation="Left side by the tail sum in rationals; slack = left - right.",
        assumptions=("tau geometric with 0 < p <= 1", "C >= 1"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Geometric,
        search=Exhaustive(_geometric),
        derive=twins(_near_one_slack, _near_one_explain),
    ),
    Claim(
        id="D6.response",
        place="Appendix D.1, proof of Theorem 3, step 3",
        title="The best response wastes much less",
        statement="The best response suffers much less waste than the learner, so its waste can be dropped.",
        latex=r"E[\min(\tau^* - 1, C)] \ll E[\min(\tau - 1, C)]",
        formalisation=(
            "Much less: at most a share < 1 of it, which is part of the instance and as near to 1 as the "
            "budget asks. slack = share * (learner's waste) - (waste of the best response). Refuting a "
            "share refutes every smaller one; as p_-1 -> 0 both wastes tend to C."
        ),
        assumptions=("stationary play in the trap", "agent 1 deviates alone"),
        reading="literal",
        severity="proof",
        expected=Verdict.REFUTED,
        corrected="D6.gap",
        instance_type=TwoParties,
        search=Exhaustive(_parties),
        derive=twins(_party_slack, _party_explain),
    ),
    Claim(
        id="D6.gap",
        place="Appendix D.1, proof of Theorem 3, step 3",
        title="What one agent alone can gain",
        statement="The value gap is at most C (C + 1) / 2 p_-1 (1 - p_1), so it vanishes with p_-1.",
        latex=r"0 \le \Delta V_2(s_{bad}) \le \frac{C (C + 1)}{2} \, p_{-1} (1 - p_1)",
        formalisation="Both wastes by tail sums in rationals; slack = the smaller of gap and bound - gap.",
        assumptions=("stationary play in the trap", "agent 1 deviates alone"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=TwoParties,
        search=Exhaustive(_parties),
        derive=twins(_party_gap_slack, _party_gap_explain),
    ),
)
