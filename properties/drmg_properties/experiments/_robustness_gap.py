"""Robustness gap: what a plan for the nominal model loses when the model is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from drmg_check.documents import Criterion, Panel, Series, StudyTable, or_none, study_fact
from drmg_check.learners import Algorithm, learn
from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.planner import evaluate, gaps, practical, robust_value_iteration
from drmg_check.vocabulary import FloatArray
from drmg_check.zoo import shaky_bridge
from drmg_properties.experiments._outcome import (
    ExperimentOutcome,
    Progress,
    at_least,
    at_most,
    settings_for,
)

CRASHES = ("0", "1/20", "1/10", "3/20", "1/5", "3/10")
RADII = ("0", "1/50", "1/20", "1/10", "1/5", "2/5")
GAPS = (0.0, 0.047, 0.147, 0.269, 0.458, 0.755)
"""The gap of the nominal plan at each of RADII, to three digits, by exact arithmetic."""
DRAWS = 200
RHO = Fraction(1, 10)
ALGORITHMS: Mapping[str, Algorithm] = {"KL-MORNAVI": "mornavi", "Nash-VI": "nash-vi"}
FACTORS = {Fraction(0): "rho = 0", Fraction(1, 2): "rho / 2", Fraction(1): "rho", Fraction(2): "2 rho"}
_CRASHES = [float(Fraction(x)) for x in CRASHES]


@dataclass(frozen=True, slots=True)
class Measured:
    """What the policies of one learner are worth, to the worse-off agent.

    Attributes
    ----------
    deployed : list of float
        Under each of CRASHES.
    worst : list of float
        In the worst case at the radii 0, rho / 2, rho and 2 rho.
    drawn : pair of float
        The least and the mean under random kernels of the ball.
    """

    deployed: list[float]
    worst: list[float]
    drawn: tuple[float, float]


def robustness_gap(*, episodes: int, seeds: int, progress: Progress) -> ExperimentOutcome:
    """Learn the bridge game with and without robustness, and deploy both policies under other kernels.

    Both routes are robust equilibria of the coordination game, since nobody can leave a route alone: the
    gap says nothing here, values do. In the variant in which agent 0 chooses alone the gap does speak, and
    is computed without learning.
    """
    game = shaky_bridge(radius=RHO)
    learned: dict[str, list[JointPolicy]] = {}
    for k, (name, algorithm) in enumerate(ALGORITHMS.items()):
        run = learn(game, settings_for(practical(game, episodes), algorithm=algorithm), range(seeds))
        learned[name] = [JointPolicy(pi, game.actions) for pi in run.pi]
        progress((k + 1) / 4)
    measured = {name: _measured(game, policies) for name, policies in learned.items()}
    progress(0.9)
    alone = [_gap_alone(radius) for radius in RADII]
    robust, nominal = measured.values()
    error = max(_rounding(policies) for policies in learned.values())
    return ExperimentOutcome(
        setting=(
            study_fact("game", _="shaky-bridge", KL_radius=str(RHO)),
            study_fact("learners", equilibrium="nash", constants="practical", K=episodes),
            study_fact("values", _="the worse-off agent's, mean over seeds", seeds=f"0 to {seeds - 1}"),
        ),
        tables=(_table(robust, nominal),),
        criteria=(
            *_criteria(robust, nominal, error),
            at_most(
                "alone: largest error of the gap of the nominal plan against "
                + ", ".join(f"{gap:g}" for gap in GAPS),
                max(abs(gap - known) for gap, known in zip(alone, GAPS, strict=True)),
                5e-4,
            ),
        ),
        records=[
            {"policy": name, "under": f"crash {crash:g}", "value": value}
            for name, values in measured.items()
            for crash, value in zip(_CRASHES, values.deployed, strict=True)
        ]
        + [
            {"policy": "nominal plan, alone", "under": f"gap at rho {radius}", "value": gap}
            for radius, gap in zip(RADII, alone, strict=True)
        ],
        panels=(
            Panel(
                "value of the worse-off agent",
                "crash probability when deployed",
                [Series(name, _CRASHES, values.deployed) for name, values in measured.items()],
            ),
            Panel(
                "robust gap of the nominal plan, agent 0 choosing alone",
                "radius",
                [Series("gap", [float(Fraction(x)) for x in RADII], alone)],
            ),
        ),
    )


def _measured(game: RobustMarkovGame, policies: list[JointPolicy]) -> Measured:
    return Measured(
        _deployed(policies),
        [_least_value(_at_radius(game, factor * RHO), policies) for factor in FACTORS],
        _drawn(game, policies),
    )


def _table(robust: Measured, nominal: Measured) -> StudyTable:
    names = (
        *(f"crash {crash:g}" for crash in _CRASHES),
        *(f"worst case at {label}" for label in FACTORS.values()),
        *(f"{DRAWS} kernels in the ball, {label}" for label in ("least", "mean")),
    )
    columns = [(*values.deployed, *values.worst, *values.drawn) for values in (robust, nominal)]
    return StudyTable(
        (("deployed under", "text"), *((name, "number") for name in ALGORITHMS)),
        tuple(zip(names, *columns, strict=True)),
    )


def _criteria(robust: Measured, nominal: Measured, error: float) -> tuple[Criterion, ...]:
    """Judge the values; ``error`` bounds the rounding of each value deployed."""
    return (
        at_least("nominally Nash-VI is ahead by", nominal.worst[0] - robust.worst[0], 0.05),
        at_least("in the worst case at rho KL-MORNAVI is ahead by", robust.worst[2] - nominal.worst[2], 0.2),
        at_most(
            "KL-MORNAVI does not depend on the crash, spread",
            max(robust.deployed) - min(robust.deployed),
            2 * error,
        ),
        _crossing(_CRASHES, robust.deployed, nominal.deployed, error),
    )


def _at_radius(game: RobustMarkovGame, radius: Fraction) -> RobustMarkovGame:
    return replace(game, radius=np.array(radius, dtype=object))


def _least_value(game: RobustMarkovGame, policies: list[JointPolicy]) -> float:
    """Return the worse-off agent's value at the start, mean over policies."""
    return float(np.mean([evaluate(game, policy).V[:, 0, game.initial_state].min() for policy in policies]))


