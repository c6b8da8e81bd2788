"""Lemmas 8-10 and 19-21 on simulated runs of Algorithm 1: the sandwich on the event.

A run is the learner's own; the true values are exact. Before two of its episodes the event is decided from
the counts and the true kernel, and on it

    Q^(dagger, pi_-i) <= Qbar,  Qlow <= Q^pi,  V^(dagger, pi_-i) <= Vbar,  Vlow <= V^pi

must hold for every agent, state and joint action at every step but the last, where nothing is estimated, up
to the rounding of the planner's floats. Runs are so long that some of these estimates are not clipped. The
same holds at any other counts on the event: those of a run with good or bad luck are at its edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from drmg_check.models import JointPolicy
from drmg_check.vocabulary import Verdict
from drmg_check.zoo import random_fractions
from drmg_properties.claim import Budget, Claim, Derivation, Exhaustive, Neighbour, at_most
from drmg_properties.claims.mornavi.sandwich._runs import (
    REPLAN,
    Closest,
    Event,
    Luck,
    Run,
    closest,
    counts_after,
    event_holds,
    true_sides,
    with_luck,
)
from drmg_properties.claims.steps import BONUS_CONSTANTS, BONUS_CONSTANTS_19, bonus_constants, estimates_at
from drmg_properties.formulas import interval
from drmg_properties.instances import describe_game

if TYPE_CHECKING:
    from drmg_check.equilibria import Concept
    from drmg_check.planner import Optimism, Rate

LUCKS: tuple[Luck, ...] = ("as it came", "good", "bad")
CLIPPED = (
    "in no episode looked at does the event hold and leave an estimate before the last step that is not "
    "clipped: try a longer run or another seed"
)


class Episode(NamedTuple):
    """A plan of a run: before which episode, whether its data are on the event, and what it leaves."""

    number: int
    on_event: bool
    closest: Closest | None
    width: float

    @property
    def line(self) -> str:
        """What is said of it."""
        room = (
            "all estimates clipped" if self.closest is None else f"least room {interval(self.closest.room)}"
        )
        return (
            f"before episode {self.number + 1}: event {'holds' if self.on_event else 'fails'}, "
            f"Vbar - Vlow = {self.width:.3f} at the start, {room}"
        )


class Setting(NamedTuple):
    """Which bonus and event a claim speaks of, for which equilibria."""

    rate: Rate
    event: Event
    concept: Concept = "nash"

    def episodes(self, run: Run, bonus: Callable[[Optimism], Optimism]) -> Iterator[Episode]:
        """Yield half and all of the run, or with luck all of it: the event, and the room of the sandwich.

        The run is that of the claim's bonus; the estimates at its counts may have another.
        """
        game, concept = run.game, self.concept
        printed = bonus_constants(run.episodes, run.iota, self.rate)
        lucky = run.luck != "as it came"
        for number in (run.episodes,) if lucky else (run.episodes // 2, run.episodes):
            N = counts_after(run, printed, concept, number)
            if lucky:
                played = JointPolicy(estimates_at(game, N, printed, concept).pi, game.actions)
                N = with_luck(run, N, true_sides(game, played, concept), self.event)
            plan = estimates_at(game, N, bonus(printed), concept)
            sides = true_sides(game, JointPolicy(plan.pi, game.actions), concept)
            held = event_holds(game, N, run.iota, sides, self.event)
            width = float((plan.Vbar - plan.Vlow)[:, 0, game.initial_state].max())
            yield Episode(number, held, closest(game, plan, sides), width)

    def derive(self, run: Run, bonus: Callable[[Optimism], Optimism] = lambda given: given) -> Derivation:
        """Derive the inequality of the sandwich that leaves the least room on the event."""
        episodes = tuple(self.episodes(run, bonus))
        inequalities = [each.closest for each in episodes if each.on_event and each.closest]
        least = min(inequalities, key=lambda inequality: inequality.room.low, default=None)

        def lines() -> tuple[str, ...]:
            return (
                *describe_game(run.game),
                f"K = {run.episodes}, seed {run.seed}, luck: {run.luck}, iota = {run.iota}, {self.concept}, "
                f"bonus {self.rate}",
                BONUS_CONSTANTS_19 if self.rate == "literal_19" else BONUS_CONSTANTS,
                *(each.line for each in episodes),
                f"closest: {least.place if least else 'nowhere'}",
            )

        if least is None:
            return at_most(0, run.game.horizon, lines, silent=CLIPPED)
        return at_most(least.left, least.right, lines)

    def by(self, divisor: int) -> Neighbour[Run]:
        """Return the same with the whole bonus, 1 / sqrt(K) with the rest, divided by a number."""

        def smaller(given: Optimism) -> Optimism:
            return replace(
                given,
                c1=given.c1 / divisor**2,
                c2=given.c2 / divisor,
                c3=given.c3 / divisor,
                cf=given.cf / divisor,
                episodes=given.episodes * divisor**2,
            )

        return Neighbour(f"1/{divisor} of the bonus", lambda run: self.derive(run, smaller))


class _Runs(NamedTuple):
    """Runs on random games: from which seed, how many at size 1, how long, at which level, on which rows."""

    first: int
    number: int
    episodes: int
    iota: Fraction
    kind: str
    radii: tuple[str, ...]
    successors: int

    def instances(self, budget: Budget) -> Iterator[Run]:
        for k in range(self.first, self.first + self.number * budget.size):
            game = random_fractions(
                agents=1 + k % 2,
                actions=2,
                states=2 + k // 2 % 2,
                horizon=2,
                radius=self.radii[k % 4],
                uncertainty=self.kind,
                successors=self.successors,
                seed=k,
            )
            for luck in LUCKS:
                yield Run(game, self.episodes, budget.seed + k, self.iota, luck)


_TV = _Runs(0, 4, 20_000, Fraction(1), "tv", ("1/4", "0", "1/10", "1/8"), 3)
_TV_19 = _TV._replace(first=4, number=3, episodes=50_000, iota=Fraction(1, 4))
_KL = _Runs(0, 4, 50_000, Fraction(1, 4), "kl", ("3/2", "2", "5/2", "3"), 2)
_PER_N, _SQRT_S = Setting("per_N", "values"), Setting("sqrt_S", "counts")
_PRINTED, _RATIOS = Setting("literal_19", "counts"), Setting("per_N", "ratios")


def _formalisation(event: str, used: str = BONUS_CONSTANTS) -> str:
    return (
        f"Runs of the learner on random games, which plans before every {REPLAN}th episode, looked at after "
        f"half and all of each run, and with the best and the worst data on the event at the same visits; "
        f"{used}. Event: {event}. True values exactly. The inequality with the least room over all i, s, a "
        "and h < H, for Q and V, of estimates not clipped, plus the rounding of the floats; nothing is said "
        "where the event fails or all those estimates are clipped."
    )


_COUNTS = _formalisation("the second part of E_TV, c1 = 2, c2 = 3")
_KL_EVENT = _formalisation(
    "at each row Phat = P, (102) is at least H, or N P_min >= 12 iota and (Phat - P)^2 <= 3 iota P / N"
)
_KL_STATEMENT = (
    "Where each row is known, or has N P_min >= 12 iota and near frequencies, or a bonus of at least H, Vlow "
    "with (102) is at most the policy's value, and Vbar at least "
)

B12_RUNS = Claim(
    id="B12.runs",
    place="Lemma 8, with the / N bonus",
    title="The sandwich on runs with the / N bonus",
    statement=(
        "On E_TV, for the values of that episode, the estimates with the bonus of Lemmas 6, 7, 11 and (27) "
        "are on their side of the true values."
    ),
    latex=(
        r"Q^{\dagger,\pi^k_{-i},\rho_i}_{i,h} \le \overline{Q}^{k,\rho_i}_{i,h}, \quad "
        r"\underline{Q}^{k,\rho_i}_{i,h} \le Q^{\pi^k,\rho_i}_{i,h} \quad \forall (i, h, s, a, k)"
    ),
    formalisation=_formalisation(
        "both parts of E_TV, c1 = 2, c2 = 3, the first one for the best-response values of that episode"
    ),
    assumptions=("rewards in [0, 1]", "the project's own selection of equilibria"),
    reading="intended",
    expected=Verdict.ON_A_LIST,
    instance_type=Run,
    search=Exhaustive(_TV.instances),
    derive=_PER_N.derive,
    neighbours=(_PER_N.by(8),),
)
B12_CORRECTED_RUNS = replace(
    B12_RUNS,
    id="B12.corrected-runs",
    place="Lemma 8, with sqrt(c1 S iota Var / N) in the bonus",
    title="The sandwich on runs with a bonus for all values at once",
    statement=(
        "On the second part of E_TV alone, the estimates with c1 S in the place of c1 are on their side of "
        "the true values."
    ),
    formalisation=_COUNTS,
    reading="corrected",
    derive=_SQRT_S.derive,
    neighbours=(_SQRT_S.by(8),),
)
B13_RUNS = replace(
    B12_RUNS,
    id="B13.runs",
    place="Lemma 8, with (19) as printed",
    title="The sandwich on runs with the printed bonus",
    statement=(
        "On the second part of E_TV alone, the estimates with the bonus (19) are on their side of the true "
        "values."
    ),
    formalisation=_formalisation("the second part of E_TV, c1 = 2, c2 = 3", BONUS_CONSTANTS_19),
    reading="literal",
    search=Exhaustive(_TV_19.instances),
    derive=_PRINTED.derive,
    neighbours=(_PRINTED.by(14),),
)
B32_RUNS = replace(
    B12_CORRECTED_RUNS,
    id="B32.runs",
    place="Lemma 9, for CE",
    title="The sandwich on runs with correlated equilibria",
    statement=(
        "On the second part of E_TV, with c1 S in the place of c1 and CE in the stage games, Vbar is at "
        "least what any modification of the recommendations earns."
    ),
    derive=_SQRT_S._replace(concept="ce").derive,
    neighbours=(_SQRT_S._replace(concept="ce").by(8),),
)
B33_RUNS = replace(
    B12_CORRECTED_RUNS,
    id="B33.runs",
    place="Lemma 10, for CCE",
    title="The sandwich on runs with coarse correlated equilibria",
    statement=(
        "On the second part of E_TV, with c1 S in the place of c1 and CCE in the stage games, Vbar is at "
        "least the best-response value."
    ),
    derive=_SQRT_S._replace(concept="cce").derive,
    neighbours=(_SQRT_S._replace(concept="cce").by(8),),
)
C4_RUNS = replace(
    B12_CORRECTED_RUNS,
    id="C4.runs",
    place="Lemma 19, with (102)",
    title="The sandwich on runs with the KL bonus",
    statement=_KL_STATEMENT + "the best-response value.",
    formalisation=_KL_EVENT,
    search=Exhaustive(_KL.instances),
    derive=_RATIOS.derive,
    neighbours=(_RATIOS.by(4),),
)
C17_CCE_RUNS = replace(
    C4_RUNS,
    id="C17.cce-runs",
    place="Lemma 20, with (102)",
    title="The sandwich on runs with the KL bonus and coarse correlated equilibria",
    statement=_KL_STATEMENT + "the best-response value, with CCE in the stage games.",
    derive=_RATIOS._replace(concept="cce").derive,
    neighbours=(_RATIOS._replace(concept="cce").by(4),),
)
C17_CE_RUNS = replace(
    C4_RUNS,
    id="C17.ce-runs",
    place="Lemma 21, with (102)",
    title="The sandwich on runs with the KL bonus and correlated equilibria",
    statement=_KL_STATEMENT
    + "what any modification of the recommendations earns, with CE in the stage games.",
    derive=_RATIOS._replace(concept="ce").derive,
    neighbours=(_RATIOS._replace(concept="ce").by(4),),
)

CLAIMS: tuple[Claim[Any], ...] = (
    B12_RUNS,
    B12_CORRECTED_RUNS,
    B13_RUNS,
    B32_RUNS,
    B33_RUNS,
    C4_RUNS,
    C17_CCE_RUNS,
    C17_CE_RUNS,
)
