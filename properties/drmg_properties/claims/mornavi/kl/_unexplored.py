"""Lemmas 19-21 and Section 6: KL-MORNAVI at large radii never tries what it has not tried (C4, C20).

One agent, H = 2, three states. At s0 action 0 pays 1/2 and leads to ``bad``, action 1 pays 0 and leads to
``good``; good pays 1, bad pays 0; all for certain, so that P_min = 1 and no radius changes a value. Where a
pair is unvisited Phat is uniform, and for rho >= log 3 its worst case is the least next estimate:

    Qbar_1(s0, 1) = sigma + beta <= Vbar_2(bad) + beta <= 2 beta,
    beta = 2 c_f H sqrt(S iota) / rho + 1 / sqrt(K).

While that is below 1/2 <= Qbar_1(s0, 0), the learner plays action 0, so that the pair stays unvisited.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from drmg_check.vocabulary import InputError, Slack, UnsupportedError, Verdict
from drmg_properties.claim import Budget, Claim, Exhaustive, twins
from drmg_properties.claims.mornavi.kl._event import iota
from drmg_properties.formulas import ball, enclose_formula, interval, sign

S, A, H = 3, 2, 2
MAX_DIGITS = 60
WIDTH = Fraction(1, 2**40)


@dataclass(frozen=True, slots=True)
class Unexplored:
    """``K = 10^digits`` episodes, the radius, and the constant c_f of the bonus."""

    digits: int
    radius: Fraction
    c_f: Fraction

    def __post_init__(self) -> None:
        if not 2 <= self.digits <= MAX_DIGITS or self.radius < Fraction(11, 10) or self.c_f <= 0:
            raise InputError(
                f"digits={self.digits}, radius={self.radius}, c_f={self.c_f}; expected 2 <= digits <= "
                f"{MAX_DIGITS}, radius >= 11/10 > log 3 and c_f > 0"
            )

    @property
    def K(self) -> int:
        """The number of episodes."""
        return int(10**self.digits)


@dataclass(frozen=True, slots=True)
class Charged:
    """A run, and a constant c that the O may hide."""

    run: Unexplored
    c: Fraction


def bonus(case: Unexplored) -> arb:
    """Return (102) at an unvisited pair, ``2 c_f H sqrt(S iota) / rho + 1 / sqrt(K)``."""
    scale = ball(2 * case.c_f * H / case.radius)
    return scale * (S * iota(S, A, H, case.K)).sqrt() + 1 / ball(case.K).sqrt()


def is_stuck(case: Unexplored) -> bool:
    """Whether ``2 beta < 1/2`` for certain, so that action 1 is never tried."""
    return sign(lambda: ball(Fraction(1, 2)) - 2 * bonus(case)) > 0


def _root(digits: int) -> Slack:
    """Return ``sqrt(S iota)`` at ``K = 10^digits``, enclosed."""
    return enclose_formula(lambda: (S * iota(S, A, H, 10**digits)).sqrt(), WIDTH)


def _stuck_radius(digits: int) -> Fraction:
    """Return an integer radius of at least ``32 sqrt(S iota)``, at which the learner is stuck for c_f = 1."""
    return Fraction(int(32 * _root(digits).high) + 1)


def _lines(case: Unexplored) -> tuple[str, ...]:
    return (
        f"K = 10^{case.digits}, rho = {case.radius}, c_f = {case.c_f}, delta = 1/20",
        f"beta at an unvisited pair: {interval(enclose_formula(lambda: bonus(case), WIDTH))}",
    )


def _first_episodes(budget: Budget) -> Iterator[Unexplored]:
    c_f = Fraction(10 ** (budget.size - 1))
    return (Unexplored(4, Fraction(10**k), c_f) for k in range(1, 4 + budget.size))


def _optimism_slack(case: Unexplored) -> Slack:
    return enclose_formula(lambda: 2 * bonus(case) - 1, WIDTH)


def _optimism_explain(case: Unexplored) -> tuple[str, ...]:
    return (
        *_lines(case),
        "no pair was visited: Vbar_2 = beta at bad, more elsewhere; the uniform Phat may become the point "
        "mass at bad, as KL = log 3 <= rho",
        "so Qbar_1(s0, 1) = 0 + beta + beta, before the clip at H; Q^dagger_1(s0, 1) = 0 + 1",
        f"slack = 2 beta - 1: {interval(_optimism_slack(case))}",
    )


def _runs(budget: Budget) -> Iterator[Charged]:
    for digits in range(4, MAX_DIGITS, 2):
        run = Unexplored(digits, _stuck_radius(digits), Fraction(1))
        yield Charged(run, Fraction(10**budget.size))


def _bound(case: Charged) -> arb:
    """Return ``c sqrt(H^4 e^(2 H^2) S A K iota^6 / rho^2)``: (126) at P_min = 1, with iota' = iota^2."""
    K, size = case.run.K, Fraction(H**4 * S * A) / case.run.radius**2
    return ball(case.c) * (ball(size * K) * ball(2 * H * H).exp()).sqrt() * iota(S, A, H, K) ** 3


