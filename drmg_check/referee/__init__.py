"""The referee: it judges implementations that we did not write against certified intervals and laws."""

from drmg_check.referee._api import NonconformanceError as NonconformanceError
from drmg_check.referee._api import check_implementation as check_implementation
from drmg_check.referee._api import explain as explain
from drmg_check.referee._api import open_target as open_target
from drmg_check.referee._api import parametrize_with_laws as parametrize_with_laws
from drmg_check.referee._api import run_or_raise as run_or_raise
from drmg_check.referee._expected import idle_patterns as idle_patterns
from drmg_check.referee._expected import read_expected as read_expected
from drmg_check.referee._expected import reason_to_fail as reason_to_fail
from drmg_check.referee._pytest import collect_checks as collect_checks
from drmg_check.referee._run import Validation as Validation
from drmg_check.referee._run import declared_with as declared_with
from drmg_check.referee._run import on_one_row as on_one_row
from drmg_check.referee._run import plan_validation as plan_validation
from drmg_check.referee._run import run_check as run_check
from drmg_check.referee._run import validate as validate
from drmg_check.referee.asking import CALL_LIMIT as CALL_LIMIT
from drmg_check.referee.asking import MEMORY as MEMORY
from drmg_check.referee.asking import Session as Session
from drmg_check.referee.asking import Subject as Subject
from drmg_check.referee.diagnosis import Diagnose as Diagnose
from drmg_check.referee.diagnosis import diagnose as diagnose
from drmg_check.referee.transcripts import TRANSCRIPTS as TRANSCRIPTS
from drmg_check.referee.transcripts import Dialogue as Dialogue
from drmg_check.referee.transcripts import Transcript as Transcript
from drmg_check.referee.transcripts import transcripts as transcripts
