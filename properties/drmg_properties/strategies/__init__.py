"""Hypothesis strategies for numbers, rows, games and policies that shrink to what a person can read."""

from drmg_properties.strategies._equilibria import equilibria as equilibria
from drmg_properties.strategies._games import EVERYTHING as EVERYTHING
from drmg_properties.strategies._games import EXACT_SETS as EXACT_SETS
from drmg_properties.strategies._games import Variety as Variety
from drmg_properties.strategies._games import correlated_policies as correlated_policies
from drmg_properties.strategies._games import games as games
from drmg_properties.strategies._games import policies as policies
from drmg_properties.strategies._games import product_policies as product_policies
from drmg_properties.strategies._games import relabellings as relabellings
from drmg_properties.strategies._numbers import fractions as fractions
from drmg_properties.strategies._numbers import simple_fractions as simple_fractions
from drmg_properties.strategies._rows import critical_radii as critical_radii
from drmg_properties.strategies._rows import ground_metrics as ground_metrics
from drmg_properties.strategies._rows import nominal_rows as nominal_rows
from drmg_properties.strategies._rows import resized_sets as resized_sets
from drmg_properties.strategies._rows import rows as rows
from drmg_properties.strategies._rows import rows_of_any_set as rows_of_any_set
from drmg_properties.strategies._rows import uncertainty_sets as uncertainty_sets
from drmg_properties.strategies._rows import value_vectors as value_vectors
from drmg_properties.strategies._rows import weighted_values as weighted_values
from drmg_properties.strategies._states import state_problems as state_problems
