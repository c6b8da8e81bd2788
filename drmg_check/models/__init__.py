"""Models: games, and the policies that are played in them."""

from drmg_check.models._game import RobustMarkovGame as RobustMarkovGame
from drmg_check.models._game import exact_radius as exact_radius
from drmg_check.models._game import exact_reward as exact_reward
from drmg_check.models._game import joint_action as joint_action
from drmg_check.models._game import nominal_row as nominal_row
from drmg_check.models._game import row_of as row_of
from drmg_check.models._game import row_set as row_set
from drmg_check.models._policy import JointPolicy as JointPolicy
from drmg_check.models._policy import action_distribution as action_distribution
from drmg_check.models._policy import check_policy_fits as check_policy_fits
from drmg_check.models._policy import deterministic_policy as deterministic_policy
from drmg_check.models._policy import is_product as is_product
from drmg_check.models._policy import marginal as marginal
from drmg_check.models._policy import product_policy as product_policy
from drmg_check.models._policy import uniform_policy as uniform_policy
