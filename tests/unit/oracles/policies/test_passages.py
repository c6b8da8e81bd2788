"""Where play goes: the worst kernel's chances as the policy plays, step by step, no more than is drawn."""

import pytest

from drmg_check.documents import CertifiedPassage
from drmg_check.models import uniform_policy
from drmg_check.zoo import load
from drmg_oracles.policies import certify, passages


def test_the_shock_is_seen_once_and_play_recovers():
    game = load("initial-shock")
    found = passages(certify(game, uniform_policy(game)), 0)
    assert found[0] == CertifiedPassage(h=0, s=0, reach=1.0, successors=((0, 1.0, 0.9), (1, 0.0, 0.1)))
    assert [(one.h, one.s) for one in found] == [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (3, 0), (3, 1)]
    moved = [one for one in found if any(p != q for _, p, q in one.successors)]
    assert moved == [found[0]]
    assert found[-1].successors == (), "nothing follows the last step"


@pytest.mark.parametrize(
    "address", ["random", "random?uncertainty=kl&horizon=2", "random?uncertainty=fictitious-tv"]
)
def test_chances_add_up_and_carry_play_to_the_next_step(address: str):
    game = load(address)
    certificate = certify(game, uniform_policy(game))
    for i in range(game.n_agents):
        found = passages(certificate, i)
        for h in range(game.horizon):
            here = [one for one in found if one.h == h]
            assert sum(one.reach for one in here) == pytest.approx(1, abs=1e-12)
            for one in here if h + 1 < game.horizon else ():
                assert sum(p for _, p, _ in one.successors) == pytest.approx(1, abs=1e-12)
                assert sum(q for _, _, q in one.successors) == pytest.approx(1, abs=1e-12)


def test_of_a_large_game_the_places_met_most_are_kept():
    game = load("random-dirichlet?states=12&horizon=10")
    found = passages(certify(game, uniform_policy(game)), 1)
    assert len({one.s for one in found}) == 8
    assert max(one.h for one in found) == 7
    assert (found[0].h, found[0].s) == (0, game.initial_state)
