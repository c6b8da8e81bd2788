"""Evidence: what is certain, what a check finds, and what a failed one shows."""

from drmg_check.referee.evidence._faults import Fault as Fault
from drmg_check.referee.evidence._faults import GameFault as GameFault
from drmg_check.referee.evidence._faults import RowFault as RowFault
from drmg_check.referee.evidence._faults import Tally as Tally
from drmg_check.referee.evidence._game_failure import game_failure as game_failure
from drmg_check.referee.evidence._game_failure import game_lines as game_lines
from drmg_check.referee.evidence._game_failure import shown as shown
from drmg_check.referee.evidence._game_program import call_lines as call_lines
from drmg_check.referee.evidence._game_program import run_lines as run_lines
from drmg_check.referee.evidence._game_program import value_lines as value_lines
from drmg_check.referee.evidence._policies import policy_in as policy_in
from drmg_check.referee.evidence._policies import rounding_of_policies as rounding_of_policies
from drmg_check.referee.evidence._policy_program import illegal_policy_lines as illegal_policy_lines
from drmg_check.referee.evidence._policy_program import plan_gap_lines as plan_gap_lines
from drmg_check.referee.evidence._policy_program import stage_gap_lines as stage_gap_lines
from drmg_check.referee.evidence._row_failure import replay_line as replay_line
from drmg_check.referee.evidence._row_failure import row_failure as row_failure
from drmg_check.referee.evidence._row_failure import row_from_json as row_from_json
from drmg_check.referee.evidence._row_failure import row_to_json as row_to_json
from drmg_check.referee.evidence._row_program import row_program as row_program
from drmg_check.referee.evidence._truth import FORGIVEN as FORGIVEN
from drmg_check.referee.evidence._truth import CertifiedValues as CertifiedValues
from drmg_check.referee.evidence._truth import certified as certified
from drmg_check.referee.evidence._truth import forgiven_in_a_game as forgiven_in_a_game
from drmg_check.referee.evidence._truth import grade_of as grade_of
from drmg_check.referee.evidence._truth import largest_value as largest_value
