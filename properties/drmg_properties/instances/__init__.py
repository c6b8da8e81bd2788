"""Instances that several claims share, and how derivations describe them."""

from drmg_properties.instances._plays import FailingPlay as FailingPlay
from drmg_properties.instances._plays import Play as Play
from drmg_properties.instances._plays import correlated_plays as correlated_plays
from drmg_properties.instances._plays import describe_game as describe_game
from drmg_properties.instances._plays import describe_play as describe_play
from drmg_properties.instances._plays import describe_policy as describe_policy
from drmg_properties.instances._plays import failing_plays as failing_plays
from drmg_properties.instances._plays import is_small as is_small
from drmg_properties.instances._plays import lacks_failure_state as lacks_failure_state
from drmg_properties.instances._plays import plays as plays
from drmg_properties.instances._plays import plays_on as plays_on
