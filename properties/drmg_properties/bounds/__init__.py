"""Calculators: bonuses, regret bounds with explicit constants, sample sizes, where they say nothing."""

from drmg_properties.bounds._bonus import CountedRow as CountedRow
from drmg_properties.bounds._bonus import kl_bonus as kl_bonus
from drmg_properties.bounds._bonus import tv_bonus as tv_bonus
from drmg_properties.bounds._magnitude import Magnitude as Magnitude
from drmg_properties.bounds._regret import REGRET_BOUNDS as REGRET_BOUNDS
from drmg_properties.bounds._regret import RegretBound as RegretBound
from drmg_properties.bounds._regret import regret as regret
from drmg_properties.bounds._regret import regret_at_power as regret_at_power
from drmg_properties.bounds._regret import vacuous_below as vacuous_below
from drmg_properties.bounds._samples import TABLE_1 as TABLE_1
from drmg_properties.bounds._samples import SampleSize as SampleSize
from drmg_properties.bounds._samples import entry as entry
from drmg_properties.bounds._samples import formula as formula
from drmg_properties.bounds._samples import log_samples as log_samples
from drmg_properties.bounds._samples import samples as samples
from drmg_properties.bounds._sheet import BoundLine as BoundLine
from drmg_properties.bounds._sheet import Point as Point
from drmg_properties.bounds._sheet import Sheet as Sheet
from drmg_properties.bounds._sheet import sheet as sheet
from drmg_properties.bounds._sheet import visits_for as visits_for
from drmg_properties.bounds._size import LEADING as LEADING
from drmg_properties.bounds._size import Constants as Constants
from drmg_properties.bounds._size import Size as Size
from drmg_properties.bounds._size import iota as iota
