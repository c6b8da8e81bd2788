"""What drmg-check claims of s-rectangular sets: its bounds, and what one budget for a state means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from drmg_check.models import exact_radius, state_problem
from drmg_check.sets import (
    L1,
    ChiSquare,
    Interval,
    KullbackLeibler,
    Shareable,
    SRectangular,
    StateProblem,
    TotalVariation,
)
from drmg_check.vocabulary import Bounds
from drmg_oracles import best_response_exactly, enclose_state
from drmg_properties.claim import Budget, Claim, Derivation, Generated, Neighbour, at_most, both
from drmg_properties.claims.own._own import ALL, LITTLE, evaluation, keeps_bound, responses
from drmg_properties.instances import Play, describe_play, plays
from drmg_properties.strategies import games

POLYHEDRAL: tuple[Shareable, ...] = (L1(), TotalVariation("nominal"), Interval())
BALLS = (*POLYHEDRAL, KullbackLeibler(), ChiSquare())
ONE = Fraction(1)


def _plays(balls: tuple[Shareable, ...], max_agents: int) -> Callable[[Budget], SearchStrategy[Play]]:
    """Return the plays of games whose agents have such sets."""
    sets = st.sampled_from([SRectangular(ball) for ball in balls])

    def drawn(budget: Budget) -> SearchStrategy[Play]:
        return plays(
            games(  # a game draws its sets alike, whatever they are of
                uncertainty=sets,  # type: ignore[arg-type]
                max_agents=max_agents,
                max_states=1 + budget.size,
                max_horizon=1 + budget.size,
            )
        )

    return drawn


def _states(play: Play) -> Iterator[tuple[str, StateProblem]]:
    """Yield the states of a game of one agent, with the values of its best response behind them."""
    game = play.game
    V = best_response_exactly(game, play.policy, 0).lo
    for stage in game.stages:
        for s in range(game.n_states):
            A = game.n_joint_actions
            problem = state_problem(stage, 0, s, V[stage.step + 1].tolist(), tuple(range(A)), (ONE,) * A)
            place = f"step {stage.step + 1}, s{s}, budget {exact_radius(stage, 0, s, 0)}"
            yield place, problem


def _worth(problem: StateProblem) -> Bounds:
    proved = enclose_state(problem)
    return Bounds(proved.lo, proved.hi)


def _best_single(problem: StateProblem) -> Bounds:
    K = problem.n_choices
    each = [_worth(problem.playing([Fraction(k == j) for j in range(K)])) for k in range(K)]
    return Bounds(max(x.low for x in each), max(x.high for x in each))


def _with_a_copy(problem: StateProblem) -> StateProblem:
    """Return the state with its first action twice."""
    return replace(
        problem,
        nominal=(*problem.nominal, problem.nominal[0]),
        values=(*problem.values, problem.values[0]),
        choices=(*problem.choices, problem.n_choices),
        shares=(*problem.shares, problem.shares[0]),
    )


def _compares(
    smaller: Callable[[StateProblem], Bounds], larger: Callable[[StateProblem], Bounds]
) -> Callable[[Play], Derivation]:
    """Derive that one number of every state is at most another."""

    def derive(play: Play) -> Derivation:
        every = tuple(_states(play))

        def lines() -> tuple[str, ...]:
            shown = (f"{place}: z = {problem.values}, P = {problem.nominal}" for place, problem in every)
            return (*describe_play(play), *shown)

        return both(*(at_most(smaller(problem), larger(problem), lines) for _, problem in every))

    return derive


def _single_of_copies(problem: StateProblem) -> Bounds:
    return _best_single(_with_a_copy(problem))


def _copied(problem: StateProblem) -> Bounds:
    return _worth(_with_a_copy(problem))


def _values_and_responses(share: Fraction) -> Callable[[Play], Derivation]:
    values, answers = keeps_bound(evaluation, share), keeps_bound(responses, share)
    return lambda play: both(values(play), answers(play))


STATE_1 = Claim(
    id="STATE-1",
    place="drmg_check.planner.evaluate, best_response",
    title="Values with s-rectangular sets keep their error bound",
    statement="Robust values and best-response values lie within their stated bounds of the exact ones.",
    latex=r"|\hat V_{i,h}(s) - V_{i,h}(s)| \le e_{i,h}",
    formalisation="One budget for the joint actions of a state, in any ball; at every agent, step and state.",
    reading="intended",
    instance_type=Play,
    search=Generated(_plays(BALLS, 2)),
    derive=_values_and_responses(ALL),
    neighbours=(Neighbour("a hundred-thousandth of the bound", _values_and_responses(LITTLE / 1000)),),
)
STATE_2 = Claim(
    id="STATE-2",
    place="drmg_check.sets.SRectangular",
    title="Where actions share a budget, a mixture is at least as good as every action",
    statement="No single action is worth more than the best mixture, and some mixtures are worth more.",
    latex=r"\max_a \min_{q \in U_s} E_{q_a} z_a \le \max_d \min_{q \in U_s} \sum_a d_a E_{q_a} z_a",
    formalisation=(
        "Every state of a game of one agent, with the values of its best response behind it, and with the "
        "first action twice, so that there is something to mix."
    ),
    reading="intended",
    instance_type=Play,
    search=Generated(_plays(POLYHEDRAL, 1)),
    derive=_compares(_single_of_copies, _copied),
    neighbours=(Neighbour("a single action is enough", _compares(_copied, _single_of_copies)),),
)
STATE_3 = Claim(
    id="STATE-3",
    place="drmg_check.sets.SRectangular",
    title="A copy of an action dilutes the adversary",
    statement="A state with an action twice is worth at least what it is worth with it once.",
    latex=r"v(p_1, \dots, p_A) \le v(p_1, \dots, p_A, p_1)",
    formalisation="The states of STATE-2, with the first action twice and once.",
    reading="intended",
    instance_type=Play,
    search=Generated(_plays(POLYHEDRAL, 1)),
    derive=_compares(_worth, _copied),
    neighbours=(Neighbour("a copy changes nothing", _compares(_copied, _worth)),),
)

CLAIMS: tuple[Claim[Any], ...] = (STATE_1, STATE_2, STATE_3)
