"""Probabilities of the sandwich that can only be sampled: whole runs, and many draws (B12, B13).

A confidence sequence contains the probability at all times at once but for its error level, so that the
number of repetitions need not be fixed beforehand: Robbins (1970), by Ville's inequality.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from drmg_check.vocabulary import InputError, Verdict
from drmg_check.zoo import random_fractions
from drmg_oracles import anytime_interval
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Neighbour, at_most, chance_at_most
from drmg_properties.claims.mornavi.sandwich._draws import (
    HALF,
    SMALL,
    Draws,
    closest_at,
    draws_lines,
    on_second_part,
    scene,
    small_bonus,
)
from drmg_properties.claims.mornavi.sandwich._runs import Run
from drmg_properties.claims.steps import BONUS_CONSTANTS, bonus_constants
from drmg_properties.formulas import exp_of, interval
from drmg_properties.instances import describe_game

ALPHA = Fraction(1, 1000)
"""The error level of the confidence sequence."""
DELTA = Fraction(1, 5)
CLIPPED = "the estimates at the start are still clipped in the last episode of every run"


@dataclass(frozen=True, slots=True, eq=False)
class Repeated:
    """Independent repetitions of a run, with its seed and the next ones."""

    run: Run
    repetitions: int

    def __post_init__(self) -> None:
        if not 1 <= self.repetitions <= 10**4:
            raise InputError(f"repetitions={self.repetitions}; expected 1 <= repetitions <= 10^4")


@dataclass(frozen=True, slots=True)
class Sampled:
    """Independent repetitions of n draws, decided by a seed."""

    draws: Draws
    repetitions: int
    seed: int

    def __post_init__(self) -> None:
        if not 1 <= self.repetitions <= 10**5 or self.seed < 0:
            raise InputError(
                f"repetitions={self.repetitions}, seed={self.seed}; expected 1 <= repetitions <= 10^5 and "
                "seed >= 0"
            )


def never_wrong(case: Repeated, divisor: int = 1) -> Derivation:
    """Derive that a run has an estimate on the wrong side with probability at most ``DELTA``, sampled."""
    run, (wrong, width) = case.run, _violating(case, divisor)
    chance = anytime_interval(wrong, case.repetitions, ALPHA)

    def lines() -> tuple[str, ...]:
        return (
            *describe_game(run.game),
            f"K = {run.episodes}, seeds from {run.seed}, iota = {run.iota}",
            f"{BONUS_CONSTANTS}, over {divisor}",
            f"in {wrong} of {case.repetitions} runs an estimate was on the wrong side in some episode",
            f"mean of Vbar - Vlow at the start in the last episode: {width:.3f}",
            f"confidence sequence, error level {ALPHA}: P(that) {interval(chance)}, against {DELTA}",
        )

    if width >= run.game.horizon:
        return at_most(chance, 1, lines, silent=CLIPPED)
    return chance_at_most(chance, DELTA, lines)


def _violating(case: Repeated, divisor: int) -> tuple[int, float]:
    """Count runs with an estimate on the wrong side at the start of any episode; and the mean last width."""
    from drmg_check.learners import Recording, Settings, learn

    run = case.run
    given = bonus_constants(run.episodes, run.iota, "per_N")
    optimism = replace(
        given,
        c1=given.c1 / divisor**2,
        c2=given.c2 / divisor,
        c3=given.c3 / divisor,
        episodes=given.episodes * divisor**2,
    )
    how = Settings(algorithm="mornavi", concept="nash", episodes=run.episodes, optimism=optimism)
    seeds = range(run.seed, run.seed + case.repetitions)
    seen = learn(run.game, how, seeds, recording=Recording(marks=[run.episodes]))
    wrong = (seen.too_low[:, -1] > 0.0) | (seen.too_high[:, -1] > 0.0)
    return int(wrong.sum()), float(seen.width[:, -1].mean())


def seldom_wrong(case: Sampled, divisor: int = 1) -> Derivation:
    """Derive that the event fails or the sandwich is violated with probability at most ``2 S e^-iota``."""
    times = failures(case, divisor)
    chance, allowed = (
        anytime_interval(times, case.repetitions, ALPHA),
        exp_of(-case.draws.iota, 2 * len(case.draws.p)),
    )
    return chance_at_most(
        chance,
        allowed,
        lambda: (
            *draws_lines(case.draws),
            f"{SMALL}, over {divisor}, literal_19; seed {case.seed}",
            f"the event failed or the sandwich was violated in {times} of {case.repetitions} repetitions",
            f"confidence sequence, error level {ALPHA}: P(that) {interval(chance)}",
            f"against {2 * len(case.draws.p)} e^-iota = {interval(allowed)}",
        ),
    )


def failures(case: Sampled, divisor: int = 1) -> int:
    """Count repetitions in which the event fails or the sandwich is violated, with the printed bonus."""
    draws = case.draws
    where = scene(draws.p, draws.radius, "tv")
    given = small_bonus(draws.iota, "literal_19")
    optimism = replace(given, c1=given.c1 / divisor**2, c2=given.c2 / divisor)
    p = [float(x) for x in draws.p]
    happened = 0
    for drawn in np.random.default_rng(case.seed).multinomial(draws.n, p, size=case.repetitions):
        counts = tuple(int(k) for k in drawn)
        inequality = closest_at(where, counts, optimism)
        wrong = inequality is not None and not inequality.room.holds
        happened += wrong or not on_second_part(where, draws, counts)
    return happened


def _repeated(budget: Budget) -> Iterator[Repeated]:
    for k in (2, 0, 1)[: 1 + budget.size]:
        game = random_fractions(
            agents=1 + k // 2, actions=2, states=2 + k % 2, horizon=2, radius="1/4", seed=k
        )
        yield Repeated(Run(game, 150, 1000 * budget.seed, Fraction(1, 4)), 50)


def _samples(budget: Budget) -> Iterator[Sampled]:
    p = (HALF, *(Fraction(1, 2**k) for k in (2, 3, 4, 4)))
    for k in range(1 + budget.size):
        yield Sampled(Draws(10 ** (5 + k), p, Fraction(1, 4), Fraction(4)), 100, budget.seed + k)


_UPPER_END = (
    "The upper end of the confidence sequence of Robbins and Ville is compared, which is below the "
    "probability at any time with probability at most 1/1000."
)

B12_SAMPLED = Claim(
    id="B12.sampled",
    place="Lemma 8, with the / N bonus",
    title="How often runs violate the sandwich at all, sampled",
    statement=(
        "With probability 4/5 no estimate of the value at the start is on its wrong side in any of the first "
        "150 episodes; sampled, error level 1/1000."
    ),
    latex=(
        r"P\left( \exists k, i: V^{\dagger,\pi^k_{-i}}_{i,1}(s_1) > \overline{V}^k_{i,1}(s_1) \vee "
        r"\underline{V}^k_{i,1}(s_1) > V^{\pi^k}_{i,1}(s_1) \right) \le \frac{1}{5}"
    ),
    formalisation=(
        f"Runs of the learner on random games, every episode compared in floats; {BONUS_CONSTANTS}, iota = "
        "1/4. " + _UPPER_END
    ),
    assumptions=("rewards in [0, 1]", "the project's own selection of equilibria"),
    reading="intended",
    expected=Verdict.ON_A_LIST,
    instance_type=Repeated,
    search=Exhaustive(_repeated),
    derive=never_wrong,
    neighbours=(Neighbour("1/32 of the bonus", lambda case: never_wrong(case, 32)),),
)
B13_SAMPLED = Claim(
    id="B13.sampled",
    place="Lemma 8, with (19) as printed",
    title="How often the printed sandwich is violated, sampled",
    statement=(
        "With the bonus (19), the second part of E_TV fails or an estimate is on the wrong side with "
        "probability at most 2 S e^-iota; sampled, error level 1/1000."
    ),
    latex=(
        r"P\left( E^c \vee \exists (h, s, a): Q^\dagger > \overline{Q} \vee \underline{Q} > Q^\pi \right) "
        r"\le 2 S e^{-\iota}"
    ),
    formalisation=(
        f"One agent, one action, S = 5, H = 2, so many draws that (19) is below H; {SMALL}. " + _UPPER_END
    ),
    assumptions=("one action, so that values do not depend on the data", "dyadic p: sampled exactly"),
    expected=Verdict.ON_A_LIST,
    instance_type=Sampled,
    search=Exhaustive(_samples),
    derive=seldom_wrong,
    neighbours=(Neighbour("1/300 of the bonus", lambda case: seldom_wrong(case, 300)),),
)

CLAIMS: tuple[Claim[Any], ...] = (B12_SAMPLED, B13_SAMPLED)
