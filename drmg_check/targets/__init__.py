"""Implementations under test: how they declare themselves, where they are found, how they are spoken to."""

from drmg_check.targets._address import ENTRY_POINTS as ENTRY_POINTS
from drmg_check.targets._address import Target as Target
from drmg_check.targets._address import find_target as find_target
from drmg_check.targets._address import load_target as load_target
from drmg_check.targets._implementation import DEFAULT_ACCURACY as DEFAULT_ACCURACY
from drmg_check.targets._implementation import LEVELS as LEVELS
from drmg_check.targets._implementation import Implementation as Implementation
from drmg_check.targets._implementation import Level as Level
from drmg_check.targets._implementation import Quantity as Quantity
from drmg_check.targets._implementation import declaration_from_data as declaration_from_data
from drmg_check.targets._implementation import declaration_to_data as declaration_to_data
from drmg_check.targets._implementation import implementation as implementation
from drmg_check.targets._protocol import PROTOCOL_VERSION as PROTOCOL_VERSION
from drmg_check.targets._protocol import GarbageError as GarbageError
from drmg_check.targets._protocol import Reply as Reply
from drmg_check.targets._protocol import Request as Request
from drmg_check.targets._protocol import read_reply as read_reply
from drmg_check.targets._protocol import write_request as write_request
from drmg_check.targets._serve import answer_request as answer_request
from drmg_check.targets._sets import SetFamily as SetFamily
from drmg_check.targets._sets import set_family as set_family
from drmg_check.targets._sets import set_name as set_name
