"""Games with names: the paper's examples, the experiments, random families, Gymnasium's tables."""

from drmg_check.zoo._catalogue import NamedGame as NamedGame
from drmg_check.zoo._catalogue import load as load
from drmg_check.zoo._catalogue import named_games as named_games
from drmg_check.zoo._experiments import failure_gridworld as failure_gridworld
from drmg_check.zoo._experiments import shaky_bridge as shaky_bridge
from drmg_check.zoo._gymnasium import cliff_walking as cliff_walking
from drmg_check.zoo._gymnasium import frozen_lake as frozen_lake
from drmg_check.zoo._gymnasium import taxi as taxi
from drmg_check.zoo._paper import corrupted_bandit as corrupted_bandit
from drmg_check.zoo._paper import good_bad_chain as good_bad_chain
from drmg_check.zoo._paper import initial_shock as initial_shock
from drmg_check.zoo._random import random_dirichlet as random_dirichlet
from drmg_check.zoo._random import random_fractions as random_fractions
from drmg_check.zoo._resolve import resolve_game as resolve_game
from drmg_check.zoo._resolve import resolve_model as resolve_model
