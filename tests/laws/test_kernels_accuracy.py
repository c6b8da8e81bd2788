"""Every kernel is within 1e-13 of the span of its enclosure, on adversarial families and when hunted."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.hill_climb import LIMIT, Input, climb, error, families, named_set, thawed

SETS = [
    *("tv", "tv:nominal", "l1", "kl", "chi2", "hellinger", "hellinger:nominal", "reverse-kl"),
    *("reverse-kl:nominal", "cressie-read:3/2", "cressie-read:-1", "cressie-read:1/4", "cressie-read:5"),
    *("cressie-read:65/64", "cressie-read:-1/64:nominal", "contamination", "interval", "interval:nominal"),
    *("wasserstein", "wasserstein:2", "weighted-l1", "weighted-l1:nominal", "weighted-interval"),
    *("weighted-interval:nominal", "l2", "l2:nominal", "ellipsoid", "ellipsoid:nominal"),
    *("bounds", "scenarios"),
]
HARD = Path(__file__).parents[2] / "oracles" / "vectors" / "hard-inputs.json"
HARD_INPUTS = json.loads(HARD.read_text())


def refuse_beyond_limit(case: Input, error: float) -> None:
    assert error <= LIMIT, f"error {error:.2e} span on {case}"


@pytest.mark.parametrize("name", SETS)
def test_adversarial_families(name: str):
    """Ties, zeros, p = 1e-300, radius 0 and 1e-16, saturation +- 1 ulp, constants, scales, offsets."""
    for case in families(named_set(name), np.random.default_rng(4)):
        refuse_beyond_limit(case, error(case))


@pytest.mark.parametrize("name", SETS)
def test_a_short_hill_climb(name: str):
    """Mutating the worst inputs, hostile warm starts included."""
    worst, case = climb(named_set(name), steps=120, seed=11)[0]
    refuse_beyond_limit(case, worst)


def test_both_ways_to_sweep_short_kl_rows(monkeypatch: pytest.MonkeyPatch):
    """Rows of fewer than 128 states share the lanes; the kernel for long rows must be as good on them."""
    monkeypatch.setattr("drmg_check.kernels._kernel.SHORT", 0)
    for case in families(named_set("kl"), np.random.default_rng(4)):
        refuse_beyond_limit(case, error(case))
    worst, case = climb(named_set("kl"), steps=200, seed=12)[0]
    refuse_beyond_limit(case, worst)


@pytest.mark.parametrize("data", HARD_INPUTS, ids=[str(k) for k in range(len(HARD_INPUTS))])
def test_the_hardest_inputs_known(data: dict[str, object]):
    """What longer climbs and earlier bugs left behind."""
    case = thawed(data)
    refuse_beyond_limit(case, error(case))
