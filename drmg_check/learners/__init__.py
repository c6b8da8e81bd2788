"""Learners that meet a game episode by episode, and their exact robust regret."""

from drmg_check.learners._checkpoint import Recording as Recording
from drmg_check.learners._learn import Learning as Learning
from drmg_check.learners._learn import learn as learn
from drmg_check.learners._learn import rounding as rounding
from drmg_check.learners._settings import Algorithm as Algorithm
from drmg_check.learners._settings import Settings as Settings
from drmg_check.learners._study import learning_setting as learning_setting
from drmg_check.learners._study import learning_study as learning_study
from drmg_check.learners._summary import Band as Band
from drmg_check.learners._summary import Milestone as Milestone
from drmg_check.learners._summary import ViolationRates as ViolationRates
from drmg_check.learners._summary import band as band
from drmg_check.learners._summary import curve_records as curve_records
from drmg_check.learners._summary import milestones as milestones
from drmg_check.learners._summary import slope as slope
from drmg_check.learners._summary import violation_rates as violation_rates
