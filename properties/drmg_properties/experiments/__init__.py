"""Experiments on what the paper claims of learning, each with criteria that it computes."""

from drmg_properties.experiments._catalogue import Experiment as Experiment
from drmg_properties.experiments._catalogue import named_experiments as named_experiments
from drmg_properties.experiments._catalogue import run_experiment as run_experiment
from drmg_properties.experiments._outcome import ExperimentOutcome as ExperimentOutcome
