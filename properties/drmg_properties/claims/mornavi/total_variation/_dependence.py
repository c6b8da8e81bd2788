"""Lemmas 4 and 8: values that depend on the data that they are averaged with (B11, B12).

In both games the first step leads from s0 to one of B contexts, drawn uniformly, and the second step is
the last. What is played in context x is a function of the number N(x) of visits there, so that the victim's
value is V(x) = 1 while N(x) <= T, and 0 afterwards. After n = B T episodes V picks out just the contexts that
were drawn too rarely, and

    (P* - P^) V = sum over x of (1/B - P^(x))+ = TV(P^, P*).

**The mean** of that is ``(B / 2n) E|X - T|`` for X binomial (n, 1/B), and ``E|X - T| = 2 (T + 1) P(X = T + 1)
(1 - 1/B)`` (de Moivre). **Around it** one draw moves the distance by at most 1/n, so it falls short by t with
probability at most ``exp(-2 n t^2)`` (McDiarmid, 1989). **Below B about iota** no such game exists: V is one
of 2^B functions, each of which breaks the bound with probability at most ``2 e^-iota`` (Maurer and
Pontil, 2009).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any, NamedTuple

from flint import arb

from drmg_check.vocabulary import InputError, Slack, UnsupportedError, Verdict
from drmg_properties.claim import (
    Budget,
    Check,
    Claim,
    Derivation,
    Exhaustive,
    Generated,
    Neighbour,
    at_most,
    twins,
)
from drmg_properties.claims.mornavi.total_variation._learned import (
    LEARNED,
    Empirical,
    empiricals,
    extreme_values,
)
from drmg_properties.claims.steps import C1, C2, mean, variance
from drmg_properties.formulas import ball, enclose_closely, enclose_formula, outward

H = 2
DELTA = Fraction(1, 20)
WIDTH = Fraction(1, 2**40)


@dataclass(frozen=True, slots=True)
class Contexts:
    """B contexts, a scale M of visits, K episodes, and the constants of event and bonus.

    In the game of Lemma 4, M is not used: the bonus decides when play changes.
    """

    B: int
    M: int
    K: int
    c1: Fraction
    c2: Fraction

    def __post_init__(self) -> None:
        if self.B < 1 or self.M < 1 or self.K < 10**4 or self.c1 <= 0 or self.c2 < 1:
            raise InputError(f"{self}; expected B, M >= 1, K >= 10^4, c1 > 0 and c2 >= 1")


class _Scene(NamedTuple):
    """After n = B T episodes: what bounds the deviation, and the chance of play other than described."""

    T: int
    bound: Callable[[], arb]
    astray: Callable[[], arb]
    iota: Callable[[], arb]


def _iota(case: Contexts, joint_actions: int, power: int) -> arb:
    """Return ``log(S^power A H^2 K^(3/2) / delta)``; S counts s0 and the failure state as well."""
    size = (case.B + 2) ** power * joint_actions * H * H / DELTA
    return (ball(size) * ball(case.K) * ball(case.K).sqrt()).log()


def _rarity(case: Contexts, joint_actions: int) -> arb:
    """Return ``C = c2 H^2 S iota`` of the bonus (19), whose iota has S^2."""
    return ball(case.c2 * H * H * (case.B + 2)) * _iota(case, joint_actions, 2)


def _floor_of(formula: Callable[[], arb]) -> tuple[int, Slack]:
    """Return the integer part of a number, and an enclosure of it."""
    found = enclose_formula(formula, WIDTH)
    if int(found.low) != int(found.high):
        raise UnsupportedError("a count cannot be told from an integer; expected other constants")
    return int(found.low), found


def _spread(case: Contexts, iota: Callable[[], arb], n: int) -> arb:
    """Bound ``sqrt(c1 iota Var / n)`` by ``Var <= 1/4``."""
    return (ball(case.c1 / (4 * n)) * iota()).sqrt()


def _lemma_4_scene(case: Contexts) -> _Scene:
    """Agent 2 plays the paying action 0 while its estimate is clipped at H: ``1 + C/N + 1/sqrt(K) >= 2``."""
    T, _ = _floor_of(lambda: _rarity(case, 2) / (1 - 1 / ball(case.K).sqrt()))
    n = case.B * T

    def iota() -> arb:
        return _iota(case, 2, 3)

    return _Scene(
        T,
        lambda: _spread(case, iota, n) + ball(case.c2 * H) * iota() / n,
        lambda: case.B * (-ball(Fraction(T, 55))).exp(),
        iota,
    )


def _lemma_8_scene(case: Contexts) -> _Scene:
    """Agents 2 and 3 meet at B until it was played M times, then at A M + 1 times, then at B for ever."""
    C, enclosed = _floor_of(lambda: _rarity(case, 4))
    if 4 * C * enclosed.high > 3 * case.M * (enclosed.low - C):
        raise UnsupportedError(f"M={case.M}; expected more visits: apart they may still be an equilibrium")
    T = 2 * case.M + 2 * (C + 1)
    n = case.B * T

    def iota() -> arb:
        return _iota(case, 4, 2)

    def bound() -> arb:
        floor = 1 / ball(case.K).sqrt()
        width = ball(Fraction(4, 3 * case.M)) * _rarity(case, 4) + floor
        return ball(Fraction(1, case.K)) + 3 * width + _spread(case, iota, n) + _rarity(case, 4) / n + floor

    return _Scene(T, bound, lambda: 2 * case.B * (-ball(Fraction(T, 243))).exp(), iota)


def _mean_distance(B: int, T: int) -> arb:
    """Return ``E TV(P^, P*)`` after B T uniform draws from B contexts."""
    n = B * T
    if B == 1:
        return ball(0)
    log_chance = (
        ball(n + 1).lgamma()
        - ball(T + 2).lgamma()
        - ball(n - T).lgamma()
        - (T + 1) * ball(B).log()
        + (n - T) * ball(Fraction(B - 1, B)).log()
    )
    return ball(Fraction(T + 1, T)) * log_chance.exp()


def _failure(case: Contexts, scene: _Scene) -> Slack:
    """Enclose the probability that the distance exceeds the bound."""
    n = case.B * scene.T
    if n >= case.K:
        raise UnsupportedError(f"K={case.K}; expected more than the {n} episodes of the construction")

    def at_least() -> arb:
        short = _mean_distance(case.B, scene.T) - scene.bound()
        if not short > 0:
            return ball(0)
        return 1 - (-2 * n * short * short).exp() - scene.astray()

    def at_most() -> arb:
        return ball(2 ** (case.B + 1)) * (-scene.iota()).exp()

    low, high = (enclose_formula(formula, WIDTH) for formula in (at_least, at_most))
    return Slack(max(low.low, Fraction(0)), min(max(high.high, Fraction(0)), Fraction(1)))


def _check(
    scene_of: Callable[[Contexts], _Scene], lines: Callable[[Contexts], tuple[str, ...]]
) -> Check[Contexts]:
    def slack(case: Contexts) -> Slack:
        found = _failure(case, scene_of(case))
        return Slack(DELTA - found.high, DELTA - found.low)

    def explain(case: Contexts) -> tuple[str, ...]:
        scene, found = scene_of(case), _failure(case, scene_of(case))
        n = case.B * scene.T
        mean = enclose_formula(lambda: _mean_distance(case.B, scene.T), WIDTH)
        bound = enclose_formula(scene.bound, WIDTH)
        iota = enclose_formula(scene.iota, WIDTH)
        return (
            f"s0 leads to one of B = {case.B} contexts, uniformly; S = B + 2 with s0 and a failure state",
            f"H = 2, K = {case.K:.1e}, delta = {DELTA}, c1 = {case.c1}, c2 = {case.c2}, "
            f"iota = {outward(iota.low, -1, 3)}...",
            *lines(case),
            f"so V(x) = 1 iff N(x) <= T = {scene.T}; take the episode after n = B T = {n:.3e}",
            "there (P* - P^) V = sum of (1/B - N(x)/n)+ = TV(P^, P*), which is not small for all x at once:",
            f"E TV = {outward(mean.low, -1)}... (de Moivre), about sqrt(B / (2 pi n))",
            f"allowed: {outward(bound.high, 1)}, with Var <= 1/4",
            f"P(TV > allowed) >= {outward(found.low, -1)} (McDiarmid: 1 - exp(-2 n t^2), t = E TV - allowed)",
            f"P(TV > allowed) <= {outward(found.high, 1)} (2^B functions V, each 2 e^-iota)",
        )

    return Check(slack, explain)


def _lemma_4_lines(_: Contexts) -> tuple[str, ...]:
    return (
        "agent 1 has one action and is paid r1(x, a) = 1[a = 0]; agent 2 is paid r2(x, a) = 1[a = 0]",
        "step 2: Qbar_2(x, 0) is clipped at H = 2 while 1 + c2 H^2 S iota / N + 1/sqrt(K) >= 2; ties go to 0",
        "then action 1, never tried and still clipped, is the best: agent 1's value V(x) falls from 1 to 0",
    )


def _lemma_8_lines(case: Contexts) -> tuple[str, ...]:
    return (
        "agents 2 and 3 have two actions and are paid 1 when they meet, at A = (0, 0) or B = (1, 1);",
        "agent 1, the victim, has one action and is paid 1 at A only; radius 1/K; c3 = 1, bonus with / N",
        "selection: (0, 1) if it is an equilibrium, else (1, 0) if it is, else B while its bonus exceeds",
        f"that of M = {case.M:.0e} visits, then A while its bonus is at least that, then B",
        "once apart was tried c2 H^2 S iota times, A and B are both equilibria of every Qbar(x, .)",
    )


_LEMMA_4 = _check(_lemma_4_scene, _lemma_4_lines)
_LEMMA_8 = _check(_lemma_8_scene, _lemma_8_lines)


def _decided(check: Check[Contexts], case: Contexts) -> bool:
    try:
        found = check.slack(case)
    except UnsupportedError:
        return False
    return found.holds or found.violated


def _sizes(check: Check[Contexts], most: int, Ms: Callable[[int], tuple[int, ...]]) -> Iterator[Contexts]:
    """Yield few contexts, where the union bound decides, then more until McDiarmid's inequality does.

    Between the two neither bound does. K is the first power of 10 at which one decides.
    """
    for B in (1, 5, 20, *range(most, 10 * most)):
        cases = (
            Contexts(B, M, 10**k, Fraction(2), Fraction(3)) for k in range(4, 26) for M in Ms(10**k // B)
        )
        yield from islice((case for case in cases if _decided(check, case)), 1)


def _lemma_4_sizes(budget: Budget) -> Iterator[Contexts]:
    return _sizes(_LEMMA_4, 150, lambda _: (1,))


def _lemma_8_sizes(budget: Budget) -> Iterator[Contexts]:
    return _sizes(_LEMMA_8, 300, lambda most: (10 ** (len(str(most)) - 3),) if most >= 1000 else ())


def _for_all_functions(
    case: Empirical, share: Fraction = Fraction(1), c2: Fraction = Fraction(C2)
) -> Derivation:
    """State ``|(P^ - P) f| <= sqrt(share c1 S t Var_P^(f)) + c2 S H t``."""
    S = len(case.X)
    there, here = mean(case.empirical, case.X), mean(case.nominal, case.X)
    spread = variance(case.empirical, case.X)
    return at_most(
        abs(there - here),
        enclose_closely(
            lambda: ball(share * C1 * S * case.t * spread).sqrt() + ball(c2 * S * case.H * case.t)
        ),
        lambda: (
            *case.lines(),
            f"E_Phat f = {there}, E_P f = {here}, Var_Phat(f) = {spread}; f is called X",
            f"right = sqrt({share} c1 S t Var_Phat(f)) + {c2} S H t",
        ),
    )


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="B11",
        place="Lemma 4, eq. (20), as stated",
        title="Bernstein's inequality for a value that depends on the data",
        statement=(
            "The first bound of E_TV, for V the best-response value against what is played in episode k, "
            "holds for all episodes with probability at least 1 - delta."
        ),
        latex=(
            r"P\left( \exists k: |(\hat P^k - P^*) V^{\dagger,\pi^k_{-i}}_{i,h+1}| > \sqrt{\frac{c_1 \iota "
            r"Var_{\hat P^k}}{N^k}} + \frac{c_2 H \iota}{N^k} \right) \le \delta"
        ),
        formalisation=(
            "One row, one episode of Algorithm 1 with the / N bonus on a constructed game, where the "
            "deviation is TV(Phat, P*). A lower bound on the failure probability by de Moivre's formula and "
            "McDiarmid's inequality in ball arithmetic, an upper one by a union over V. The constants are "
            "part of the instance: larger ones need more contexts. slack = delta - P(failure)."
        ),
        assumptions=("ties between clipped estimates go to the first action", "delta = 1/20"),
        reading="literal",
        severity="result false",
        expected=Verdict.REFUTED,
        corrected="B11.corrected",
        instance_type=Contexts,
        search=Exhaustive(_lemma_4_sizes),
        derive=twins(_LEMMA_4.slack, _LEMMA_4.explain),
    ),
    Claim(
        id="B11.corrected",
        place="Lemma 4, eq. (20)",
        title="A bound for all functions at once",
        statement=(
            "On the second part of E_TV, |(Phat - P) f| <= sqrt(c1 S iota Var_Phat(f) / N) + c2 S H iota / N "
            "for every f in [0, H], whatever it depends on."
        ),
        latex=(
            r"|(\hat P - P^*) f| \le \sqrt{\frac{c_1 S \iota Var_{\hat P}(f)}{N}} + \frac{c_2 S H \iota}{N}"
            r" \quad \forall f \in [0, H]^S"
        ),
        formalisation=(
            LEARNED + "c1 = 2, c2 = 3. Proof: Cauchy and Schwarz on sum |Phat - P| |f - E_Phat f|."
        ),
        assumptions=("the second part of event E_TV", "0 <= f <= H"),
        reading="corrected",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Empirical,
        search=Generated(empiricals, extreme_values),
        derive=_for_all_functions,
        neighbours=(
            Neighbour("9/10 of c1 S", lambda case: _for_all_functions(case, Fraction(9, 10))),
            Neighbour("19/10 for c2 = 3", lambda case: _for_all_functions(case, c2=Fraction(19, 10))),
        ),
    ),
    Claim(
        id="B12",
        place="Lemma 8, with the bonus of Lemmas 6, 7, 11 and (27)",
        title="Optimism with the / N bonus, for any selection of equilibria",
        statement=(
            "With the bonus sqrt(c1 iota Var / N) + 2 E[D] / H + c2 H^2 S iota / N + 1 / sqrt(K), with "
            "probability 1 - delta, no estimate Qbar is below the best-response value, whichever NASH is "
            "selected."
        ),
        latex=(
            r"P\left( \forall (i, h, s, a, k): Q^{\dagger,\pi^k_{-i},\rho_i}_{i,h}(s, a) \le "
            r"\overline{Q}^{k,\rho_i}_{i,h}(s, a) \right) \ge 1 - \delta"
        ),
        formalisation=(
            "One row, one episode of Algorithm 1 on a constructed game of three agents, clip H as in (5), "
            "radius 1/K. Optimism of agent 1 at s0 fails iff TV(Phat, P*) exceeds its bonuses; bounded as in "
            "B11. slack = delta - P(failure)."
        ),
        assumptions=(
            "relies on an adversarial NE selection: a fixed rule that picks a pure equilibrium of Qbar",
            "delta = 1/20",
            "c3 = 1",
        ),
        reading="intended",
        severity="result false",
        expected=Verdict.REFUTED,
        corrected="B12.corrected",
        instance_type=Contexts,
        search=Exhaustive(_lemma_8_sizes),
        derive=twins(_LEMMA_8.slack, _LEMMA_8.explain),
    ),
)
