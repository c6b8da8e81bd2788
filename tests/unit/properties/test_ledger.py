"""The ledger is coherent, and every verdict that a run finds is the one that the ledger expects."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from latex2mathml.converter import convert

from drmg_check.vocabulary import InputError, Verdict
from drmg_properties import (
    Budget,
    Claim,
    Derivation,
    EveryConstant,
    Exhaustive,
    Existence,
    Finding,
    Proof,
    Reading,
    Severity,
    Sizes,
    Undecidable,
    decode_instance,
    encode_instance,
    judge,
)
from drmg_properties.audit import find_claim, frozen_path, list_claims, load_ledger
from drmg_properties.claim import CONSTANTS, as_claim

QUICK = Budget(max_examples=40, size=1, seed=0)
CLAIMS = [entry.claim for entry in list_claims()]
COUNTEREXAMPLES = Path(__file__).parents[3] / "properties/counterexamples"
each_claim = pytest.mark.parametrize("one", CLAIMS, ids=lambda one: one.id)


def has_no_instances(one: Claim[Any]) -> bool:
    """Whether nothing finite bears on the statement itself: the verdict is a reason, or that of its steps."""
    search = one.search
    return isinstance(search, Undecidable) or (isinstance(search, Proof) and search.statement is None)


@each_claim
def test_a_claim_is_judged_as_expected_and_its_search_is_worth_something(one: Claim[Any]) -> None:
    """Judged once, with the least budget, for a search is not cheap.

    A violation is the one that is stored, and replays with the same slack. What holds, holds on instances
    that
    tell something, and the same search refutes each false neighbour on an instance on which the claim holds.
    """
    finding = judge(one, QUICK)
    assert finding.verdict == one.expected, finding
    assert finding.undecided == 0
    if finding.verdict in (Verdict.REFUTED, Verdict.VACUOUS):
        check_violation(one, finding)
    else:
        assert finding.counterexample is None
        assert has_no_instances(one) or finding.instances > 0
    if finding.verdict.is_true:
        assert finding.instances >= finding.silent, "most instances say nothing"
    for caught, neighbour in zip(finding.caught, one.neighbours, strict=True):
        assert caught.counterexample is not None, f"{neighbour.name} survives"
        text = encode_instance(one, caught.counterexample)
        assert as_claim(one, neighbour).derive(decode_instance(one, text)).violated
        assert not one.derive(decode_instance(one, text)).violated


def check_violation(claim: Claim[Any], finding: Finding[Any]) -> None:
    assert finding.counterexample is not None
    text = encode_instance(claim, finding.counterexample)
    stored = msgspec.json.decode(frozen_path(COUNTEREXAMPLES, claim).read_bytes())["instance"]
    assert stored == msgspec.json.decode(text), "run drmg-check claims freeze"
    again = claim.derive(decode_instance(claim, text))
    assert again.violated
    assert again.difference == finding.smallest


def test_a_claim_that_holds_has_a_false_neighbour() -> None:
    without = [claim.id for claim in CLAIMS if claim.needs_neighbour and not claim.neighbours]
    assert not without


def test_a_neighbour_is_a_claim_that_is_expected_to_be_refuted() -> None:
    claim = next(claim for claim in CLAIMS if claim.neighbours)
    neighbour = as_claim(claim, claim.neighbours[0])
    assert neighbour.expected is Verdict.REFUTED
    assert neighbour.corrected == claim.id
    assert neighbour.instance_type is claim.instance_type


def some_instances(one: Claim[Any]) -> list[Any]:
    """Return the first instances of a list, or of a small search by Hypothesis."""
    budget, search = Budget(max_examples=5, size=1, seed=1), one.search
    if isinstance(search, Proof):
        search = search.statement
    if isinstance(search, Exhaustive | Sizes):
        return list(islice(search.instances(budget), 3))
    if isinstance(search, EveryConstant):
        return [search.witness(c) for c in CONSTANTS]
    if isinstance(search, Existence):
        return list(islice(search.candidates(budget), 3))
    seen: list[Any] = []

    def keep(instance: object) -> Derivation:
        seen.append(instance)
        return one.derive(instance)

    judge(replace(one, derive=keep, search=search, neighbours=()), budget)
    return seen[:5]


@pytest.mark.parametrize("one", [one for one in CLAIMS if not has_no_instances(one)], ids=lambda one: one.id)
def test_every_instance_can_be_derived_and_written(one: Claim[Any]) -> None:
    """The derivation of any instance, not only of a counterexample, is a few lines of text."""
    instances = some_instances(one)
    assert instances
    for instance in instances:
        lines = one.derive(instance).derivation
        assert len(lines) > 2
        assert all(line and "\n" not in line for line in lines)
        text = encode_instance(one, instance)
        assert encode_instance(one, decode_instance(one, text)) == text


@each_claim
def test_the_texts_are_ready_for_a_report(one: Claim[Any]) -> None:
    """LaTeX renders to MathML, and no text is empty."""
    assert convert(one.latex).startswith("<math")
    for text in (one.id, one.place, one.title, one.statement, one.formalisation):
        assert text.strip() == text != ""
    assert one.reading in get_args(Reading)
    assert one.severity in get_args(Severity)


def test_a_correction_is_read_as_one() -> None:
    known = {claim.id: claim for claim in CLAIMS}
    for claim in CLAIMS:
        if claim.corrected is not None:
            assert known[claim.corrected].reading == "corrected"


def test_a_refuted_claim_of_the_paper_names_its_severity() -> None:
    for claim in load_ledger("mornavi").claims:
        assert (claim.severity == "none") <= (claim.expected is not Verdict.REFUTED), claim.id


def test_an_unknown_claim_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"no claim 'B1\.tigth'; did you mean 'B1\.tight'"):
        find_claim(list_claims(), "B1.tigth")


def test_an_unknown_ledger_is_answered_with_the_known() -> None:
    with pytest.raises(InputError, match="mornavi"):
        load_ledger("mornawi")
