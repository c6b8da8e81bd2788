"""The certificates of a stored violation are those of the rows that its claim says it rests on."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from drmg_check.sets import Row
from drmg_oracles.checker import verify
from drmg_properties import Budget, Claim, judge
from drmg_properties.audit import frozen_claims, list_claims
from drmg_properties.audit._freeze import _certificates, _rows

BUDGET = Budget(max_examples=40, size=1, seed=0)
GAMES = {
    "A13": "the recursion says which policy is best, and no number of it is compared",
    "B12.least-c1": "the rows are those of the exact recursion of a whole game",
    "B12.least-c2": "the rows are those of the exact recursion of a whole game",
    "B12.likely-c1": "the rows are those of the exact recursion of a whole game",
    "C4.least-cf": "the rows are those of the exact recursion of a whole game",
}
FROZEN = {entry.claim.id: entry.claim for entry in frozen_claims(list_claims())}
RESTING = {id_: claim for id_, claim in FROZEN.items() if claim.rests_on is not None}


@pytest.mark.parametrize("claim", RESTING.values(), ids=RESTING)
def test_each_row_that_a_claim_rests_on_is_proved_whatever_was_computed_before(claim: Claim[Any]):
    """Six claims lost their certificates to caches that had been filled by the search."""
    instance = judge(claim, BUDGET).counterexample
    claim.derive(instance)
    certificates = _certificates(claim, instance)
    assert claim.rests_on is not None
    rows = {*_rows(instance), *claim.rests_on(instance)}
    assert len(certificates) == len(rows) > 0
    for certificate in certificates:
        lo, hi = verify(certificate)
        assert lo <= hi


def test_no_other_stored_violation_rests_on_enclosures():
    """Counted in a fresh process, since a cached worst case is enclosed once only."""
    script = Path(__file__).parent / "spied_enclosures.py"
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    enclosed = {id_ for id_, count in json.loads(done.stdout).items() if count > 0}
    with_rows = {id_ for id_, claim in FROZEN.items() if claim.instance_type is Row or id_ in ("A4", "A14")}
    assert enclosed - RESTING.keys() - with_rows - GAMES.keys() == set()
