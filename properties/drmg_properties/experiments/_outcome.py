"""What an experiment found, and whether it meets the criteria that it states."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from drmg_check.documents import Criterion, Panel, Series, StudyFact, StudyTable, or_none
from drmg_check.equilibria import Concept
from drmg_check.learners import Algorithm, Learning, Settings, band, curve_records, learn
from drmg_check.models import RobustMarkovGame
from drmg_check.planner import Optimism
from drmg_check.vocabulary import FloatArray

Progress = Callable[[float], object]


@dataclass(frozen=True, slots=True)
class ExperimentOutcome:
    """What one experiment measured, and whether that meets what it states.

    Attributes
    ----------
    setting : tuple of StudyFact
        What was run, with every constant.
    tables : tuple of StudyTable
        The findings for people.
    criteria : tuple of Criterion
    records : sequence of mappings with the same keys
        Everything measured.
    panels : tuple of Panel

    Examples
    --------
    >>> from drmg_properties.experiments import run_experiment
    >>> outcome = run_experiment("initial-shock", episodes=8, seeds=1)
    >>> [name for name, _ in outcome.tables[0].columns[:3]], len(outcome.criteria)
    (['game', 'secret', 'regret at K/4'], 6)
    """

    setting: tuple[StudyFact, ...]
    tables: tuple[StudyTable, ...]
    criteria: tuple[Criterion, ...]
    records: Sequence[Mapping[str, object]]
    panels: tuple[Panel, ...]

    @property
    def met(self) -> bool:
        """Whether every criterion is met."""
        return all(criterion.met for criterion in self.criteria)


def at_most(statement: str, value: float, limit: float, unit: str = "") -> Criterion:
    """Return the criterion that ``value <= limit``; NaN does not meet it."""
    return Criterion(statement=statement, value=or_none(value), most=float(limit), unit=unit)


def at_least(statement: str, value: float, limit: float, unit: str = "") -> Criterion:
    """Return the criterion that ``value >= limit``; NaN does not meet it."""
    return Criterion(statement=statement, value=or_none(value), least=float(limit), unit=unit)


def settings_for(
    optimism: Optimism, *, algorithm: Algorithm = "mornavi", concept: Concept = "nash", episodes: int = 0
) -> Settings:
    """Return the settings of a learner: for as many episodes as its constants are for, or fewer."""
    return Settings(
        algorithm=algorithm, concept=concept, episodes=episodes or optimism.episodes, optimism=optimism
    )


def learn_with(game: RobustMarkovGame, optimism: Optimism, seeds: int) -> Learning:
    """Run f-MORNAVI with NASH stage games on the seeds 0, 1, ..."""
    return learn(game, settings_for(optimism), range(seeds))


def seed_band(name: str, run: Learning, curves: FloatArray) -> Series:
    """Return the mean of curves over seeds, and their range."""
    return Series(name, run.episodes.tolist(), *(curve.tolist() for curve in band(curves)))


def run_records(run: Learning, **labels: object) -> list[dict[str, object]]:
    """Return the records of a run, each with the labels in front."""
    return [labels | record for record in curve_records(run)]
