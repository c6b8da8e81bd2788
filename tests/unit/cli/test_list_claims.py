"""``claims list`` finds what a reader looks for."""

import json
from collections.abc import Callable

import pytest

from drmg_properties.audit import list_claims

Command = Callable[..., tuple[object, str, str]]
EVERY = {entry.claim.id: entry.claim for entry in list_claims()}


def listed(command: Command, *words: str) -> set[str]:
    code, out, err = command("claims", "list", *words, "--json")
    assert (code, err) == (0, "")
    return {claim["id"] for claim in json.loads(out)}


def test_all_are_listed_unless_something_is_asked_for(command: Command):
    assert listed(command) == EVERY.keys()


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        (["A3*"], lambda claim: claim.id.startswith("A3")),
        (["--verdict", "refuted"], lambda claim: claim.expected == "refuted"),
        (
            ["--verdict", "refuted", "--verdict", "vacuous", "--severity", "typo"],
            lambda claim: claim.expected in ("refuted", "vacuous") and claim.severity == "typo",
        ),
        (["--text", "TOTAL variation"], lambda claim: has(claim, "total", "variation")),
    ],
)
def test_filters_keep_what_fits_all_of_them(
    command: Command, words: list[str], fits: Callable[[object], bool]
):
    kept = {id_ for id_, claim in EVERY.items() if fits(claim)}
    assert 0 < len(kept) < len(EVERY)
    assert listed(command, *words) == kept


def has(claim: object, *words: str) -> bool:
    said = " ".join(
        str(getattr(claim, name)) for name in ("id", "title", "statement", "formalisation")
    ).lower()
    return all(word in said for word in words)


def test_a_place_is_a_whole_name(command: Command):
    """Lemma 1 is not Lemma 11, nor Lemma 12."""
    first = listed(command, "--place", "lemma 1")
    assert "A2" in first
    places = [EVERY[id_].place for id_ in first]
    assert all("Lemma 1" in place and not place.startswith(("Lemma 11", "Lemma 12")) for place in places)


def test_nothing_found_is_said(command: Command):
    code, out, err = command("claims", "list", "--place", "Lemma 99")
    assert (code, out) == (2, "")
    assert err == "Error: no claim is all of that; leave out an option\n"


@pytest.mark.parametrize("width", [80, 120])
def test_every_title_of_the_paper_is_whole(command: Command, monkeypatch: pytest.MonkeyPatch, width: int):
    monkeypatch.setenv("COLUMNS", str(width))
    code, out, err = command("claims", "list")
    assert (code, err) == (0, "")
    assert "…" not in out
    assert max(map(len, out.splitlines())) <= width
    words = set(out.split())
    for claim in EVERY.values():
        assert set(claim.title.split()) <= words, claim.id
