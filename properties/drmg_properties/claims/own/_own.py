"""The ledger of drmg-check itself: its own kernels and planner, judged as anybody's would be."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import isfinite
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.models import RobustMarkovGame, is_product, uniform_policy
from drmg_check.sets import FictitiousTotalVariation, Row
from drmg_check.vocabulary import Slack, UnsupportedError, Verdict, exact, within
from drmg_oracles import agrees, best_response_exactly, evaluate_exactly, rounding_allowance
from drmg_properties.claim import Budget, Claim, Generated, twins
from drmg_properties.formulas import interval, vector
from drmg_properties.instances import Play, describe_play, is_small, plays, plays_on
from drmg_properties.strategies import games, rows_of_any_set, uncertainty_sets

WRONG = -(10**9)
"""The slack of a value that no rounding explains: NaN, an infinity, something that is no number."""
ROWS_PER_GAME = 200
Found: TypeAlias = Iterator[tuple[str, float, Slack, float]]  # place, computed, exact, stated bound


def kernel_value(row: Row) -> float:
    """Return what the kernel computes for a row of floats."""
    from drmg_check.kernels import worst_case_expectations

    P, V = (np.array([float(x) for x in numbers]) for numbers in (row.nominal, row.values))
    return float(worst_case_expectations(row.uncertainty, P[np.newaxis], np.array([float(row.radius)]), V)[0])


def _in_floats(row: Row) -> Row:
    """Round the inputs, so that the kernel and the oracle are asked the same question."""

    def rounded(numbers: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
        return tuple(exact(float(x)) for x in numbers)

    return Row(row.uncertainty, rounded(row.nominal), rounded(row.values), exact(float(row.radius)))


def _kernel_slack(row: Row) -> Slack:
    judged = agrees(kernel_value(row), row)
    if not isfinite(judged.k_min):
        return Slack.of(WRONG)
    room = rounding_allowance(row) - exact(judged.k_min)
    return Slack.of(max(room, Fraction(0)) if judged.accepted else min(room, Fraction(-1)))


def _kernel_explain(row: Row) -> tuple[str, ...]:
    value = kernel_value(row)
    judged = agrees(value, row)
    truth = judged.enclosure
    return (
        f"{row.uncertainty}: p ~ {vector(row.nominal)}, V = {vector(row.values)}, rho = {row.radius}",
        f"kernel: {value!r}",
        f"certified: {interval(Slack(truth.lo, truth.hi))}",
        judged.reason,
    )


def _kernel_rows(budget: Budget) -> SearchStrategy[Row]:
    return rows_of_any_set(max_states=2 + budget.size).map(_in_floats)


def _rows_on(game: RobustMarkovGame) -> Iterator[Row]:
    """Yield rows of the game for the planner's own values of the uniform policy, spread evenly over it."""
    from drmg_check.planner import evaluate

    V = evaluate(game, uniform_policy(game)).V
    shape = game.radius.shape
    count = int(np.prod(shape))
    for k in range(min(count, ROWS_PER_GAME)):
        i, h, s, a = (int(x) for x in np.unravel_index(k * count // min(count, ROWS_PER_GAME), shape))
        ball = game.uncertainty[i]
        if isinstance(ball, FictitiousTotalVariation):
            raise UnsupportedError(f"agent {i} of {game.name!r} has a set that is not one ball per row")
        yield Row.of(ball, game.P[h, s, a], V[i, h + 1], game.rho[i, h, s, a])


def _evaluation(play: Play) -> Found:
    """Yield place, the planner's value, the exact one and the bound that the planner states."""
    from drmg_check.planner import evaluate

    mine = evaluate(play.game, play.policy)
    true = evaluate_exactly(play.game, play.policy, bits=None if is_small(play.game) else 64)
    game = play.game
    for i, h, s in np.ndindex(game.n_agents, game.horizon, game.n_states):
        yield (
            f"agent {i}, step {h + 1}, s{s}",
            float(mine.V[i, h, s]),
            Slack(exact(true.lo[i, h, s]), exact(true.hi[i, h, s])),
            float(mine.error[i, h]),
        )


def _within(value: float, true: Slack, bound: float) -> Slack:
    return within(Slack.of(exact(value)), true, exact(bound))


def _least(slacks: Iterator[Slack]) -> Slack:
    found = list(slacks)
    return Slack(min(slack.low for slack in found), min(slack.high for slack in found))


def _evaluation_slack(play: Play) -> Slack:
    return _least(_within(value, true, bound) for _, value, true, bound in _evaluation(play))


def _value_lines(found: Found) -> tuple[str, ...]:
    return tuple(
        f"{place}: {value!r} against {interval(true)}, bound {bound!r}" for place, value, true, bound in found
    )


def _evaluation_explain(play: Play) -> tuple[str, ...]:
    lines = _value_lines(_evaluation(play))
    return (*describe_play(play), *lines, f"slack {interval(_evaluation_slack(play))}")


def _responses(play: Play) -> Found:
    """Yield place, the planner's best-response value, the exact one and the stated bound."""
    from drmg_check.planner import best_response

    game, policy = play.game, play.policy
    for i in range(game.n_agents):
        mine, true = best_response(game, policy, i), best_response_exactly(game, policy, i)
        for h, s in np.ndindex(game.horizon, game.n_states):
            yield (
                f"agent {i}, step {h + 1}, s{s}",
                float(mine.V[h, s]),
                Slack(exact(true.lo[h, s]), exact(true.hi[h, s])),
                float(mine.error[h]),
            )


def _gap_slack(play: Play) -> Slack:
    from drmg_check.planner import gaps

    found = _least(_within(value, true, bound) for _, value, true, bound in _responses(play))
    gap = gaps(play.game, play.policy)
    gains = [gap.ce, gap.cce] if is_product(play.policy) else [gap.ce]
    for gain in gains:
        negative = min(exact(x) + exact(e) for row, e in zip(gain, gap.error, strict=True) for x in row)
        found = Slack(min(found.low, negative), min(found.high, negative))
    return found


def _gap_explain(play: Play) -> tuple[str, ...]:
    found = _responses(play)
    lines = [
        f"{place}: {value!r} against {interval(true)}, bound {bound!r}" for place, value, true, bound in found
    ]
    return (*describe_play(play), *lines, f"slack {interval(_gap_slack(play))}")


@st.composite
def _any_plays(draw: DrawFn, budget: Budget) -> Play:
    S = draw(st.integers(1, 1 + budget.size))
    sets = uncertainty_sets(S)
    return draw(plays(games(uncertainty=sets, min_states=S, max_states=S, max_horizon=1 + budget.size)))


def _small_plays_on(game: RobustMarkovGame) -> Iterator[Play]:
    if not is_small(game):
        raise UnsupportedError(f"{game.name!r} is too large for exact best responses of every agent")
    return plays_on(game)


CLAIMS: tuple[Claim[Any], ...] = (
    Claim(
        id="OWN-1",
        place="drmg_check.kernels",
        title="Kernels agree with the certified oracle",
        statement="Each kernel's result is the exact one of some input within k ulp of the given one.",
        latex=r"|\hat\sigma - \sigma| \le k u \left( \mathrm{span}(V) + |\hat\sigma| \right)",
        formalisation=(
            "Rows of floats; k = 32 + 2 S; slack = k - (the k that the forward test needs), at least 0 where "
            "the backward test accepts. On a game: at most 200 rows, spread evenly."
        ),
        assumptions=(),
        reading="intended",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Row,
        search=Generated(_kernel_rows),
        derive=twins(_kernel_slack, _kernel_explain),
        on_game=_rows_on,
    ),
    Claim(
        id="OWN-2",
        place="drmg_check.planner.evaluate",
        title="Robust evaluation keeps its error bound",
        statement="Every robust value of the planner lies within its stated bound of the exact one.",
        latex=r"|\hat V_{i,h}(s) - V_{i,h}(s)| \le e_{i,h}",
        formalisation="Exact recursion in rationals or enclosures; slack = the least of bound - |error|.",
        assumptions=(),
        reading="intended",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Play,
        search=Generated(_any_plays),
        derive=twins(_evaluation_slack, _evaluation_explain),
        on_game=plays_on,
    ),
    Claim(
        id="OWN-3",
        place="drmg_check.planner.best_response, gaps",
        title="Best responses keep their error bound, gaps are not negative",
        statement=(
            "Every best-response value lies within its stated bound of the exact one; the CE gain, and the "
            "NE gain of a product policy, are at least minus their bound."
        ),
        latex=r"|\hat V^\dagger_{i,h}(s) - V^\dagger_{i,h}(s)| \le e_{i,h}, \quad gap_i(s) \ge -e_i",
        formalisation="slack = the least of bound - |error| and gain + bound.",
        assumptions=(),
        reading="intended",
        severity="none",
        expected=Verdict.HOLDS,
        corrected=None,
        instance_type=Play,
        search=Generated(_any_plays),
        derive=twins(_gap_slack, _gap_explain),
        on_game=_small_plays_on,
    ),
)
