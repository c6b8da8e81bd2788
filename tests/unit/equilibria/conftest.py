"""Families of stage games: uniform payoffs, and ten kinds of degenerate ones."""

from collections.abc import Callable

import numpy as np
import pytest

from benchmarks.stage_games import FAMILIES, draw


@pytest.fixture
def draw_games() -> Callable[..., np.ndarray]:
    return draw


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for ``every_family`` on each of them."""
    if "every_family" in metafunc.fixturenames:
        metafunc.parametrize("every_family", FAMILIES)