def _regret_slack(case: Charged) -> Slack:
    if not is_stuck(case.run):
        raise UnsupportedError(f"rho={case.run.radius}; expected it so large that 2 beta < 1/2")
    share = enclose_formula(lambda: _bound(case) / case.run.K, WIDTH)
    half = Fraction(1, 2)
    return Slack(share.low - half, share.high - half)


def _regret_explain(case: Charged) -> tuple[str, ...]:
    return (
        *_lines(case.run),
        "2 beta < 1/2: the learner plays action 0 in every episode and never learns where action 1 leads",
        "each episode costs 1 - 1/2; the regret is K / 2, with probability 1",
        f"bound / K with c = {case.c}: {interval(enclose_formula(lambda: _bound(case) / case.run.K, WIDTH))}",
        f"slack = bound / K - 1/2: {interval(_regret_slack(case))}",
    )


def _moderate(budget: Budget) -> Iterator[Unexplored]:
    for digits in range(2, 4 + 4 * budget.size):
        for c_f in (Fraction(1, 2), Fraction(1), Fraction(11, 5)):
            top = 2 * c_f * _root(digits).low
            yield from (Unexplored(digits, top * share, c_f) for share in (Fraction(1, 2), Fraction(1)))


def _covered_slack(case: Unexplored) -> Slack:
    return enclose_formula(lambda: bonus(case) - H, WIDTH)


def _covered_explain(case: Unexplored) -> tuple[str, ...]:
    return (*_lines(case), f"slack = beta - H: {interval(_covered_slack(case))}")


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="C4.unvisited",
        place="Lemmas 19-21, optimism",
        title="The optimistic estimate before the first visit",
        statement="Q^dagger <= Qbar in the first episode, whatever the radius.",
        latex=r"Q^{\dagger,\pi^1_{-i},\rho_i}_{i,h}(s,a) \le \bar Q^{1,\rho_i}_{i,h}(s,a)",
        formalisation=(
            "A finding beyond the table of claims. Phat is uniform where nothing was visited, and the bonus "
            "falls like 1 / rho: at large radii the estimate is near 0. Three states, P_min = 1, certain. "
            "c_f is part of the instance; every c_f fails. slack = Qbar - Q^dagger, enclosed."
        ),
        assumptions=("N = 0", "delta = 1/20", "iota as in Lemma 16"),
        reading="literal",
        severity="assumption missing",
        expected=Verdict.REFUTED,
        corrected="C20.corrected",
        instance_type=Unexplored,
        search=Exhaustive(_first_episodes),
        derive=twins(_optimism_slack, _optimism_explain),
    ),
    Claim(
        id="C20",
        place="Section 6, on Ma et al. (2023)",
        title="No assumption on the radius",
        statement="The regret bound of Theorem 2 needs no assumption on rho.",
        latex=(
            r"Regret(K) \le c \sqrt{\frac{H^4 e^{2 H^2} K S \prod_i A_i \, \iota'^3}"
            r"{\rho_{min}^2 P_{min}^\star}} \quad \text{for all } \rho"
        ),
        formalisation=(
            "A finding beyond the table of claims. (126) with iota' = iota^2 and one constant c for all rho. "
            "At radii of the order of c_f sqrt(S iota) the learner never tries the better action, so its "
            "regret is K / 2 for certain. c is part of the instance: every c fails, at a larger K. For one "
            "fixed rho the theorem survives, from a K of the order of e^(rho^2) on. slack = bound / K - 1/2, "
            "enclosed."
        ),
        assumptions=("constants do not depend on rho", "delta = 1/20"),
        reading="literal",
        severity="assumption missing",
        expected=Verdict.REFUTED,
        corrected="C20.corrected",
        instance_type=Charged,
        search=Exhaustive(_runs),
        derive=twins(_regret_slack, _regret_explain),
    ),
    Claim(
        id="C20.corrected",
        place="Section 6, on Ma et al. (2023)",
        title="Radii for which unvisited pairs are optimistic",
        statement="If rho <= 2 c_f sqrt(S iota), the bonus of an unvisited pair is at least H, so Qbar is H.",
        latex=r"\rho_i \le 2 c_f \sqrt{S \iota} \quad \Rightarrow \quad \beta^k_{i,h}(s,a) \ge H",
        formalisation=(
            "Radii up to the threshold. Setting Qbar = H where N = 0 does it for every radius. slack = beta "
            "- H, enclosed."
        ),
        assumptions=("N = 0", "KL"),
        reading="corrected",
        severity="none",
        expected=Verdict.ON_A_LIST,
        corrected=None,
        instance_type=Unexplored,
        search=Exhaustive(_moderate),
        derive=twins(_covered_slack, _covered_explain),
    ),
)
