"""Lemma 16: the event E_KL at rows without visits, and after the first one (C1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from flint import arb

from drmg_check.vocabulary import InputError, Verdict
from drmg_oracles import binomial_probability
from drmg_properties.claim import Claim, Derivation, EveryConstant, chance_at_most
from drmg_properties.claims.mornavi.kl._event import DELTA, iota
from drmg_properties.formulas import ball, enclose_closely, outward, sign


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
    steepest = 2 * ball(case.radius) * ball(case.K).sqrt()  # 1 / eta
    logs = [_log_mean(x, steepest) for x in (q, case.p)]
    least = min(x for x in (q, 1 - q) if x)
    allowed = ball(case.c1) * (iota(2, 1, 2, case.K) / ball(max(case.N, 1) * least)).sqrt()
    return abs(logs[0] - logs[1]), allowed


def _log_mean(bad: Fraction, steepest: arb) -> arb:
    """Return ``log(bad + (1 - bad) exp(-1 / eta))``; exp(-10^14) alone is no number that a ball holds."""
    return -steepest if not bad else (ball(bad) + ball(1 - bad) * (-steepest).exp()).log()


def event_at_finest(case: Net) -> Derivation:
    """Derive that E_KL fails with probability at most delta at this row and the finest eta of the net."""

    def fails(count: int) -> bool:
        def room() -> arb:
            distance, allowed = _net_sides(case, count)
            return allowed - distance

        return sign(room) < 0

    def lines() -> tuple[str, ...]:
        left, right = map(enclose_closely, (lambda: _net_sides(case, 0)[0], lambda: _net_sides(case, 0)[1]))
        seen = "none, so Phat = (1/2, 1/2)" if not case.N else f"{case.N}; none of them to the bad state:"
        return (
            f"next states bad and good, V = (0, 1), P* = ({case.p}, {1 - case.p}); H = 2, S = 2, A = 1",
            f"K = {case.K}, rho = {case.radius}: the net of step 1 / (rho S sqrt(K)) holds that eta; "
            f"c1 = {case.c1}",
            f"visits: {seen}",
            f"|log E_Phat exp(-V/eta) - log E_P* exp(-V/eta)| = {outward(left.low, -1, 6)}...",
            f"c1 sqrt(iota / (max(N, 1) Phat_min)) = {outward(right.low, -1, 6)}...",
            "P(E_KL fails at this row and eta), over all counts, against delta",
        )

    return chance_at_most(binomial_probability(case.N, case.p, fails), DELTA, lines)


def _unvisited(c1: Fraction) -> Net:
    """Return a row not visited: after 10^4 c1^2 episodes 2 sqrt(K) = 200 c1 is beyond c1 sqrt(2 iota)."""
    return Net(0, Fraction(0), Fraction(1), int(10**4 * c1**2), c1)


def _visited_once(c1: Fraction) -> Net:
    """Return a row visited once, whose bad state is seldom seen."""
    return Net(1, Fraction(1, 100), Fraction(1), int(10**4 * c1**2), c1)


C1 = Claim(
    id="C1",
    place="Lemma 16, eq. (103)",
    title="Concentration of log-moment generating functions",
    statement=(
        "There is an absolute constant c1 with which event E_KL, for all rows, episodes and eta of the net, "
        "has probability at least 1 - delta."
    ),
    latex=(
        r"P\left( \left| \log E_{\hat P} e^{-V/\eta} - \log E_{P^*} e^{-V/\eta} \right| \le c_1 "
        r"\sqrt{\frac{\iota}{\max(N, 1) \hat P_{min}}} \; \forall \eta \right) \ge 1 - \delta"
    ),
    formalisation=(
        "One row of two next states without a visit, the finest eta of the net; certified signs. For each c1 "
        "a number K of episodes."
    ),
    assumptions=("delta = 1/20", "rho = 1", "iota as in the lemma"),
    severity="result false",
    expected=Verdict.REFUTED,
    corrected="C1.corrected",
    instance_type=Net,
    search=EveryConstant(_unvisited),
    derive=event_at_finest,
)
C1_ONE_VISIT = replace(
    C1,
    id="C1.one-visit",
    place="Lemma 16, eq. (103), for rows that were visited",
    title="Concentration of log-moment generating functions after one visit",
    statement=(
        "There is an absolute constant c1 with which event E_KL has probability at least 1 - delta at rows "
        "that were visited."
    ),
    formalisation=(
        "As C1 with N = 1: while the bad state was never seen, Phat_min = 1, and the left side grows like "
        "2 rho sqrt(K)."
    ),
    search=EveryConstant(_visited_once),
)

CLAIMS: tuple[Claim[Any], ...] = (C1, C1_ONE_VISIT)
