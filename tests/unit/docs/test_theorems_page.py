"""The page of theorems: current, and without a gap."""

import importlib.util
import json
from pathlib import Path

from drmg_check.vocabulary import Verdict
from drmg_properties.audit import list_claims
from drmg_properties.theorems import coq_name, folder, stated

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_is_what_its_script_writes():
    """Whoever proves one more runs docs/write_theorems.py."""
    spec = importlib.util.spec_from_file_location("write_theorems", DOCS / "write_theorems.py")
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    assert (DOCS / "theorems.md").read_text(encoding="utf-8") == writer.page()


def test_every_refuted_claim_of_the_paper_has_a_theorem_or_a_reason():
    """And no claim has both."""
    reasons = json.loads((folder() / "without.json").read_text(encoding="utf-8"))
    refuted = {
        coq_name(entry.claim.id)
        for entry in list_claims(("mornavi",))
        if entry.claim.expected == Verdict.REFUTED
    }
    assert refuted <= reasons.keys() | set(stated())
    assert not reasons.keys() & set(stated())
