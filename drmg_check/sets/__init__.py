"""Uncertainty sets: which kernels the adversary may choose around a nominal row."""

from drmg_check.sets._fictitious import FictitiousTotalVariation as FictitiousTotalVariation
from drmg_check.sets._fictitious import GameSet as GameSet
from drmg_check.sets._fictitious import game_set_from_data as game_set_from_data
from drmg_check.sets._fictitious import game_set_to_data as game_set_to_data
from drmg_check.sets._row import Row as Row
from drmg_check.sets._uncertainty import L1 as L1
from drmg_check.sets._uncertainty import UNCERTAINTY_SETS as UNCERTAINTY_SETS
from drmg_check.sets._uncertainty import ChiSquare as ChiSquare
from drmg_check.sets._uncertainty import Contamination as Contamination
from drmg_check.sets._uncertainty import CressieRead as CressieRead
from drmg_check.sets._uncertainty import Hellinger as Hellinger
from drmg_check.sets._uncertainty import Interval as Interval
from drmg_check.sets._uncertainty import KullbackLeibler as KullbackLeibler
from drmg_check.sets._uncertainty import ReverseKL as ReverseKL
from drmg_check.sets._uncertainty import Support as Support
from drmg_check.sets._uncertainty import TotalVariation as TotalVariation
from drmg_check.sets._uncertainty import UncertaintySet as UncertaintySet
from drmg_check.sets._uncertainty import Wasserstein as Wasserstein
from drmg_check.sets._uncertainty import check_radius as check_radius
from drmg_check.sets._uncertainty import leaves_support as leaves_support
from drmg_check.sets._uncertainty import uncertainty_from_data as uncertainty_from_data
from drmg_check.sets._uncertainty import uncertainty_to_data as uncertainty_to_data
