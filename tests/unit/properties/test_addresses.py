"""Refutations whose instance only describes a game say where it is found, and that is the game."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from drmg_check.models import JointPolicy, StagedGame, written_out
from drmg_check.vocabulary import InputError
from drmg_check.zoo import resolve_game, resolve_model
from drmg_oracles import evaluate_exactly
from drmg_properties.audit import Listed, list_claims, plan, run_case
from drmg_properties.claim import decode_instance

REFUTED = [entry for entry in list_claims() if entry.claim.address and entry.claim.expected == "refuted"]
STORED = Path(__file__).parents[3] / "properties" / "counterexamples"


def test_claims_on_the_shock_the_bandit_and_contexts_have_addresses():
    assert {entry.claim.id for entry in REFUTED} >= {
        "B11", "B11.per-N", "D1", "D2", "D2.bandit", "D8", "D9", "D11", "E1", "E2", "E4", "E5"
    }  # fmt: skip


@pytest.mark.parametrize("entry", REFUTED, ids=lambda entry: entry.claim.id)
def test_a_stored_refutation_has_a_game_of_its_sizes(entry: Listed):
    claim = entry.claim
    stored = json.loads((STORED / f"{claim.id}.json").read_text())
    instance = decode_instance(claim, json.dumps(stored["instance"]))
    game = resolve_model(claim.address(instance))
    shock = getattr(instance, "shock", None)
    if claim.id.startswith("B11"):
        assert isinstance(game, StagedGame)
        assert game.n_states == instance.B + 2
    elif shock is not None:
        assert (game.actions, game.horizon) == ((shock.M,) * shock.N, shock.H)
    else:
        sizes = (instance.M,) * instance.N if hasattr(instance, "M") else (2,)
        assert (game.actions, game.name) == (sizes, "corrupted-bandit")


def test_the_record_carries_the_address():
    (entry,) = (each for each in REFUTED if each.claim.id == "D9")
    result = run_case(plan([entry], [], "quick").cases[0])
    assert result.counterexample is not None
    assert result.counterexample.address == "zoo:initial-shock?agents=2&actions=10&horizon=101&radius=1"


def test_contexts_that_were_drawn_too_rarely_are_the_distance_of_the_draws():
    """(P* - Phat) V = TV(Phat, P*), as Lemma 4's refutation needs it, in the game itself."""
    B, visits = 4, [1, 0, 5, 2]
    game = written_out(resolve_model(f"zoo:contexts?contexts={B}&radius=0"))
    n, rare = sum(visits), [count <= sum(visits) // B for count in visits]
    weights = np.full((2, B + 2, 2), Fraction(0), dtype=object)
    weights[:, :, 0] = Fraction(1)
    for x, is_rare in enumerate(rare, 1):
        weights[1, x] = [Fraction(1), 0] if is_rare else [0, Fraction(1)]
    V = evaluate_exactly(game, JointPolicy(weights, (1, 2))).lo[0]
    assert V[1].tolist() == [0, *map(int, rare), 0]
    drawn = sum((Fraction(count, n) * V[1, x] for x, count in enumerate(visits, 1)), Fraction(0))
    distance = sum(max(Fraction(1, B) - Fraction(count, n), Fraction(0)) for count in visits)
    assert V[0, 0] - drawn == distance > 0


def test_a_command_for_written_out_games_refuses_contexts():
    with pytest.raises(InputError, match="compressed rows"):
        resolve_game("zoo:contexts")
