"""Diagnosis: what an implementation that disagrees seems to compute, found in catalogues of alternatives."""

from drmg_check.referee.diagnosis._altered_values import clipping as clipping
from drmg_check.referee.diagnosis._altered_values import discounts as discounts
from drmg_check.referee.diagnosis._discriminating_games import ExampleGame as ExampleGame
from drmg_check.referee.diagnosis._discriminating_games import (
    discriminating_backups as discriminating_backups,
)
from drmg_check.referee.diagnosis._discriminating_games import discriminating_games as discriminating_games
from drmg_check.referee.diagnosis._discriminating_games import large_backups as large_backups
from drmg_check.referee.diagnosis._discriminating_games import large_games as large_games
from drmg_check.referee.diagnosis._discriminating_games import plain_backups as plain_backups
from drmg_check.referee.diagnosis._discriminating_games import plain_games as plain_games
from drmg_check.referee.diagnosis._discriminating_plans import coarse_plans as coarse_plans
from drmg_check.referee.diagnosis._discriminating_plans import discriminating_plans as discriminating_plans
from drmg_check.referee.diagnosis._discriminating_plans import discriminating_stages as discriminating_stages
from drmg_check.referee.diagnosis._game_alternatives import agents_exchanged as agents_exchanged
from drmg_check.referee.diagnosis._game_alternatives import costs_of_responses as costs_of_responses
from drmg_check.referee.diagnosis._game_alternatives import independence as independence
from drmg_check.referee.diagnosis._game_alternatives import index_errors as index_errors
from drmg_check.referee.diagnosis._game_alternatives import lifted_rows as lifted_rows
from drmg_check.referee.diagnosis._game_alternatives import myopia as myopia
from drmg_check.referee.diagnosis._game_alternatives import negated_answers as negated_answers
from drmg_check.referee.diagnosis._game_alternatives import negated_rewards as negated_rewards
from drmg_check.referee.diagnosis._game_alternatives import other_games as other_games
from drmg_check.referee.diagnosis._game_alternatives import other_policies as other_policies
from drmg_check.referee.diagnosis._game_alternatives import other_responses as other_responses
from drmg_check.referee.diagnosis._game_alternatives import radii as radii
from drmg_check.referee.diagnosis._plans import FEWEST_PLANS as FEWEST_PLANS
from drmg_check.referee.diagnosis._plans import PolicyCatalogue as PolicyCatalogue
from drmg_check.referee.diagnosis._plans import diagnose_policies as diagnose_policies
from drmg_check.referee.diagnosis._plans import policies_for as policies_for
from drmg_check.referee.diagnosis._policy_alternatives import COARSE as COARSE
from drmg_check.referee.diagnosis._policy_alternatives import CORRELATED as CORRELATED
from drmg_check.referee.diagnosis._policy_alternatives import clipping_of_a_plan as clipping_of_a_plan
from drmg_check.referee.diagnosis._policy_alternatives import other_beliefs as other_beliefs
from drmg_check.referee.diagnosis._policy_alternatives import other_concepts as other_concepts
from drmg_check.referee.diagnosis._policy_alternatives import other_orders as other_orders
from drmg_check.referee.diagnosis._policy_alternatives import other_payoffs as other_payoffs
from drmg_check.referee.diagnosis._policy_alternatives import other_steps as other_steps
from drmg_check.referee.diagnosis._policy_alternatives import radii_exchanged as radii_exchanged
from drmg_check.referee.diagnosis._policy_alternatives import rows_of_a_plan as rows_of_a_plan
from drmg_check.referee.diagnosis._readings import likeliest as likeliest
from drmg_check.referee.diagnosis._readings import reordered_policy as reordered_policy
from drmg_check.referee.diagnosis._readings import uniform as uniform
from drmg_check.referee.diagnosis._recursion import DECLARED as DECLARED
from drmg_check.referee.diagnosis._recursion import GameAlternative as GameAlternative
from drmg_check.referee.diagnosis._recursion import Recursion as Recursion
from drmg_check.referee.diagnosis._recursion import Tables as Tables
from drmg_check.referee.diagnosis._recursion import average as average
from drmg_check.referee.diagnosis._recursion import best_answer as best_answer
from drmg_check.referee.diagnosis._recursion import mixtures as mixtures
from drmg_check.referee.diagnosis._recursion import obeyed as obeyed
from drmg_check.referee.diagnosis._recursion import responded as responded
from drmg_check.referee.diagnosis._recursion import tables_of as tables_of
from drmg_check.referee.diagnosis._recursion import worst_case as worst_case
from drmg_check.referee.diagnosis._regret import RegretAlternative as RegretAlternative
from drmg_check.referee.diagnosis._regret import RegretCatalogue as RegretCatalogue
from drmg_check.referee.diagnosis._regret import diagnose_regret as diagnose_regret
from drmg_check.referee.diagnosis._regret import regret_entries as regret_entries
from drmg_check.referee.diagnosis._responses import best_joint as best_joint
from drmg_check.referee.diagnosis._responses import nominal as nominal
from drmg_check.referee.diagnosis._responses import worst_joint as worst_joint
from drmg_check.referee.diagnosis._rows import FEWEST as FEWEST
from drmg_check.referee.diagnosis._rows import Diagnose as Diagnose
from drmg_check.referee.diagnosis._rows import catalogue as catalogue
from drmg_check.referee.diagnosis._rows import diagnose as diagnose
from drmg_check.referee.diagnosis._rows import discriminating_rows as discriminating_rows
from drmg_check.referee.diagnosis._rows import plain_rows as plain_rows
from drmg_check.referee.diagnosis._state_mistakes import StateMistake as StateMistake
from drmg_check.referee.diagnosis._state_mistakes import state_mistakes as state_mistakes
from drmg_check.referee.diagnosis._stationary import (
    discounts_of_other_agents as discounts_of_other_agents,
)
from drmg_check.referee.diagnosis._stationary import other_discounts as other_discounts
from drmg_check.referee.diagnosis._stationary import penalties as penalties
from drmg_check.referee.diagnosis._stationary import (
    planned_without_adversary as planned_without_adversary,
)
from drmg_check.referee.diagnosis._stationary import stationary_values as stationary_values
from drmg_check.referee.diagnosis._stationary import stopping_rules as stopping_rules
from drmg_check.referee.diagnosis._values import ValueCatalogue as ValueCatalogue
from drmg_check.referee.diagnosis._values import diagnose_values as diagnose_values
from drmg_check.referee.diagnosis._values import entries_for as entries_for
