"""Where play goes: the worst kernel's chances as the policy plays, step by step, no more than is drawn."""

import pytest

from drmg_check.documents import CertifiedPassage
from drmg_check.models import uniform_policy
from drmg_check.zoo import load
from drmg_oracles.policies import certify, passages


def test_the_shock_is_seen_once_and_play_recovers():
    game = load("initial-shock")
    path = passages(certify(game, uniform_policy(game)), 0)
    assert path[0] == CertifiedPassage(h=0, s=0, reach=1.0, successors=((0, 1.0, 0.9), (1, 0.0, 0.1)))
    assert [(passage.h, passage.s) for passage in path] == [
        (0, 0),
        (1, 0),
        (1, 1),
        (2, 0),
        (2, 1),
        (3, 0),
        (3, 1),
    ]
    moved = [passage for passage in path if any(p != q for _, p, q in passage.successors)]
    assert moved == [path[0]]
    assert path[-1].successors == (), "nothing follows the last step"


@pytest.mark.parametrize(
    "address", ["random", "random?uncertainty=kl&horizon=2", "random?uncertainty=fictitious-tv"]
)
def test_chances_add_up_and_carry_play_to_the_next_step(address: str):
    game = load(address)
    certificate = certify(game, uniform_policy(game))
    for i in range(game.n_agents):
        path = passages(certificate, i)
        for h in range(game.horizon):
            here = [passage for passage in path if passage.h == h]
            assert sum(passage.reach for passage in here) == pytest.approx(1, abs=1e-12)
            for passage in here if h + 1 < game.horizon else ():
                assert sum(p for _, p, _ in passage.successors) == pytest.approx(1, abs=1e-12)
                assert sum(q for _, _, q in passage.successors) == pytest.approx(1, abs=1e-12)


def test_of_a_large_game_the_places_met_most_are_kept():
    game = load("random-dirichlet?states=12&horizon=10")
    path = passages(certify(game, uniform_policy(game)), 1)
    assert len({passage.s for passage in path}) == 8
    assert max(passage.h for passage in path) == 7
    assert (path[0].h, path[0].s) == (0, game.initial_state)
