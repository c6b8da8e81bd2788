"""Recorded runs: header, result, check, footer, written and read as NDJSON."""

from drmg_check.runs._ndjson import count_outcomes as count_outcomes
from drmg_check.runs._ndjson import decode_event as decode_event
from drmg_check.runs._ndjson import encode_event as encode_event
from drmg_check.runs._ndjson import holds_nothing as holds_nothing
from drmg_check.runs._ndjson import in_plan_order as in_plan_order
from drmg_check.runs._ndjson import is_complete as is_complete
from drmg_check.runs._ndjson import read_events as read_events
from drmg_check.runs._ndjson import whole_lines as whole_lines
from drmg_check.runs._records import SCHEMA_VERSION as SCHEMA_VERSION
from drmg_check.runs._records import Check as Check
from drmg_check.runs._records import ClaimText as ClaimText
from drmg_check.runs._records import Counterexample as Counterexample
from drmg_check.runs._records import Event as Event
from drmg_check.runs._records import Failure as Failure
from drmg_check.runs._records import FalseNeighbour as FalseNeighbour
from drmg_check.runs._records import Footer as Footer
from drmg_check.runs._records import Header as Header
from drmg_check.runs._records import Move as Move
from drmg_check.runs._records import Outcome as Outcome
from drmg_check.runs._records import Record as Record
from drmg_check.runs._records import Result as Result
from drmg_check.runs._records import Speed as Speed
from drmg_check.runs._records import TargetText as TargetText
from drmg_check.runs._records import Tightness as Tightness
