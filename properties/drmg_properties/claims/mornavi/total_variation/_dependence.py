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
Pontil, 2009). The constants only say how many contexts it takes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

from flint import arb

from drmg_check.vocabulary import Bounds, InputError, Slack, UnsupportedError, Verdict
from drmg_properties.claim import Claim, Derivation, EveryConstant, Generated, Neighbour, at_least, at_most
from drmg_properties.claims.mornavi.total_variation._learned import (
    LEARNED,
    Empirical,
    empiricals,
    extreme_values,
)
from drmg_properties.claims.steps import C1, C2, mean, variance
from drmg_properties.formulas import ball, enclose_closely, enclose_formula, interval, outward

H = 2
DELTA = Fraction(1, 20)
MANY = 10**4
"""Contexts for each unit of c1: some hundred iota c1, so that the distance is far above what is allowed."""
RAREST = 2000
"""Chances below ``e^-2000`` are bounded by that."""
LARGEST_IOTA = 300
"""Above iota at every constant that is tried; it sizes M and K."""


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
    lines: tuple[str, ...]


def _iota(case: Contexts, joint_actions: int, power: int) -> arb:
    """Return ``log(S^power A H^2 K^(3/2) / delta)``; S counts s0 and the failure state as well."""
    size = (case.B + 2) ** power * joint_actions * H * H / DELTA
    return (ball(size) * ball(case.K) * ball(case.K).sqrt()).log()


def _rarity(case: Contexts, joint_actions: int) -> arb:
    """Return ``C = c2 H^2 S iota`` of the bonus (19), whose iota has S^2."""
    return ball(case.c2 * H * H * (case.B + 2)) * _iota(case, joint_actions, 2)


def _floor_of(formula: Callable[[], arb]) -> tuple[int, Slack]:
    """Return the integer part of a number, and an enclosure of it."""
    number = enclose_formula(formula, Fraction(1, 2**40))
    if int(number.low) != int(number.high):
        raise UnsupportedError("a count cannot be told from an integer; expected other constants")
    return int(number.low), number


def _spread(case: Contexts, iota: Callable[[], arb], n: int) -> arb:
    """Bound ``sqrt(c1 iota Var / n)`` by ``Var <= 1/4``."""
    return (ball(case.c1 / (4 * n)) * iota()).sqrt()


def _at_most_exp(x: arb) -> arb:
    """Bound ``e^-x`` by a number whose digits a computer can hold."""
    return (-x.min(ball(RAREST))).exp()


