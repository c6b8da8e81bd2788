"""Lemmas 8-10 and 19-21 on simulated runs of Algorithm 1: the sandwich on the event.

A run is the learner's own; the true values are exact. Before two of its episodes the event is decided from
the counts and the true kernel, and on it

    Q^(dagger, pi_-i) <= Qbar,  Qlow <= Q^pi,  V^(dagger, pi_-i) <= Vbar,  Vlow <= V^pi

must hold for every agent, state and joint action at every step but the last, where nothing is estimated, up
to the rounding of the planner's floats. Runs are so long that some of these estimates are not clipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from drmg_check.models import JointPolicy
from drmg_check.vocabulary import Slack, UnsupportedError, Verdict
from drmg_check.zoo import random_fractions
from drmg_properties.claim import Budget, Check, Claim, Exhaustive, Reading, twins
from drmg_properties.claims.mornavi.sandwich._runs import (
    CONSTANTS,
    CONSTANTS_19,
    REPLAN,
    Event,
    Run,
    constants,
    counts_after,
    estimates,
    event_holds,
    room,
    true_sides,
)
from drmg_properties.formulas import outward
from drmg_properties.instances import describe_game

if TYPE_CHECKING:
    from drmg_check.equilibria import Concept
    from drmg_check.planner import Rate


class _Episode(NamedTuple):
    number: int
    on_event: bool
    room: Slack | None
    width: float


def _episodes(run: Run, rate: Rate, concept: Concept, event: Event) -> Iterator[_Episode]:
    """Yield half and all of the run: whether the event holds, and the room of the sandwich."""
    optimism, game = constants(run.episodes, run.iota, rate), run.game
    for seen in (run.episodes // 2, run.episodes):
        N = counts_after(run, optimism, concept, seen)
        plan = estimates(game, N, optimism, concept)
        sides = true_sides(game, JointPolicy(plan.pi, game.actions), concept)
        held = event_holds(game, N, run.iota, sides, event)
        width = float((plan.Vbar - plan.Vlow)[:, 0, game.initial_state].max())
        yield _Episode(seen, held, room(game, plan, sides), width)


def _least_room(episodes: Iterable[_Episode]) -> Slack | None:
    """Return the least room on the event; None if it never holds, or then all estimates are clipped."""
    rooms = [each.room for each in episodes if each.on_event and each.room]
    return Slack(min(x.low for x in rooms), min(x.high for x in rooms)) if rooms else None


def _line(each: _Episode) -> str:
    least = "all estimates clipped" if each.room is None else f"least room {outward(each.room.low, -1)}"
    return (
        f"before episode {each.number + 1}: event {'holds' if each.on_event else 'fails'}, "
        f"Vbar - Vlow = {each.width:.3f} at the start, {least}"
    )


def _run_check(rate: Rate, event: Event, concept: Concept = "nash") -> Check[Run]:
    def slack(run: Run) -> Slack:
        found = _least_room(_episodes(run, rate, concept, event))
        if found is None:
            raise UnsupportedError(
                "in no episode looked at does the event hold and leave an estimate before the last step that "
                "is not clipped: try a longer run or another seed"
            )
        return found

    def explain(run: Run) -> tuple[str, ...]:
        episodes = tuple(_episodes(run, rate, concept, event))
        found = _least_room(episodes)
        return (
            *describe_game(run.game),
            f"K = {run.episodes}, seed {run.seed}, iota = {run.iota}, {concept}, bonus {rate}",
            CONSTANTS_19 if rate == "literal_19" else CONSTANTS,
            *(_line(each) for each in episodes),
            "undecided" if found is None else f"slack = {outward(found.low, -1)}",
        )

    return Check(slack, explain)


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
            yield Run(game, self.episodes, budget.seed + k, self.iota)


_TV = _Runs(0, 4, 20_000, Fraction(1), "tv", ("1/4", "0", "1/10", "1/8"), 3)
_TV_19 = _TV._replace(first=4, number=3, episodes=50_000, iota=Fraction(1, 4))
_KL = _Runs(0, 4, 20_000, Fraction(1, 2), "kl", ("2", "4", "3", "1"), 2)


def _claim(
    id: str,  # noqa: A002 - the word of the ledger
    place: str,
    title: str,
    statement: str,
    reading: Reading,
    check: Check[Run],
    search: Exhaustive[Run],
    event: str,
    used: str = CONSTANTS,
) -> Claim[Run]:
    return Claim(
        id=id,
        place=place,
        title=title,
        statement=statement,
        latex=(
            r"Q^{\dagger,\pi^k_{-i},\rho_i}_{i,h} \le \overline{Q}^{k,\rho_i}_{i,h}, \quad "
            r"\underline{Q}^{k,\rho_i}_{i,h} \le Q^{\pi^k,\rho_i}_{i,h} \quad \forall (i, h, s, a, k)"
        ),
        formalisation=(
            f"Runs of the learner on random games, which plans before every {REPLAN}th episode, looked at "
            f"after half and all of each run; {used}. Event: {event}. True values exactly. slack = the "
            "least distance on the right side over all i, s, a and h < H, for Q and V, of estimates not "
            "clipped, plus the rounding of the floats; undecided if the event fails or all those estimates "
            "are clipped."
        ),
        assumptions=("rewards in [0, 1]", "the project's own selection of equilibria"),
        reading=reading,
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Run,
        search=search,
        derive=twins(check.slack, check.explain),
    )


_COUNTS = "the second part of E_TV, c1 = 2, c2 = 3"
_RATIOS = "at each row Phat = P, (102) is at least H, or N P_min >= 12 iota and (Phat - P)^2 <= 3 iota P / N"
_KL_STATEMENT = (
    "Where each row is known, or has N P_min >= 12 iota and near frequencies, or a bonus of at least H, Vlow "
    "with (102) is at most the policy's value, and Vbar at least "
)
CLAIMS: tuple[Claim[Any], ...] = (
    _claim(
        "B12.runs",
        "Lemma 8, with the / N bonus",
        "The sandwich on runs with the / N bonus",
        "On E_TV, for the values of that episode, the estimates with the bonus of Lemmas 6, 7, 11 and (27) "
        "are on their side of the true values.",
        "intended",
        _run_check("per_N", "values"),
        Exhaustive(_TV.instances),
        "both parts of E_TV, c1 = 2, c2 = 3, the first one for the best-response values of that episode",
    ),
    _claim(
        "B12.corrected-runs",
        "Lemma 8, with sqrt(c1 S iota Var / N) in the bonus",
        "The sandwich on runs with a bonus for all values at once",
        "On the second part of E_TV alone, the estimates with c1 S in the place of c1 are on their side of "
        "the true values.",
        "corrected",
        _run_check("sqrt_S", "counts"),
        Exhaustive(_TV.instances),
        _COUNTS,
    ),
    _claim(
        "B13.runs",
        "Lemma 8, with (19) as printed",
        "The sandwich on runs with the printed bonus",
        "On the second part of E_TV alone, the estimates with the bonus (19) are on their side of the true "
        "values.",
        "literal",
        _run_check("literal_19", "counts"),
        Exhaustive(_TV_19.instances),
        _COUNTS,
        CONSTANTS_19,
    ),
    _claim(
        "B32.runs",
        "Lemma 9, for CE",
        "The sandwich on runs with correlated equilibria",
        "On the second part of E_TV, with c1 S in the place of c1 and CE in the stage games, Vbar is at "
        "least what any modification of the recommendations earns.",
        "corrected",
        _run_check("sqrt_S", "counts", "ce"),
        Exhaustive(_TV.instances),
        _COUNTS,
    ),
    _claim(
        "B33.runs",
        "Lemma 10, for CCE",
        "The sandwich on runs with coarse correlated equilibria",
        "On the second part of E_TV, with c1 S in the place of c1 and CCE in the stage games, Vbar is at "
        "least the best-response value.",
        "corrected",
        _run_check("sqrt_S", "counts", "cce"),
        Exhaustive(_TV.instances),
        _COUNTS,
    ),
    _claim(
        "C4.runs",
        "Lemma 19, with (102)",
        "The sandwich on runs with the KL bonus",
        _KL_STATEMENT + "the best-response value.",
        "corrected",
        _run_check("per_N", "ratios"),
        Exhaustive(_KL.instances),
        _RATIOS,
    ),
    _claim(
        "C17.cce-runs",
        "Lemma 20, with (102)",
        "The sandwich on runs with the KL bonus and coarse correlated equilibria",
        _KL_STATEMENT + "the best-response value, with CCE in the stage games.",
        "corrected",
        _run_check("per_N", "ratios", "cce"),
        Exhaustive(_KL.instances),
        _RATIOS,
    ),
    _claim(
        "C17.ce-runs",
        "Lemma 21, with (102)",
        "The sandwich on runs with the KL bonus and correlated equilibria",
        _KL_STATEMENT + "what any modification of the recommendations earns, with CE in the stage games.",
        "corrected",
        _run_check("per_N", "ratios", "ce"),
        Exhaustive(_KL.instances),
        _RATIOS,
    ),
)
