"""Is this policy good? Robust values and equilibrium gaps of a joint policy between proven bounds."""

from drmg_check.words import Concept as Concept
from drmg_oracles.policies._certify import AgentCertificate as AgentCertificate
from drmg_oracles.policies._certify import GapCertificate as GapCertificate
from drmg_oracles.policies._certify import certify as certify
from drmg_oracles.policies._departure import Departure as Departure
from drmg_oracles.policies._document import certificate_document as certificate_document
from drmg_oracles.policies._estimate import estimate_seconds as estimate_seconds
from drmg_oracles.policies._ex_post import ExPostCertificate as ExPostCertificate
from drmg_oracles.policies._ex_post import ExPostGain as ExPostGain
from drmg_oracles.policies._ex_post import ex_post as ex_post
from drmg_oracles.policies._kept import count_parts as count_parts
from drmg_oracles.policies._kept import work_on as work_on
from drmg_oracles.policies._kernels import write_worst_kernels as write_worst_kernels
from drmg_oracles.policies._passages import passages as passages
from drmg_oracles.policies._places import sampled_places as sampled_places
from drmg_oracles.policies._places import verify_places as verify_places
from drmg_oracles.policies._verify import verify_certificate as verify_certificate
