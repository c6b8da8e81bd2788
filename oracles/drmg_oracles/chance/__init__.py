"""Probabilities, exactly: binomial and multinomial sums, anytime-valid intervals."""

from drmg_oracles.chance._probability import anytime_interval as anytime_interval
from drmg_oracles.chance._probability import binomial_probability as binomial_probability
from drmg_oracles.chance._probability import multinomials as multinomials
