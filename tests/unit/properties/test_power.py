"""Each claim that holds is measured by false neighbours: its own search refutes them."""

from __future__ import annotations

from typing import Any

import pytest

from drmg_check.vocabulary import Verdict
from drmg_properties import Budget, Claim, judge
from drmg_properties.audit import list_claims
from drmg_properties.claim import as_claim, decode_instance, encode_instance

CLAIMS = [entry.claim for entry in list_claims()]
QUICK = Budget(max_examples=40, size=1, seed=0)


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim.neighbours], ids=lambda claim: claim.id)
def test_the_search_of_a_claim_refutes_its_false_neighbours(claim: Claim[Any]):
    """With the least budget, on an instance that the claim's own type admits and on which the claim holds."""
    finding = judge(claim, QUICK)
    for caught, neighbour in zip(finding.caught, claim.neighbours, strict=True):
        assert caught.counterexample is not None, neighbour.name
        text = encode_instance(claim, caught.counterexample)
        assert as_claim(claim, neighbour).derive(decode_instance(claim, text)).violated
        assert not claim.derive(decode_instance(claim, text)).violated


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_no_verdict_rests_on_instances_that_tell_nothing(claim: Claim[Any]):
    finding = judge(claim, QUICK)
    if finding.verdict.is_true:
        assert finding.instances > finding.undecided
        assert finding.instances >= finding.silent, "most instances say nothing"


def test_a_claim_that_holds_has_a_false_neighbour():
    without = [claim.id for claim in CLAIMS if claim.needs_neighbour and not claim.neighbours]
    assert not without


def test_a_neighbour_is_a_claim_that_is_expected_to_be_refuted():
    claim = next(claim for claim in CLAIMS if claim.neighbours)
    neighbour = as_claim(claim, claim.neighbours[0])
    assert neighbour.expected is Verdict.REFUTED
    assert neighbour.corrected == claim.id
    assert neighbour.search == claim.search or claim.expected is Verdict.PROVED
