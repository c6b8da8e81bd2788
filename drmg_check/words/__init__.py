"""The closed lists of words that records, the protocol and the command line share; they load nothing."""

from drmg_check.words._bonuses import Rate as Rate
from drmg_check.words._findings import DIAGNOSED as DIAGNOSED
from drmg_check.words._findings import NO_FAULT as NO_FAULT
from drmg_check.words._findings import FailureKind as FailureKind
from drmg_check.words._games import CONCEPTS as CONCEPTS
from drmg_check.words._games import NATURES as NATURES
from drmg_check.words._games import PRECISIONS as PRECISIONS
from drmg_check.words._games import QUANTITIES as QUANTITIES
from drmg_check.words._games import Concept as Concept
from drmg_check.words._games import Nature as Nature
from drmg_check.words._games import Precision as Precision
from drmg_check.words._games import Quantity as Quantity
from drmg_check.words._grades import DIRECTIONS as DIRECTIONS
from drmg_check.words._grades import GRADES as GRADES
from drmg_check.words._grades import Direction as Direction
from drmg_check.words._grades import Grade as Grade
from drmg_check.words._levels import LEVELS as LEVELS
from drmg_check.words._levels import SIGNATURES as SIGNATURES
from drmg_check.words._levels import LevelName as LevelName
from drmg_check.words._levels import Returns as Returns
from drmg_check.words._levels import Signature as Signature
