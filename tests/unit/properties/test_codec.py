"""Instances survive the way to JSON and back exactly, and a stranger's text is refused with a reason."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drmg_check.sets import Row
from drmg_check.vocabulary import InputError
from drmg_properties import Budget, decode_instance, encode_instance
from drmg_properties.claim._claim import Generated
from drmg_properties.claims.mornavi import LEDGER
from drmg_properties.strategies import rows_of_any_set

claim = {claim.id: claim for claim in LEDGER.claims}.__getitem__

A3, A5, D7, D8 = map(claim, ("A3", "A5", "D7", "D8"))
ROW = '{"uncertainty":{"kind":"tv","support":"all"},"nominal":["1","0"],"values":["1","0"],"radius":"1/2"}'


def test_a_row_is_written_for_people() -> None:
    assert encode_instance(A3, decode_instance(A3, ROW)) == ROW


@given(rows_of_any_set())
def test_rows_of_every_set_survive(row: Row) -> None:
    assert decode_instance(A3, encode_instance(A3, row)) == row


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_game_and_a_policy_survive(data: st.DataObject) -> None:
    assert isinstance(A5.search, Generated)
    play = data.draw(A5.search.strategy(Budget(1, 1, 0)))
    text = encode_instance(A5, play)
    assert "\n" not in text
    again = decode_instance(A5, text)
    assert (again.game.transition == play.game.transition).all()
    assert (again.game.radius == play.game.radius).all()
    assert (again.policy.weights == play.policy.weights).all()
    assert encode_instance(A5, again) == text


def test_nested_tuples_of_integers_survive() -> None:
    text = '{"M":3,"plays":[[0,2],[1,1]]}'
    assert encode_instance(D7, decode_instance(D7, text)) == text


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"radius": 0.5}, r"instance\.radius: 0\.5 is a rounded number; write it exactly"),
        ({"radius": "half"}, r"instance\.radius: .*no exact number"),
        ({"radius": "2"}, r"instance: radius=2 is illegal"),
        ({"radius": None}, r"instance\.radius"),
        ({"nominal": "1"}, r"instance\.nominal='1'; expected an array"),
        ({"nominal": ["1", True]}, r"instance\.nominal\[1\]: .*truth value"),
        ({"nominal": ["1"]}, r"instance: nominal has 1 states and values has 2"),
        ({"values": {}}, r"instance\.values=\{\}; expected an array"),
        ({"uncertainty": {"kind": "tw"}}, r"instance\.uncertainty: .*'tw' is unknown"),
        ({"rho": "1"}, r"unknown member 'rho'"),
    ],
)
def test_a_wrong_entry_is_named(change: dict[str, object], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        decode_instance(A3, json.dumps(json.loads(ROW) | change))


@pytest.mark.parametrize("text", ["", "{", "nonsense", '{"a":NaN}', "[" * 5000, "\ud800"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"no JSON|expected an object"):
        decode_instance(A3, text)


@pytest.mark.parametrize("text", ["null", "[]", "3", '"A3"'])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="expected an object with uncertainty, nominal, values, radius"):
        decode_instance(A3, text)


def test_a_missing_member_is_named() -> None:
    with pytest.raises(InputError, match="instance lacks 'values'"):
        decode_instance(A3, '{"uncertainty":{"kind":"tv"},"nominal":["1"]}')


def test_an_integer_is_not_a_truth_value_and_not_a_string() -> None:
    for wrong in ("true", '"3"', "3.0"):
        with pytest.raises(InputError, match=r"instance\.M="):
            decode_instance(D7, f'{{"M":{wrong},"plays":[[0]]}}')


def test_a_nested_instance_is_refused_by_its_own_rules() -> None:
    with pytest.raises(InputError, match=r"instance\.shock: M=1"):
        decode_instance(D8, '{"c":"1/100","shock":{"M":1,"N":2,"H":43}}')
