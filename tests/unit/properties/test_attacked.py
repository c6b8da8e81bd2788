"""Instances outside of the ranges of a search, on which a derivation once said what is not so."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from drmg_check.vocabulary import UnsupportedError, Verdict
from drmg_properties import Budget, judge
from drmg_properties.claims.mornavi import LEDGER
from drmg_properties.claims.mornavi.hardness._bandit_game import Arms, TeamArms
from drmg_properties.claims.steps import Chain, Shock, Trials

F = Fraction
claim = {claim.id: claim for claim in LEDGER.claims}.__getitem__


@pytest.mark.parametrize(
    ("name", "instance"),
    [
        pytest.param(
            "B1.attained", Chain(F(1, 10**20), 181), id="values of 4096 bits are enclosed, not exact"
        ),
        pytest.param("C12", Trials(334459665, F(1, 10**6), F(1, 100)), id="iota below 1"),
        pytest.param("E1.corrected", Arms(F(1, 30), F(1, 10**30)), id="a ball smaller than the tolerance"),
        pytest.param(
            "E5.equilibria", TeamArms(2, 2, Arms(F(1, 30), F(100))), id="a radius that leaves nothing"
        ),
    ],
)
def test_a_claim_that_holds_is_not_refuted_there(name: str, instance: Any) -> None:  # noqa: ANN401
    assert not claim(name).derive(instance).violated


def test_too_many_plans_are_out_of_reach() -> None:
    with pytest.raises(UnsupportedError, match="expected fewer plans"):
        claim("D11.corrected").derive(Shock(3, 4, 730))


def test_a_search_stays_within_its_instances_at_the_size_of_the_deep_profile() -> None:
    finding = judge(claim("B10.presampled"), Budget(max_examples=20, size=3, seed=0))
    assert finding.verdict is Verdict.HOLDS
