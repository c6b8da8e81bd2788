"""Robust evaluation, best responses, gaps, value iteration; optimistic planning from counts."""

from drmg_check.planner._estimate import Estimate as Estimate
from drmg_check.planner._estimate import estimate_plan as estimate_plan
from drmg_check.planner._evaluate import Evaluation as Evaluation
from drmg_check.planner._evaluate import evaluate as evaluate
from drmg_check.planner._large import LargePlan as LargePlan
from drmg_check.planner._large import plan_large as plan_large
from drmg_check.planner._optimism import Clip as Clip
from drmg_check.planner._optimism import OperatorName as OperatorName
from drmg_check.planner._optimism import Optimism as Optimism
from drmg_check.planner._optimism import Preset as Preset
from drmg_check.planner._optimism import practical as practical
from drmg_check.planner._optimism import theory as theory
from drmg_check.planner._optimistic import OptimisticPlan as OptimisticPlan
from drmg_check.planner._optimistic import optimistic_plan as optimistic_plan
from drmg_check.planner._plan import Plan as Plan
from drmg_check.planner._plan import robust_value_iteration as robust_value_iteration
from drmg_check.planner._policy_iteration import robust_policy_iteration as robust_policy_iteration
from drmg_check.planner._respond import BestResponse as BestResponse
from drmg_check.planner._respond import Gaps as Gaps
from drmg_check.planner._respond import best_modification as best_modification
from drmg_check.planner._respond import best_response as best_response
from drmg_check.planner._respond import gaps as gaps
from drmg_check.planner._zero_sum import ZeroSumPlan as ZeroSumPlan
from drmg_check.planner._zero_sum import zero_sum as zero_sum
from drmg_check.words import Rate as Rate
