"""Experiments run at any size, and their criteria follow from what was measured."""

import math

import numpy as np
import pytest

from drmg_check.vocabulary import InputError
from drmg_check.zoo import load
from drmg_properties.experiments import (
    ExperimentOutcome,
    named_experiments,
    run_experiment,
)
from drmg_properties.experiments._corrupted_bandit import _worth
from drmg_properties.experiments._initial_shock import UNIFORM, uniform_gap
from drmg_properties.experiments._outcome import at_least, at_most
from drmg_properties.experiments._robustness_gap import GAPS, RADII, _crossing, _gap_alone, _towards


@pytest.fixture
def few_draws(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("drmg_properties.experiments._robustness_gap.DRAWS", 3)


def by_start(outcome: ExperimentOutcome, start: str) -> list[bool]:
    met = [criterion.met for criterion in outcome.criteria if criterion.statement.startswith(start)]
    assert met, start
    return met


@pytest.mark.parametrize("name", list(named_experiments()))
def test_every_experiment_runs_at_a_small_size(name: str, few_draws: None):
    shares: list[float] = []
    outcome = run_experiment(name, episodes=100, seeds=2, progress=shares.append)
    assert shares == sorted(shares)
    assert 0.0 < shares[0] <= shares[-1] <= 1.0
    assert outcome.criteria
    assert outcome.met == all(criterion.met for criterion in outcome.criteria)
    assert all(table.rows for table in outcome.tables)
    assert len({tuple(record) for record in outcome.records}) == 1
    assert all(len(series.x) == len(series.y) for panel in outcome.panels for series in panel.series)


def test_an_experiment_is_the_same_each_time():
    runs = [run_experiment("initial-shock", episodes=50, seeds=1) for _ in range(2)]
    assert runs[0] == runs[1]


def test_unknown_names_and_sizes_are_refused():
    with pytest.raises(InputError, match="support-shift"):
        run_experiment("support_shift")
    with pytest.raises(InputError, match="episodes"):
        run_experiment("scaling", episodes=-1)


@pytest.mark.parametrize("value", [1.0, 2.0, 3.0, math.nan])
def test_a_limit_is_met_or_not(value: float):
    assert at_most("x", value, 2.0).met == (value <= 2.0)
    assert at_least("x", value, 2.0).met == (value >= 2.0)
    assert at_most("x", value, 2.0).value == (None if math.isnan(value) else value)


def test_the_secret_of_the_shock_costs_its_gap_every_episode():
    """0.814 per episode for both secrets that one agent alone could use, nothing else."""
    outcome = run_experiment("initial-shock", episodes=200, seeds=1)
    last = {(row[0], row[1]): row[-1] for row in outcome.tables[0].rows}
    assert last["hidden", "0, 1"] == last["hidden", "1, 0"] == pytest.approx(0.8144, abs=1e-4)
    assert {last[arm] for arm in last if arm not in {("hidden", "0, 1"), ("hidden", "1, 0")}} == {0.0}
    assert all(by_start(outcome, "hidden: "))
    assert all(by_start(outcome, "printed: "))


def test_the_gap_of_uniform_play_is_the_formula_and_shrinks_with_more_actions():
    assert [round(uniform_gap(*sizes).share, 2) for sizes in UNIFORM] == [6.58, 1.61, 2.32, 0.8, 1.12, 0.18]
    for sizes in UNIFORM:
        gap = uniform_gap(*sizes)
        assert abs(gap.share - gap.formula) <= gap.rounding < 1e-9


def test_the_gap_of_the_nominal_plan_grows_with_the_radius():
    assert [_gap_alone(radius) for radius in RADII] == pytest.approx(GAPS, abs=5e-4)


def test_the_crossing_is_found_between_the_points():
    assert _crossing([0.0, 0.5], [3.75, 3.75], [4.0, 2.5], 0.0).met
    assert _crossing([0.0, 0.5], [3.75, 3.75], [4.0 + 1e-9, 2.5], 1e-9).met
    assert not _crossing([0.0, 0.5], [3.75, 3.75], [4.0 + 1e-9, 2.5], 1e-12).met
    assert not _crossing([0.0, 0.5], [3.75, 3.75], [4.1, 2.6], 0.0).met
    assert not _crossing([0.0, 0.5], [3.75, 3.75], [4.0, 4.0], 0.0).met


def test_a_drawn_kernel_is_on_the_sphere_or_at_the_end_of_its_direction():
    rng = np.random.default_rng(0)
    for _ in range(20):
        p, direction = rng.dirichlet(np.ones(3)), rng.dirichlet(np.ones(3))
        q = _towards(p, direction, 0.05)
        divergence, farthest = ((x * np.log(x / p)).sum() for x in (q, direction))
        assert divergence == pytest.approx(min(0.05, farthest), abs=1e-12)


def test_a_robust_bandit_arm_is_worth_less_than_its_edge():
    """The figures q(1/2 + e) - q(1/2) over e of the compressed gap, at e = 1/100."""
    for radius, share in (("0", 1.0), ("1/100", 0.995), ("1/10", 0.936), ("3/10", 0.792), ("3/5", 0.503)):
        game = load(f"corrupted-bandit?epsilon=1/100&radius={radius}")
        assert _worth(game) * 100 == pytest.approx(share, abs=1e-3)


def test_the_scaling_of_the_certificate_is_that_of_the_product(few_draws: None):
    """Small, and yet the median of three games tells the product from the sum."""
    outcome = run_experiment("scaling", seeds=3)
    assert outcome.met, outcome.criteria
