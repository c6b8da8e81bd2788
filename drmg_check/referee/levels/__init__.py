"""The levels: one file each, with what is asked, sent, true, checked, shown and mistaken."""

from drmg_check.referee.levels._level import Example as Example
from drmg_check.referee.levels._level import Level as Level
from drmg_check.referee.levels._level import TableRow as TableRow
from drmg_check.referee.levels._planned import PlannedCheck as PlannedCheck
from drmg_check.referee.levels._registry import level_of as level_of
from drmg_check.referee.levels._registry import session_for as session_for
