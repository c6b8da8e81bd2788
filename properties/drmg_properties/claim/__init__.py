"""A claim, how it is searched and judged, and its instances as JSON."""

from drmg_properties.claim._claim import Budget as Budget
from drmg_properties.claim._claim import Check as Check
from drmg_properties.claim._claim import Claim as Claim
from drmg_properties.claim._claim import Exhaustive as Exhaustive
from drmg_properties.claim._claim import Finding as Finding
from drmg_properties.claim._claim import Generated as Generated
from drmg_properties.claim._claim import Nothing as Nothing
from drmg_properties.claim._claim import Proof as Proof
from drmg_properties.claim._claim import Reading as Reading
from drmg_properties.claim._claim import Severity as Severity
from drmg_properties.claim._claim import Sizes as Sizes
from drmg_properties.claim._claim import Undecidable as Undecidable
from drmg_properties.claim._claim import no_lines as no_lines
from drmg_properties.claim._claim import no_slack as no_slack
from drmg_properties.claim._codec import decode_instance as decode_instance
from drmg_properties.claim._codec import encode_instance as encode_instance
from drmg_properties.claim._hunt import Objection as Objection
from drmg_properties.claim._hunt import hunt as hunt
from drmg_properties.claim._judge import judge as judge
from drmg_properties.claim._judge import judge_on_game as judge_on_game
