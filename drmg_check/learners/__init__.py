"""Learners that meet a game episode by episode, and their exact robust regret."""

from drmg_check.learners._learn import Learning as Learning
from drmg_check.learners._learn import learn as learn
from drmg_check.learners._settings import Algorithm as Algorithm
from drmg_check.learners._settings import Settings as Settings
