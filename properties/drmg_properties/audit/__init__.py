"""The engine that turns claims and games into the events of a run."""

from drmg_properties.audit._blame import blamed as blamed
from drmg_properties.audit._blame import describe_error as describe_error
from drmg_properties.audit._engine import audit as audit
from drmg_properties.audit._freeze import freeze as freeze
from drmg_properties.audit._freeze import frozen_claims as frozen_claims
from drmg_properties.audit._freeze import frozen_path as frozen_path
from drmg_properties.audit._freeze import verify_frozen as verify_frozen
from drmg_properties.audit._ledger import DEFAULT_LEDGERS as DEFAULT_LEDGERS
from drmg_properties.audit._ledger import AnyClaim as AnyClaim
from drmg_properties.audit._ledger import Listed as Listed
from drmg_properties.audit._ledger import find_claim as find_claim
from drmg_properties.audit._ledger import installed_ledgers as installed_ledgers
from drmg_properties.audit._ledger import ledger_address as ledger_address
from drmg_properties.audit._ledger import list_claims as list_claims
from drmg_properties.audit._ledger import load_ledger as load_ledger
from drmg_properties.audit._ledger import select_claims as select_claims
from drmg_properties.audit._plan import AuditPlan as AuditPlan
from drmg_properties.audit._plan import Case as Case
from drmg_properties.audit._plan import limited as limited
from drmg_properties.audit._plan import parse_duration as parse_duration
from drmg_properties.audit._plan import plan as plan
from drmg_properties.audit._run_case import claim_text as claim_text
from drmg_properties.audit._run_case import run_case as run_case
