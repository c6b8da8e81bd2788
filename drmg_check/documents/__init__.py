"""Documents: certificates of policies and studies, as versioned numbers; reports put them into words."""

from drmg_check.documents._certificate import Certified as Certified
from drmg_check.documents._certificate import CertifiedAgent as CertifiedAgent
from drmg_check.documents._certificate import CertifiedBounds as CertifiedBounds
from drmg_check.documents._certificate import CertifiedDeparture as CertifiedDeparture
from drmg_check.documents._certificate import CertifiedGame as CertifiedGame
from drmg_check.documents._certificate import CertifiedPassage as CertifiedPassage
from drmg_check.documents._certificate import CertifiedRow as CertifiedRow
from drmg_check.documents._certificate import PolicyOrigin as PolicyOrigin
from drmg_check.documents._curves import Panel as Panel
from drmg_check.documents._curves import Series as Series
from drmg_check.documents._examples import example_certificate as example_certificate
from drmg_check.documents._examples import example_study as example_study
from drmg_check.documents._files import Document as Document
from drmg_check.documents._files import decode_document as decode_document
from drmg_check.documents._files import encode_document as encode_document
from drmg_check.documents._files import is_document as is_document
from drmg_check.documents._files import is_policy_certificate as is_policy_certificate
from drmg_check.documents._study import Cell as Cell
from drmg_check.documents._study import Criterion as Criterion
from drmg_check.documents._study import NamedValue as NamedValue
from drmg_check.documents._study import NumberKind as NumberKind
from drmg_check.documents._study import Study as Study
from drmg_check.documents._study import StudyFact as StudyFact
from drmg_check.documents._study import StudyTable as StudyTable
from drmg_check.documents._study import or_none as or_none
from drmg_check.documents._study import study_fact as study_fact
