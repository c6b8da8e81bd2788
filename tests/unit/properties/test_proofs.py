"""The theorems: files that fit together, a record that is current, and controls that Coq must refuse."""

import importlib.util
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from drmg_check.sets import L1, KullbackLeibler, Row, Wasserstein
from drmg_check.vocabulary import InputError, Verdict
from drmg_oracles import certificate_to_json, checker, enclose
from drmg_oracles.checker import verify
from drmg_properties.audit import list_claims
from drmg_properties.theorems import (
    AXIOMS,
    checked,
    coq_name,
    folder,
    kernel_check,
    missing_coq,
    read_record,
    recorded,
    self_contained,
    stated,
    statement,
)

CLAIMS = {coq_name(entry.claim.id): entry.claim for entry in list_claims()}
CONTROLS = json.loads((folder() / "controls.json").read_text(encoding="utf-8"))
GENERAL = {"bounds", "ellipsoid", "l2", "scenarios", "weighted-interval", "weighted-l1"}
needs_coq = pytest.mark.skipif(bool(missing_coq()), reason=missing_coq() or "Coq is here")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("theories")


@pytest.mark.parametrize("name", stated())
def test_a_theorem_says_of_its_claim_what_the_ledger_expects(name: str):
    """A refuted claim has a theorem ID_refuted, a true one ID_proved; the statement names the place."""
    claim, text = CLAIMS[name], statement(name)
    said = (
        f"Theorem {name}_{'refuted : ~' if claim.expected == Verdict.REFUTED else 'proved :'} claim_{name}."
    )
    assert claim.expected == Verdict.REFUTED or claim.expected.is_true
    assert said in (folder() / "theorems" / f"{name}.v").read_text(encoding="utf-8")
    assert text.startswith(f"(** {claim.id}, ")
    assert re.search(rf"^Definition claim_{name} : Prop :=", text, re.MULTILINE)


def test_the_goal_of_statements_is_met():
    """Of the refuted claims, and of those that are proved for all instances."""
    proved = [name for name in stated() if CLAIMS[name].expected.is_true]
    assert len(stated()) - len(proved) >= 55
    assert len(proved) >= 15


@pytest.mark.parametrize("name", stated())
def test_the_record_is_that_of_the_files_and_of_known_axioms(name: str):
    """Whoever changes a file lets Coq check it again: `make -C properties/proofs record`."""
    theorem = recorded(name)
    assert theorem is not None
    assert set(theorem.axioms) <= AXIOMS.keys()


def test_nothing_is_assumed():
    """No file has an axiom or an admitted proof, or computes in the processor's floats."""
    for path in folder().rglob("*.v"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(Admitted|admit|Axiom|Axioms|Parameter|Conjecture|Unset Guard)\b", text), (
            path
        )
        for tactic in re.findall(r"interval(?: with \([^)]*\))?(?=[.\s;\]|])", text):
            if "with" in tactic:
                assert int(re.search(r"i_prec (\d+)", tactic)[1]) >= 64, path


def test_every_rule_of_the_checker_is_a_lemma():
    """Two for each set of its table, and one for the minimum; general sets have no lemma yet."""
    theories = "".join(path.read_text(encoding="utf-8") for path in (folder() / "theories").glob("*.v"))
    sets = [kind.replace("-", "_") for kind in checker.KINDS - GENERAL]
    for lemma in ["minimum_bound", *(f"{name}_bound" for name in sets), *(f"mean_{name}" for name in sets)]:
        assert re.search(rf"^  Lemma {lemma} ", theories, re.MULTILINE), lemma
    for cited in re.findall(r"\b(?:\w+_bound|mean_\w+)\b", checker.__doc__ or ""):
        assert re.search(rf"^  Lemma {cited} ", theories, re.MULTILINE), cited


def test_instances_are_those_of_the_stored_counterexamples():
    """Writing them again gives the committed bytes."""
    spec = importlib.util.spec_from_file_location("write_instances", folder() / "write_instances.py")
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    wanted = {path.stem for path in (folder() / "theorems").glob("*.v") if writer.imports_instance(path)}
    written = {path.stem: path.read_text(encoding="utf-8") for path in (folder() / "instances").glob("*.v")}
    again = {
        writer.coq_name(path.stem): writer.instance(json.loads(path.read_text(encoding="utf-8")), path.name)
        for path in writer.COUNTEREXAMPLES.glob("*.json")
        if writer.coq_name(path.stem) in wanted
    }
    assert written == again


def test_every_statement_has_a_control():
    """A change of the statement, at one place, that its theorem cannot survive."""
    assert CONTROLS.keys() == set(stated())
    for name, change in CONTROLS.items():
        assert statement(name).count(change["in place of"]) == 1, name


def test_a_claim_without_a_theorem_is_refused():
    """With what to do instead."""
    with pytest.raises(InputError, match=r"claim 'B11' has no theorem; `drmg-check prove`"):
        self_contained("B11")


def controlled(name: str) -> tuple[str, int]:
    """Return a theorem with its statement changed, and the line where its own part begins."""
    change = CONTROLS[name]
    whole = self_contained(name).replace(change["in place of"], change["there stands"], 1)
    return whole, whole.count("\n", 0, whole.rindex("From Coq Require")) + 1


@needs_coq
@pytest.mark.slow
def test_coq_refuses_every_control(cache: Path):
    """In the proof, not in the statement: the changed statement is one that Coq understands."""
    checked(self_contained("B2"), cache)  # compiles what most of them import

    def refused(name: str) -> str:
        text, first = controlled(name)
        error = checked(text, cache).error
        where = re.search(r"line (\d+)", error)
        return "" if where and int(where[1]) >= first else f"{name}: {error or 'accepted'}"

    for name in stated():  # every theory is compiled once, before threads need it at the same time
        checked("\n".join(re.findall(r"^From Drmg.*$", self_contained(name), re.MULTILINE)), cache)
    with ThreadPoolExecutor(2) as threads:
        assert [said for said in threads.map(refused, stated()) if said] == []


@needs_coq
@pytest.mark.slow
@pytest.mark.parametrize("name", ["A3", "C6", "B1"])
def test_coq_accepts_what_is_recorded(name: str, cache: Path):
    """And prints the axioms that the record names."""
    found = checked(self_contained(name), cache, read_record()[name].name)
    assert found.error == ""
    assert found.axioms == read_record()[name].axioms


ROWS = (
    Row.of(L1(), ["1/2", "1/4", "1/4"], [0, 1, "1/3"], "1/5"),
    Row.of(Wasserstein(((0, 1), (1, 0)), 1), ["1/2", "1/2"], [0, 1], 0),
    Row.of(KullbackLeibler(), ["1/2", "1/2"], [0, 1], "1/10"),
)


@needs_coq
@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=["l1", "wasserstein", "kl"])
def test_the_kernel_checks_certificates_and_refuses_false_ones(row: Row, cache: Path):
    """A certificate becomes a theorem; with a lower bound that is too large there is none."""
    data = certificate_to_json(enclose(row))
    text = kernel_check(data)
    assert checked(text, cache).error == ""
    lo, hi = verify(data)
    mark = "/" if isinstance(row.uncertainty, KullbackLeibler) else "#"
    said, raised = (f" ({lo.numerator}{mark}{lo.denominator}) ", f" (99{mark}1) ")
    said, raised = (said, raised) if mark == "#" else (said.replace("/", " / "), raised.replace("/", " / "))
    assert text.count(said + f"({hi.numerator}") >= 1
    assert checked(text.replace(said + f"({hi.numerator}", raised + f"({hi.numerator}"), cache).error
