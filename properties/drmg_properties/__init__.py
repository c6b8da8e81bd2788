"""Laws that every correct implementation obeys, and the ledger of claims of published papers."""

from drmg_properties.claim import Budget as Budget
from drmg_properties.claim import Claim as Claim
from drmg_properties.claim import Exhaustive as Exhaustive
from drmg_properties.claim import Finding as Finding
from drmg_properties.claim import Generated as Generated
from drmg_properties.claim import Nothing as Nothing
from drmg_properties.claim import Objection as Objection
from drmg_properties.claim import Proof as Proof
from drmg_properties.claim import Reading as Reading
from drmg_properties.claim import Severity as Severity
from drmg_properties.claim import Sizes as Sizes
from drmg_properties.claim import Undecidable as Undecidable
from drmg_properties.claim import decode_instance as decode_instance
from drmg_properties.claim import encode_instance as encode_instance
from drmg_properties.claim import hunt as hunt
from drmg_properties.claim import judge as judge
from drmg_properties.claim import judge_on_game as judge_on_game
from drmg_properties.claim import no_lines as no_lines
from drmg_properties.claim import no_slack as no_slack
