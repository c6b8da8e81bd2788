"""Families of stage games: uniform payoffs, and ten kinds of degenerate ones."""

from collections.abc import Callable
from math import prod

import numpy as np
import pytest

FAMILIES = (
    "uniform",
    "zero",
    "integers 0..1",
    "integers 0..2",
    "duplicated action",
    "identical interest",
    "near ties 1e-12",
    "near ties 1e-7",
    "players scaled 1e-5..1e5",
    "own action irrelevant",
    "constant sum",
)


def draw(family: str, actions: tuple[int, ...], count: int, seed: int = 0) -> np.ndarray:
    """Return payoffs ``[m, count, A]`` of one family."""
    rng = np.random.default_rng(seed)
    m, A = len(actions), prod(actions)
    shape = (m, count, A)
    if family == "uniform":
        return rng.random(shape)
    if family == "zero":
        return np.zeros(shape)
    if family == "identical interest":
        return np.broadcast_to(rng.integers(0, 4, (1, count, A)).astype(float), shape).copy()
    if family == "players scaled 1e-5..1e5":
        return rng.random(shape) * 10.0 ** np.linspace(-5, 5, m)[:, None, None]
    if family == "own action irrelevant":
        payoffs = rng.random((m, count, *actions))
        for i in range(m):
            payoffs[i] = payoffs[i].mean(axis=1 + i, keepdims=True)
        return payoffs.reshape(shape)
    whole = rng.integers(0, 2 if family == "integers 0..1" else 3, shape).astype(float)
    if family.startswith("near ties"):
        return whole + float(family.split()[-1]) * rng.random(shape)
    if family == "constant sum":
        whole[-1] = 2.0 * m - whole[:-1].sum(axis=0)
    if family == "duplicated action":
        payoffs = whole.reshape(m, count, *actions)
        payoffs[:, :, -1] = payoffs[:, :, 0]
    return whole


@pytest.fixture
def draw_games() -> Callable[..., np.ndarray]:
    return draw


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for ``every_family`` on each of them."""
    if "every_family" in metafunc.fixturenames:
        metafunc.parametrize("every_family", FAMILIES)