def _deployed(policies: list[JointPolicy]) -> list[float]:
    return [_least_value(shaky_bridge(radius=0, crash=crash), policies) for crash in CRASHES]


def _rounding(policies: list[JointPolicy]) -> float:
    """Bound the error of what :func:`_deployed` returns: of each value, and of their mean."""
    evaluations = [
        evaluate(shaky_bridge(radius=0, crash=crash), policy) for crash in CRASHES for policy in policies
    ]
    largest = max(float(np.abs(evaluation.V).max()) for evaluation in evaluations)
    # a mean of n values rounds n times, each time by at most 2^-53 of the largest
    return (
        max(float(evaluation.error.max()) for evaluation in evaluations) + len(policies) * 2.0**-53 * largest
    )


def _drawn(game: RobustMarkovGame, policies: list[JointPolicy]) -> tuple[float, float]:
    """Return the least and the mean value under random kernels on the sphere of radius rho."""
    rng = np.random.default_rng(0)
    values = []
    for _ in range(DRAWS):
        P = np.array(game.P[0])
        for row in P.reshape(-1, game.n_states):
            support = row > 0.0
            row[support] = _towards(row[support], rng.dirichlet(np.ones(support.sum())), float(RHO))
        values.append(_least_value(replace(_at_radius(game, Fraction(0)), transition=P), policies))
    return min(values), float(np.mean(values))


def _towards(p: FloatArray, direction: FloatArray, radius: float) -> FloatArray:
    """Return the point between p and ``direction`` whose KL divergence from p is ``radius``, or the end."""
    low, high = 0.0, 1.0
    for _ in range(60):  # halvings reach the last bit; the divergence is convex there, hence increasing
        middle = 0.5 * (low + high)
        q = p + middle * (direction - p)
        inside = float((q * np.log(q / p)).sum()) <= radius
        low, high = (middle, high) if inside else (low, middle)
    q = p + low * (direction - p)
    result: FloatArray = q / q.sum()
    return result


def _gap_alone(radius: str) -> float:
    """Return the robust gap of the nominally best plan when agent 0 chooses alone and there is no bonus."""
    nominal = shaky_bridge(alone=True, bonus=0, radius=0)
    policy = robust_value_iteration(nominal, "nash").policy
    return gaps(shaky_bridge(alone=True, bonus=0, radius=radius), policy).at_start("nash")


def _crossing(crashes: list[float], robust: list[float], nominal: list[float], error: float) -> Criterion:
    """Find where the lines cross: 1 + 3 (1 - x) over the bridge is 3/4 + 3 over the detour at x = 1/12.

    With leads a and b at both ends, each within ``2 error``, the crossing ``x a / (a - b)`` of a line is off
    by at most ``6 x error / (|a - b| - 4 error)``, and a few roundings.
    """
    a, b = nominal[0] - robust[0], nominal[-1] - robust[-1]
    fall = abs(a - b) - 4 * error
    at, off = np.nan, np.inf
    if fall > 0.0:
        at, off = crashes[-1] * a / (a - b), crashes[-1] * (6 * error / fall + 4 * 2.0**-53)
    return Criterion(
        statement="the two cross at the crash probability 1/12, as derived by hand",
        value=or_none(at),
        least=or_none(1 / 12 - off),
        most=or_none(1 / 12 + off),
    )
