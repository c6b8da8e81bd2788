"""Robust evaluation, best responses, gaps and value iteration on a known game."""

from drmg_check.planner._evaluate import Evaluation as Evaluation
from drmg_check.planner._evaluate import evaluate as evaluate
from drmg_check.planner._plan import Plan as Plan
from drmg_check.planner._plan import robust_value_iteration as robust_value_iteration
from drmg_check.planner._respond import BestResponse as BestResponse
from drmg_check.planner._respond import Gaps as Gaps
from drmg_check.planner._respond import best_modification as best_modification
from drmg_check.planner._respond import best_response as best_response
from drmg_check.planner._respond import gaps as gaps
