"""Lemma 16: the event E_KL at rows without visits, and after the first one (C1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from flint import arb

from drmg_check.vocabulary import InputError, Slack, Verdict
from drmg_oracles import binomial_probability
from drmg_properties.claim import Budget, Claim, Exhaustive, twins
from drmg_properties.claims.mornavi.kl._event import DELTA, WIDTH, iota
from drmg_properties.formulas import ball, enclose_formula, outward, sign


@dataclass(frozen=True, slots=True)
class Net:
    """N visits to a row with next states of values 0 (probability p) and 1; K episodes; the constant c1."""

    N: int
    p: Fraction
    radius: Fraction
    K: int
    c1: Fraction

    def __post_init__(self) -> None:
        if not 0 <= self.N < self.K or not 0 <= self.p <= 1 or self.radius <= 0 or self.c1 <= 0:
            raise InputError(f"{self}; expected 0 <= N < K, 0 <= p <= 1, radius > 0 and c1 > 0")


def _net_sides(case: Net, count: int) -> tuple[arb, arb]:
    """Return the distance of logarithms at the finest eta of the net, and what E_KL allows."""
    q = Fraction(count, case.N) if case.N else Fraction(1, 2)
    tilt = (-ball(2 * case.radius) * ball(case.K).sqrt()).exp()  # exp(-1 / eta)
    expected = [ball(x) + ball(1 - x) * tilt for x in (q, case.p)]
    least = min(x for x in (q, 1 - q) if x)
    allowed = ball(case.c1) * (iota(2, 1, 2, case.K) / ball(max(case.N, 1) * least)).sqrt()
    return abs(expected[0].log() - expected[1].log()), allowed


def _net_fails(case: Net, count: int) -> bool:
    def room() -> arb:
        found, allowed = _net_sides(case, count)
        return allowed - found

    return sign(room) < 0


def _net_failure(case: Net) -> Fraction:
    return binomial_probability(case.N, case.p, lambda count: _net_fails(case, count))


def _net_slack(case: Net) -> Slack:
    return Slack.of(DELTA - _net_failure(case))


def _net_explain(case: Net) -> tuple[str, ...]:
    found = enclose_formula(lambda: _net_sides(case, 0)[0], WIDTH)
    allowed = enclose_formula(lambda: _net_sides(case, 0)[1], WIDTH)
    seen = "none, so Phat = (1/2, 1/2)" if not case.N else f"{case.N}; none of them to the bad state:"
    return (
        f"next states bad and good, V = (0, 1), P* = ({case.p}, {1 - case.p}); H = 2, S = 2, A = 1",
        f"K = {case.K}, rho = {case.radius}: the net of step 1 / (rho S sqrt(K)) holds that eta; c1 = "
        f"{case.c1}",
        f"visits: {seen}",
        f"|log E_Phat exp(-V/eta) - log E_P* exp(-V/eta)| = {outward(found.low, -1, 6)}...",
        f"c1 sqrt(iota / (max(N, 1) Phat_min)) = {outward(allowed.low, -1, 6)}...",
        f"P(E_KL fails at this row and eta) = {_net_failure(case)}, over all counts",
        f"slack = {DELTA} - {_net_failure(case)} = {_net_slack(case).low}",
    )


def _nets(*visits: int) -> Callable[[Budget], Iterator[Net]]:
    def instances(budget: Budget) -> Iterator[Net]:
        chances = (Fraction(0), Fraction(1, 2))
        for K, N, p in product((2, 10, 10**2, 10**4, 10**6), visits, chances):
            yield Net(N, p, Fraction(1), K, Fraction(budget.size))

    return instances


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="C1",
        place="Lemma 16, eq. (103)",
        title="Concentration of log-moment generating functions",
        statement=(
            "Event E_KL, for all rows, episodes and eta of the net, has probability at least 1 - delta."
        ),
        latex=(
            r"P\left( \left| \log E_{\hat P} e^{-V/\eta} - \log E_{P^*} e^{-V/\eta} \right| \le c_1 "
            r"\sqrt{\frac{\iota}{\max(N, 1) \hat P_{min}}} \; \forall \eta \right) \ge 1 - \delta"
        ),
        formalisation=(
            "One row of two next states, the finest eta of the net; exact binomial sums with certified "
            "signs. The constant c1 is part of the instance: larger ones need a larger K. slack = delta - "
            "P(failure)."
        ),
        assumptions=("delta = 1/20", "rho = 1", "iota as in the lemma"),
        reading="literal",
        severity="result false",
        expected=Verdict.REFUTED,
        corrected="C1.corrected",
        instance_type=Net,
        search=Exhaustive(_nets(0, 1)),
        derive=twins(_net_slack, _net_explain),
    ),
    Claim(
        id="C1.one-visit",
        place="Lemma 16, eq. (103), for rows that were visited",
        title="Concentration of log-moment generating functions after one visit",
        statement="Event E_KL has probability at least 1 - delta at rows that were visited.",
        latex=(
            r"P\left( \left| \log E_{\hat P} e^{-V/\eta} - \log E_{P^*} e^{-V/\eta} \right| \le c_1 "
            r"\sqrt{\frac{\iota}{\max(N, 1) \hat P_{min}}} \; \forall \eta \right) \ge 1 - \delta"
        ),
        formalisation=(
            "As C1 with N = 1: while the bad state was never seen, Phat_min = 1, and the left side grows "
            "like 2 rho sqrt(K). c1 is part of the instance. slack = delta - P(failure)."
        ),
        assumptions=("delta = 1/20", "rho = 1", "iota as in the lemma"),
        reading="literal",
        severity="result false",
        expected=Verdict.REFUTED,
        corrected="C1.corrected",
        instance_type=Net,
        search=Exhaustive(_nets(1)),
        derive=twins(_net_slack, _net_explain),
    ),
)