def _lemma_4_scene(case: Contexts, rate: int) -> _Scene:
    """Agent 2 plays the paying action 0 while its estimate is clipped at H: ``1 + C/N^(1/rate) + ... >= 2``.

    The other action stays clipped while ``C / N^(1/rate) >= 2``, so until ``N(x) = 6/5 T`` for both rates.
    """
    T, _ = _floor_of(lambda: (_rarity(case, 2) / (1 - 1 / ball(case.K).sqrt())) ** rate)
    n = case.B * T
    root = "sqrt(N)" if rate == 2 else "N"

    def iota() -> arb:
        return _iota(case, 2, 3)

    return _Scene(
        T,
        lambda: _spread(case, iota, n) + ball(case.c2 * H) * iota() / n,
        lambda: case.B * _at_most_exp(ball(Fraction(T, 55))),
        iota,
        (
            "agent 1 has one action and is paid r1(x, a) = 1[a = 0]; agent 2 is paid r2(x, a) = 1[a = 0]",
            f"step 2: Qbar_2(x, 0) is clipped at H = 2 while 1 + c2 H^2 S iota / {root} + 1/sqrt(K) >= 2;",
            "ties go to 0. Then action 1, never tried and still clipped, is the best: V(x) of agent 1 falls",
            "from 1 to 0. It stays there while N(x) <= 6 T / 5, which fails for some x with probability",
            "at most B e^(-T/55) (Chernoff)",
        ),
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

    return _Scene(
        T,
        bound,
        lambda: 2 * case.B * _at_most_exp(ball(Fraction(T, 243))),
        iota,
        (
            "agents 2 and 3 have two actions and are paid 1 when they meet, at A = (0, 0) or B = (1, 1);",
            "agent 1, the victim, has one action and is paid 1 at A only; radius 1/K; c3 = 1, bonus with / N",
            "the selection plays (0, 1) if that is an equilibrium of Qbar(x, .), else (1, 0) if that is,",
            f"else B while its bonus exceeds that of M = {case.M:.0e} visits, then A as long, then only B;",
            "once (0, 1) and (1, 0) were tried c2 H^2 S iota times, only A and B are equilibria; that some x",
            "was visited too rarely or too often for this has probability at most 2 B e^(-T/243) (Chernoff)",
        ),
    )


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


def _chance(case: Contexts, scene: _Scene) -> Bounds:
    """Enclose the probability that the distance stays within the bound."""
    n = case.B * scene.T
    if n >= case.K:
        raise UnsupportedError(f"K={case.K}; expected more than the {n} episodes of the construction")

    def at_most_one() -> arb:
        short = _mean_distance(case.B, scene.T) - scene.bound()
        if short <= 0:
            return ball(1)
        return _at_most_exp(2 * n * short * short) + scene.astray() if short > 0 else arb("nan")

    def at_least_none() -> arb:
        log_failure = (case.B + 1) * ball(2).log() - scene.iota()
        return 1 - log_failure.exp() if log_failure < 0 else ball(0)

    low, high = enclose_closely(at_least_none), enclose_closely(at_most_one)
    return Bounds(max(low.low, Fraction(0)), min(high.high, Fraction(1)))


def _event(scene_of: Callable[[Contexts], _Scene]) -> Callable[[Contexts], Derivation]:
    """State that the distance stays within the bound with probability at least ``1 - delta``."""

    def derive(case: Contexts) -> Derivation:
        scene = scene_of(case)
        chance = _chance(case, scene)
        n = case.B * scene.T

        def lines() -> tuple[str, ...]:
            expected = enclose_closely(lambda: _mean_distance(case.B, scene.T))
            bound, iota = enclose_closely(scene.bound), enclose_closely(scene.iota)
            astray = enclose_closely(scene.astray)
            return (
                f"s0 leads to one of B = {case.B} contexts, uniformly; S = B + 2 with s0 and a failure state",
                f"H = 2, K = {case.K:.1e}, delta = {DELTA}, c1 = {case.c1}, c2 = {case.c2}, "
                f"iota = {outward(iota.low, -1, 3)}...",
                *scene.lines,
                f"so V(x) = 1 iff N(x) <= T = {scene.T}; take the episode after n = B T = {n:.3e}",
                "there (P* - P^) V = sum of (1/B - N(x)/n)+ = TV(P^, P*), not small for all x at once:",
                f"E TV = {outward(expected.low, -1)}... (de Moivre), about sqrt(B / (2 pi n))",
                f"allowed: {outward(bound.high, 1)}, with Var <= 1/4",
                "P(TV <= allowed) <= exp(-2 n t^2) (McDiarmid, t = E TV - allowed) + the chance of other "
                f"play, {outward(astray.high, 1)}",
                "P(TV <= allowed) >= 1 - 2^(B + 1) e^-iota (2^B functions V), or 0",
                f"left = P(TV <= allowed) {interval(chance)}, right = 1 - delta",
            )

        return at_least(chance, 1 - DELTA, lines)

    return derive


def _many_contexts(rate: int) -> Callable[[Fraction], Contexts]:
    """Return the witness of Lemma 4 for ``c1 = 2 c`` and ``c2 = 3 c``: enough contexts and episodes."""

    def witness(c: Fraction) -> Contexts:
        c1, c2 = C1 * c, C2 * c
        B = int(MANY * c1)
        most = int(c2 * H * H * 2 * B * LARGEST_IOTA)
        return Contexts(B, 1, 10 * B * most**rate, c1, c2)

    return witness


def _many_visits(c: Fraction) -> Contexts:
    """Return the witness of Lemma 8: as well, M so large that the widths are small against the distance."""
    few = _many_contexts(1)(c)
    M = 10**6 * int(few.c2 * H * H * 2 * few.B * LARGEST_IOTA) ** 2
    return replace(few, M=M, K=10 * few.B * M)


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


B11 = Claim(
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
        "One row, one episode of Algorithm 1 with the bonus (19) as printed on a constructed game, where the "
        "deviation is TV(Phat, P*). Its probability is bounded from above by de Moivre's formula and "
        "McDiarmid's inequality, from below by a union over V. For each c the witness has c1 = 2 c, c2 = 3 c "
        "and B = 10^4 c1 contexts."
    ),
    assumptions=("ties between clipped estimates go to the first action", "delta = 1/20"),
    severity="result false",
    expected=Verdict.REFUTED,
    corrected="B11.corrected",
    instance_type=Contexts,
    search=EveryConstant(_many_contexts(2)),
    derive=_event(lambda case: _lemma_4_scene(case, 2)),
    address=lambda case: f"zoo:contexts?contexts={case.B}",
)
B11_PER_N = replace(
    B11,
    id="B11.per-N",
    place="Lemma 4, eq. (20), with the bonus of Lemmas 6, 7, 11 and (27)",
    title="Bernstein's inequality for a value that depends on the data, bonus with / N",
    formalisation="As B11, with c2 H^2 S iota / N in the bonus: play changes after fewer visits.",
    reading="intended",
    search=EveryConstant(_many_contexts(1)),
    derive=_event(lambda case: _lemma_4_scene(case, 1)),
)
B11_CORRECTED = Claim(
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
    formalisation=(LEARNED + "c1 = 2, c2 = 3. Proof: Cauchy and Schwarz on sum |Phat - P| |f - E_Phat f|."),
    assumptions=("the second part of event E_TV", "0 <= f <= H"),
    reading="corrected",
    instance_type=Empirical,
    search=Generated(empiricals, extreme_values),
    derive=_for_all_functions,
    neighbours=(
        Neighbour("9/10 of c1 S", lambda case: _for_all_functions(case, Fraction(9, 10))),
        Neighbour("19/10 for c2 = 3", lambda case: _for_all_functions(case, c2=Fraction(19, 10))),
    ),
)
B12 = replace(
    B11,
    id="B12",
    address=None,
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
        "One row, one episode of Algorithm 1 on a constructed game of three agents, clip H as in (5), radius "
        "1/K. Optimism of agent 1 at s0 fails iff TV(Phat, P*) exceeds its bonuses; bounded as in B11, with "
        "the same witnesses and M about 10^6 (c2 H^2 S iota)^2 visits."
    ),
    assumptions=(
        "relies on an adversarial NE selection: a fixed rule that picks a pure equilibrium of Qbar",
        "delta = 1/20",
        "c3 = 1",
    ),
    reading="intended",
    corrected="B12.corrected",
    search=EveryConstant(_many_visits),
    derive=_event(_lemma_8_scene),
)
CLAIMS: tuple[Claim[Any], ...] = (B11, B11_PER_N, B11_CORRECTED, B12)
