"""The levels by name: a new one has a line here, or the type checker says that it is missing."""

from __future__ import annotations

from typing import Any, assert_never

from drmg_check.referee.asking import Session, Transport
from drmg_check.referee.levels._backup import BACKUP
from drmg_check.referee.levels._best_response import BEST_RESPONSE
from drmg_check.referee.levels._discounted_evaluation import DISCOUNTED_EVALUATION
from drmg_check.referee.levels._discounted_gap import DISCOUNTED_GAP
from drmg_check.referee.levels._discounted_optimum import DISCOUNTED_OPTIMUM
from drmg_check.referee.levels._equilibrium import EQUILIBRIUM
from drmg_check.referee.levels._evaluation import EVALUATION
from drmg_check.referee.levels._gap import GAP
from drmg_check.referee.levels._learner import LEARNER
from drmg_check.referee.levels._level import Level
from drmg_check.referee.levels._planner import PLANNER
from drmg_check.referee.levels._s_rectangular import S_RECTANGULAR
from drmg_check.referee.levels._worst_case import WORST_CASE
from drmg_check.targets import Implementation
from drmg_check.words import LevelName


def level_of(name: LevelName) -> Level[Any]:
    """Return what the referee knows of a level.

    >>> level_of("gap").row.value
    '`gap[i][s]`'
    """
    match name:
        case "worst-case":
            return WORST_CASE
        case "backup":
            return BACKUP
        case "evaluation":
            return EVALUATION
        case "best-response":
            return BEST_RESPONSE
        case "gap":
            return GAP
        case "equilibrium":
            return EQUILIBRIUM
        case "planner":
            return PLANNER
        case "learner":
            return LEARNER
        case "discounted-evaluation":
            return DISCOUNTED_EVALUATION
        case "discounted-gap":
            return DISCOUNTED_GAP
        case "discounted-optimum":
            return DISCOUNTED_OPTIMUM
        case "s-rectangular":
            return S_RECTANGULAR
        case _:
            assert_never(name)


def session_for(transport: Transport, declared: Implementation) -> Session[Any]:
    """Return a session that asks in the form of the level that is declared.

    >>> from drmg_check.referee.asking import InProcess
    >>> declared = Implementation(level="equilibrium")
    >>> session_for(InProcess(lambda u, actions: u[0]), declared).exhausted
    ''
    """
    return Session(transport, declared, level_of(declared.level).form)
