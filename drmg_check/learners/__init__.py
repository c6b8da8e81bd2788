"""Learners that meet a game episode by episode, and their exact robust regret."""

from drmg_check.learners._learn import Learning as Learning
from drmg_check.learners._learn import learn as learn
from drmg_check.learners._learn import rounding as rounding
from drmg_check.learners._settings import Algorithm as Algorithm
from drmg_check.learners._settings import Settings as Settings
from drmg_check.learners._summary import Line as Line
from drmg_check.learners._summary import band as band
from drmg_check.learners._summary import lines as lines
from drmg_check.learners._summary import rows as rows
from drmg_check.learners._summary import slope as slope
from drmg_check.learners._summary import violation_rates as violation_rates
