"""Every stored violation that rests on worst cases holds a certificate for each of them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from drmg_oracles.checker import verify
from drmg_properties import Claim, decode_instance
from drmg_properties.audit import frozen_claims, frozen_path, list_claims
from drmg_properties.audit._freeze import certificates_of
from drmg_properties.claim import derive_afresh

FOLDER = Path(__file__).parents[3] / "properties/counterexamples"
FROZEN = {entry.claim.id: entry.claim for entry in frozen_claims(list_claims())}
STORED = {id_: json.loads(frozen_path(FOLDER, claim).read_bytes()) for id_, claim in FROZEN.items()}
RESTING = [claim for id_, claim in FROZEN.items() if STORED[id_]["certificates"]]


@pytest.mark.parametrize("claim", RESTING, ids=lambda claim: claim.id)
def test_each_row_that_a_violation_rests_on_is_proved_whatever_was_computed_before(claim: Claim[Any]):
    """Six claims lost their certificates to caches that had been filled by the search."""
    data = STORED[claim.id]
    instance = decode_instance(claim, json.dumps(data["instance"]))
    claim.derive(instance)
    certificates = certificates_of(derive_afresh(claim, instance).rests_on)
    assert certificates == data["certificates"]
    for certificate in certificates:
        lo, hi = verify(certificate)
        assert lo <= hi


def test_no_other_stored_violation_rests_on_worst_cases():
    """Counted in a fresh process and by other means than the engine's, so that no cache can hide one."""
    script = Path(__file__).parent / "spied_enclosures.py"
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    asked = {id_ for id_, count in json.loads(done.stdout).items() if count > 0}
    assert len(asked) > 15
    assert asked - {claim.id for claim in RESTING} == set()
