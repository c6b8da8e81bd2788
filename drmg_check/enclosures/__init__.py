"""Enclosing kernels: worst cases of many rows in float64, every bound proved, the search untrusted."""

from drmg_check.enclosures._estimate import seconds_of_a_sweep as seconds_of_a_sweep
from drmg_check.enclosures._outward import check_arithmetic as check_arithmetic
from drmg_check.enclosures._prepared import Prepared as Prepared
from drmg_check.enclosures._prepared import sweeps_quickly as sweeps_quickly
from drmg_check.enclosures._rows import Entries as Entries
from drmg_check.enclosures._rows import Radii as Radii
from drmg_check.enclosures._rows import enclosed_expectations as enclosed_expectations
from drmg_check.enclosures._rows import entries_of as entries_of
from drmg_check.enclosures._rows import radii_between as radii_between
from drmg_check.enclosures._tables import proved_tables as proved_tables
from drmg_check.enclosures._tables import tables as tables
