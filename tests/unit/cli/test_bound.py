"""``drmg-check bound``: numbers for people, for programs and in a picture."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from drmg_properties.bounds import REGRET_BOUNDS, TABLE_1

Command = Callable[..., tuple[object, str, str]]


def test_json_holds_every_bound_and_encloses_what_is_shown(command: Command):
    code, out, err = command("bound", "-S", 2, "-A", "3", "-H", 2, "--radius", 1, "--json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert list(data["regret"]) == list(REGRET_BOUNDS)
    assert list(data["samples"]) == list(TABLE_1)
    low, high = data["samples"]["online-tv"]["samples"]["log10"]
    assert 10**low < 100 * 2**3 * 2 * 3 < 10**high  # eps^-2 H^3 S A, as 1 / rho = 1
    assert data["samples"]["online-tv"]["samples"]["about"] == "4800"
    assert data["size"] == {
        "S": 2,
        "actions": [3],
        "H": 2,
        "radius": "1",
        "delta": "1/20",
        "P_min": "1/2",
    }


def test_the_picture_is_the_same_every_time(command: Command, tmp_path: Path):
    for name in ("a.svg", "b.svg"):
        code, out, err = command("bound", "-H", 3, "--svg", name)
        assert (code, err) == (0, "")
        assert out.endswith(f"\nWritten: {name}\n")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert text == (tmp_path / "b.svg").read_text(encoding="utf-8")
    assert all(name in text for name in REGRET_BOUNDS)


def test_what_is_undefined_is_not_drawn(command: Command, tmp_path: Path):
    assert command("bound", "-H", 1, "--radius", 0, "--svg", "a.svg")[0] == 0
    assert (tmp_path / "a.svg").exists()


def test_constants_and_the_form_by_mass_change_what_they_should(command: Command):
    plain = json.loads(command("bound", "--json")[1])
    other = json.loads(command("bound", "--constants", "c2=0, martingale=0", "--by-mass", "--json")[1])
    for name in REGRET_BOUNDS:
        assert other["regret"][name]["vacuous_for_K_below"] == plain["regret"][name]["by_its_leading_terms"]
    changed = {name for name in TABLE_1 if plain["samples"][name] != other["samples"][name]}
    assert changed == {"offline-kl", "online-kl"}


def test_a_long_horizon_is_drawn(command: Command, tmp_path: Path):
    """Theorem 2 is vacuous for K below 10^86858926 there, which is nothing to write in digits."""
    assert command("bound", "-H", 10_000, "--svg", "a.svg")[0] == 0
    assert (tmp_path / "a.svg").exists()


@pytest.mark.parametrize("words", [(), ("-H", "1", "--radius", "0"), ("-A", "10,10,10,10", "--formulas")])
def test_it_fits_into_80_columns(command: Command, words: tuple[str, ...]):
    code, out, err = command("bound", *words)
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
