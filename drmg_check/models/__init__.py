"""Models: games, and the policies that are played in them."""

from drmg_check.models._game import RobustMarkovGame as RobustMarkovGame
from drmg_check.models._game import joint_action as joint_action
from drmg_check.models._model import Model as Model
from drmg_check.models._model import backwards as backwards
from drmg_check.models._policy import JointPolicy as JointPolicy
from drmg_check.models._policy import action_distribution as action_distribution
from drmg_check.models._policy import check_policy_fits as check_policy_fits
from drmg_check.models._policy import deterministic_policy as deterministic_policy
from drmg_check.models._policy import is_product as is_product
from drmg_check.models._policy import marginal as marginal
from drmg_check.models._policy import product_policy as product_policy
from drmg_check.models._policy import uniform_policy as uniform_policy
from drmg_check.models._rows import DenseRows as DenseRows
from drmg_check.models._rows import RowBlock as RowBlock
from drmg_check.models._rows import SparseRows as SparseRows
from drmg_check.models._rows import exact_array as exact_array
from drmg_check.models._rows import float_array as float_array
from drmg_check.models._rows import float_rows as float_rows
from drmg_check.models._rows import n_successors as n_successors
from drmg_check.models._rows import support as support
from drmg_check.models._stage import Stage as Stage
from drmg_check.models._stage import exact_radius as exact_radius
from drmg_check.models._stage import exact_reward as exact_reward
from drmg_check.models._stage import nominal_row as nominal_row
from drmg_check.models._stage import row_of as row_of
from drmg_check.models._stage import row_set as row_set
