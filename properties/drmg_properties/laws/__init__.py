"""Laws: what every correct implementation of a worst-case expectation obeys, without any oracle."""

from drmg_properties.laws._catalogue import LAWS as LAWS
from drmg_properties.laws._distribution import check_worst_distribution as check_worst_distribution
from drmg_properties.laws._law import FLOAT64 as FLOAT64
from drmg_properties.laws._law import LAST_BITS as LAST_BITS
from drmg_properties.laws._law import Law as Law
from drmg_properties.laws._law import Relation as Relation
from drmg_properties.laws._law import Solve as Solve
from drmg_properties.laws._law import Tolerance as Tolerance
from drmg_properties.laws._law import Violation as Violation
from drmg_properties.laws._law import allowance as allowance
from drmg_properties.laws._law import check_law as check_law
from drmg_properties.laws._law import scale_of as scale_of
from drmg_properties.laws._relabelling import Relabelling as Relabelling
from drmg_properties.laws._relabelling import gaps_are_permuted as gaps_are_permuted
from drmg_properties.laws._relabelling import inverse as inverse
from drmg_properties.laws._relabelling import joint_actions as joint_actions
from drmg_properties.laws._relabelling import planned_values_are_permuted as planned_values_are_permuted
from drmg_properties.laws._relabelling import relabel_game as relabel_game
from drmg_properties.laws._relabelling import relabel_policy as relabel_policy
from drmg_properties.laws._relabelling import relabel_values as relabel_values
from drmg_properties.laws._relabelling import values_are_permuted as values_are_permuted
from drmg_properties.laws._states import STATE_LAWS as STATE_LAWS
from drmg_properties.laws._states import StateLaw as StateLaw
from drmg_properties.laws._states import StateRelation as StateRelation
