"""Formulas of claims: enclosed in balls, and written in lines."""

from drmg_properties.formulas._balls import MAX_BITS as MAX_BITS
from drmg_properties.formulas._balls import ball as ball
from drmg_properties.formulas._balls import enclose_closely as enclose_closely
from drmg_properties.formulas._balls import enclose_formula as enclose_formula
from drmg_properties.formulas._balls import endpoints as endpoints
from drmg_properties.formulas._balls import exp_of as exp_of
from drmg_properties.formulas._balls import root as root
from drmg_properties.formulas._balls import sign as sign
from drmg_properties.formulas._text import interval as interval
from drmg_properties.formulas._text import outward as outward
from drmg_properties.formulas._text import vector as vector
