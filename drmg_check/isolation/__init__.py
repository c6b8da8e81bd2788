"""Processes that may crash, hang or speak nonsense without taking anything else with them."""

from drmg_check.isolation._line_process import START_LIMIT as START_LIMIT
from drmg_check.isolation._line_process import LineProcess as LineProcess
from drmg_check.isolation._line_process import Loss as Loss
from drmg_check.isolation._line_process import LostError as LostError
from drmg_check.isolation._serve import serve as serve
