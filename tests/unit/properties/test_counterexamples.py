"""The stored violations are those of the ledger, and each is checked without the search."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest

from drmg_check.vocabulary import InputError, Verdict
from drmg_oracles.checker import RefusedError
from drmg_properties import Budget, Claim, decode_instance, encode_instance, judge
from drmg_properties.audit import Listed, freeze, frozen_claims, frozen_path, list_claims, verify_frozen

FOLDER = Path(__file__).parents[3] / "properties/counterexamples"
COMMAND = "drmg-check claims freeze"
LISTED = {entry.claim.id: entry for entry in list_claims()}
VIOLATED = [entry.claim for entry in frozen_claims(list(LISTED.values()))]
EXACT = [LISTED[id_] for id_ in ("A3", "B32", "C6")]


def claim(id_: str) -> Claim[Any]:
    return LISTED[id_].claim


def stored(one: Claim[Any]) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.json.decode(frozen_path(FOLDER, one).read_bytes())
    return data


def test_each_refuted_or_vacuous_claim_has_its_file_and_there_are_no_others() -> None:
    wanted = {frozen_path(FOLDER, one) for one in VIOLATED}
    found = set(FOLDER.glob("*"))
    names = sorted(path.stem for path in wanted ^ found)
    assert not names, f"the stored violations are not those of the ledger ({', '.join(names)}): run {COMMAND}"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_a_stored_violation_is_checked_without_the_search(path: Path) -> None:
    """Same slack, below 0; same derivation; every certificate proved by the independent checker."""
    data = msgspec.json.decode(path.read_bytes())
    try:
        assert verify_frozen(claim(data["claim"]), data).violated
    except InputError as error:
        pytest.fail(f"{error}\nif the claim was changed on purpose: run {COMMAND}")


def test_freezing_gives_the_same_bytes_and_sweeps_what_is_stale(tmp_path: Path) -> None:
    ours, other = tmp_path / "Z9.json", tmp_path / "other.json"
    shutil.copy(frozen_path(FOLDER, EXACT[0].claim), ours)
    other.write_text("{}")
    written = freeze(EXACT, tmp_path)
    assert [path.name for path in written] == ["A3.json", "B32.json", "C6.json"]
    assert not ours.exists()
    assert other.exists()
    for path in written:
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), f"run {COMMAND}"


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("id_", ["B9", "D4"])
def test_another_seed_finds_the_same_minimal_instance(id_: str, seed: int) -> None:
    found = judge(claim(id_), Budget(max_examples=40, size=1, seed=seed)).counterexample
    assert found is not None
    assert msgspec.json.decode(encode_instance(claim(id_), found)) == stored(claim(id_))["instance"]


SMALL = ("A1", "A2", "A3", "A10", "A11", "A12", "A13", "B2", "B3", "B4", "B16", "B34", "D4", "G2")


@pytest.mark.parametrize("id_", SMALL)
def test_no_number_of_a_refutation_can_be_made_simpler(id_: str) -> None:
    """Write 0, 1 or 1/2 for a number, where that is simpler: no longer an instance, or no violation."""
    one, instance = claim(id_), stored(claim(id_))["instance"]
    tried = 0
    for path, text in numbers(instance):
        for simpler in ("0", "1", "1/2"):
            if size(simpler) < size(text):
                tried += 1
                try:
                    changed = decode_instance(one, json.dumps(replaced(instance, path, simpler)))
                except InputError:
                    continue
                assert not one.derive(changed).violated, (path, text, simpler)
    assert tried


def size(text: str) -> int:
    number = Fraction(text)
    return abs(number.numerator) + number.denominator


def numbers(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:  # noqa: ANN401
    """Yield the exact numbers of an instance, each with its path."""
    if isinstance(data, str) and re.fullmatch(r"-?\d+(/\d+)?", data):
        yield path, data
    elif isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from numbers(value, (*path, key))


def replaced(data: Any, path: tuple[Any, ...], value: str) -> Any:  # noqa: ANN401
    changed = deepcopy(data)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


def test_a_verdict_that_is_not_found_is_not_frozen(tmp_path: Path) -> None:
    true = LISTED["A3.corrected"]
    wrong = Listed(replace(true.claim, expected=claim("A3").expected), true.ledger, true.address)
    with pytest.raises(InputError, match=r"A3\.corrected is 'holds' and not 'refuted'"):
        freeze([EXACT[0], wrong], tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_violation_of_another_verdict_is_not_frozen(tmp_path: Path) -> None:
    refuted = LISTED["A3"]
    wrong = Listed(replace(refuted.claim, expected=Verdict.VACUOUS), refuted.ledger, refuted.address)
    with pytest.raises(InputError, match=r"A3 is 'refuted' and not 'vacuous'"):
        freeze([wrong], tmp_path)


def test_every_certificate_of_a_stored_violation_is_given_to_the_checker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only compared with what the oracles write today: those are not trusted."""
    (path,) = freeze(EXACT[:1], tmp_path)
    data = msgspec.json.decode(path.read_bytes())
    given: list[Any] = []

    def refuse(certificate: Any) -> None:  # noqa: ANN401 - JSON
        given.append(certificate)
        if certificate == data["certificates"][-1]:
            raise RefusedError("not this one")

    monkeypatch.setattr("drmg_properties.audit._freeze.verify", refuse)
    with pytest.raises(
        InputError, match=rf"certificate {len(data['certificates']) - 1} is refused: not this"
    ):
        verify_frozen(EXACT[0].claim, data)
    assert given == data["certificates"]


def forged_certificate(data: dict[str, Any]) -> None:
    data["certificates"][0]["lo"] = data["certificates"][0]["hi"] = "-1"


@pytest.mark.parametrize(
    ("forge", "said"),
    [
        (lambda data: data.update(slack={"low": "-1", "high": "-1"}), "the file has"),
        (lambda data: data["instance"].update(radius="0"), "expected it below 0"),
        (lambda data: data["instance"].update(radius="-1"), "instance"),
        (lambda data: data["derivation"].pop(), "derivation"),
        (lambda data: data["certificates"].pop(), "other worst cases"),
        (forged_certificate, "other worst cases"),
        (lambda data: data.update(claim="A4"), "for claim 'A3'"),
    ],
)
def test_a_forged_file_is_refused(forge: Any, said: str) -> None:  # noqa: ANN401 - lambdas
    data = stored(EXACT[0].claim)
    forge(data)
    with pytest.raises(InputError, match=said):
        verify_frozen(EXACT[0].claim, data)
