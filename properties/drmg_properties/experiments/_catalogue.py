"""The experiments by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from drmg_check.vocabulary import InputError
from drmg_properties.experiments._corrupted_bandit import corrupted_bandit_experiment
from drmg_properties.experiments._initial_shock import initial_shock_experiment
from drmg_properties.experiments._outcome import ExperimentOutcome, Progress
from drmg_properties.experiments._robustness_gap import robustness_gap
from drmg_properties.experiments._scaling import scaling
from drmg_properties.experiments._support_shift import support_shift


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment that has a name.

    Parameters
    ----------
    name : str
    question : str
        One line.
    episodes, seeds : int
        The sizes at which its criteria are meant; smaller ones are for trying it out.
    run : callable (episodes, seeds, progress) -> ExperimentOutcome

    Examples
    --------
    >>> from drmg_properties.experiments import named_experiments
    >>> named_experiments()["scaling"].question
    'how do episodes grow with the number of agents?'
    """

    name: str
    question: str
    episodes: int
    seeds: int
    run: Callable[..., ExperimentOutcome]


_EXPERIMENTS = (
    Experiment("support-shift", "what does a worst case cost that no data shows?", 20_000, 4, support_shift),
    Experiment(
        "robustness-gap", "what does a nominal plan lose when the model is wrong?", 5_000, 4, robustness_gap
    ),
    Experiment("scaling", "how do episodes grow with the number of agents?", 3_000, 10, scaling),
    Experiment(
        "initial-shock", "is the paper's Example 1 hard, and for whom?", 10_000, 4, initial_shock_experiment
    ),
    Experiment(
        "corrupted-bandit",
        "are bonuses needed? is Example 2 hard?",
        10_000,
        4,
        corrupted_bandit_experiment,
    ),
)


def named_experiments() -> Mapping[str, Experiment]:
    """Return all experiments by name, in the order in which they are listed to people.

    >>> list(named_experiments())
    ['support-shift', 'robustness-gap', 'scaling', 'initial-shock', 'corrupted-bandit']
    """
    return MappingProxyType({experiment.name: experiment for experiment in _EXPERIMENTS})


def run_experiment(
    name: str, *, episodes: int = 0, seeds: int = 0, progress: Progress = lambda share: None
) -> ExperimentOutcome:
    """Run a named experiment, at its own size or at another one.

    Raises
    ------
    InputError
        No experiment has that name, or a size is negative.

    Examples
    --------
    >>> outcome = run_experiment("support-shift", episodes=8, seeds=1)
    >>> [fact.values[0].value for fact in outcome.setting]
    ['failure-gridworld', 'TV-MORNAVI', '0 to 0']
    """
    experiments = named_experiments()
    if name not in experiments:
        raise InputError(f"experiment={name!r}; expected one of {', '.join(experiments)}")
    if min(episodes, seeds) < 0:
        raise InputError(f"episodes={episodes!r}, seeds={seeds!r}; expected >= 1, or 0 for the default")
    experiment = experiments[name]
    return experiment.run(
        episodes=episodes or experiment.episodes, seeds=seeds or experiment.seeds, progress=progress
    )
