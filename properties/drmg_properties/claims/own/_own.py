"""The ledger of drmg-check itself: its own kernels and planner, judged as anybody's would be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import isfinite
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from drmg_check.models import RobustMarkovGame, is_product, set_at, uniform_policy
from drmg_check.sets import FictitiousTotalVariation, Row, SRectangular
from drmg_check.vocabulary import Bounds, UnsupportedError, distance, exact
from drmg_oracles import agrees, best_response_exactly, evaluate_exactly, rounding_allowance
from drmg_properties.claim import Budget, Claim, Derivation, Generated, Neighbour, at_most, both
from drmg_properties.formulas import interval, vector
from drmg_properties.instances import Play, describe_play, is_small, plays, plays_on
from drmg_properties.strategies import games, rows_of_any_set, uncertainty_sets

ROWS_PER_GAME = 200
Found: TypeAlias = Iterator[tuple[str, float, Bounds, float]]  # place, computed, exact, stated bound


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


def _kernel(units: Fraction | None) -> Callable[[Row], Derivation]:
    """Derive that the kernel's value is right for an input within so many ulp, or within what is promised."""

    def derive(row: Row) -> Derivation:
        value = kernel_value(row)
        judged = agrees(value, row)
        allowed = Fraction(rounding_allowance(row)) if units is None else units
        # A value that no rounding explains (NaN, an infinity) needs more than any number of units.
        needed = exact(judged.k_min) if isfinite(judged.k_min) else 2 * rounding_allowance(row) + 1
        if judged.accepted:  # by the backward test, which the forward one does not see
            needed = min(needed, Fraction(rounding_allowance(row)))
        elif isfinite(judged.k_min):
            needed = max(needed, rounding_allowance(row) + 1)
        truth = judged.enclosure
        return Derivation(
            Bounds.of(needed),
            Bounds.of(allowed),
            lambda: (
                f"{row.uncertainty}: p ~ {vector(row.nominal)}, V = {vector(row.values)}, rho = {row.radius}",
                f"kernel: {value!r}",
                f"certified: {interval(Bounds(truth.lo, truth.hi))}",
                judged.reason,
            ),
            names=("units needed", "units allowed"),
        )

    return derive


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
        if isinstance(game.uncertainty[i], FictitiousTotalVariation | SRectangular):
            raise UnsupportedError(f"agent {i} of {game.name!r} has a set that is not one ball per row")
        yield Row.of(set_at(game.stages[h], i, s, a), game.P[h, s, a], V[i, h + 1], game.rho[i, h, s, a])


def evaluation(play: Play) -> Found:
    """Yield place, the planner's value, the exact one and the bound that the planner states."""
    from drmg_check.planner import evaluate

    mine = evaluate(play.game, play.policy)
    true = evaluate_exactly(play.game, play.policy, bits=None if is_small(play.game) else 64)
    game = play.game
    for i, h, s in np.ndindex(game.n_agents, game.horizon, game.n_states):
        yield (
            f"agent {i}, step {h + 1}, s{s}",
            float(mine.V[i, h, s]),
            Bounds(exact(true.lo[i, h, s]), exact(true.hi[i, h, s])),
            float(mine.error[i, h]),
        )


def keeps_bound(places: Callable[[Play], Found], share: Fraction) -> Callable[[Play], Derivation]:
    """Derive that every number lies within ``share`` of its stated bound of the exact one."""

    def derive(play: Play) -> Derivation:
        every = tuple(places(play))

        def lines() -> tuple[str, ...]:
            shown = (
                f"{place}: {value!r} against {interval(true)}, bound {bound!r}"
                for place, value, true, bound in every
            )
            return (*describe_play(play), *shown)

        parts = (
            at_most(distance(Bounds.of(exact(value)), true), share * exact(bound), lines)
            for _, value, true, bound in every
        )
        return both(*parts)

    return derive


