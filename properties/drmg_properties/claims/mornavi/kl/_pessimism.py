"""Lemmas 19-21: optimism and pessimism of KL-MORNAVI at one row, by exact probabilities (C3, C4).

s0 leads to a good state with probability 1 - p and to a bad one with probability p; there is one agent with
one action, H = 2, and the last step pays 1 in the good state and 0 in the bad one. While the bad state was
never seen, Phat is a point mass and Phat_min = 1, so that the bonus (102) does not know of it, whereas the
adversary does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from flint import arb

from drmg_check.sets import KullbackLeibler, Row
from drmg_check.vocabulary import Bounds, InputError, UnsupportedError, Verdict
from drmg_oracles import enclose
from drmg_properties.claim import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Neighbour,
    at_most,
    chance_at_most,
)
from drmg_properties.claims.mornavi.kl._event import DELTA, TOO_FEW, iota
from drmg_properties.claims.steps import chance_of_lack
from drmg_properties.formulas import ball, enclose_closely, exp_of, interval, outward, sign

H = 2
CF = Fraction(11, 5)
"""C1.corrected gives C3.corrected: 2 c_f is above 2 sqrt(3) sqrt(3/2), as Phat_min <= 3/2 P_min."""
ENOUGH = 12
"""N P_min, or N Phat_min, is to be so many times iota."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """N episodes, of K, in the game of this module; its p, the radius and c_f."""

    N: int
    K: int
    p: Fraction
    radius: Fraction
    cf: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.N < self.K or not 0 < self.p < 1 or self.radius <= 0 or self.cf <= 0:
            raise InputError(f"{self}; expected 1 <= N < K, 0 < p < 1, radius > 0 and c_f > 0")


@dataclass(frozen=True, slots=True)
class SeenShock:
    """One visit, which leads to the bad state with probability ``e^-rarity``; iota as a level; and c_f."""

    rarity: Fraction
    radius: Fraction
    level: Fraction
    cf: Fraction

    def __post_init__(self) -> None:
        if min(self.rarity, self.radius, self.level, self.cf) <= 0:
            raise InputError(f"{self}; expected rarity, radius, level and c_f > 0")


@dataclass(frozen=True, slots=True)
class KLTrials:
    """n visits of which each leads to the bad state with probability ``bad``; delta = e^-level."""

    n: int
    bad: Fraction
    radius: Fraction
    level: Fraction

    def __post_init__(self) -> None:
        if not 1 <= self.n <= 10**9 or not 0 < self.bad < 1 or min(self.radius, self.level) <= 0:
            raise InputError(f"{self}; expected 1 <= n <= 10^9, 0 < bad < 1, radius > 0 and level > 0")


def chance_row(bad: Fraction, radius: Fraction) -> Row:
    """Return the row whose worst case is the least probability of the good state."""
    return Row(KullbackLeibler(), (1 - bad, bad), (Fraction(1), Fraction(0)), radius)


def worst_chance(bad: Fraction, radius: Fraction) -> Bounds:
    """Return the least probability of the good state within the KL ball, enclosed."""
    worst = enclose(chance_row(bad, radius))
    return Bounds(worst.lo, worst.hi)


def unseen(case: Unseen) -> Derivation:
    """Derive ``P(Qlow(s0) > Q^pi(s0)) <= delta``.

    The data without a bad state give the largest Qlow: the worst case under Phat, the value Vlow of the good
    state and minus the bonus are all largest there. So if they do not violate the claim, none do.
    """

    def bonus() -> arb:
        """Return (102) at ``Phat_min = 1``, with iota of S = 3 states and A = 1."""
        factor = 2 * ball(case.cf * H / case.radius)
        return factor * (iota(3, 1, H, case.K) / case.N).sqrt() + 1 / ball(case.K).sqrt()

    estimate = enclose_closely(lambda: 1 - 2 * bonus())  # (1 - beta)+ - beta, and 0 if that is negative
    true = worst_chance(case.p, case.radius)
    chance = enclose_closely(lambda: (case.N * ball(1 - case.p).log()).exp())
    certain = max(estimate.low, Fraction(0)) > true.high
    impossible = max(estimate.high, Fraction(0)) <= true.low
    return chance_at_most(
        Bounds(chance.low if certain else Fraction(0), Fraction(not impossible)),
        DELTA,
        lambda: (
            f"p = {case.p}, rho = {case.radius}, c_f = {case.cf}, N = {case.N}, K = {case.K}",
            f"no bad state among N draws: probability (1 - p)^N {interval(chance)}",
            "then Phat = (1, 0) and Phat_min = 1 at s0, and at the good state, which leads to one state only",
            "beta = (2 c_f H / rho) sqrt(iota / N) + 1/sqrt(K) = "
            f"{outward(enclose_closely(bonus).low, -1, 6)}... at both",
            f"Qlow(s0) = (1 - beta) - beta = {outward(estimate.low, -1, 6)}..., or 0 if that is negative",
            "Q^pi(s0), the least chance q of the good state with KL((q, 1-q) || P*) <= rho: "
            f"{interval(true)}",
            f"P(Qlow > Q^pi) is at least that of these data, against delta = {DELTA}",
        ),
    )


def shocked(case: SeenShock) -> Derivation:
    """Derive ``P(sigma_Phat(V) + beta < sigma_P*(V)) <= 2 e^-iota`` after one visit, in logarithms.

    Where the bad state was seen, sigma_Phat(V) = 0. As ``KL((1/2, 1/2) || P*) >= rarity / 2 - log 2``, no
    adversary gets the good state below 1/2 at radii up to that.

    Raises
    ------
    UnsupportedError
        These data do not contradict optimism, or not by this argument.
    """

    def beta() -> arb:
        return 2 * ball(case.cf) * ball(case.level).sqrt() / ball(case.radius)

    def reach() -> arb:
        return ball(case.rarity / 2) - ball(2).log()

    if sign(lambda: reach() - ball(case.radius)) < 0 or sign(lambda: ball(Fraction(1, 2)) - beta()) <= 0:
        raise UnsupportedError(f"{case}; expected radius <= rarity / 2 - log 2, and a bonus below 1/2")
    return at_most(
        -case.rarity,
        enclose_closely(lambda: ball(2).log() - ball(case.level)),
        lambda: (
            f"N = 1, P* = (good 1 - e^-{case.rarity}, bad e^-{case.rarity}), V = (1, 0), H = 1",
            f"rho = {case.radius}, iota = {case.level}, c_f = {case.cf}",
            "if the bad state is seen, sigma_Phat(V) = 0, and beta = 2 c_f sqrt(iota) / rho: "
            f"{interval(enclose_closely(beta))}, less 1/sqrt(K)",
            "sigma_P*(V) >= 1/2, as rho <= rarity / 2 - log 2 <= KL((1/2, 1/2) || P*): "
            f"{interval(enclose_closely(reach))}",
            "left: log P(the bad state is seen) = log P(optimism fails); right: log(2 e^-iota)",
        ),
    )


def pessimism(case: KLTrials, cf: Fraction = CF, enough: Fraction = Fraction(ENOUGH)) -> Derivation:
    """Derive ``P(sigma_Phat(V) - beta > sigma_P*(V)) <= 2 S e^-iota``, S = 2.

    It is stated if ``N P_min >= enough iota``.
    """
    if case.n * min(case.bad, 1 - case.bad) < enough * case.level:
        return at_most(0, 1, lambda: _trial_lines(case), silent=TOO_FEW)
    true = worst_chance(case.bad, case.radius)

    def room(count: int) -> Bounds:
        seen, beta = _seen(case, count, cf)
        return Bounds(true.low - seen.high + beta.low, true.high - seen.low + beta.high)

    return _fails_seldom(
        case, chance_of_lack(case.n, case.bad, room), cf, "sigma_Phat(V) - beta > sigma_P*(V)"
    )


def careful_optimism(case: KLTrials, cf: Fraction = CF) -> Derivation:
    """Derive ``P(sigma_Phat(V) + beta' < sigma_P*(V)) <= 2 S e^-iota``, S = 2.

    Qbar = H while ``N Phat_min < 12 iota``, and ``beta' = beta + S iota / (rho N)`` from then on.
    """
    true = worst_chance(case.bad, case.radius)
    extra = 2 * case.level / (case.radius * case.n)

    def room(count: int) -> Bounds:
        if min(k for k in (count, case.n - count) if k) < ENOUGH * case.level:
            return Bounds.of(0)
        seen, beta = _seen(case, count, cf)
        return Bounds(seen.low + beta.low + extra - true.high, seen.high + beta.high + extra - true.low)

    event = "N Phat_min >= 12 iota, sigma_Phat(V) + beta' < sigma_P*(V)"
    return _fails_seldom(case, chance_of_lack(case.n, case.bad, room), cf, event)


def _seen(case: KLTrials, count: int, cf: Fraction) -> tuple[Bounds, Bounds]:
    """Return the worst case under Phat, and the bonus less 1/sqrt(K), at so many visits to the bad state."""
    least = min(k for k in (count, case.n - count) if k)
    beta = enclose_closely(lambda: 2 * ball(cf / case.radius) * ball(case.level / least).sqrt())
    return worst_chance(Fraction(count, case.n), case.radius), beta


def _trial_lines(case: KLTrials) -> tuple[str, ...]:
    return (
        f"N = {case.n}, P* = (good {1 - case.bad}, bad {case.bad}), V = (1, 0), H = 1",
        f"rho = {case.radius}, iota = {case.level}",
    )


def _fails_seldom(case: KLTrials, chance: Bounds, cf: Fraction, event: str) -> Derivation:
    allowed = exp_of(-case.level, 4)
    return chance_at_most(
        chance,
        allowed,
        lambda: (
            *_trial_lines(case),
            f"c_f = {cf}",
            f"sigma_P*(V): {interval(worst_chance(case.bad, case.radius))}",
            f"P({event}), over all counts, against 4 e^-iota = {interval(allowed)}",
        ),
    )


def _seldom_bad(cf: Fraction) -> Unseen:
    """Return 10^8 c_f^2 episodes none of which is expected to be bad: the bonus falls like c_f / sqrt(N).

    With p = 1 / (10 N) none is bad with probability 0.9, while the worst case falls like 1 / log(1 / p).
    """
    N = int(10**8 * cf**2)
    return Unseen(N, N + 1, Fraction(1, 10 * N), Fraction(1), cf)


def _one_visit(cf: Fraction) -> Unseen:
    """Return one visit at a radius of 1000 c_f, at which the bonus is about 0.02, and the worst case 0."""
    return Unseen(1, 10**6, Fraction(1, 100), 1000 * cf, cf)


def _rare_shock(cf: Fraction) -> SeenShock:
    """Return an event of probability e^-L, seen once: at rho = L/2 - 1 the bonus falls like c_f / sqrt(L)."""
    rarity = 400 * cf**2
    return SeenShock(rarity, rarity / 2 - 1, 3 * rarity / 2, cf)


def _trials(budget: Budget, multiple: Fraction) -> Iterator[KLTrials]:
    """Yield visits in which the rarer state is expected so many times iota, or just above.

    At the largest radius, a little below ``log 1000``, the worst case of the rarest state is steep.
    """
    levels = [Fraction(x) for x in ("24", "2", "8")][: 1 + budget.size]
    radii = [Fraction(x) for x in ("25/4", "1", "1/4", "4")][: 1 + budget.size]
    for level, bad, radius in product(levels, map(Fraction, ("1/1000", "1/4", "3/4")), radii):
        yield KLTrials(int(multiple * level / min(bad, 1 - bad)) + 1, bad, radius, level)


def _pessimistic(budget: Budget) -> Iterator[KLTrials]:
    yield from _trials(budget, Fraction(12))
    yield from (case for case in _trials(budget, Fraction(9, 10)) if case.level > 12)


def _optimistic(budget: Budget) -> Iterator[KLTrials]:
    return _trials(budget, Fraction(12 + budget.size))


_STATEMENT = r"P\left( \underline{Q}^{k,\rho_i}_{i,h} \le Q^{\pi^k,\rho_i}_{i,h} \right) \ge 1 - \delta"

C3 = Claim(
    id="C3",
    place="Lemma 21, and Lemma 19 as Theorem 2 uses it, pessimism",
    title="The pessimistic estimate while a bad state was never seen",
    statement="With probability 1 - delta, Qlow <= Q^pi in all episodes, for an absolute constant c_f.",
    latex=_STATEMENT,
    formalisation=(
        "Three states, one agent, one action, H = 2, rho = 1, p = 1 / (10 N), before episode K = N + 1. The "
        "failure probability is at least (1 - p)^N once the data without a bad state violate the claim, and "
        "0 before that. A number N of episodes for every c_f. The event of Lemma 16, of which Lemmas 19 and "
        "20 speak, fails on these data, too: see claim C1."
    ),
    assumptions=("delta = 1/20", "iota as in Lemma 16"),
    severity="result false",
    expected=Verdict.REFUTED,
    corrected="C3.corrected",
    instance_type=Unseen,
    search=EveryConstant(_seldom_bad),
    derive=unseen,
)
C3_ONE_VISIT = replace(
    C3,
    id="C3.one-visit",
    place="Lemma 21, and Lemma 19 as Theorem 2 uses it, pessimism at large radii",
    title="The pessimistic estimate after one visit",
    statement="With probability 1 - delta, Qlow <= Q^pi after one visit, whatever the radius.",
    formalisation=(
        "As C3 with N = 1, p = 1/100 and K = 10^6: the bonus falls like 1 / rho, and at rho >= log 100 the "
        "true worst case is 0. A radius for every c_f."
    ),
    search=EveryConstant(_one_visit),
)
C3_CORRECTED = Claim(
    id="C3.corrected",
    place="Lemmas 19-21, pessimism, after enough visits",
    title="Pessimism where every next state was expected often",
    statement=(
        "If N P_min >= 12 iota and c_f = 11/5, then sigma_Phat(V) - beta <= sigma_P*(V), but for a "
        "probability of 2 S e^-iota."
    ),
    latex=(
        r"N P_{min} \ge 12 \iota \Rightarrow P\left( \sigma_{\hat P}(V) - \beta > \sigma_{P^*}(V) \right) "
        r"\le 2 S e^{-\iota}"
    ),
    formalisation=(
        "One step, S = 2, V = (1, 0), H = 1, the bonus less 1/sqrt(K); exact or enclosed sums of certified "
        "comparisons. Proof: C1.corrected, and Phat_min <= 3/2 P_min there."
    ),
    assumptions=("N P_min >= 12 iota",),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=KLTrials,
    search=Exhaustive(_pessimistic),
    derive=pessimism,
    neighbours=(
        Neighbour("c_f = 1/3 for 11/5", lambda case: pessimism(case, Fraction(1, 3))),
        Neighbour("N P_min >= 9/10 iota is enough", lambda case: pessimism(case, enough=Fraction(9, 10))),
    ),
)
C4 = Claim(
    id="C4",
    place="Lemma 21, and Lemma 19 as Theorem 2 uses it, optimism",
    title="The optimistic estimate at one step",
    statement=(
        "There is an absolute constant c_f with which sigma_Phat(V) + beta >= sigma_P*(V), but for a "
        "probability of 2 e^-iota, whatever the radius."
    ),
    latex=r"P\left( \sigma_{\hat P}(V) + \beta < \sigma_{P^*}(V) \right) \le 2 e^{-\iota}",
    formalisation=(
        "One step, one visit, two next states, fixed V = (1, 0), H = 1, the bonus less 1/sqrt(K). The bonus "
        "falls like 1 / rho, whereas sigma_P*(V) stays above 1/2 if the bad state is rare. Both sides in "
        "logarithms, as the probabilities of the larger c_f have more digits than a computer holds."
    ),
    assumptions=("V does not depend on the data", "N >= 1"),
    reading="intended",
    severity="assumption missing",
    expected=Verdict.REFUTED,
    corrected="C4.corrected",
    instance_type=SeenShock,
    search=EveryConstant(_rare_shock),
    derive=shocked,
)
C4_CORRECTED = Claim(
    id="C4.corrected",
    place="Lemmas 19-21, optimism, with Qbar = H at first",
    title="Optimism that can be proved",
    statement=(
        "With Qbar = H while N Phat_min < 12 iota, and beta' = beta + H S iota / (rho N) after that, "
        "sigma_Phat(V) + beta' >= sigma_P*(V), but for a probability of 2 S e^-iota."
    ),
    latex=(
        r"N \hat P_{min} \ge 12 \iota \Rightarrow \sigma_{\hat P}(V) + \beta + \frac{H S \iota}{\rho N} "
        r"\ge \sigma_{P^*}(V)"
    ),
    formalisation=(
        "One step, S = 2, V = (1, 0), H = 1, c_f = 11/5, the bonus less 1/sqrt(K); exact or enclosed sums of "
        "certified comparisons."
    ),
    assumptions=("V does not depend on the data",),
    reading="corrected",
    expected=Verdict.ON_A_LIST,
    instance_type=KLTrials,
    search=Exhaustive(_optimistic),
    derive=careful_optimism,
    neighbours=(Neighbour("c_f = 2/5 for 11/5", lambda case: careful_optimism(case, Fraction(2, 5))),),
)

CLAIMS: tuple[Claim[Any], ...] = (C3, C3_ONE_VISIT, C3_CORRECTED, C4, C4_CORRECTED)
