"""The same bits on every machine: digests of what is selected, for payoffs that no library draws."""

from hashlib import sha256, shake_128
from math import prod

import numpy as np
import pytest

from drmg_check.equilibria import Concept, Method, solve_stages

GAMES = 40
FROZEN: dict[tuple[tuple[int, ...], Concept], str] = {
    ((2, 2), "nash"): "d877a247e303946d",
    ((2, 2), "cce"): "5b93a1e845794085",
    ((2, 2), "ce"): "5b93a1e845794085",
    ((3, 3), "nash"): "7b70afb55bd99941",
    ((3, 3), "cce"): "950bb302496d3d3c",
    ((3, 3), "ce"): "3a19020cc0e55682",
    ((2, 4), "nash"): "12f4b968d97d81e6",
    ((2, 4), "cce"): "ed8bb6df31bb9c0e",
    ((2, 4), "ce"): "8203fbbcbbe60e65",
    ((2, 2, 2), "nash"): "c14bf34e65d2acb9",
    ((2, 2, 2), "cce"): "7acef8fb6f9527a0",
    ((2, 2, 2), "ce"): "7acef8fb6f9527a0",
    ((3, 3, 3), "nash"): "329659d7538ba126",
    ((3, 3, 3), "cce"): "39e93ee240a8c274",
    ((3, 3, 3), "ce"): "f37c1207bb9cde87",
    ((2, 2, 2, 2), "nash"): "328f55204487a4af",
    ((2, 2, 2, 2), "cce"): "63656d4f621697ba",
    ((2, 2, 2, 2), "ce"): "63656d4f621697ba",
}


def payoffs(actions: tuple[int, ...], top: int) -> np.ndarray:
    """Return payoffs ``[m, GAMES, A]`` from 0 to ``top``, multiples of 1 if top is small, from a hash."""
    size = len(actions) * GAMES * prod(actions)
    stream = shake_128(repr((actions, top)).encode()).digest(4 * size)
    numbers = np.frombuffer(stream, dtype="<u4").astype(np.int64)
    return (numbers % (top + 1)).astype(np.float64).reshape(len(actions), GAMES, -1)


def digest(actions: tuple[int, ...], concept: Concept) -> str:
    """Digest the selected distributions: games full of ties, and games without."""
    bits = sha256()
    for top in (1, 2, 2**31):
        solved = solve_stages(payoffs(actions, top), actions, concept, scale=2.0**31)
        assert (solved.method != Method.FAILED).all()
        bits.update((solved.x + 0.0).astype("<f8").tobytes())
        bits.update(solved.method.tobytes())
    return bits.hexdigest()[:16]


@pytest.mark.parametrize(("actions", "concept"), FROZEN, ids=str)
def test_what_is_selected_has_the_frozen_bits(actions: tuple[int, ...], concept: Concept):
    """A new digest means another selection: say so in the change log, for plans will differ."""
    assert digest(actions, concept) == FROZEN[actions, concept]