def responses(play: Play) -> Found:
    """Yield place, the planner's best-response value, the exact one and the stated bound."""
    from drmg_check.planner import best_response

    game, policy = play.game, play.policy
    for i in range(game.n_agents):
        mine, true = best_response(game, policy, i), best_response_exactly(game, policy, i)
        for h, s in np.ndindex(game.horizon, game.n_states):
            yield (
                f"agent {i}, step {h + 1}, s{s}",
                float(mine.V[h, s]),
                Bounds(exact(true.lo[h, s]), exact(true.hi[h, s])),
                float(mine.error[h]),
            )


def responses_and_gaps(share: Fraction) -> Callable[[Play], Derivation]:
    """Derive that best responses keep ``share`` of their bound, and that gaps are at least minus theirs."""
    keeps = keeps_bound(responses, share)

    def derive(play: Play) -> Derivation:
        from drmg_check.planner import gaps

        kept, gap = keeps(play), gaps(play.game, play.policy)
        parts = [kept]
        for gain in [gap.ce, gap.cce] if is_product(play.policy) else [gap.ce]:
            for row, bound in zip(gain, gap.error, strict=True):
                parts += [at_most(-exact(x), exact(bound), kept.lines) for x in row if x < 0]
        return both(*parts)

    return derive


@st.composite
def _any_plays(draw: DrawFn, budget: Budget) -> Play:
    S = draw(st.integers(1, 1 + budget.size))
    sets = uncertainty_sets(S)
    return draw(plays(games(uncertainty=sets, min_states=S, max_states=S, max_horizon=1 + budget.size)))


def _small_plays_on(game: RobustMarkovGame) -> Iterator[Play]:
    if not is_small(game):
        raise UnsupportedError(f"{game.name!r} is too large for exact best responses of every agent")
    return plays_on(game)


ALL, LITTLE = Fraction(1), Fraction(1, 100)

OWN_1 = Claim(
    id="OWN-1",
    place="drmg_check.kernels",
    title="Kernels agree with the certified oracle",
    statement="Each kernel's result is the exact one of some input within k ulp of the given one.",
    latex=r"|\hat\sigma - \sigma| \le k u \left( \mathrm{span}(V) + |\hat\sigma| \right)",
    formalisation=(
        "Rows of floats; k = 32 + 2 S. Where the backward test accepts a value, it needs no more than k. On "
        "a game: at most 200 rows, spread evenly."
    ),
    reading="intended",
    instance_type=Row,
    search=Generated(_kernel_rows),
    derive=_kernel(None),
    neighbours=(Neighbour("correctly rounded, to half a unit", _kernel(Fraction(1, 2))),),
    on_game=_rows_on,
)
OWN_2 = Claim(
    id="OWN-2",
    place="drmg_check.planner.evaluate",
    title="Robust evaluation keeps its error bound",
    statement="Every robust value of the planner lies within its stated bound of the exact one.",
    latex=r"|\hat V_{i,h}(s) - V_{i,h}(s)| \le e_{i,h}",
    formalisation="Exact recursion in rationals or enclosures, at every agent, step and state.",
    reading="intended",
    instance_type=Play,
    search=Generated(_any_plays),
    derive=keeps_bound(evaluation, ALL),
    neighbours=(Neighbour("a hundredth of the bound", keeps_bound(evaluation, LITTLE)),),
    on_game=plays_on,
)
OWN_3 = Claim(
    id="OWN-3",
    place="drmg_check.planner.best_response, gaps",
    title="Best responses keep their error bound, gaps are not negative",
    statement=(
        "Every best-response value lies within its stated bound of the exact one; the CE gain, and the "
        "NE gain of a product policy, are at least minus their bound."
    ),
    latex=r"|\hat V^\dagger_{i,h}(s) - V^\dagger_{i,h}(s)| \le e_{i,h}, \quad gap_i(s) \ge -e_i",
    formalisation="At every agent, step and state; the number nearest to its bound speaks.",
    reading="intended",
    instance_type=Play,
    search=Generated(_any_plays),
    derive=responses_and_gaps(ALL),
    neighbours=(Neighbour("a hundredth of the bound", responses_and_gaps(LITTLE)),),
    on_game=_small_plays_on,
)

CLAIMS: tuple[Claim[Any], ...] = (OWN_1, OWN_2, OWN_3)
