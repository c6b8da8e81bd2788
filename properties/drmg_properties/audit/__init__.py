"""The engine that turns claims and games into the events of a run."""

from drmg_properties.audit._engine import Emit as Emit
from drmg_properties.audit._engine import audit as audit
from drmg_properties.audit._engine import check_same_plan as check_same_plan
from drmg_properties.audit._exact_text import rational_above as rational_above
from drmg_properties.audit._exact_text import rational_below as rational_below
from drmg_properties.audit._freeze import freeze as freeze
from drmg_properties.audit._freeze import frozen_claims as frozen_claims
from drmg_properties.audit._freeze import frozen_path as frozen_path
from drmg_properties.audit._freeze import verify_frozen as verify_frozen
from drmg_properties.audit._ledger import DEFAULT_LEDGER as DEFAULT_LEDGER
from drmg_properties.audit._ledger import AnyClaim as AnyClaim
from drmg_properties.audit._ledger import find_claim as find_claim
from drmg_properties.audit._ledger import installed_ledgers as installed_ledgers
from drmg_properties.audit._ledger import load_ledger as load_ledger
from drmg_properties.audit._ledger import select_claims as select_claims
from drmg_properties.audit._plan import DEFAULT_RUN as DEFAULT_RUN
from drmg_properties.audit._plan import GENERATED as GENERATED
from drmg_properties.audit._plan import PROFILES as PROFILES
from drmg_properties.audit._plan import Case as Case
from drmg_properties.audit._plan import Plan as Plan
from drmg_properties.audit._plan import installed_versions as installed_versions
from drmg_properties.audit._plan import parse_duration as parse_duration
from drmg_properties.audit._plan import plan as plan
from drmg_properties.audit._plan import split_case_id as split_case_id
from drmg_properties.audit._run_case import claim_text as claim_text
from drmg_properties.audit._run_case import run_case as run_case
