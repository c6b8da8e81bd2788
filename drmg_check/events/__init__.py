"""The typed events that the audit engine emits and every report handler reads."""

from drmg_check.events._records import SCHEMA_VERSION as SCHEMA_VERSION
from drmg_check.events._records import ClaimText as ClaimText
from drmg_check.events._records import Counterexample as Counterexample
from drmg_check.events._records import Event as Event
from drmg_check.events._records import Footer as Footer
from drmg_check.events._records import Header as Header
from drmg_check.events._records import Record as Record
from drmg_check.events._records import Result as Result
