"""The JSON format of policies loses nothing and says what is wrong."""

import json
from fractions import Fraction
from importlib.resources import files

import jsonschema
import numpy as np
import pytest

from drmg_check.models import JointPolicy, uniform_policy
from drmg_check.readers import policy_from_data, policy_from_json, policy_to_data, policy_to_json
from drmg_check.vocabulary import InputError
from drmg_check.zoo import load

SCHEMA = json.loads(files("drmg_check.readers").joinpath("policy.schema.json").read_text())

UNIFORM = """\
{"format":"drmg-policy",
"version":1,
"horizon":4,
"states":2,
"actions":[2,2],
"weights":{"numbers":"rational","shape":[1,1,1],"values":["1/4"]}}
"""


def test_a_constant_policy_is_written_once_and_read_back():
    policy = uniform_policy(load("initial-shock"))
    assert policy_to_json(policy) == UNIFORM
    again = policy_from_json(UNIFORM)
    assert again.actions == (2, 2)
    assert again.weights.dtype == object
    assert np.array_equal(again.weights, policy.weights)
    assert json.loads(UNIFORM) == policy_to_data(policy)
    jsonschema.validate(json.loads(UNIFORM), SCHEMA)


def test_float_weights_stay_the_same_floats():
    weights = np.array([[[0.1, 0.9]], [[1 / 3, 1 - 1 / 3]]])
    again = policy_from_data(policy_to_data(JointPolicy(weights, (2,))))
    assert again.weights.dtype == np.float64
    assert np.array_equal(again.weights, weights)


def test_a_thin_fraction_is_read_exactly():
    text = UNIFORM.replace("[1,1,1]", "[1,1,4]").replace('"1/4"', '"1/3","1/3","1/3","0"')
    assert policy_from_json(text).weights[3, 1].tolist() == [Fraction(1, 3)] * 3 + [Fraction(0)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"1/4"', '"1/5"', "sums to 0.8"),
        ('"1/4"', "0.25", "Expected `str`"),
        ("[1,1,1]", "[1,1]", "expected lengths 1 or"),
        ("[2,2]", "[2]", "sums to 0.5"),
        ("[2,2]", "[2147483648,2147483648]", "expected at most"),
        ('"states":2', '"states":2,"states":2', "'states' appears twice"),
        ("policy", "game", 'expected "drmg-policy"'),
        ("}", "", "truncated"),
    ],
)
def test_an_illegal_document_is_refused(old: str, new: str, message: str):
    with pytest.raises(InputError, match=message):
        policy_from_json(UNIFORM.replace(old, new))
